// SPDX-License-Identifier: Apache-2.0
#include "base/hex.h"

void hex_put(struct buf *b, const unsigned char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        buf_put_byte(b, "0123456789abcdef"[bytes[i] >> 4]);
        buf_put_byte(b, "0123456789abcdef"[bytes[i] & 15]);
    }
}

static int digit(char c, bool any_case)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (any_case)
        c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

enum err hex_parse(struct str text, bool any_case, unsigned char *out, size_t n)
{
    if (text.len != 2 * n)
        return ERR_INVALID;
    for (size_t i = 0; i < text.len; i++)
        if (digit(text.ptr[i], any_case) < 0)
            return ERR_INVALID;
    for (size_t i = 0; i < n; i++)
        out[i] = (unsigned char)(digit(text.ptr[2 * i], true) << 4 |
                                 digit(text.ptr[2 * i + 1], true));
    return ERR_OK;
}
