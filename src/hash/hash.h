// SPDX-License-Identifier: Apache-2.0
// Digests and HMAC by nettle. No keys that matter live here.
#pragma once

#include "base/str.h"

#include <nettle/sha2.h>

#define SHA1_BYTES   20
#define SHA256_BYTES 32
#define SHA512_BYTES 64

void hash_sha1(struct str data, unsigned char out[static SHA1_BYTES]);
void hash_sha256(struct str data, unsigned char out[static SHA256_BYTES]);
void hash_sha512(struct str data, unsigned char out[static SHA512_BYTES]);
void hash_hmac_sha256(struct str key, struct str data, unsigned char out[static SHA256_BYTES]);

// SHA-256 of data that comes in pieces.
struct hash_sha256 {
    struct sha256_ctx ctx;
};
void hash_sha256_begin(struct hash_sha256 *h);
void hash_sha256_add(struct hash_sha256 *h, struct str data);
void hash_sha256_end(struct hash_sha256 *h, unsigned char out[static SHA256_BYTES]);

// Constant time, for values that prove something.
bool hash_equal(const unsigned char *a, const unsigned char *b, size_t n);
