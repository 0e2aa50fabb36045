// SPDX-License-Identifier: Apache-2.0
// What requests and answers are made of, on both sides.
#pragma once

#include "base/str.h"

enum http_method {
    HTTP_GET = 1,
    HTTP_HEAD,
    HTTP_POST,
    HTTP_PUT,
    HTTP_PATCH,
    HTTP_DELETE,
};

// Case matters (RFC 9110 section 9.1). ERR_NOT_FOUND for a method that no route has.
enum err http_method_parse(struct str text, enum http_method *out) MUST_USE;
const char *http_method_name(enum http_method method);

// A header line or a query parameter.
struct http_pair {
    struct str name;
    struct str value;
};

// ASCII letters of either case are equal (RFC 9110 section 5.1).
bool http_name_eq(struct str a, struct str b);
// A header by name, any case; false when it is not there.
bool http_pair_find(const struct http_pair *pairs, size_t n, struct str name, struct str *out);

// What is to be let go of when a body is not needed any more, exactly once.
struct http_hold {
    void *state;
    void (*release)(void *state);
};

#define HTTP_BYTES_UNKNOWN UINT64_MAX
#define HTTP_SOURCE_FAILED (-1)
#define HTTP_SOURCE_WAITS  (-2)

// A body that is produced while it is sent. `read` fills at most n bytes from the position
// `at` (which only grows, except when a client must send again from 0) and returns how many, 0
// at the end, HTTP_SOURCE_FAILED to break off. `close` may be NULL; it is called exactly once
// by whoever took the source.
//
// A source of the server with `is_ready` may also say HTTP_SOURCE_WAITS: there is nothing yet.
// Then `is_ready` is called, about ten times a second, on a thread of the server that may wait
// a little, until it says that there is something; `read` is not called meanwhile.
struct http_source {
    void *state;
    ptrdiff_t (*read)(void *state, uint64_t at, char *out, size_t n);
    void (*close)(void *state);
    uint64_t bytes; // or HTTP_BYTES_UNKNOWN
    bool (*is_ready)(void *state);
};
