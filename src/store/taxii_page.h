// SPDX-License-Identifier: Apache-2.0
// Pages of a TAXII collection: members of one recipient's view, in the view's own order.
#pragma once

#include "store/member.h"

struct store_taxii_ask {
    struct store_reader who;
    int64_t after; // numbers of the view: greater than this
    int64_t until; // and not beyond this
    int64_t added_after_us;
    struct str ids;      // a JSON list; empty: all
    struct str types;    // a JSON list; empty: all
    struct str versions; // ",1690000000000000,": microseconds; empty: none listed
    // Which versions besides (TAXII 2.1 section 3.4: the last one when nothing is asked for).
    bool wants_last, wants_first, wants_all;
    size_t limit;
    size_t bytes_max; // the page ends before its bytes go beyond this; 0: without bytes
};
struct store_taxii_member {
    int64_t seq;
    int64_t object_seq;
    int64_t added_us;
    int64_t version_us; // of an object without a version: when it was added to the view
    struct str id;
    struct str bytes; // of the object, when they were asked for
};
struct store_taxii_members {
    struct store_taxii_member *items;
    size_t n;
    bool more; // there are more behind these
};
enum err store_taxii_page(struct store_txn *t, struct arena *a,
    const struct store_taxii_ask *ask, struct store_taxii_members *out) MUST_USE;
// The newest number that the view has given out; 0: none.
enum err store_taxii_newest(
    struct store_txn *t, const struct store_view *view, int64_t *out) MUST_USE;
// When the time of some member of any view ends next; INT64_MAX: never.
enum err store_taxii_next_end(struct store_txn *t, int64_t *out) MUST_USE;
// Is an object with the id and version of this one in the view?
enum err store_taxii_has(struct store_txn *t, const struct store_view *view,
    const struct store_object *object, bool *out) MUST_USE;
