// SPDX-License-Identifier: Apache-2.0
#include "crypto/seal.h"

#include <sodium.h>

#include "base/base64.h"

#define MAGIC "bongsu-sealed argon2id-xchacha20poly1305 "

// The parameters belong to the word `argon2id` of the format: 2 passes over 64 MiB.
#define OPS 2u
#define MEM (64u * 1024 * 1024)

bool seal_is_sealed(struct str text)
{
    return str_starts(text, STR("bongsu-sealed "));
}

static enum err key_make(
    const struct secret *unlock, const unsigned char salt[SEAL_SALT_BYTES], struct secret *out)
{
    struct secret key;
    TRY(secret_init(&key, crypto_aead_xchacha20poly1305_ietf_KEYBYTES));
    if (crypto_pwhash(key.bytes, key.len, (const char *)unlock->bytes, unlock->len, salt, OPS,
            MEM, crypto_pwhash_ALG_ARGON2ID13) != 0) {
        secret_release(&key);
        return ERR_LIMIT;
    }
    *out = key;
    return ERR_OK;
}

enum err seal_put(struct buf *b, struct str plain, const struct secret *unlock,
    const struct seal_chance *chance)
{
    struct secret key;
    unsigned long long n = 0;
    size_t room = plain.len + crypto_aead_xchacha20poly1305_ietf_ABYTES;
    unsigned char *sealed = NEW_N(b->arena, unsigned char, room);
    if (!sealed || plain.len > SEAL_BYTES_MAX / 2)
        return ERR_LIMIT;
    TRY(key_make(unlock, chance->salt, &key));
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, &n, (const unsigned char *)plain.ptr,
        plain.len, (const unsigned char *)MAGIC, sizeof MAGIC - 1, NULL, chance->nonce,
        key.bytes);
    secret_release(&key);
    buf_put(b, STR(MAGIC));
    base64_put(b, (struct str){(const char *)chance->salt, sizeof chance->salt});
    buf_put_byte(b, ' ');
    base64_put(b, (struct str){(const char *)chance->nonce, sizeof chance->nonce});
    buf_put_byte(b, ' ');
    base64_put(b, (struct str){(const char *)sealed, (size_t)n});
    buf_put_byte(b, '\n');
    return b->err;
}

static enum err decrypt(struct str sealed, const struct seal_chance *chance,
    const struct secret *unlock, struct secret *out)
{
    struct secret key, plain;
    unsigned long long n = 0;
    if (sealed.len <= crypto_aead_xchacha20poly1305_ietf_ABYTES)
        return ERR_INVALID;
    TRY(secret_init(&plain, sealed.len - crypto_aead_xchacha20poly1305_ietf_ABYTES));
    enum err e = key_make(unlock, chance->salt, &key);
    if (e == ERR_OK) {
        int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(plain.bytes, &n, NULL,
            (const unsigned char *)sealed.ptr, sealed.len, (const unsigned char *)MAGIC,
            sizeof MAGIC - 1, chance->nonce, key.bytes);
        secret_release(&key);
        e = failed ? ERR_DENIED : ERR_OK;
    }
    if (e == ERR_OK)
        *out = plain;
    else
        secret_release(&plain);
    return e;
}

enum err seal_open(
    struct arena *a, struct str sealed, const struct secret *unlock, struct secret *out)
{
    struct seal_chance chance;
    struct str bytes;
    if (!str_starts(sealed, STR(MAGIC)) || !str_ends(sealed, STR("\n")) ||
        sealed.len > SEAL_BYTES_MAX)
        return ERR_INVALID;
    struct str rest = str_from(str_to(sealed, sealed.len - 1), sizeof MAGIC - 1);
    struct str salt = str_cut(&rest, ' '), nonce = str_cut(&rest, ' ');
    if (base64_parse_exact(salt, chance.salt, sizeof chance.salt) != ERR_OK ||
        base64_parse_exact(nonce, chance.nonce, sizeof chance.nonce) != ERR_OK)
        return ERR_INVALID;
    TRY(base64_parse(a, rest, &bytes));
    return decrypt(bytes, &chance, unlock, out);
}
