// SPDX-License-Identifier: Apache-2.0
#include "base/reader.h"

struct reader reader_of(struct str data)
{
    return (struct reader){.data = data};
}

struct str read_bytes(struct reader *r, size_t n)
{
    if (r->err != ERR_OK || n > r->data.len - r->at) {
        r->err = ERR_INVALID;
        return (struct str){"", 0};
    }
    struct str out = {r->data.ptr + r->at, n};
    r->at += n;
    return out;
}

static uint64_t read_be(struct reader *r, size_t bytes)
{
    struct str s = read_bytes(r, bytes);
    uint64_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n = n << 8 | (unsigned char)s.ptr[i];
    return n;
}

uint8_t read_u8(struct reader *r)
{
    return (uint8_t)read_be(r, 1);
}

uint16_t read_u16be(struct reader *r)
{
    return (uint16_t)read_be(r, 2);
}

uint32_t read_u32be(struct reader *r)
{
    return (uint32_t)read_be(r, 4);
}

uint64_t read_u64be(struct reader *r)
{
    return read_be(r, 8);
}

struct str read_block(struct reader *r, size_t max_bytes)
{
    uint32_t n = read_u32be(r);
    if (n > max_bytes)
        r->err = ERR_INVALID;
    return read_bytes(r, n);
}

struct str read_line(struct reader *r)
{
    struct str rest = str_from(r->data, r->at);
    size_t at = str_index(rest, '\n');
    if (r->err != ERR_OK || at == rest.len) {
        r->err = ERR_INVALID;
        return (struct str){"", 0};
    }
    r->at += at + 1;
    return str_to(rest, at);
}

bool reader_at_end(const struct reader *r)
{
    return r->err != ERR_OK || r->at == r->data.len;
}

enum err read_end(struct reader *r)
{
    if (r->err == ERR_OK && r->at != r->data.len)
        r->err = ERR_INVALID;
    return r->err;
}
