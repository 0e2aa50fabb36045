// SPDX-License-Identifier: Apache-2.0
// The register of recipients inside our own Participant: agencies, persons, sensors. A partner
// is no row of it; its agreement is its register.
#pragma once

#include "store/store.h"

struct store_recipient {
    struct str key;      // "<our party>/<name>", as membership, tokens and sources spell it
    struct str kind;     // as the caller names it
    struct str nation;   // ISO 3166-1 alpha-3
    struct str purposes; // joined by commas
    bool is_client;      // served by an addressee, not the addressee itself
    int64_t added_us;
    int64_t retired_us; // 0: not retired
};
// ERR_CONFLICT when the key is taken, by a retired one too.
enum err store_recipient_add(struct store_txn *t, const struct store_recipient *r) MUST_USE;
// A retired one is found, with retired_us set.
enum err store_recipient_get(
    struct store_txn *t, struct arena *a, struct str key, struct store_recipient *out) MUST_USE;
// ERR_NOT_FOUND when there is none, or it is retired.
enum err store_recipient_retire(struct store_txn *t, struct str key, int64_t at_us) MUST_USE;
struct store_recipients {
    struct store_recipient *items; // by key
    size_t n;
};
enum err store_recipient_all(
    struct store_txn *t, struct arena *a, struct store_recipients *out) MUST_USE;
