// SPDX-License-Identifier: Apache-2.0
// All warning lists compiled into one set: made once, then only read, from any thread. The cost
// of a look-up grows with the length of the value, not with the number of lists; of the regular
// expressions, 1,000 at most in all, those about the value's class are tried one by one.
#pragma once

#include "format/warninglist.h"

struct warning_set;

struct warning_count {
    size_t entries;   // of the list
    size_t unmatched; // no value can ever be one of these: not of the list's kind, or one
                      // regular expression too many
};

// Texts and keys go to `kept`, which the set lives in; `scratch` must not be rewound before the
// end. Every list is added once; its document may go after each addition.
enum err warning_set_begin(
    struct arena *kept, struct arena *scratch, struct warning_set **out) MUST_USE;
enum err warning_set_add(struct warning_set *set, const struct warning_list *list,
    struct warning_count *count) MUST_USE;
// Afterwards the set may be asked, and scratch may go.
enum err warning_set_end(struct warning_set *set) MUST_USE;

// why, its word in an answer
#define WARNING_WHY_LIST(X) \
    X(EQUAL, "equal")       \
    X(BELOW, "below")       \
    X(HOST, "host")         \
    X(INSIDE, "inside")     \
    X(CONTAINS, "contains") \
    X(PATTERN, "pattern")   \
    X(UNDECIDED, "undecided")

enum warning_why {
#define WARNING_WHY_ENUM(name, word) WARNING_##name,
    // BELOW: a name under the entry; HOST: of a URL; UNDECIDED: the entry, a regular
    // expression,
    // came to the bound of its steps
    WARNING_WHY_LIST(WARNING_WHY_ENUM)
#undef WARNING_WHY_ENUM
};
struct str warning_why_word(enum warning_why why);

#define WARNING_FOUND_MAX 32

// One reason for each list, at most.
struct warning_found {
    struct {
        struct str list;
        struct str entry; // in normal form
        enum warning_why why;
    } items[WARNING_FOUND_MAX];
    size_t n;
    bool has_more; // lists that found no room
};

// Adds to *found what the lists say of a value, given by its key (stix_value_key).
enum err warning_find(const struct warning_set *set, struct arena *a, struct str key,
    struct warning_found *found) MUST_USE;
