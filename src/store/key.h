// SPDX-License-Identifier: Apache-2.0
// What the keys of a link stand on: its agreements, the entries that change keys, and how a log
// began.
#pragma once

#include "store/link.h"

struct store_agreement {
    unsigned char digest[STORE_AGREEMENT_DIGEST_BYTES];
    struct str note; // the signed file
    int64_t added_us;
};
struct store_agreements {
    struct store_agreement *items; // in the order in which they were added
    size_t n;
};
// The same digest again changes nothing.
enum err store_agreement_put(
    struct store_txn *t, struct str party, const struct store_agreement *agreement) MUST_USE;
enum err store_agreements_of(struct store_txn *t, struct arena *a, struct str party,
    struct store_agreements *out) MUST_USE;

// Entry idx of the log is of kind `key`.
enum err store_key_entry_put(struct store_txn *t, int64_t log_id, uint64_t idx) MUST_USE;
struct store_indexes {
    uint64_t *items; // rising
    size_t n;
};
enum err store_key_entries(
    struct store_txn *t, struct arena *a, int64_t log_id, struct store_indexes *out) MUST_USE;

// The party root's statement that a log of a later epoch began with. ERR_NOT_FOUND for a first
// epoch.
enum err store_log_start_put(struct store_txn *t, int64_t log_id, struct str note) MUST_USE;
enum err store_log_start_get(
    struct store_txn *t, struct arena *a, int64_t log_id, struct str *out) MUST_USE;
