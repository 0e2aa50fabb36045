// SPDX-License-Identifier: Apache-2.0
// Members and items of a JSON text that is too large to be read as a whole. The walk answers
// for what stands between the values; whoever takes a value reads it with json_parse.
#pragma once

#include "base/str.h"

struct walk {
    struct str text;
    size_t at; // of what comes next
    bool is_object, is_begun;
    struct str key;   // of an object: the raw text between the quotes
    struct str value; // the bytes of the value
    size_t value_at;
};

// At the bracket of an object or a list.
struct walk walk_from(struct str text, size_t at);
// ERR_NOT_FOUND behind the last one, with `at` behind the closing bracket; ERR_INVALID with
// *fault.
enum err walk_next(struct walk *w, struct fault *fault) MUST_USE;
// The first byte from `at` on that is no blank; text.len when there is none.
size_t walk_blanks(struct str text, size_t at);
// The byte behind the value that begins at `at`, which is no blank.
enum err walk_skip(struct str text, size_t at, size_t *end, struct fault *fault) MUST_USE;
