// SPDX-License-Identifier: Apache-2.0
// Both logs of a link begin again: as operators ask for it, and as it comes back in a recovery.
#pragma once

#include "exchange/link_priv.h"

struct link_opening {
    struct arena *arena;
    int64_t principal;
    struct link *link;   // of the epoch that ends
    uint64_t epoch;      // the next
    struct str notes[2]; // the statements of the roots: ours, theirs
    struct ledger_statement statements[2];
};

// Each root speaks of its own log for the other party, both of the next epoch: fills
// `statements`. *why is static.
enum err link_opening_check(struct link_opening *o, const char **why) MUST_USE;
// The new logs, still empty; the link is live.
enum err link_opening_store(
    struct link_opening *o, struct store_txn *t, int64_t *own_log) MUST_USE;
