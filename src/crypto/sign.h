// SPDX-License-Identifier: Apache-2.0
// Ed25519 (RFC 8032) by libsodium. A seed comes in as a parameter: chance is the shell's.
#pragma once

#include "crypto/secret.h"

#define SIGN_SEED_BYTES      32
#define SIGN_PUBLIC_BYTES    32
#define SIGN_SIGNATURE_BYTES 64

// Held by one owner; release it exactly once.
struct sign_key {
    unsigned char public_key[SIGN_PUBLIC_BYTES];
    struct secret secret; // seed, then public key
};

// Once per process, before anything else here. ERR_IO when the library cannot start.
enum err sign_init(void) MUST_USE;
// The caller wipes the seed. ERR_LIMIT when no locked memory is left.
enum err sign_key_from_seed(
    const unsigned char seed[static SIGN_SEED_BYTES], struct sign_key *out) MUST_USE;
void sign_key_release(struct sign_key *key);

// Deterministic (RFC 8032 section 5.1.6).
void sign_message(const struct sign_key *key, struct str message,
    unsigned char out[static SIGN_SIGNATURE_BYTES]);
// ERR_CORRUPT unless the signature is right. Strict: a point of small order, a point or scalar
// that is not in its only form, are refused.
enum err sign_verify(const unsigned char public_key[static SIGN_PUBLIC_BYTES],
    struct str message, const unsigned char signature[static SIGN_SIGNATURE_BYTES]) MUST_USE;
