// SPDX-License-Identifier: Apache-2.0
// What the caller may read, whoever it is. The organisation that runs the node reads every row;
// a recipient inside our Participant reads what it is a member of, and gets the answers of a
// node that never held the rest (V1, H3).
#pragma once

#include "api/call.h"
#include "store/member.h"
#include "store/object.h"

// A row as the caller sees it.
struct reading_row {
    struct store_object object; // object.seq is the store's own: never shown
    int64_t seq;                // the caller's own number
    int64_t at_us;              // when the caller got it
};
struct reading {
    struct reading_row *items;
    size_t n;
};

// The newest row of each source; recalled and destroyed rows are not read.
enum err reading_newest(
    struct call *call, struct store_txn *t, struct str id, struct reading *out) MUST_USE;
// A page, by the caller's own numbers.
enum err reading_after(struct call *call, struct store_txn *t,
    const struct store_filter *filter, struct reading *out) MUST_USE;
// The rows in force that hold a value.
enum err reading_value(
    struct call *call, struct store_txn *t, struct str value, struct reading *out) MUST_USE;
// How many rows a recipient has.
enum err reading_count(struct call *call, struct store_txn *t, int64_t *out) MUST_USE;
// The members of a row's JSON object.
void reading_put(struct json_out *o, struct arena *a, const struct reading_row *of);
// The recipient that asks, as the store knows it.
struct store_reader reading_who(const struct call *call);
