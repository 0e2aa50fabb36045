// SPDX-License-Identifier: Apache-2.0
#include "sys/terminal.h"

#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

// Up to a newline (taken, not kept) or the end.
static enum err read_line(int fd, unsigned char *out, size_t cap, size_t *n)
{
    size_t got = 0;
    for (;;) {
        unsigned char c;
        ssize_t r = read(fd, &c, 1);
        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0 || (r == 0 && got == 0))
            return ERR_IO;
        if (r == 0 || c == '\n')
            break;
        if (got == cap)
            return ERR_LIMIT;
        out[got++] = c;
    }
    *n = got;
    return ERR_OK;
}

enum err terminal_read_secret(struct str prompt, unsigned char *out, size_t cap, size_t *n)
{
    struct termios was, quiet;
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return ERR_IO;
    enum err e = tcgetattr(fd, &was) == 0 ? ERR_OK : ERR_IO;
    if (e == ERR_OK) {
        quiet = was;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        e = tcsetattr(fd, TCSAFLUSH, &quiet) == 0 ? file_write_fd(fd, prompt) : ERR_IO;
        if (e == ERR_OK)
            e = read_line(fd, out, cap, n);
        if (tcsetattr(fd, TCSAFLUSH, &was) != 0 || file_write_fd(fd, STR("\n")) != ERR_OK)
            e = ERR_IO;
    }
    close(fd);
    return e;
}

enum err terminal_read_line(char *out, size_t cap, size_t *n)
{
    return read_line(STDIN_FILENO, (unsigned char *)out, cap, n);
}

enum err file_read_into(const char *path, unsigned char *out, size_t cap, size_t *n)
{
    size_t got = 0;
    ssize_t r = 1;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
    while (got < cap && (r = read(fd, out + got, cap - got)) != 0) {
        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0)
            break;
        got += (size_t)r;
    }
    close(fd);
    *n = got;
    if (r < 0)
        return ERR_IO;
    return got < cap ? ERR_OK : ERR_LIMIT;
}
