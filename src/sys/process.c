// SPDX-License-Identifier: Apache-2.0
#define BANNED_EXCEPT_SYSTEM // the one home of the environment
#include "sys/process.h"

#include "base/banned.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHILD_FD 3

enum err process_start_self(const char *const *argv, pid_t *pid, int *fd)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return ERR_IO;
    pid_t parent = getpid();
    pid_t child = fork();
    if (child < 0) {
        close(pair[0]);
        close(pair[1]);
        return ERR_IO;
    }
    if (child == 0) {
        // Only async-signal-safe calls until exec. The child ends with its parent.
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
            _exit(127);
        if (pair[1] == CHILD_FD) {
            int copy = dup(pair[1]); // dup2 onto itself would keep close-on-exec
            if (copy < 0 || dup2(copy, CHILD_FD) < 0)
                _exit(127);
        } else if (dup2(pair[1], CHILD_FD) < 0) {
            _exit(127);
        }
        close_range(CHILD_FD + 1, ~0u, 0);
        execv("/proc/self/exe", (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    close(pair[1]);
    *pid = child;
    *fd = pair[0];
    return ERR_OK;
}

const char *process_env(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

void process_env_remove(const char *name)
{
    unsetenv(name);
}
