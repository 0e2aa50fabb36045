// SPDX-License-Identifier: Apache-2.0
// TLS identities of nodes. A certificate is only the carrier of a key: who it belongs to is
// decided by its pin, the SHA-256 of its SubjectPublicKeyInfo, never by names or issuers.
#pragma once

#include "base/str.h"

#define HTTP_PIN_BYTES 32

struct http_identity {
    struct str certificate_pem;
    struct str key_pem; // secret: wipe it after use with http_identity_wipe
};

struct http_certificate {
    unsigned char pin[HTTP_PIN_BYTES];
    int64_t from_us;  // not before
    int64_t until_us; // not after
};

// A new ECDSA P-256 key and a certificate signed by itself, for servers and clients alike. The
// times are cut to whole seconds. ERR_INVALID: a name that is empty, over 64 bytes or not
// printable ASCII, or a validity that ends before it begins.
enum err http_identity_make(struct arena *a, struct str name, int64_t from_us, int64_t until_us,
    struct http_identity *out) MUST_USE;
// Another certificate of that key, with the same name.
enum err http_identity_renew(struct arena *a, const struct http_identity *old, int64_t from_us,
    int64_t until_us, struct str *certificate_pem) MUST_USE;
// Whether the certificate is of the key.
bool http_identity_fits(const struct http_identity *identity);
void http_identity_wipe(struct http_identity *identity);

// The first certificate of a PEM text, or one in DER. ERR_INVALID when it is neither.
enum err http_certificate_read(struct str pem_or_der, struct http_certificate *out) MUST_USE;
