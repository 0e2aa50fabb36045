// SPDX-License-Identifier: Apache-2.0
// A borrowed run of bytes: not NUL-terminated, may hold NUL.
#pragma once

#include "base/arena.h"
#include "base/attr.h"
#include "base/banned.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
    const char *ptr;
    size_t len;
};

// clang-format off
// STR in code, STR_INIT in static tables (gcc refuses compound literals there).
#define STR(literal)      ((struct str){(literal), sizeof(literal) - 1})
#define STR_INIT(literal) {(literal), sizeof(literal) - 1}
// clang-format on

// For "%.*s".
#define STR_ARG(s) ((s).len > INT32_MAX ? INT32_MAX : (int)(s).len), (s).ptr

struct str str_of(const char *cstr); // NULL gives the empty string
bool str_eq(struct str a, struct str b);
int str_cmp(struct str a, struct str b); // bytewise; a prefix sorts first
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
// Position of the first `byte`, or s.len.
size_t str_index(struct str s, char byte);
// Position of the first `part`, or s.len.
size_t str_find(struct str s, struct str part);
struct str str_from(struct str s, size_t at); // the rest from `at`; empty past the end
struct str str_to(struct str s, size_t len);  // the first `len` bytes at most
struct str str_trim(struct str s);            // without ASCII blanks at both ends
// Cuts the text up to `byte` off *rest and returns it; *rest goes on after the byte.
struct str str_cut(struct str *rest, char byte);
// Copies. ERR_LIMIT past the arena's limit.
enum err str_copy(struct arena *a, struct str s, struct str *out) MUST_USE;
// A NUL-terminated copy for a foreign API. ERR_INVALID when s holds a NUL.
enum err str_to_cstr(struct arena *a, struct str s, const char **out) MUST_USE;
// Decimal without sign or leading zero, at most 2^63 - 1.
enum err str_to_u64(struct str s, uint64_t *out) MUST_USE;
// ASCII only; other bytes are kept.
char ascii_lower(char c);
