// SPDX-License-Identifier: Apache-2.0
// Regular expressions of warning lists, by PCRE2: compiled into an arena, and matched within
// bounds of steps and memory, whatever the pattern and the value say.
#pragma once

#include "base/arena.h"
#include "base/str.h"

struct warning_pattern; // read by any thread

// As MISP writes them: "/.../flags" with the flags g i m s u x, or the expression alone.
// ERR_INVALID for what is none, is longer than 4 KiB or nested more than 64 deep.
enum err warning_pattern_compile(
    struct arena *kept, struct str entry, struct warning_pattern **out) MUST_USE;

enum warning_match {
    WARNING_MATCH_NONE,
    WARNING_MATCH_FOUND,
    WARNING_MATCH_UNDECIDED, // a bound was reached
};
// A first look, which rules most texts out.
bool warning_pattern_may_match(const struct warning_pattern *pattern, struct str text);

// What matching needs beside the pattern: of one thread, in an arena that is not rewound before
// the last match.
struct warning_matcher;
enum err warning_matcher_new(struct arena *a, struct warning_matcher **out) MUST_USE;
// The text is UTF-8.
enum warning_match warning_pattern_match(
    const struct warning_pattern *pattern, struct warning_matcher *matcher, struct str text);
