// SPDX-License-Identifier: Apache-2.0
// Small secrets at rest: XChaCha20-Poly1305 under a key that Argon2id makes of an unlock
// secret.
#pragma once

#include "base/buf.h"
#include "base/limits.h"
#include "crypto/secret.h"

#define SEAL_SALT_BYTES  16
#define SEAL_NONCE_BYTES 24
#define SEAL_BYTES_MAX   (32 * KIB) // of a sealed text
#define SEAL_SECRET_MAX  1024u      // of an unlock secret

// Chance is the shell's.
struct seal_chance {
    unsigned char salt[SEAL_SALT_BYTES];
    unsigned char nonce[SEAL_NONCE_BYTES];
};

bool seal_is_sealed(struct str text);
// One line: "bongsu-sealed argon2id-xchacha20poly1305 <salt> <nonce> <ciphertext>". ERR_LIMIT
// past memory.
enum err seal_put(struct buf *b, struct str plain, const struct secret *unlock,
    const struct seal_chance *chance) MUST_USE;
// The caller releases *out. ERR_INVALID: not sealed text. ERR_DENIED: another unlock secret,
// or changed.
enum err seal_open(struct arena *a, struct str sealed, const struct secret *unlock,
    struct secret *out) MUST_USE;
