// SPDX-License-Identifier: Apache-2.0
// System calls by seccomp: what is not listed answers EPERM.
#include "sys/sandbox_priv.h"

#include "base/limits.h"

#include <errno.h>
#include <linux/sched.h>
#include <linux/sockios.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define SOCKET_TYPE_BITS 0xf // the others are SOCK_CLOEXEC and SOCK_NONBLOCK

// Of every process: memory, time, the descriptors that it has, an orderly end.
static const char *const calls_of_all[] = {"brk", "clock_getres", "clock_gettime",
    "clock_nanosleep", "close", "exit", "exit_group", "fdatasync", "fstat", "fsync", "futex",
    "getpid", "getrandom", "gettid", "gettimeofday", "lseek", "madvise", "mlock", "mlock2",
    "mremap", "munlock", "munmap", "nanosleep", "poll", "ppoll", "pread64", "pwrite64", "read",
    "readv", "recvfrom", "recvmsg", "restart_syscall", "rt_sigaction", "rt_sigprocmask",
    "rt_sigreturn", "sched_yield", "sendmsg", "sendto", "time", "write", "writev"};

// Beside them of a server: files (Landlock says which), sockets, threads.
static const char *const calls_of_server[] = {"accept", "accept4", "access", "bind",
    "close_range", "connect", "copy_file_range", "dup", "dup2", "dup3", "epoll_create1",
    "epoll_ctl", "epoll_pwait", "epoll_wait", "eventfd2", "faccessat", "faccessat2",
    "fadvise64", "fallocate", "fchmod", "fchown", "fcntl", "flock", "fstatfs", "ftruncate",
    "getcwd", "getdents64", "getegid", "geteuid", "getgid", "getpeername", "getrlimit",
    "getrusage", "getsockname", "getsockopt", "getuid", "link", "linkat", "listen", "lstat",
    "membarrier", "memfd_create", "mkdir", "mkdirat", "newfstatat", "open", "openat", "pipe2",
    "preadv", "pwritev", "pselect6", "readlink", "readlinkat", "recvmmsg", "rename", "renameat",
    "renameat2", "rseq", "rt_sigtimedwait", "sched_getaffinity", "select", "sendfile",
    "sendmmsg", "set_robust_list", "setsockopt", "shutdown", "sigaltstack", "stat", "statfs",
    "statx", "sync_file_range", "sysinfo", "times", "uname", "unlink", "unlinkat"};

// A call that is allowed when one of its arguments, masked, has a value.
struct rule {
    const char *call;
    unsigned argument;
    uint64_t mask, value;
};

static const struct rule rules_of_all[] = {
    {"mmap", 2, PROT_EXEC, 0},     // no code beside what was loaded at start
    {"mprotect", 2, PROT_EXEC, 0}, // nor written data that becomes code
};

static const struct rule rules_of_server[] = {
    {"clone", 0, CLONE_THREAD, CLONE_THREAD}, // a thread, never a process
    {"socketpair", 0, UINT32_MAX, AF_UNIX},
    {"ioctl", 1, UINT32_MAX, FIONBIO},
    {"ioctl", 1, UINT32_MAX, FIONREAD},
    {"prctl", 0, UINT32_MAX, PR_SET_NAME},
};

static enum err judge(int code)
{
    return code == 0 ? ERR_OK : ERR_IO;
}

// A call that this machine's architecture does not have is passed over.
static enum err add_calls(scmp_filter_ctx filter, const char *const *calls, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int number = seccomp_syscall_resolve_name(calls[i]);
        if (number >= 0)
            TRY(judge(seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number, 0, NULL)));
    }
    return ERR_OK;
}

static enum err add_rules(scmp_filter_ctx filter, const struct rule *rules, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int number = seccomp_syscall_resolve_name(rules[i].call);
        const struct scmp_arg_cmp argument = {.arg = rules[i].argument,
            .op = SCMP_CMP_MASKED_EQ,
            .datum_a = rules[i].mask,
            .datum_b = rules[i].value};
        if (number >= 0)
            TRY(judge(seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number, 1, &argument)));
    }
    return ERR_OK;
}

// Streams and datagrams, never raw ones; of the kernel's own sockets the one by which the
// resolver asks which addresses this machine has.
static enum err add_sockets(scmp_filter_ctx filter)
{
    static const struct {
        int domain, type;
    } sockets[] = {{AF_UNIX, SOCK_STREAM}, {AF_UNIX, SOCK_DGRAM}, {AF_INET, SOCK_STREAM},
        {AF_INET, SOCK_DGRAM}, {AF_INET6, SOCK_STREAM}, {AF_INET6, SOCK_DGRAM},
        {AF_NETLINK, SOCK_RAW}};
    for (size_t i = 0; i < LEN(sockets); i++) {
        const struct scmp_arg_cmp arguments[] = {
            {0, SCMP_CMP_MASKED_EQ, UINT32_MAX, (scmp_datum_t)sockets[i].domain},
            {1, SCMP_CMP_MASKED_EQ, SOCKET_TYPE_BITS, (scmp_datum_t)sockets[i].type},
            {2, SCMP_CMP_MASKED_EQ, sockets[i].domain == AF_NETLINK ? UINT32_MAX : 0, 0}};
        TRY(judge(seccomp_rule_add_array(
            filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), LEN(arguments), arguments)));
    }
    return ERR_OK;
}

// abort() raises its signal in its own process only.
static enum err add_own_signals(scmp_filter_ctx filter)
{
    const struct scmp_arg_cmp self = {
        .arg = 0, .op = SCMP_CMP_EQ, .datum_a = (scmp_datum_t)getpid()};
    return judge(seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, &self));
}

// The C library asks for clone3 first, whose flags no filter can read, and takes "not there"
// for an answer.
static enum err add_server(scmp_filter_ctx filter)
{
    int number = seccomp_syscall_resolve_name("clone3");
    const struct scmp_arg_cmp itself = {
        .arg = 0, .op = SCMP_CMP_EQ, .datum_a = 0}; // limits of this process, not of another
    TRY(add_calls(filter, calls_of_server, LEN(calls_of_server)));
    TRY(add_rules(filter, rules_of_server, LEN(rules_of_server)));
    TRY(add_sockets(filter));
    TRY(judge(seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, &itself)));
    return number < 0
               ? ERR_OK
               : judge(seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(ENOSYS), number, 0, NULL));
}

enum err sandbox_calls(bool is_server)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (!filter)
        return ERR_LIMIT;
    enum err e = add_calls(filter, calls_of_all, LEN(calls_of_all));
    if (e == ERR_OK)
        e = add_rules(filter, rules_of_all, LEN(rules_of_all));
    if (e == ERR_OK)
        e = add_own_signals(filter);
    if (e == ERR_OK && is_server)
        e = add_server(filter);
    if (e == ERR_OK)
        e = judge(seccomp_load(filter));
    seccomp_release(filter);
    return e;
}
