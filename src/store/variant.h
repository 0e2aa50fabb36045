// SPDX-License-Identifier: Apache-2.0
// Variants: what a recipient gets instead of an object whose parts are withheld. A new version
// is made only when its own bytes change, so that a change of what is withheld shows nothing.
#pragma once

#include "store/release.h"

#define STORE_VARIANT_KEY_BYTES 32

// The key that a recipient's variant ids are made with: made once, never changed. ERR_NOT_FOUND
// before the first.
enum err store_variant_key(struct store_txn *t, struct str recipient,
    unsigned char out[static STORE_VARIANT_KEY_BYTES]) MUST_USE;
// The first one stays.
enum err store_variant_key_put(struct store_txn *t, struct str recipient,
    const unsigned char key[static STORE_VARIANT_KEY_BYTES]) MUST_USE;

struct store_variant {
    int64_t seq; // set by store_variant_put
    struct str recipient;
    struct str object_id;  // of the original
    struct str variant_id; // not read by store_variant_latest
    int64_t object_seq;    // the row that it was made from
    int64_t modified_us;
    struct str bytes;                            // not read by store_variant_latest
    unsigned char hash[STORE_RECORD_HASH_BYTES]; // SHA-256 of the bytes without `modified`
    bool is_erased;                              // hash and bytes are gone
};
// ERR_CONFLICT when the recipient has a version of that time.
enum err store_variant_put(
    struct store_txn *t, const struct store_variant *v, int64_t *out_seq) MUST_USE;
// The newest version that a recipient got of an object. ERR_NOT_FOUND before the first.
enum err store_variant_latest(struct store_txn *t, struct str recipient, struct str object_id,
    struct store_variant *out) MUST_USE;
// Of all that was made from a row: bytes and hashes go.
enum err store_variants_erase(struct store_txn *t, int64_t object_seq) MUST_USE;

// The exact bytes of a leaf of ours: of its variant, or of the object. ERR_NOT_FOUND when they
// were destroyed.
enum err store_payload_bytes(struct store_txn *t, struct arena *a,
    const struct store_payload *payload, struct str *out) MUST_USE;
// Did a row go to a party as a variant, the last time that it went? ERR_NOT_FOUND when it never
// went.
enum err store_sent_as_variant(
    struct store_txn *t, struct str party, int64_t object_seq, bool *out) MUST_USE;
