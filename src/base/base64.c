// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_put(struct buf *b, struct str bytes)
{
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t n = bytes.len - i;
        uint32_t group = (uint32_t)(unsigned char)bytes.ptr[i] << 16;
        group |= n > 1 ? (uint32_t)(unsigned char)bytes.ptr[i + 1] << 8 : 0;
        group |= n > 2 ? (unsigned char)bytes.ptr[i + 2] : 0;
        char out[4] = {alphabet[group >> 18], alphabet[group >> 12 & 63],
            n > 1 ? alphabet[group >> 6 & 63] : '=', n > 2 ? alphabet[group & 63] : '='};
        buf_put(b, (struct str){out, sizeof out});
    }
}

static int digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

// Number of bytes that the text decodes to, from its length and padding alone.
static enum err decoded_len(struct str text, size_t *out)
{
    if (text.len % 4)
        return ERR_INVALID;
    size_t pad = 0;
    while (pad < 2 && pad < text.len && text.ptr[text.len - 1 - pad] == '=')
        pad++;
    *out = text.len / 4 * 3 - pad;
    return ERR_OK;
}

enum err base64_parse_exact(struct str text, unsigned char *out, size_t n)
{
    size_t want;
    TRY(decoded_len(text, &want));
    if (want != n)
        return ERR_INVALID;
    size_t at = 0;
    for (size_t i = 0; i < text.len; i += 4) {
        size_t have = n - at < 3 ? n - at : 3;
        uint32_t group = 0;
        for (size_t j = 0; j < 4; j++) {
            int d = j <= have ? digit(text.ptr[i + j]) : 0;
            if (d < 0)
                return ERR_INVALID;
            group = group << 6 | (uint32_t)d;
        }
        for (size_t j = 0; j < have; j++)
            out[at++] = (unsigned char)(group >> (16 - 8 * j));
        if (have < 3 && (group & (0xFFFFFFu >> (8 * have))))
            return ERR_INVALID;
    }
    return ERR_OK;
}

enum err base64_parse(struct arena *a, struct str text, struct str *out)
{
    size_t n;
    TRY(decoded_len(text, &n));
    unsigned char *p = NEW_N(a, unsigned char, n ? n : 1);
    if (!p)
        return ERR_LIMIT;
    TRY(base64_parse_exact(text, p, n));
    *out = (struct str){(const char *)p, n};
    return ERR_OK;
}
