// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/gate.h"
#include "store/release.h"

// One release on its way into the ledger.
struct release_run {
    struct gate *gate;
    struct store_release row;
    size_t *order; // rows that go, grouped by what an entry shares
    size_t n;
    size_t from;      // the next of `order` to write
    size_t done;      // set by the work
    int64_t written;  // set by the work
    uint64_t made;    // set by the work: entries
    uint64_t entries; // of all transactions
};

bool release_goes(const struct gate *g, size_t i);
// Writes everything that goes, in bounded transactions. run->row.released counts what is
// durable, also when an error stops it.
enum err release_write(struct release_run *run) MUST_USE;
