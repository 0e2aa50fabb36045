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
// Destroyed: no number of the row is left.
enum err text_erase(struct store_txn *t, int64_t seq) MUST_USE;
// The handling of the row has changed: its marking is found anew.
enum err text_remark(struct store_txn *t, int64_t seq, struct str handling) MUST_USE;
