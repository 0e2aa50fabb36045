// SPDX-License-Identifier: Apache-2.0
// Text as it is searched: one folded form, in which spellings of the same thing are the same
// bytes, and its terms. docs/formats/search.md says what is folded.
#pragma once

#include "base/str.h"

// Part of the form of an index; a new number means that indexes must be rebuilt.
#define STIX_TEXT_VERSION 1

// The folded form; each of its bytes comes from the bytes from[i] to until[i] of the text.
struct stix_text {
    struct str folded;
    const uint32_t *from, *until; // NULL when places were not asked for
};
// ERR_INVALID for text that is not UTF-8.
enum err stix_text_fold(
    struct arena *a, struct str text, bool with_places, struct stix_text *out) MUST_USE;

// Terms are slices of a folded text: two neighbouring syllables or ideographs, a word of
// letters and digits, and two words that one of . - _ @ joins. A syllable that stands alone
// between other things is no term.
struct stix_terms {
    struct str folded;
    size_t at;             // private, all of them
    size_t word, word_end; // the last word
    struct str joined;
    bool is_joined;
};
struct stix_terms stix_terms(struct str folded);
bool stix_terms_next(struct stix_terms *it, struct str *out);
// A number for a term. Different terms may have the same.
uint32_t stix_term_hash(struct str term);

// What one looks for: folded, without signs at its ends; words of letters and digits are
// whole words.
#define STIX_WORDS_MAX 16u
struct stix_words {
    struct str items[STIX_WORDS_MAX];
    size_t n;
};
// Words between blanks; between quotation marks they stand together. ERR_INVALID when the text
// is not UTF-8, ERR_LIMIT when there are too many.
enum err stix_words_read(struct arena *a, struct str text, struct stix_words *out) MUST_USE;
// Has the word a term, so that an index can be asked for it?
bool stix_word_has_term(struct str word);
// The first place at or after `at` where the folded text holds the word, or folded.len.
size_t stix_word_find(struct str folded, size_t at, struct str word);
