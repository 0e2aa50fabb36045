// SPDX-License-Identifier: Apache-2.0
#include "base/uuid.h"

#include "base/hex.h"

#include <string.h>

enum err uuid_parse(struct str text, unsigned char out[static UUID_BYTES])
{
    static const struct {
        unsigned char at, bytes;
    } parts[] = {{0, 4}, {9, 2}, {14, 2}, {19, 2}, {24, 6}};
    if (text.len != UUID_TEXT_BYTES)
        return ERR_INVALID;
    unsigned char uuid[UUID_BYTES];
    size_t n = 0;
    for (size_t i = 0; i < LEN(parts); i++) {
        struct str part = str_to(str_from(text, parts[i].at), 2u * parts[i].bytes);
        if (i && text.ptr[parts[i].at - 1] != '-')
            return ERR_INVALID;
        TRY(hex_parse(part, false, uuid + n, parts[i].bytes));
        n += parts[i].bytes;
    }
    memcpy(out, uuid, UUID_BYTES);
    return ERR_OK;
}

void uuid_put(struct buf *b, const unsigned char uuid[static UUID_BYTES])
{
    for (size_t i = 0; i < UUID_BYTES; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            buf_put_byte(b, '-');
        hex_put(b, uuid + i, 1);
    }
}

void uuid_stamp(unsigned char uuid[static UUID_BYTES], unsigned version)
{
    uuid[6] = (unsigned char)((uuid[6] & 0x0F) | version << 4);
    uuid[8] = (unsigned char)((uuid[8] & 0x3F) | 0x80);
}

void uuid_v7(
    unsigned char out[static UUID_BYTES], int64_t now_us, const unsigned char random[static 10])
{
    uint64_t ms = (uint64_t)(now_us / 1000);
    for (unsigned i = 0; i < 6; i++)
        out[i] = (unsigned char)(ms >> (8 * (5 - i)));
    memcpy(out + 6, random, 10);
    uuid_stamp(out, 7);
}
