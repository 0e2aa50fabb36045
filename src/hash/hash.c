// SPDX-License-Identifier: Apache-2.0
#include "hash/hash.h"

#include <nettle/hmac.h>
#include <nettle/sha1.h>

static const uint8_t *bytes(struct str s)
{
    return (const uint8_t *)s.ptr;
}

void hash_sha1(struct str data, unsigned char out[static SHA1_BYTES])
{
    struct sha1_ctx ctx;
    sha1_init(&ctx);
    sha1_update(&ctx, data.len, bytes(data));
    sha1_digest(&ctx, SHA1_BYTES, out);
}

void hash_sha256(struct str data, unsigned char out[static SHA256_BYTES])
{
    struct hash_sha256 h;
    hash_sha256_begin(&h);
    hash_sha256_add(&h, data);
    hash_sha256_end(&h, out);
}

void hash_sha512(struct str data, unsigned char out[static SHA512_BYTES])
{
    struct sha512_ctx ctx;
    sha512_init(&ctx);
    sha512_update(&ctx, data.len, bytes(data));
    sha512_digest(&ctx, SHA512_BYTES, out);
}

void hash_hmac_sha256(struct str key, struct str data, unsigned char out[static SHA256_BYTES])
{
    struct hmac_sha256_ctx ctx;
    hmac_sha256_set_key(&ctx, key.len, bytes(key));
    hmac_sha256_update(&ctx, data.len, bytes(data));
    hmac_sha256_digest(&ctx, SHA256_BYTES, out);
}

void hash_sha256_begin(struct hash_sha256 *h)
{
    sha256_init(&h->ctx);
}

void hash_sha256_add(struct hash_sha256 *h, struct str data)
{
    sha256_update(&h->ctx, data.len, bytes(data));
}

void hash_sha256_end(struct hash_sha256 *h, unsigned char out[static SHA256_BYTES])
{
    sha256_digest(&h->ctx, SHA256_BYTES, out);
}

bool hash_equal(const unsigned char *a, const unsigned char *b, size_t n)
{
    unsigned char difference = 0;
    for (size_t i = 0; i < n; i++)
        difference |= a[i] ^ b[i];
    return difference == 0;
}
