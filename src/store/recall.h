// SPDX-License-Identifier: Apache-2.0
// Demands to stop using what was released, in both directions, and the answers to them.
#pragma once

#include "store/release.h"

struct store_recall {
    int64_t log_id; // the recall entry
    uint64_t idx;
    struct str id;
    int64_t of_log_id; // the release entry that it is about
    uint64_t of_idx;
    int64_t deadline_us;
    struct str reason;
    uint64_t left; // objects not answered yet; set by the store
};
// `leaves` are the leaf numbers demanded, all of them open. ERR_CONFLICT when the entry has its
// recall.
enum err store_recall_put(struct store_txn *t, const struct store_recall *r,
    const uint64_t *leaves, size_t n) MUST_USE;
enum err store_recall_find(struct store_txn *t, struct arena *a, int64_t log_id, uint64_t idx,
    struct store_recall *out) MUST_USE;
struct store_recalls {
    struct store_recall *items;
    size_t n;
};
// All entries of one recall id, and the recalls of one entry with something left to answer.
enum err store_recalls_by_id(
    struct store_txn *t, struct arena *a, struct str id, struct store_recalls *out) MUST_USE;
enum err store_recalls_open(struct store_txn *t, struct arena *a, int64_t of_log_id,
    uint64_t of_idx, struct store_recalls *out) MUST_USE;
// The first recall entry that names a leaf. ERR_NOT_FOUND when none does.
enum err store_recall_of_leaf(
    struct store_txn *t, const struct store_leaf *leaf, uint64_t *out_idx) MUST_USE;

struct store_recall_item {
    uint64_t n;       // leaf number
    struct str state; // open, destroyed, quarantined, retained-legal
};
struct store_recall_items {
    struct store_recall_item *items; // by n
    size_t n;
};
enum err store_recall_items_of(struct store_txn *t, struct arena *a, int64_t log_id,
    uint64_t idx, struct store_recall_items *out) MUST_USE;

// One acknowledgement entry with the states that it gives.
struct store_recall_ack {
    int64_t log_id; // the acknowledgement entry
    uint64_t idx;
    int64_t recall_log_id;
    uint64_t recall_idx;
    uint64_t downstream; // recipients notified
    int64_t at_us;
};
// ERR_NOT_FOUND for a leaf that was not demanded, ERR_CONFLICT for one answered otherwise.
enum err store_recall_ack_put(struct store_txn *t, const struct store_recall_ack *ack,
    const struct store_recall_item *items, size_t n) MUST_USE;

// Leaves of ours that carried an object and are not demanded back yet.
enum err store_payloads_unrecalled(
    struct store_txn *t, struct arena *a, int64_t seq, struct store_payloads *out) MUST_USE;

// A recall that an officer should decide on: what somebody got from us was tightened or
// destroyed here. Proposes nothing when nobody got it, or when all of it is demanded back.
enum err store_recall_propose(
    struct store_txn *t, int64_t seq, int64_t at_us, struct str why) MUST_USE;
// The same, whether or not somebody got it: an officer should look at the object.
enum err store_recall_review(
    struct store_txn *t, int64_t seq, int64_t at_us, struct str why) MUST_USE;
// The officer has recalled it, or leaves it with those who have it. No proposal: changes
// nothing.
enum err store_recall_proposal_close(struct store_txn *t, int64_t seq, int64_t at_us) MUST_USE;
struct store_recall_proposal {
    struct store_object object;
    int64_t at_us;
    struct str why;
};
struct store_recall_proposals {
    struct store_recall_proposal *items; // by object_seq
    size_t n;
};
// Open ones of rows after `after`, at most `limit`.
enum err store_recall_proposals_open(struct store_txn *t, struct arena *a, int64_t after,
    size_t limit, struct store_recall_proposals *out) MUST_USE;
enum err store_recall_proposals_count(struct store_txn *t, uint64_t *out) MUST_USE;
enum err store_recall_is_proposed(struct store_txn *t, int64_t seq, bool *out) MUST_USE;

// How the recalls of a partner are answered when they arrive: "destroy" (so it is before
// anything was chosen) or "ask": nobody uses the object any more, and an officer answers.
enum err store_recall_choose(struct store_txn *t, struct str party, struct str answer) MUST_USE;
enum err store_recall_asks(struct store_txn *t, struct str party, bool *out) MUST_USE;

// Everybody to whom an object went from here, partners and recipients of our own, without
// `except`: ascending, each once.
enum err store_recipients_of(struct store_txn *t, struct arena *a, int64_t seq,
    struct str except, struct store_texts *out) MUST_USE;

// A recall with something left to answer, of either side.
struct store_recall_open {
    struct store_recall recall;
    struct str party; // the other side
    bool is_ours;     // we demand
};
struct store_recalls_waiting {
    struct store_recall_open *items; // by deadline
    size_t n;
};
enum err store_recalls_waiting(struct store_txn *t, struct arena *a, size_t limit,
    struct store_recalls_waiting *out) MUST_USE;
