// SPDX-License-Identifier: Apache-2.0
// An officer's signing key, sealed by a passphrase: one JCS object that a browser opens with
// WebCrypto alone. The key = PBKDF2-HMAC-SHA-256(passphrase, salt, iterations); `ct` =
// AES-256-GCM of the PKCS#8 form, with the object without `ct` as associated data.
#pragma once

#include "base/buf.h"
#include "crypto/sign.h"

#define OFFICERKEY_SALT_BYTES     16
#define OFFICERKEY_IV_BYTES       12
#define OFFICERKEY_ITERATIONS_MIN 600000u
#define OFFICERKEY_ITERATIONS_MAX 10000000u // a hostile file costs seconds, not hours
#define OFFICERKEY_BYTES_MAX      512u
#define OFFICERKEY_ID_BYTES       16 // of an officer's key id, 32 hex digits as text

// Fresh for each sealing; chance is the shell's.
struct officerkey_chance {
    unsigned char salt[OFFICERKEY_SALT_BYTES];
    unsigned char iv[OFFICERKEY_IV_BYTES];
};

// The file, with its final newline. The passphrase is UTF-8 in NFC; the caller makes it so.
// ERR_LIMIT past the buffer or when no locked memory is left.
enum err officerkey_seal(const struct sign_key *key, struct str passphrase,
    const struct officerkey_chance *chance, struct buf *out) MUST_USE;
// ERR_INVALID with *fault for a file that is none, ERR_DENIED for a wrong passphrase or a file
// that was changed. The caller releases the key.
enum err officerkey_open(
    struct str file, struct str passphrase, struct sign_key *out, struct fault *fault) MUST_USE;
// What the file says without a passphrase; only opening it proves that.
enum err officerkey_public(struct str file, unsigned char public_key[static SIGN_PUBLIC_BYTES],
    struct fault *fault) MUST_USE;

// The key id by which entries, approvals and registers name an officer's key: the first bytes
// of SHA-256("bongsu-officer-v1" || 0x0A || public key), in lower-case hex.
void officerkey_id_put(struct buf *b, const unsigned char public_key[static SIGN_PUBLIC_BYTES]);
