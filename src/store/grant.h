// SPDX-License-Identifier: Apache-2.0
// Grants of both directions: an originator lets a holder of its information pass it on.
#pragma once

#include "store/store.h"

struct store_grant {
    int64_t log_id; // the entry that says so
    uint64_t idx;
    struct str id;
    struct str granter;   // the originator, author of the entry
    struct str holder;    // who may pass on
    struct str recipient; // to whom
    struct str object;    // hex of a commitment; empty when it names a class
    struct str class;     // an object type; empty when it names an object
    struct str purpose;
    struct str terms;
    int64_t not_after_us;
};
struct store_grants {
    struct store_grant *items; // by entry
    size_t n;
};
enum err store_grant_put(struct store_txn *t, const struct store_grant *grant) MUST_USE;
// ERR_NOT_FOUND when that entry is none, or has no row.
enum err store_grant_get(struct store_txn *t, struct arena *a, int64_t log_id, uint64_t idx,
    struct store_grant *out) MUST_USE;
// What anyone has let `holder` pass on to `recipient`, also what is over.
enum err store_grants_to(struct store_txn *t, struct arena *a, struct str holder,
    struct str recipient, struct store_grants *out) MUST_USE;
enum err store_grant_count(struct store_txn *t, int64_t *out) MUST_USE;
enum err store_grant_all(
    struct store_txn *t, struct arena *a, struct store_grants *out) MUST_USE;
