// SPDX-License-Identifier: Apache-2.0
// Strict JSON (RFC 8259 within I-JSON, RFC 7493) with the byte position of every value: the
// bytes received are the bytes kept. Refused: duplicate keys, invalid UTF-8, lone surrogates, a
// byte order mark, control characters in strings, numbers that are not JSON, text after the
// value, anything over the limits of base/limits.h. No heap, no globals; cost is linear in the
// text.
#pragma once

#include "base/buf.h"

enum json_type {
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT,
};

struct json_node; // one value, private

// One value of a parsed document: held by value, lives as long as the document's arena and
// text.
struct json {
    const struct json_node *node;
    const char *text; // start of the whole document
};

// ERR_INVALID with *fault (may be NULL) at the first offending byte, or ERR_LIMIT.
enum err json_parse(
    struct arena *a, struct str text, struct json *out, struct fault *fault) MUST_USE;

enum json_type json_type(struct json v);
struct str json_span(struct json v); // the bytes of the value, a string with its quotes
size_t json_at(struct json v);       // position of its first byte in the document
size_t json_len(struct json v);      // items of an array, members of an object, else 0

bool json_is(struct json v, enum json_type type);
bool json_is_string(
    struct json v, struct str plain); // a string equal to `plain` after decoding
// The member's value. False when v is no object or has no such key. Keys are compared decoded.
bool json_get(struct json v, struct str key, struct json *out) MUST_USE;
// The decoded text: a slice of the document when it has no escape, else in the arena.
// ERR_INVALID when v is not a string, ERR_LIMIT past the arena.
enum err json_string(struct arena *a, struct json v, struct str *out) MUST_USE;
// ERR_INVALID unless v is a number written as an integer (no point, no exponent) within
// +-(2^53 - 1) (RFC 7493 section 2.2).
enum err json_int(struct json v, int64_t *out) MUST_USE;
// The nearest double. ERR_INVALID unless v is a number that a double can hold.
enum err json_double(struct json v, double *out) MUST_USE;
bool json_bool(struct json v, bool *out) MUST_USE; // false when v is neither true nor false

// for (struct json_iter it = json_iter(v); json_next(&it);) uses it.key (object: raw key
// between its quotes, decode with json_key when it.key_has_escape) and it.value. Document
// order.
struct json_iter {
    struct str key;
    bool key_has_escape;
    struct json value;
    const struct json_node *next;
    size_t left;
    bool is_object; // this and the two above are private
};
struct json_iter json_iter(struct json v); // empty for what is neither array nor object
bool json_next(struct json_iter *it);
enum err json_key(
    struct arena *a, const struct json_iter *it, struct str *out) MUST_USE; // decoded
