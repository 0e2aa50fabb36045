// SPDX-License-Identifier: Apache-2.0
// TAXII as it is configured: API roots, collections, shares, certificates of accounts; and what
// came of posts. A collection exists for the recipients that have a share in it, and for nobody
// else.
#pragma once

#include "store/membership.h"

#define STORE_TAXII_KEY_BYTES 32
#define STORE_TAXII_PIN_BYTES 32

struct store_taxii_root {
    struct str name; // a segment of the path
    struct str title;
    struct str description; // may be empty
    int64_t content_bytes_max;
    int64_t added_us;
};
struct store_taxii_roots {
    struct store_taxii_root *items; // by name
    size_t n;
};
// ERR_CONFLICT when the name is taken, by a removed one too.
enum err store_taxii_root_add(
    struct store_txn *t, const struct store_taxii_root *root) MUST_USE;
enum err store_taxii_root_get(struct store_txn *t, struct arena *a, struct str name,
    struct store_taxii_root *out) MUST_USE;
// Those in force.
enum err store_taxii_root_all(
    struct store_txn *t, struct arena *a, struct store_taxii_roots *out) MUST_USE;
// Those in which a recipient has a collection.
enum err store_taxii_root_of(struct store_txn *t, struct arena *a, struct str recipient,
    struct store_taxii_roots *out) MUST_USE;
// With its collections. ERR_NOT_FOUND when it is not in force.
enum err store_taxii_root_remove(struct store_txn *t, struct str name, int64_t at_us) MUST_USE;

struct store_taxii_collection {
    struct str id; // a UUID
    struct str root;
    struct str alias; // may be empty
    struct str title;
    struct str description; // may be empty
    bool is_inbox;
    bool can_read, can_write; // of the share asked about
    int64_t page_limit;
    struct str types;   // of a view: joined by commas, empty for all
    struct str source;  // of a view: a party, empty for all
    struct str max_tlp; // of a view
    struct str handling;
    int64_t added_us;
};
struct store_taxii_collections {
    struct store_taxii_collection *items; // in the order in which they were added
    size_t n;
};
// ERR_CONFLICT when the root has that alias; ERR_NOT_FOUND when there is no such root.
enum err store_taxii_collection_add(
    struct store_txn *t, const struct store_taxii_collection *collection) MUST_USE;
enum err store_taxii_collection_all(
    struct store_txn *t, struct arena *a, struct store_taxii_collections *out) MUST_USE;
// Those of a root that a recipient has a share in.
enum err store_taxii_collection_of(struct store_txn *t, struct arena *a, struct str root,
    struct str recipient, struct store_taxii_collections *out) MUST_USE;
enum err store_taxii_collection_remove(
    struct store_txn *t, struct str id, int64_t at_us) MUST_USE;

struct store_taxii_share {
    struct store_taxii_collection collection;
    struct str recipient;
    int64_t at_seq;
    int64_t members, waiting; // set by store_taxii_share_all
};
struct store_taxii_shares {
    struct store_taxii_share *items;
    size_t n;
};
// Gives a share, or changes what there is. Its view is looked through from the beginning.
// ERR_NOT_FOUND when there is no such collection.
enum err store_taxii_share_put(struct store_txn *t, struct str id, struct str recipient,
    bool can_read, bool can_write, int64_t at_us) MUST_USE;
enum err store_taxii_share_remove(
    struct store_txn *t, struct str id, struct str recipient, int64_t at_us) MUST_USE;
// Of all collections in force.
enum err store_taxii_share_all(
    struct store_txn *t, struct arena *a, struct store_taxii_shares *out) MUST_USE;
// Views with rows to look at: new ones, or some that are due (taxii_wait.h).
enum err store_taxii_share_behind(struct store_txn *t, struct arena *a, int64_t now_us,
    struct store_taxii_shares *out) MUST_USE;
enum err store_taxii_share_advance(
    struct store_txn *t, struct str id, struct str recipient, int64_t at_seq) MUST_USE;

// ERR_CONFLICT when the certificate stands for another account.
enum err store_taxii_certificate_add(struct store_txn *t,
    const unsigned char pin[static STORE_TAXII_PIN_BYTES], int64_t principal) MUST_USE;
enum err store_taxii_account_by_pin(struct store_txn *t, struct arena *a,
    const unsigned char pin[static STORE_TAXII_PIN_BYTES], struct str *out_name) MUST_USE;

// An account is a principal of a kind of its own.
struct store_taxii_account {
    struct str name;
    struct str recipient;
    int64_t added_us;
    int64_t revoked_us; // 0: in force
    bool has_certificate;
};
struct store_taxii_accounts {
    struct store_taxii_account *items;
    size_t n;
};
enum err store_taxii_account_all(struct store_txn *t, struct arena *a, struct str kind,
    struct store_taxii_accounts *out) MUST_USE;

struct store_taxii_status {
    struct str id;
    struct str recipient;
    struct str root;
    int64_t at_us;
    struct str document; // JSON
};
// Statuses older than a day go.
enum err store_taxii_status_put(
    struct store_txn *t, const struct store_taxii_status *status) MUST_USE;
enum err store_taxii_status_get(struct store_txn *t, struct arena *a,
    const struct store_taxii_status *which, struct str *out_document) MUST_USE;

enum err store_taxii_key(
    struct store_txn *t, unsigned char out[static STORE_TAXII_KEY_BYTES]) MUST_USE;
