// SPDX-License-Identifier: Apache-2.0
// A store that was put back from a backup, until the partners have been asked for what came
// later; and what nobody could give back.
#pragma once

#include "store/release.h"

struct store_restored {
    int64_t backup_us;   // when the backup was made
    int64_t restored_us; // when it was put back
};
enum err store_restored_put(struct store_txn *t, const struct store_restored *r) MUST_USE;
// ERR_NOT_FOUND: the store may be served.
enum err store_restored_get(struct store_txn *t, struct store_restored *out) MUST_USE;
enum err store_restored_clear(struct store_txn *t) MUST_USE;

// A leaf of an entry of ours as a partner gave it back: waiting for its receipt. Without salt
// (zero) its object, and with object_seq 0 even the knowledge which it was, are lost; such a
// leaf waits for nothing. A leaf that is there stays as it is.
enum err store_payload_give_back(struct store_txn *t, const struct store_payload *p) MUST_USE;
// Leaves under entries of ours that stand for nothing any more.
enum err store_lost_count(struct store_txn *t, uint64_t *out) MUST_USE;
