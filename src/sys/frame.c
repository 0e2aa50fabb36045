// SPDX-License-Identifier: Apache-2.0
#include "sys/frame.h"

#include "base/reader.h"
#include "sys/file.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static enum err send_all(int fd, struct str bytes)
{
    while (bytes.len) {
        ssize_t n = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return ERR_IO;
        bytes = str_from(bytes, (size_t)n);
    }
    return ERR_OK;
}

enum err frame_send(int fd, uint8_t type, struct str payload)
{
    unsigned char head[5];
    if (payload.len > UINT32_MAX)
        return ERR_LIMIT;
    for (unsigned i = 0; i < 4; i++)
        head[i] = (unsigned char)(payload.len >> (8 * (3 - i)));
    head[4] = type;
    TRY(send_all(fd, (struct str){(const char *)head, sizeof head}));
    return send_all(fd, payload);
}

// ERR_NOT_FOUND when the stream ends before the first byte.
static enum err receive_all(int fd, char *out, size_t n)
{
    for (size_t at = 0; at < n;) {
        ssize_t got = read(fd, out + at, n - at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return ERR_IO;
        if (got == 0)
            return at ? ERR_INVALID : ERR_NOT_FOUND;
        at += (size_t)got;
    }
    return ERR_OK;
}

enum err frame_receive(
    struct arena *a, int fd, size_t max_bytes, uint8_t *type, struct str *payload)
{
    char head[5];
    TRY(receive_all(fd, head, sizeof head));
    struct reader r = reader_of((struct str){head, sizeof head});
    uint32_t n = read_u32be(&r);
    if (n > max_bytes)
        return ERR_INVALID;
    char *p = NEW_N(a, char, n ? n : 1);
    if (!p)
        return ERR_LIMIT;
    enum err e = n ? receive_all(fd, p, n) : ERR_OK;
    if (e != ERR_OK)
        return e == ERR_NOT_FOUND ? ERR_INVALID : e;
    *type = read_u8(&r);
    *payload = (struct str){p, n};
    return ERR_OK;
}
