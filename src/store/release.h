// SPDX-License-Identifier: Apache-2.0
// What goes out and what comes in over a link: releases, the payloads of their entries, the
// receipts that answer them, and the decisions behind them.
#pragma once

#include "store/object.h"

#define STORE_SALT_BYTES        32
#define STORE_RECORD_HASH_BYTES 32

struct store_release {
    struct str id; // UUIDv7 text
    struct str party;
    int64_t at_us;
    int64_t principal;
    enum store_priority priority;
    int64_t released; // objects
    int64_t withheld;
};
// ERR_CONFLICT when the id is there.
enum err store_release_put(struct store_txn *t, const struct store_release *r) MUST_USE;
enum err store_release_get(
    struct store_txn *t, struct arena *a, struct str id, struct store_release *out) MUST_USE;
// Adds to the counts of a release that is written in several transactions.
enum err store_release_count(
    struct store_txn *t, struct str id, int64_t released, int64_t withheld) MUST_USE;

// Leaf n of the commitment tree of one entry.
struct store_leaf {
    int64_t log_id;
    uint64_t idx;
    uint64_t n;
};
struct store_payload {
    struct store_leaf leaf;
    int64_t object_seq;  // 0: received as a commitment only
    int64_t variant_seq; // what went instead of the object (store/variant.h); 0: the object
    int64_t bytes_n;     // of what went
    enum store_priority priority;
    bool
        is_withdrawn; // recalled or destroyed before its entry was receipted: goes without salt
    unsigned char salt[STORE_SALT_BYTES];              // destroyed: zero
    unsigned char commitment[STORE_RECORD_HASH_BYTES]; // zero in rows of an older schema
};
struct store_payloads {
    struct store_payload *items;
    size_t n;
};
// Queues an object of an entry of ours for sending.
enum err store_payload_put(struct store_txn *t, const struct store_payload *p) MUST_USE;
// Pending payloads of one log, urgent first, then by entry and leaf; only of entries before
// `below` (those under a signed checkpoint); at most bytes_max of objects but at least one.
struct store_pending {
    int64_t log_id;
    uint64_t below;
    size_t bytes_max;
    size_t limit;
};
enum err store_payloads_pending(struct store_txn *t, struct arena *a,
    const struct store_pending *want, struct store_payloads *out) MUST_USE;
// All payloads of one entry, whatever their state, in order of n. A destroyed salt is zero.
enum err store_payloads_of(struct store_txn *t, struct arena *a, int64_t log_id, uint64_t idx,
    struct store_payloads *out) MUST_USE;
// Every entry of ours that carried this object, in the order of (log_id, idx, n).
enum err store_payloads_of_object(
    struct store_txn *t, struct arena *a, int64_t seq, struct store_payloads *out) MUST_USE;
// The entry was answered: its payloads are no longer pending.
enum err store_payload_receipted(struct store_txn *t, int64_t log_id, uint64_t idx) MUST_USE;
// Destroys the salt of a payload that is still pending; from now on only its commitment goes.
// Nothing changes when the entry was answered. ERR_NOT_FOUND when there is no such leaf.
enum err store_payload_withdraw(struct store_txn *t, const struct store_leaf *leaf) MUST_USE;
// Withdrawn payloads that no recall of ours names yet, by entry and leaf.
enum err store_payloads_unannounced(struct store_txn *t, struct arena *a, int64_t log_id,
    size_t limit, struct store_payloads *out) MUST_USE;

// Objects (or, with object_seq 0, commitments) received under an entry of a partner's log. The
// same again changes nothing; another object or salt for the same leaf is ERR_CONFLICT.
enum err store_received_put(struct store_txn *t, const struct store_payload *p) MUST_USE;
enum err store_received_of(struct store_txn *t, struct arena *a, int64_t log_id, uint64_t idx,
    struct store_payloads *out) MUST_USE;
enum err store_received_of_object(
    struct store_txn *t, struct arena *a, int64_t seq, struct store_payloads *out) MUST_USE;

// The one receipt of an entry, in the other direction's log.
struct store_receipt {
    int64_t log_id; // the entry answered
    uint64_t idx;
    int64_t receipt_log_id;
    uint64_t receipt_idx;
    struct str disposition; // accepted, quarantined, refused
    struct str why;         // error code; empty when accepted
};
// ERR_CONFLICT when the entry has a receipt (L2).
enum err store_receipt_put(struct store_txn *t, const struct store_receipt *r) MUST_USE;
enum err store_receipt_get(struct store_txn *t, struct arena *a, int64_t log_id, uint64_t idx,
    struct store_receipt *out) MUST_USE;
// Entries of a log that want a receipt and have none: the count, and the first `limit` from
// `from`.
enum err store_receipts_missing_count(
    struct store_txn *t, int64_t log_id, uint64_t *out) MUST_USE;
enum err store_receipts_missing(struct store_txn *t, struct arena *a, int64_t log_id,
    uint64_t from, size_t limit, struct store_seqs *out) MUST_USE;

// The record of one decision, kept so that it can be recomputed (V3).
struct store_decision {
    struct str release_id;
    int64_t object_seq;
    struct str record; // JCS
    struct str facts;  // what was decided from; read by store_decision_put only
    unsigned char hash[STORE_RECORD_HASH_BYTES];
};
// ERR_CONFLICT when this release has decided about this object.
enum err store_decision_put(struct store_txn *t, const struct store_decision *d) MUST_USE;
enum err store_decision_get(struct store_txn *t, struct arena *a, struct str release_id,
    int64_t object_seq, struct store_decision *out) MUST_USE;
// The facts of that SHA-256, which the record holds.
enum err store_facts_get(struct store_txn *t, struct arena *a,
    const unsigned char hash[static STORE_RECORD_HASH_BYTES], struct str *out) MUST_USE;
struct store_decisions {
    struct store_decision *items;
    size_t n;
};
// By object, oldest release first (release ids sort by time).
enum err store_decisions_of_object(
    struct store_txn *t, struct arena *a, int64_t seq, struct store_decisions *out) MUST_USE;
enum err store_decisions_of_release(struct store_txn *t, struct arena *a, struct str release_id,
    struct store_decisions *out) MUST_USE;
