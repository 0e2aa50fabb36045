// SPDX-License-Identifier: Apache-2.0
// What a node says to a partner: entries of our own logs, each in the transaction of what it
// speaks about.
#pragma once

#include "exchange/exchange.h"
#include "ledger/entry.h"

// A new UUIDv7, for what an entry speaks about.
enum err exchange_new_id(struct arena *a, int64_t now_us, struct str *out) MUST_USE;

// Entries of our own log, appended in the caller's transaction.
struct exchange_release {
    struct str party;
    struct str id;   // UUIDv7
    struct str rule; // "R8"
    struct str purpose;
    struct str handling; // the block that all objects share
    enum store_priority priority;
    int64_t now_us;
    const struct str *persons; // whom TLP:RED is addressed to
    size_t n_persons;
    // Of a flash: the duty officer, and the one language that it is in.
    const struct ledger_officer *by;
    struct str lang;
};
struct exchange_item {
    int64_t object_seq;
    int64_t variant_seq; // what goes instead of the object; 0: the object
    int64_t bytes_n;
    unsigned char salt[LEDGER_SALT_BYTES];
    struct ledger_hash commitment;
    struct ledger_hash decision; // of the decision record
};
// One entry over at most LEDGER_COMMITMENTS_MAX items; queues their payloads.
enum err exchange_append_release(struct exchange *ex, struct store_txn *t, struct arena *a,
    const struct exchange_release *release, const struct exchange_item *items,
    size_t n) MUST_USE;

struct exchange_recall {
    struct str party;
    struct str id;
    struct str reason;
    int64_t deadline_us;
    int64_t now_us;
    int64_t of_log_id; // the release entry
    uint64_t of_idx;
    const uint64_t *leaves;
    size_t n_leaves;
};
enum err exchange_append_recall(struct exchange *ex, struct store_txn *t, struct arena *a,
    const struct exchange_recall *recall) MUST_USE;

// Lets the party pass on what is ours.
struct exchange_grant {
    struct str party;    // the partner who holds it
    struct str handling; // block of the entry
    const struct ledger_grant *grant;
    int64_t now_us;
};
enum err exchange_append_grant(struct exchange *ex, struct store_txn *t, struct arena *a,
    const struct exchange_grant *grant) MUST_USE;
// The commitment under which an object of ours went to that party last: what a grant names. Of
// a variant that is the variant's. ERR_NOT_FOUND when it has not gone there.
enum err exchange_sent_commitment(struct exchange *ex, struct store_txn *t, struct arena *a,
    struct str party, int64_t object_seq, struct ledger_hash *out) MUST_USE;
