// SPDX-License-Identifier: Apache-2.0
#define BANNED_EXCEPT_SYSTEM // the one home of the environment
#include "sys/process.h"

#include "base/banned.h"

#include <malloc.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHILD_FD 3

// Of a child just forked: it ends with its parent, and has `fd` as descriptor 3 and no other.
static bool become_child(pid_t parent, int fd)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
        return false;
    if (fd == CHILD_FD) {
        int copy = dup(fd); // dup2 onto itself would keep close-on-exec
        if (copy < 0 || dup2(copy, CHILD_FD) < 0)
            return false;
    } else if (dup2(fd, CHILD_FD) < 0) {
        return false;
    }
    close_range(CHILD_FD + 1, ~0u, 0);
    return true;
}

static enum err fork_with_pair(int *fd, bool *is_child)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return ERR_IO;
    pid_t parent = getpid();
    pid_t child = fork();
    *is_child = child == 0;
    if (child == 0 && !become_child(parent, pair[1]))
        _exit(127);
    if (child == 0)
        return ERR_OK;
    close(pair[1]);
    if (child < 0)
        close(pair[0]);
    else
        *fd = pair[0];
    return child < 0 ? ERR_IO : ERR_OK;
}

// One byte and one descriptor.
union passed {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int))];
};

static bool pass(int over, int fd)
{
    union passed control = {0};
    char byte = 0;
    struct iovec data = {.iov_base = &byte, .iov_len = 1};
    struct msghdr message = {.msg_iov = &data,
        .msg_iovlen = 1,
        .msg_control = control.bytes,
        .msg_controllen = sizeof control.bytes};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(head), &fd, sizeof fd);
    return sendmsg(over, &message, MSG_NOSIGNAL) == 1;
}

static bool take(int over, int *fd)
{
    union passed control = {0};
    char byte;
    struct iovec data = {.iov_base = &byte, .iov_len = 1};
    struct msghdr message = {.msg_iov = &data,
        .msg_iovlen = 1,
        .msg_control = control.bytes,
        .msg_controllen = sizeof control.bytes};
    if (recvmsg(over, &message, MSG_CMSG_CLOEXEC) != 1)
        return false;
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    if (!head || head->cmsg_type != SCM_RIGHTS || head->cmsg_len != CMSG_LEN(sizeof *fd))
        return false;
    memcpy(fd, CMSG_DATA(head), sizeof *fd);
    return true;
}

// Each byte that comes asks for one process; at the end of the stream the starter ends.
static void run_starter(const char *const *argv)
{
    char byte;
    while (read(CHILD_FD, &byte, 1) == 1) {
        int fd;
        bool is_child;
        if (fork_with_pair(&fd, &is_child) != ERR_OK)
            break;
        if (is_child) {
            signal(SIGCHLD, SIG_DFL);
            execv("/proc/self/exe", (char *const *)(uintptr_t)argv);
            _exit(127);
        }
        bool passed = pass(CHILD_FD, fd);
        close(fd);
        if (!passed)
            break;
    }
}

enum err process_starter_begin(const char *const *argv, struct process_starter *out)
{
    bool is_child;
    TRY(fork_with_pair(&out->fd, &is_child));
    if (!is_child)
        return ERR_OK;
    signal(SIGCHLD, SIG_IGN); // the kernel buries what was started
    signal(SIGINT, SIG_IGN);  // the terminal's Ctrl-C is for the caller, which ends us
    signal(SIGTERM, SIG_IGN);
    run_starter(argv);
    _exit(0);
}

void process_starter_end(struct process_starter *starter)
{
    if (starter->fd >= 0)
        close(starter->fd);
    starter->fd = -1;
}

enum err process_start(const struct process_starter *starter, int *fd)
{
    char byte = 0;
    if (send(starter->fd, &byte, 1, MSG_NOSIGNAL) != 1 || !take(starter->fd, fd))
        return ERR_IO;
    return ERR_OK;
}

const char *process_env(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

void process_keep_freed(unsigned bytes)
{
    mallopt(M_MMAP_THRESHOLD, (int)bytes);
    mallopt(M_TRIM_THRESHOLD, (int)bytes);
}

void process_env_remove(const char *name)
{
    unsetenv(name);
}
