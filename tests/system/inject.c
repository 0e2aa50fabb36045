// SPDX-License-Identifier: Apache-2.0
// Usage: inject PID NUMBER [ARGUMENT...]
// Makes a running process do one system call of our choice, as code that took it over would,
// and prints what the kernel answered. An argument is a number, or text after "s:". x86-64.
// Exit 77: this process may not be traced here.
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/user.h>
#include <sys/wait.h>

#define ROOM          8192 // below the stack pointer, past the red zone
#define SYSCALL_BYTES 2
#define SYSCALL_CODE  0x050f

static long put_text(pid_t pid, unsigned long at, const char *text)
{
    size_t n = strlen(text) + 1;
    for (size_t i = 0; i < n; i += sizeof(long)) {
        long word = 0;
        memcpy(&word, text + i, n - i < sizeof word ? n - i : sizeof word);
        if (ptrace(PTRACE_POKEDATA, pid, at + i, word) != 0)
            return -1;
    }
    return (long)n;
}

static int fill(pid_t pid, struct user_regs_struct *r, int n, char **arguments)
{
    unsigned long long *const places[] = {&r->rdi, &r->rsi, &r->rdx, &r->r10, &r->r8, &r->r9};
    unsigned long at = (r->rsp - ROOM) & ~15ul;
    for (int i = 0; i < n && i < 6; i++) {
        if (strncmp(arguments[i], "s:", 2) == 0) {
            if (put_text(pid, at, arguments[i] + 2) < 0)
                return -1;
            *places[i] = at;
            at += 1024;
        } else {
            *places[i] = strtoull(arguments[i], NULL, 0);
        }
    }
    return 0;
}

static int is_call(pid_t pid, unsigned long at)
{
    return (ptrace(PTRACE_PEEKTEXT, pid, at, NULL) & 0xffff) == SYSCALL_CODE;
}

// The process waits in a call: the instruction that makes it stands before its counter, or at
// it when the call is about to be made again.
static int call(pid_t pid, int n, char **arguments, long long *answer)
{
    struct user_regs_struct before, r;
    int status;
    if (ptrace(PTRACE_GETREGS, pid, NULL, &before) != 0)
        return -1;
    bool is_again = is_call(pid, before.rip);
    unsigned long at = is_again ? before.rip : before.rip - SYSCALL_BYTES;
    if (!is_call(pid, at))
        return -1;
    r = before;
    r.rip = at;
    r.rax = strtoull(arguments[0], NULL, 0);
    r.orig_rax = (unsigned long long)-1;
    if (fill(pid, &r, n - 1, arguments + 1) != 0 ||
        ptrace(PTRACE_SETREGS, pid, NULL, &r) != 0 ||
        ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) != 0 || waitpid(pid, &status, __WALL) < 0 ||
        !WIFSTOPPED(status) || ptrace(PTRACE_GETREGS, pid, NULL, &r) != 0)
        return -1;
    *answer = (long long)r.rax;
    long long was = (long long)before.rax;
    if (!is_again && was <= -512 &&
        was >= -516) { // interrupted by us: done again when it goes on
        before.rax = before.orig_rax;
        before.rip = at;
    }
    before.orig_rax = (unsigned long long)-1;
    return ptrace(PTRACE_SETREGS, pid, NULL, &before) == 0 ? 0 : -1;
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    pid_t pid = atoi(argv[1]);
    int status;
    long long answer = 0;
    if (ptrace(PTRACE_ATTACH, pid, NULL, NULL) != 0)
        return errno == EPERM ? 77 : 1;
    int code =
        waitpid(pid, &status, __WALL) == pid && call(pid, argc - 2, argv + 2, &answer) == 0 ? 0
                                                                                            : 1;
    ptrace(PTRACE_DETACH, pid, NULL, NULL);
    if (code == 0)
        printf("%lld\n", answer);
    return code;
}
