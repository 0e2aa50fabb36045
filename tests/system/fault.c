// SPDX-License-Identifier: Apache-2.0
// Preloaded into a node: counts the calls by which it reaches disk and sockets, and lets the
// one that was asked for fail, or ends the process before or after it. The orders are in a file
// that the test and every process of the node have mapped (FAULT_CONTROL).
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include <dlfcn.h>
#include <signal.h>

enum { FAULT_NONE, FAULT_ERROR, FAULT_KILL_BEFORE, FAULT_KILL_AFTER };
enum { CLASS_SYNC = 1, CLASS_FILE = 2, CLASS_SOCKET = 4, CLASS_READ = 8 };

// tests/system/faults.py writes it: seven int32, then the name of the call that was hit.
struct control {
    atomic_int classes; // counted; 0: nothing is
    atomic_int action;
    atomic_int at; // the number of the call
    atomic_int error;
    atomic_int count; // so far
    atomic_int hits;
    atomic_int spare;
    char name[32];
};

static struct control *control;

__attribute__((constructor)) static void start(void)
{
    const char *path = getenv("FAULT_CONTROL");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    void *p = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    control = p == MAP_FAILED ? NULL : p;
}

// Only files fail: an error of a pipe or an event counter is none that a system gives.
static int is_file(int fd)
{
    struct stat st;
    return syscall(SYS_fstat, fd, &st) == 0 && S_ISREG(st.st_mode);
}

// True: the call is to fail with errno. FAULT_KILL_AFTER is answered through *last.
static int is_hit(int class, const char *name, int *last)
{
    *last = 0;
    if (!control || !(atomic_load(&control->classes) & class))
        return 0;
    int saved = errno, number = atomic_fetch_add(&control->count, 1) + 1;
    if (number != atomic_load(&control->at))
        return 0;
    int action = atomic_load(&control->action);
    strncpy(control->name, name, sizeof control->name - 1);
    atomic_fetch_add(&control->hits, 1);
    if (action == FAULT_KILL_BEFORE)
        raise(SIGKILL);
    *last = action == FAULT_KILL_AFTER;
    errno = action == FAULT_ERROR ? atomic_load(&control->error) : saved;
    return action == FAULT_ERROR;
}

static void finish(int last)
{
    if (last)
        raise(SIGKILL);
}

#define FILE_OF(fd) (is_file(fd) ? CLASS_FILE : 0)
#define READ_OF(fd) (is_file(fd) ? CLASS_READ : 0)

#define WRAP(class, type, name, parameters, ...)                \
    __attribute__((visibility("default"))) type name parameters \
    {                                                           \
        static type(*real) parameters;                          \
        int last;                                               \
        if (!real)                                              \
            *(void **)(&real) = dlsym(RTLD_NEXT, #name);        \
        if (is_hit(class, #name, &last))                        \
            return (type)-1;                                    \
        type answer = real(__VA_ARGS__);                        \
        finish(last);                                           \
        return answer;                                          \
    }

WRAP(CLASS_SYNC, int, fdatasync, (int fd), fd)
WRAP(CLASS_SYNC, int, fsync, (int fd), fd)
WRAP(READ_OF(fd), ssize_t, pread64, (int fd, void *p, size_t n, off64_t at), fd, p, n, at)
WRAP(
    FILE_OF(fd), ssize_t, pwrite64, (int fd, const void *p, size_t n, off64_t at), fd, p, n, at)
WRAP(READ_OF(fd), ssize_t, pread, (int fd, void *p, size_t n, off_t at), fd, p, n, at)
WRAP(FILE_OF(fd), ssize_t, pwrite, (int fd, const void *p, size_t n, off_t at), fd, p, n, at)
WRAP(FILE_OF(fd), ssize_t, write, (int fd, const void *p, size_t n), fd, p, n)
WRAP(READ_OF(fd), ssize_t, read, (int fd, void *p, size_t n), fd, p, n)
WRAP(FILE_OF(fd), int, ftruncate, (int fd, off_t n), fd, n)
WRAP(FILE_OF(fd), int, ftruncate64, (int fd, off64_t n), fd, n)
WRAP(READ_OF(fd), int, fstat, (int fd, struct stat *st), fd, st)
WRAP(READ_OF(fd), int, fstat64, (int fd, struct stat64 *st), fd, st)
WRAP(CLASS_FILE, int, unlink, (const char *path), path)
WRAP(CLASS_FILE, int, rename, (const char *from, const char *to), from, to)
WRAP(CLASS_SOCKET, ssize_t, send, (int fd, const void *p, size_t n, int how), fd, p, n, how)
WRAP(CLASS_SOCKET, ssize_t, recv, (int fd, void *p, size_t n, int how), fd, p, n, how)
WRAP(CLASS_SOCKET, ssize_t, sendmsg, (int fd, const struct msghdr *m, int how), fd, m, how)

// With a mode or without.
#define WRAP_OPEN(name)                                                             \
    __attribute__((visibility("default"))) int name(const char *path, int how, ...) \
    {                                                                               \
        static int (*real)(const char *, int, ...);                                 \
        int last;                                                                   \
        va_list list;                                                               \
        va_start(list, how);                                                        \
        mode_t mode = how & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;       \
        va_end(list);                                                               \
        if (!real)                                                                  \
            *(void **)(&real) = dlsym(RTLD_NEXT, #name);                            \
        if (is_hit(CLASS_FILE, #name, &last))                                       \
            return -1;                                                              \
        int answer = real(path, how, mode);                                         \
        finish(last);                                                               \
        return answer;                                                              \
    }

WRAP_OPEN(open)
WRAP_OPEN(open64)
