// SPDX-License-Identifier: Apache-2.0
#include "base/buf.h"

#include <string.h>

struct buf buf_in(struct arena *a, size_t max_bytes)
{
    return (struct buf){.arena = a, .max_bytes = max_bytes};
}

static bool room_for(struct buf *b, size_t n)
{
    if (b->err != ERR_OK)
        return false;
    if (n <= b->cap - b->len)
        return true;
    if (n > b->max_bytes - b->len) {
        b->err = ERR_LIMIT;
        return false;
    }
    size_t cap = b->cap < 64 ? 64 : b->cap;
    while (cap - b->len < n)
        cap *= 2;
    if (cap > b->max_bytes)
        cap = b->max_bytes;
    char *p = NEW_N(b->arena, char, cap);
    if (!p) {
        b->err = ERR_LIMIT;
        return false;
    }
    if (b->len)
        memcpy(p, b->ptr, b->len);
    b->ptr = p;
    b->cap = cap;
    return true;
}

void buf_put(struct buf *b, struct str s)
{
    if (s.len && room_for(b, s.len)) {
        memcpy(b->ptr + b->len, s.ptr, s.len);
        b->len += s.len;
    }
}

void buf_put_byte(struct buf *b, char byte)
{
    buf_put(b, (struct str){&byte, 1});
}

void buf_put_u64(struct buf *b, uint64_t n)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + n % 10);
        n /= 10;
    } while (n);
    buf_put(b, (struct str){digits + at, sizeof digits - at});
}

void buf_put_i64(struct buf *b, int64_t n)
{
    if (n < 0)
        buf_put_byte(b, '-');
    buf_put_u64(b, n < 0 ? -(uint64_t)n : (uint64_t)n);
}

static void put_be(struct buf *b, uint64_t n, unsigned bytes)
{
    char be[8];
    for (unsigned i = 0; i < bytes; i++)
        be[i] = (char)(unsigned char)(n >> (8 * (bytes - 1 - i)));
    buf_put(b, (struct str){be, bytes});
}

void buf_put_u16be(struct buf *b, uint16_t n)
{
    put_be(b, n, 2);
}

void buf_put_u32be(struct buf *b, uint32_t n)
{
    put_be(b, n, 4);
}

void buf_put_u64be(struct buf *b, uint64_t n)
{
    put_be(b, n, 8);
}

struct str buf_str(const struct buf *b)
{
    return (struct str){b->ptr ? b->ptr : "", b->len};
}

enum err buf_end(const struct buf *b, struct str *out)
{
    if (b->err == ERR_OK)
        *out = buf_str(b);
    return b->err;
}
