// SPDX-License-Identifier: Apache-2.0
// Ledgers as rows, which are their truth: entries, the hashes that proofs are made from, and
// the newest checkpoints. Ours and the partner's copies alike.
#pragma once

#include "ledger/tree.h"
#include "store/store.h"

#define STORE_HASH_BYTES LEDGER_HASH_BYTES

struct store_log {
    int64_t id; // set by store_log_open
    struct str origin;
    struct str partner_origin;
    struct str party; // the partner, for both directions
    bool is_ours;
    uint64_t epoch;
    uint64_t size;                        // entries held
    unsigned char root[STORE_HASH_BYTES]; // of `size`
};
// Makes the log when its origin is new (size 0), and gives its id. ERR_CONFLICT when it is
// there with another partner, party or direction.
enum err store_log_open(
    struct store_txn *t, const struct store_log *log, int64_t *out_id) MUST_USE;
enum err store_log_get(
    struct store_txn *t, struct arena *a, int64_t id, struct store_log *out) MUST_USE;
enum err store_log_by_origin(
    struct store_txn *t, struct arena *a, struct str origin, struct store_log *out) MUST_USE;
// The log of the highest epoch with a party in one direction.
enum err store_log_by_party(struct store_txn *t, struct arena *a, struct str party,
    bool is_ours, struct store_log *out) MUST_USE;
struct store_logs {
    struct store_log *items; // by id
    size_t n;
};
enum err store_log_all(struct store_txn *t, struct arena *a, struct store_logs *out) MUST_USE;

struct store_entry {
    uint64_t idx;
    struct str bytes;
    bool wants_receipt; // release, flash, recall
    unsigned char leaf_hash[STORE_HASH_BYTES];
};
// Appends one entry; leaf hash, tile hashes and the root follow. *out_idx is its index.
enum err store_entry_append(struct store_txn *t, int64_t log_id, struct str bytes,
    bool wants_receipt, uint64_t *out_idx) MUST_USE;
enum err store_entry_get(struct store_txn *t, struct arena *a, int64_t log_id, uint64_t idx,
    struct store_entry *out) MUST_USE;
// Entries [first, end) that are there, in order, at most bytes_max of their text but at least
// one.
struct store_entries {
    struct store_entry *items;
    size_t n;
};
struct store_range {
    uint64_t first;
    uint64_t end;
    size_t bytes_max;
};
enum err store_entries_range(struct store_txn *t, struct arena *a, int64_t log_id,
    struct store_range range, struct store_entries *out) MUST_USE;

// Level 0: the leaf hash of entry `index`. Level k: the root of the full subtree of 256^k
// entries number `index`. ERR_NOT_FOUND when the log is not that long.
enum err store_node_hash(struct store_txn *t, int64_t log_id, unsigned level, uint64_t index,
    unsigned char out[static STORE_HASH_BYTES]) MUST_USE;
// The same for a run of them, into n * 32 bytes: one tile, or a part of it.
enum err store_node_hashes(struct store_txn *t, int64_t log_id, unsigned level, uint64_t first,
    size_t n, unsigned char *out) MUST_USE;

// The same for the proofs of ledger/tree.h; the source outlives the reader.
struct store_hashes {
    struct store_txn *txn;
    int64_t log_id;
};
struct ledger_reader store_hash_reader(struct store_hashes *source);

// Of each log the newest checkpoint that its author signed, and the newest that the other side
// cosigned.
enum store_checkpoint_kind {
    STORE_CHECKPOINT_SIGNED,
    STORE_CHECKPOINT_COSIGNED,
};
struct store_checkpoint {
    uint64_t size;
    int64_t at_us; // signed: when it was stored; cosigned: the cosignature's time
    struct str note;
    unsigned char root[STORE_HASH_BYTES];
};
// ERR_CONFLICT when it is smaller than the one there, ERR_CORRUPT when it has the same size and
// another root: nothing is written then. The same again keeps the newer time and note.
enum err store_checkpoint_put(struct store_txn *t, int64_t log_id,
    enum store_checkpoint_kind kind, const struct store_checkpoint *c) MUST_USE;
// ERR_NOT_FOUND before the first.
enum err store_checkpoint_newest(struct store_txn *t, struct arena *a, int64_t log_id,
    enum store_checkpoint_kind kind, struct store_checkpoint *out) MUST_USE;
