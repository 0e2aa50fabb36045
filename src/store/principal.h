// SPDX-License-Identifier: Apache-2.0
// Who may ask, and what was done by whom.
#pragma once

#include "store/store.h"

#define STORE_TOKEN_HASH_BYTES 32

struct store_principal {
    int64_t id; // set by store_principal_add
    struct str name;
    struct str kind;      // "person", "partner", ...
    struct str rights;    // as the caller spells them
    struct str recipient; // whom the decision is asked for
    int64_t created_us;
    int64_t revoked_us; // 0: not revoked
    unsigned char token_hash[STORE_TOKEN_HASH_BYTES];
};
// ERR_CONFLICT when the name or the token is taken.
enum err store_principal_add(
    struct store_txn *t, const struct store_principal *p, int64_t *out_id) MUST_USE;
// ERR_NOT_FOUND; a revoked principal is found, with revoked_us set.
enum err store_principal_by_token_hash(struct store_txn *t, struct arena *a,
    const unsigned char hash[static STORE_TOKEN_HASH_BYTES],
    struct store_principal *out) MUST_USE;
enum err store_principal_by_name(struct store_txn *t, struct arena *a, struct str name,
    struct store_principal *out) MUST_USE;
enum err store_principal_get(
    struct store_txn *t, struct arena *a, int64_t id, struct store_principal *out) MUST_USE;
enum err store_principal_revoke(struct store_txn *t, int64_t id, int64_t at_us) MUST_USE;

struct store_audit {
    int64_t seq; // set by the store
    int64_t at_us;
    int64_t principal; // 0: the node itself
    struct str action;
    struct str target;
    struct str detail; // JSON, may be empty
};
struct store_audits {
    struct store_audit *items;
    size_t n;
};
enum err store_audit_add(struct store_txn *t, const struct store_audit *event) MUST_USE;
// Events with seq > after, in order.
enum err store_audit_last(struct store_txn *t, int64_t *out) MUST_USE; // 0: none
enum err store_audit_after(struct store_txn *t, struct arena *a, int64_t after, size_t limit,
    struct store_audits *out) MUST_USE;
