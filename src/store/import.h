// SPDX-License-Identifier: Apache-2.0
// Imports: where rows came from, as batches that can be undone as a whole.
#pragma once

#include "store/object.h"

struct store_import {
    int64_t id; // set by store_import_begin
    int64_t at_us;
    int64_t principal;
    struct str name;
    struct str originator;
    struct str handling; // given to what came unmarked
    int64_t ended_us;    // 0: under way or cut off
    int64_t added;
    int64_t same;
    int64_t conflicts;
    int64_t refused;
    struct str undo;   // "destroy", or the handling that its rows get; empty: not undone
    int64_t undo_us;   // when it was ordered
    int64_t undone_us; // when the last row was done; 0: not all are
};
enum err store_import_begin(
    struct store_txn *t, const struct store_import *import, int64_t *out_id) MUST_USE;
// Writes ended_us and the counts.
enum err store_import_end(struct store_txn *t, const struct store_import *import) MUST_USE;
enum err store_import_get(
    struct store_txn *t, struct arena *a, int64_t id, struct store_import *out) MUST_USE;
struct store_imports {
    struct store_import *items;
    size_t n;
};
// Newest first: those with an id below `before` (0: all), at most `limit`.
enum err store_imports_before(struct store_txn *t, struct arena *a, int64_t before,
    size_t limit, struct store_imports *out) MUST_USE;
// The rows that an import added, ascending.
enum err store_import_rows(struct store_txn *t, struct arena *a,
    const struct store_import *import, struct store_seqs *out) MUST_USE;

// ERR_CONFLICT once its undoing was ordered: nothing more is added under it.
enum err store_import_check_open(struct store_txn *t, int64_t id) MUST_USE;
// Orders the undoing of the import, or orders it anew, another way. From here on
// store_import_check_open fails.
enum err store_import_undo_begin(
    struct store_txn *t, int64_t id, struct str undo, int64_t at_us) MUST_USE;
enum err store_import_undo_end(struct store_txn *t, int64_t id, int64_t at_us) MUST_USE;
