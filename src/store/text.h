// SPDX-License-Identifier: Apache-2.0
// The index of words and marks of objects. It answers with rows that may hold what is asked:
// two terms may have one number, so that the caller looks at the bytes of each.
#pragma once

#include "store/object.h"

// What else a row is found by; the texts are those of the row (marking "AMBER+STRICT").
enum store_mark {
    STORE_MARK_TYPE = 't',
    STORE_MARK_SOURCE = 's',
    STORE_MARK_MARKING = 'm', // TLP: of the handling in force, and of identifiers it names
    STORE_MARK_AUTHOR = 'a',
    STORE_MARK_LABEL = 'l', // folded
    STORE_MARK_VALUE = 'v', // a key
    STORE_MARK_ALIAS = 'n', // folded: a name of an object that has aliases
};
uint32_t store_mark_number(enum store_mark mark, struct str text);

// A row that holds all numbers of one of the alternatives.
struct store_numbers {
    uint32_t *items;
    size_t n;
};
struct store_any {
    struct store_numbers *items;
    size_t n;
};
// Rows that each of the conditions holds for; without any, all rows.
struct store_search {
    const struct store_any *all;
    size_t n;
};

// ERR_CONFLICT when the index is not of this program's form: it needs a rebuild.
enum err store_text_check_form(struct store_txn *t) MUST_USE;

struct store_found; // remembers what it has read
enum err store_found_new(struct store_txn *t, struct arena *a, const struct store_search *what,
    struct store_found **out) MUST_USE;
// The next row below `before` that may be meant, not below `from`; 0 when there is none.
enum err store_found_next(
    struct store_found *f, int64_t before, int64_t from, int64_t *out) MUST_USE;
enum err store_found_has(struct store_found *f, int64_t seq, bool *out) MUST_USE;
