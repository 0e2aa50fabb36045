// SPDX-License-Identifier: Apache-2.0
#include "crypto/sign.h"

#include <sodium.h>

enum err sign_init(void)
{
    return sodium_init() < 0 ? ERR_IO : ERR_OK;
}

enum err sign_key_from_seed(
    const unsigned char seed[static SIGN_SEED_BYTES], struct sign_key *out)
{
    struct sign_key key = {0};
    TRY(secret_init(&key.secret, crypto_sign_ed25519_SECRETKEYBYTES));
    // The public key of any seed exists: the call cannot fail.
    crypto_sign_ed25519_seed_keypair(key.public_key, key.secret.bytes, seed);
    *out = key;
    return ERR_OK;
}

void sign_key_release(struct sign_key *key)
{
    secret_release(&key->secret);
    *key = (struct sign_key){0};
}

void sign_message(const struct sign_key *key, struct str message,
    unsigned char out[static SIGN_SIGNATURE_BYTES])
{
    crypto_sign_ed25519_detached(
        out, NULL, (const unsigned char *)message.ptr, message.len, key->secret.bytes);
}

enum err sign_verify(const unsigned char public_key[static SIGN_PUBLIC_BYTES],
    struct str message, const unsigned char signature[static SIGN_SIGNATURE_BYTES])
{
    int failed = crypto_sign_ed25519_verify_detached(
        signature, (const unsigned char *)message.ptr, message.len, public_key);
    return failed ? ERR_CORRUPT : ERR_OK;
}
