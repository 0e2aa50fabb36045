// SPDX-License-Identifier: Apache-2.0
// The form of the index. Rows stand in blocks of 1,024: nodes of level 0. A node of a level
// above has 16 nodes of the level below, and says which of them a number is in. A node stands
// in parts by the first bits of the numbers, 16 times as many at each level, so that a part is
// about as large at every level. A part is entries in order: number (4 bytes), length (1 byte),
// rows, or places of nodes. Up to 127 bytes of rows are steps from row to row, 1 or 2 bytes
// each; 128 bytes are one bit a row.
//
// A node above is made in units: one part of each of its nodes becomes 16 parts of its own.
// After each block eight units are made at each level, so that no block costs much more than
// another: the last unit of a node is done when the next node is complete. Which are done is
// told by the number of full blocks alone.
#pragma once

#include "base/buf.h"

#define TEXT_BLOCK_ROWS  1024
#define TEXT_LEVELS      3
#define TEXT_FAN_BITS    4
#define TEXT_FAN         16
#define TEXT_PART_BITS   7 // of level 0
#define TEXT_UNITS_BLOCK 8 // made after a block, at each level

static inline unsigned text_parts(unsigned level)
{
    return 1u << (TEXT_PART_BITS + TEXT_FAN_BITS * level);
}
static inline unsigned text_part_of(unsigned level, uint32_t number)
{
    return number >> (32 - TEXT_PART_BITS - TEXT_FAN_BITS * level);
}
// Parts of one kind stand together, node by node: a word is looked up in many nodes at once.
static inline int64_t text_part_id(unsigned level, int64_t node, unsigned part)
{
    return (int64_t)level << 56 | (int64_t)part << 32 | node;
}
// How many units of a node of a level above 0 are done when so many blocks are full.
static inline int64_t text_units_done(unsigned level, int64_t node, int64_t full)
{
    int64_t after = full - ((node + 1) << (TEXT_FAN_BITS * level));
    int64_t most = text_parts(level - 1);
    if (after < 0)
        return 0;
    return (after + 1) * TEXT_UNITS_BLOCK < most ? (after + 1) * TEXT_UNITS_BLOCK : most;
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
// The same, of a list as text_entry_next gives it.
void text_list_put(struct buf *b, uint32_t number, struct str list);
// False at the end. ERR_CORRUPT in *e for what is no entry.
bool text_entry_next(struct str *rest, uint32_t *number, struct str *list, enum err *e);
// Adds the rows of a list.
enum err text_list_read(struct str list, struct text_rows *out) MUST_USE;
// Adds the rows of a number, when the part has it.
enum err text_part_find(struct str part, uint32_t number, struct text_rows *out) MUST_USE;

// One part from pairs (number << 32 | row) in order, from *at on.
struct text_pairs {
    const uint64_t *items;
    size_t n, at;
};
void text_part_build(struct buf *b, struct text_pairs *pairs, unsigned level, unsigned part);
