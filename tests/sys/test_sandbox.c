// SPDX-License-Identifier: Apache-2.0
// What a confined process may still do; tests/system/test_confine.py tries what it may not.
#include "test.h"

#include "base/arena.h"
#include "sys/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/bsXXXXXX";

static int open_in(const char *name, int how)
{
    char path[64];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int fd = open(path, how | O_CLOEXEC, 0600);
    if (fd >= 0)
        close(fd);
    return fd >= 0 ? 0 : errno;
}

static int read_allowed(void)
{
    return open_in("read", O_RDONLY);
}

static int write_read_only(void)
{
    return open_in("read", O_WRONLY);
}

static int write_allowed(void)
{
    return open_in("write", O_RDWR | O_TRUNC);
}

static int make_beside(void)
{
    return open_in("new", O_WRONLY | O_CREAT);
}

static int make_in_spool(void)
{
    return open_in("spool/new", O_WRONLY | O_CREAT);
}

static int make_nameless(void)
{
    return open_in("spool", O_RDWR | O_TMPFILE);
}

static int read_other(void)
{
    return open_in("other", O_RDONLY);
}

static int connect_socket(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0)
        close(fd);
    return fd >= 0 ? 0 : errno;
}

static void *nothing(void *context)
{
    return context;
}

static int start_thread(void)
{
    pthread_t thread;
    int code = pthread_create(&thread, NULL, nothing, NULL);
    return code ? code : pthread_join(thread, NULL);
}

static int start_process(void)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    return pid > 0 ? 0 : errno;
}

static int take_memory(void)
{
    struct arena a;
    arena_init(&a, 16 << 20);
    int code = arena_alloc(&a, 8 << 20, 1, 1) ? 0 : ENOMEM;
    arena_release(&a);
    return code;
}

static const struct {
    const char *why;
    int (*run)(void);
    int server, worker; // the error; 0: it works
} attempts[] = {
    {"reads a file that it was given", read_allowed, 0, EPERM},
    {"writes a file given for reading", write_read_only, EACCES, EPERM},
    {"writes and empties a file given for writing", write_allowed, 0, EPERM},
    {"makes a file beside it", make_beside, EACCES, EPERM},
    {"makes a file in a folder given to it", make_in_spool, 0, EPERM},
    {"makes a file without a name there", make_nameless, 0, EPERM},
    {"reads a file that it was not given", read_other, EACCES, EPERM},
    {"opens a socket", connect_socket, 0, EPERM},
    {"starts a thread", start_thread, 0, EPERM},
    {"starts a process", start_process, EPERM, EPERM},
    {"takes memory", take_memory, 0, 0},
};

// In a process of its own, which ends with the number of the first attempt that went otherwise.
static int try_all(bool is_server)
{
    char paths[3][64];
    const struct sandbox_path given[] = {
        {paths[0], SANDBOX_READ}, {paths[1], SANDBOX_WRITE}, {paths[2], SANDBOX_FOLDER}};
    static const char *const names[] = {"read", "write", "spool"};
    struct sandbox_state state;
    for (size_t i = 0; i < LEN(names); i++)
        snprintf(paths[i], sizeof paths[i], "%s/%s", folder, names[i]);
    enum err e = is_server ? sandbox_server(given, LEN(given), &state) : sandbox_worker(&state);
    if (e != ERR_OK)
        return 254;
    if (state.is_off || (is_server && state.landlock == 0))
        return 255;
    for (size_t i = 0; i < LEN(attempts); i++)
        if (attempts[i].run() != (is_server ? attempts[i].server : attempts[i].worker))
            return (int)i + 1;
    return 0;
}

static void check_role(bool is_server)
{
    int status;
    pid_t pid = fork();
    if (pid == 0)
        _exit(try_all(is_server));
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    int code = WEXITSTATUS(status);
    if (code == 255) {
        print_message("# skipped: this build or kernel cannot confine\n");
        return;
    }
    if (code)
        fail_msg("%s", code == 254 ? "not confined" : attempts[code - 1].why);
}

static void a_server_reaches_what_it_was_given(void **state)
{
    check_role(true);
}

static void a_worker_reaches_nothing(void **state)
{
    check_role(false);
}

static int make_folder(void **state)
{
    char path[160];
    if (!mkdtemp(folder))
        return -1;
    snprintf(
        path, sizeof path, "mkdir %s/spool && cd %s && touch read write other", folder, folder);
    return system(path);
}

static int remove_folder(void **state)
{
    char command[160];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_reaches_what_it_was_given),
        cmocka_unit_test(a_worker_reaches_nothing),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
