// SPDX-License-Identifier: Apache-2.0
// Queries that a principal keeps under a name.
#pragma once

#include "store/store.h"

struct store_saved {
    int64_t principal;
    struct str name;
    struct str query; // a JSON object of parameters
    int64_t at_us;
};
struct store_saved_list {
    struct store_saved *items; // by name
    size_t n;
};
// Instead of what is there under the name.
enum err store_saved_put(struct store_txn *t, const struct store_saved *saved) MUST_USE;
enum err store_saved_all(struct store_txn *t, struct arena *a, int64_t principal,
    struct store_saved_list *out) MUST_USE;
enum err store_saved_get(struct store_txn *t, struct arena *a, int64_t principal,
    struct str name, struct str *query) MUST_USE;
enum err store_saved_remove(struct store_txn *t, int64_t principal, struct str name) MUST_USE;
