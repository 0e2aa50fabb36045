// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/text.h"
#include "store/text_part.h"

// The level of a handling block; the strictest when it cannot be read.
enum stix_tlp text_handling_tlp(struct arena *a, struct str handling);
// All numbers of a row, big-endian, as they wait for their block to be full.
enum err text_row_numbers(struct arena *a, const struct store_object_in *in,
    struct str handling, struct str *out) MUST_USE;

enum err text_insert(
    struct store_txn *t, int64_t seq, const struct store_object_in *in) MUST_USE;
// The same without folding a full block, for rebuild, which folds by itself.
enum err text_wait(struct store_txn *t, struct arena *a, int64_t seq,
    const struct store_object_in *in, struct str handling) MUST_USE;
enum err text_fold_block(struct store_txn *t, int64_t block) MUST_USE;
// Empty entries: no row of the table.
enum err text_part_write(struct store_txn *t, int64_t id, struct str entries) MUST_USE;

// The levels above the blocks (text_levels.c): the units that are due when so many blocks are
// full, and those that were due up to then, of an index that has none.
enum err text_levels_fold(struct store_txn *t, int64_t full) MUST_USE;
enum err text_levels_fold_all(struct store_txn *t) MUST_USE;
// One unit, made from the level below: TEXT_FAN parts, from 16 * unit on.
struct text_unit {
    unsigned level;
    int64_t node;
    unsigned unit;
};
enum err text_unit_make(struct store_txn *t, struct arena *a, const struct text_unit *unit,
    struct str out[static TEXT_FAN]) MUST_USE;
// A number comes into a row of a full block, or goes from it; at every level.
enum err text_row_change(
    struct store_txn *t, struct arena *a, int64_t seq, uint32_t number, bool comes) MUST_USE;
// Numbers, in order, have gone from a block; at the levels above. The list is used up.
enum err text_block_lost(
    struct store_txn *t, struct arena *a, int64_t block, uint32_t *numbers, size_t n) MUST_USE;
// Destroyed: no number of the row is left.
enum err text_erase(struct store_txn *t, int64_t seq) MUST_USE;
// The handling of the row has changed: its marking is found anew.
enum err text_remark(struct store_txn *t, int64_t seq, struct str handling) MUST_USE;
