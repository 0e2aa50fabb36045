// SPDX-License-Identifier: Apache-2.0
// The form of the index: rows in blocks of 1,024, and a block in 128 parts by the first bits
// of its numbers. A part is entries in order: number (4 bytes), length (1 byte), rows. Up to
// 127 bytes of rows are steps from row to row, 1 or 2 bytes each; 128 bytes are one bit a row.
#pragma once

#include "base/buf.h"

#define TEXT_BLOCK_ROWS 1024
#define TEXT_PARTS      128
#define TEXT_PART_SHIFT 25

// Parts of one kind stand together, block by block: a word is looked up in many blocks at once.
static inline int64_t text_part_id(int64_t block, unsigned part)
{
    return (int64_t)part << 40 | block;
}

struct text_rows {
    unsigned char bits[TEXT_BLOCK_ROWS / 8];
};
bool text_rows_has(const struct text_rows *rows, unsigned row);
void text_rows_add(struct text_rows *rows, unsigned row);
void text_rows_remove(struct text_rows *rows, unsigned row);
bool text_rows_is_empty(const struct text_rows *rows);

uint32_t text_number_at(const char *at);
// Nothing for a number without rows.
void text_entry_put(struct buf *b, uint32_t number, const struct text_rows *rows);
// False at the end. ERR_CORRUPT in *e for what is no entry.
bool text_entry_next(struct str *rest, uint32_t *number, struct str *list, enum err *e);
// Adds the rows of a list.
enum err text_list_read(struct str list, struct text_rows *out) MUST_USE;
// Adds the rows of a number, when the part has it.
enum err text_part_find(struct str part, uint32_t number, struct text_rows *out) MUST_USE;

// One part from pairs (number << 32 | row) in order; *n of them are taken.
void text_part_build(struct buf *b, const uint64_t *pairs, size_t n, unsigned part, size_t *at);
