// SPDX-License-Identifier: Apache-2.0
#include "store/text_part.h"

#define BITS     128 // the length that says: one bit a row
#define HEAD     5
#define STEP_BIG 128 // a step from here on takes two bytes

bool text_rows_has(const struct text_rows *rows, unsigned row)
{
    return rows->bits[row / 8] >> row % 8 & 1;
}

void text_rows_add(struct text_rows *rows, unsigned row)
{
    rows->bits[row / 8] |= (unsigned char)(1u << row % 8);
}

void text_rows_remove(struct text_rows *rows, unsigned row)
{
    rows->bits[row / 8] &= (unsigned char)~(1u << row % 8);
}

bool text_rows_is_empty(const struct text_rows *rows)
{
    static const struct text_rows none = {0};
    return memcmp(rows, &none, sizeof none) == 0;
}

// The steps to each row from the one before; false when they take BITS bytes or more.
static bool put_steps(
    unsigned char list[static BITS], size_t *len, const struct text_rows *rows)
{
    unsigned last = 0;
    *len = 0;
    for (unsigned row = 0; row < TEXT_BLOCK_ROWS; row++) {
        if (rows->bits[row / 8] == 0) {
            row |= 7;
            continue;
        }
        if (!text_rows_has(rows, row))
            continue;
        unsigned step = row - last;
        if (*len + 2 >= BITS)
            return false;
        if (step >= STEP_BIG)
            list[(*len)++] = (unsigned char)(STEP_BIG | step >> 7);
        list[(*len)++] = step & 127;
        last = row;
    }
    return true;
}

void text_entry_put(struct buf *b, uint32_t number, const struct text_rows *rows)
{
    unsigned char list[BITS];
    size_t len;
    if (text_rows_is_empty(rows))
        return;
    if (put_steps(list, &len, rows))
        text_list_put(b, number, (struct str){(const char *)list, len});
    else
        text_list_put(b, number, (struct str){(const char *)rows->bits, sizeof rows->bits});
}

void text_list_put(struct buf *b, uint32_t number, struct str list)
{
    buf_put_u32be(b, number);
    buf_put_byte(b, (char)list.len);
    buf_put(b, list);
}

uint32_t text_number_at(const char *at)
{
    const unsigned char *b = (const unsigned char *)at;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

bool text_entry_next(struct str *rest, uint32_t *number, struct str *list, enum err *e)
{
    if (rest->len == 0)
        return false;
    size_t len = rest->len < HEAD ? SIZE_MAX : (unsigned char)rest->ptr[4];
    if (len > BITS || len == 0 || rest->len - HEAD < len) {
        *e = ERR_CORRUPT;
        return false;
    }
    *number = text_number_at(rest->ptr);
    *list = (struct str){rest->ptr + HEAD, len};
    *rest = str_from(*rest, HEAD + len);
    return true;
}

enum err text_list_read(struct str list, struct text_rows *out)
{
    unsigned row = 0;
    if (list.len == BITS) {
        for (size_t i = 0; i < BITS; i++)
            out->bits[i] |= (unsigned char)list.ptr[i];
        return ERR_OK;
    }
    for (size_t i = 0; i < list.len; i++) {
        unsigned step = (unsigned char)list.ptr[i];
        if (step >= STEP_BIG && ++i < list.len)
            step = (step & 127) << 7 | (unsigned char)list.ptr[i];
        row += step;
        if (row >= TEXT_BLOCK_ROWS)
            return ERR_CORRUPT;
        text_rows_add(out, row);
    }
    return ERR_OK;
}

enum err text_part_find(struct str part, uint32_t number, struct text_rows *out)
{
    uint32_t found;
    struct str list;
    enum err e = ERR_OK;
    while (text_entry_next(&part, &found, &list, &e))
        if (found >= number)
            return found == number ? text_list_read(list, out) : ERR_OK;
    return e;
}

void text_part_build(struct buf *b, struct text_pairs *pairs, unsigned level, unsigned part)
{
    const uint64_t *items = pairs->items;
    while (pairs->at < pairs->n &&
           text_part_of(level, (uint32_t)(items[pairs->at] >> 32)) == part) {
        struct text_rows rows = {0};
        uint64_t number = items[pairs->at] >> 32;
        for (; pairs->at < pairs->n && items[pairs->at] >> 32 == number; pairs->at++)
            text_rows_add(&rows, items[pairs->at] & (TEXT_BLOCK_ROWS - 1));
        text_entry_put(b, (uint32_t)number, &rows);
    }
}
