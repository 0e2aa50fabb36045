// SPDX-License-Identifier: Apache-2.0
// A store that was put back from a backup, until the partners have been asked for what came
// later; and what nobody could give back.
#pragma once

#include "store/store.h"

struct store_restored {
    int64_t backup_us;   // when the backup was made
    int64_t restored_us; // when it was put back
};
enum err store_restored_put(struct store_txn *t, const struct store_restored *r) MUST_USE;
// ERR_NOT_FOUND: the store may be served.
enum err store_restored_get(struct store_txn *t, struct store_restored *out) MUST_USE;
enum err store_restored_clear(struct store_txn *t) MUST_USE;

// Leaf n of an entry has neither row nor bytes any more. Again: nothing changes.
enum err store_lost_put(
    struct store_txn *t, int64_t log_id, uint64_t idx, uint64_t n, int64_t at_us) MUST_USE;
enum err store_lost_count(struct store_txn *t, uint64_t *out) MUST_USE;
