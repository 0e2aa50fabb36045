// SPDX-License-Identifier: Apache-2.0
// The scanner of patterns. The parser asks for what the grammar allows next, so words need no
// token kinds: a keyword is only a word compared.
#pragma once

#include "stix/pattern.h"

struct pattern_scan {
    struct arena *arena;
    struct str text;
    size_t at;
    unsigned depth, deepest; // parentheses open, and the most so far
    unsigned wraps;          // groups that a repeated qualifier made
    unsigned constants;
    enum err err; // of the first failure, with its fault
    struct fault fault;
};

// Records the first failure; gives false, so that a parser returns it.
bool scan_fail(struct pattern_scan *s, enum err e, const char *why);
// Skips blanks and comments.
bool scan_blank(struct pattern_scan *s);
bool scan_at_end(const struct pattern_scan *s);
char scan_peek(const struct pattern_scan *s); // 0 at the end
// The mark at the position, taken when it is there.
bool scan_mark(struct pattern_scan *s, struct str mark);
// The word [a-zA-Z_][a-zA-Z0-9_]* at the position, with '-' allowed after the first byte when
// `hyphens`; not taken. Empty when there is none.
struct str scan_word(const struct pattern_scan *s, bool hyphens);
// Takes the keyword when it stands here as a whole word.
bool scan_keyword(struct pattern_scan *s, struct str keyword);
bool scan_is_keyword(struct str word);
// 'text' with its escapes taken out.
bool scan_string(struct pattern_scan *s, struct str *out);
// Any literal; and a literal of one kind.
bool scan_constant(struct pattern_scan *s, struct stix_constant *out);
bool scan_time(struct pattern_scan *s, struct str *out);
// Digits with an optional sign, as written without a plus.
bool scan_int(struct pattern_scan *s, struct str *out);
