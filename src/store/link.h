// SPDX-License-Identifier: Apache-2.0
// Links: the relation with one partner and the agreement that it stands on.
#pragma once

#include "base/limits.h"
#include "store/store.h"

#define STORE_AGREEMENT_DIGEST_BYTES 32

struct store_link {
    struct str party;
    struct str agreement; // the signed file
    struct str state;     // as the caller names it: "live", "frozen", ...
    struct str address;   // where the partner is reached; may be empty
    struct str mode;      // as the caller names it; empty in a new one: "push"
    int64_t added_us;
    unsigned char digest[STORE_AGREEMENT_DIGEST_BYTES];
};
struct store_links {
    struct store_link *items; // by party
    size_t n;
};
// One per party; the newer replaces the older, but for added_us, the mode, and a frozen state.
enum err store_link_put(struct store_txn *t, const struct store_link *link) MUST_USE;
enum err store_link_all(struct store_txn *t, struct arena *a, struct store_links *out) MUST_USE;
enum err store_link_by_party(
    struct store_txn *t, struct arena *a, struct str party, struct store_link *out) MUST_USE;
enum err store_link_set_state(struct store_txn *t, struct str party, struct str state) MUST_USE;

enum err store_link_set_mode(struct store_txn *t, struct str party, struct str mode) MUST_USE;

// What a partner showed that contradicts what was signed before. For ever; at most
// STORE_EVIDENCE_MAX a party, and STORE_EVIDENCE_BYTES_MAX of their bytes.
#define STORE_EVIDENCE_MAX       16
#define STORE_EVIDENCE_BYTES_MAX (64 * MIB)
struct store_link_evidence {
    uint64_t n; // from 1; set by the store
    int64_t at_us;
    struct str code, why;
    struct str held, shown; // notes
    uint64_t size;          // of all that came
    struct str bytes;       // of it, what is kept; empty past the maximum
    unsigned char digest[STORE_AGREEMENT_DIGEST_BYTES]; // SHA-256 of all that came
};
// ERR_LIMIT when there are as many as are kept.
enum err store_link_evidence_put(
    struct store_txn *t, struct str party, const struct store_link_evidence *evidence) MUST_USE;
// The newest, without its bytes; its n is their number. ERR_NOT_FOUND: there is none.
enum err store_link_evidence_newest(struct store_txn *t, struct arena *a, struct str party,
    struct store_link_evidence *out) MUST_USE;

// What went over a link, in numbers.
struct store_link_counts {
    uint64_t to_receipt; // entries of our log that want a receipt
    uint64_t receipts;   // of those, how many have theirs
    uint64_t released;   // objects under our entries
    uint64_t received;   // objects under their entries
    uint64_t recalled;   // objects that we demanded back
    uint64_t recalls_answered;
};
enum err store_link_count(struct store_txn *t, int64_t own_log_id, int64_t their_log_id,
    struct store_link_counts *out) MUST_USE;
