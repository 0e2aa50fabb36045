// SPDX-License-Identifier: Apache-2.0
// The request target in origin form (RFC 9112 section 3.2.1), decoded once.
#pragma once

#include "http/message.h"

#define HTTP_PARAMETERS_MAX 64u // of one query; TAXII uses six

struct http_target {
    struct str
        path; // begins with '/', decoded, no empty, "." or ".." segment but a last empty one
    struct http_pair *parameters; // decoded, names unique
    size_t n_parameters;
};

// ERR_INVALID: a bad escape, a control character, text that is not UTF-8, an escaped slash, a
// dot segment, a parameter given twice. ERR_LIMIT: the arena, or too many parameters.
enum err http_target_parse(
    struct arena *a, struct str text, struct http_target *out, struct fault *fault) MUST_USE;

// Everything but unreserved characters is escaped (RFC 3986 section 2.3).
enum err http_target_escape(struct arena *a, struct str text, struct str *out) MUST_USE;
