// SPDX-License-Identifier: Apache-2.0
// Where a server is, as people give it: an https URL (RFC 3986) without a name, a password or a
// fragment.
#pragma once

#include "base/buf.h"
#include "http/message.h"

struct http_address {
    struct str origin; // "https://host:8443"
    struct str target; // path and query, "/" at least
};

// Slices of the text, or static. ERR_INVALID with *why, static.
enum err http_address_parse(
    struct str text, struct http_address *out, const char **why) MUST_USE;
// A reference of that server: another path, or a whole URL of the same origin. A password given
// for one server goes to no other: ERR_DENIED.
enum err http_address_resolve(const struct http_address *base, struct str reference,
    struct http_address *out, const char **why) MUST_USE;
// For logs and people: without the query, which may hold a key.
struct str http_address_plain(struct str text);

// "Basic ..." (RFC 7617).
void http_basic_put(struct buf *b, struct str user, struct str password);
