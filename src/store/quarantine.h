// SPDX-License-Identifier: Apache-2.0
// Rows in quarantine, with why they are there.
#pragma once

#include "store/object.h"

struct store_quarantined {
    struct store_object object;
    int64_t at_us;     // when it was put there last
    struct str detail; // JSON: "why", and what else the event says
};
struct store_quarantine {
    struct store_quarantined *items;
    size_t n;
};
struct store_quarantine_ask {
    int64_t before;    // rows below this; 0: all
    int64_t import_id; // rows of this import; 0: all
    size_t limit;
};
// Newest first.
enum err store_quarantine_page(struct store_txn *t, struct arena *a,
    const struct store_quarantine_ask *ask, struct store_quarantine *out) MUST_USE;
// ERR_NOT_FOUND when the row is not in quarantine.
enum err store_quarantine_get(
    struct store_txn *t, struct arena *a, int64_t seq, struct store_quarantined *out) MUST_USE;
// Did an import or a post bring it there? Otherwise something came to light about it: a recall,
// or that it came with what is in doubt.
bool store_quarantined_on_arrival(const struct store_quarantined *q);
