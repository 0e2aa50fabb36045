// SPDX-License-Identifier: Apache-2.0
// Officers, the orders that they approved, and the persons of partners whom TLP:RED may name.
#pragma once

#include "store/store.h"

#define STORE_PUBLIC_KEY_BYTES   32
#define STORE_ORDER_DIGEST_BYTES 32

struct store_officer {
    struct str key_id;
    struct str name;
    struct str statement; // the root's note
    int64_t added_us;
    int64_t from_us, not_after_us;
    int64_t retired_us; // 0: not retired
    bool is_revoked;    // lost or stolen: nothing that it signed counts any more
    unsigned char public_key[STORE_PUBLIC_KEY_BYTES];
};
struct store_officers {
    struct store_officer *items; // by name, then newest first
    size_t n;
};
// ERR_CONFLICT when the key is there, or an officer of that name is in office.
enum err store_officer_put(struct store_txn *t, const struct store_officer *officer) MUST_USE;
enum err store_officer_by_key(struct store_txn *t, struct arena *a, struct str key_id,
    struct store_officer *out) MUST_USE;
// The one of that name who is in office.
enum err store_officer_by_name(
    struct store_txn *t, struct arena *a, struct str name, struct store_officer *out) MUST_USE;
enum err store_officer_all(
    struct store_txn *t, struct arena *a, struct store_officers *out) MUST_USE;
// The first end stays; is_revoked is never taken back. ERR_NOT_FOUND.
enum err store_officer_retire(
    struct store_txn *t, struct str key_id, int64_t at_us, bool is_revoked) MUST_USE;

// An order as it was signed and carried out, and who signed.
struct store_order {
    struct str id; // of what it made
    struct str act;
    struct str party;
    struct str document;
    int64_t at_us;
    unsigned char digest[STORE_ORDER_DIGEST_BYTES];
};
struct store_approval {
    struct str order_id;
    struct str key_id;
    struct str note; // the officer's file
    int64_t at_us;
};
struct store_approvals {
    struct store_approval *items; // by key id
    size_t n;
};
enum err store_order_put(struct store_txn *t, const struct store_order *order) MUST_USE;
enum err store_order_get(
    struct store_txn *t, struct arena *a, struct str id, struct store_order *out) MUST_USE;
// ERR_CONFLICT when that officer has approved that order.
enum err store_approval_put(
    struct store_txn *t, const struct store_approval *approval) MUST_USE;
// Has that approval (its officer, and when it was signed) carried out an order of that digest?
enum err store_approval_is_used(struct store_txn *t, const struct store_approval *approval,
    const unsigned char digest[static STORE_ORDER_DIGEST_BYTES], bool *out) MUST_USE;
enum err store_approvals_of(struct store_txn *t, struct arena *a, struct str order_id,
    struct store_approvals *out) MUST_USE;

struct store_person {
    struct str party;
    struct str name;
    int64_t added_us;
    int64_t retired_us; // 0: registered
};
struct store_persons {
    struct store_person *items; // by party and name
    size_t n;
};
// Registers, again when retired.
enum err store_person_put(struct store_txn *t, const struct store_person *person) MUST_USE;
enum err store_person_retire(
    struct store_txn *t, struct str party, struct str name, int64_t at_us) MUST_USE;
// ERR_NOT_FOUND also for a retired one.
enum err store_person_find(struct store_txn *t, struct str party, struct str name) MUST_USE;
enum err store_person_all(
    struct store_txn *t, struct arena *a, struct store_persons *out) MUST_USE;
