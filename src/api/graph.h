// SPDX-License-Identifier: Apache-2.0
// Objects as a graph of what the caller may read: a relationship is an edge, any other
// reference is one too. Markings are none.
#pragma once

#include "api/reading.h"

struct graph_edge {
    struct str id;       // the neighbour
    struct str via;      // the relationship; empty for a reference
    struct str relation; // its type, "created-by" or "refers-to"
    bool is_out;         // from the object that was asked about
};
struct graph_edges {
    struct graph_edge *items;
    size_t n;
    int64_t next; // 0: nothing follows
};
// A page: what refers to the object comes after the row `after`, what it refers to on the
// first page. ERR_NOT_FOUND when the caller reads no such object.
struct graph_ask {
    struct str id;
    int64_t after;
    size_t limit;
};
enum err graph_edges(struct call *call, struct store_txn *t, const struct graph_ask *ask,
    struct graph_edges *out) MUST_USE;
