// SPDX-License-Identifier: Apache-2.0
// Which requests may reach a route at all. The server's parser frames some requests otherwise
// than RFC 9112 asks; beside a proxy that would be request smuggling. Everything doubtful is
// refused here, before a byte of the body is taken, and the connection is closed.
#pragma once

#include "http/message.h"

struct http_head {
    struct str method;
    struct str version;
    const struct http_pair *headers; // every line as it came, in order
    size_t n;
};

#define HTTP_BODY_CHUNKED UINT64_MAX

// What the head says about the body.
struct http_framing {
    bool has_body;
    uint64_t body_bytes; // or HTTP_BODY_CHUNKED
};

// ERR_INVALID with the reason, when any rule refuses; *status is then 400, 411, 415 or 431.
enum err http_gate_check(const struct http_head *head, struct http_framing *out,
    unsigned *status, const char **why) MUST_USE;
