// SPDX-License-Identifier: Apache-2.0
// What is wrong with a link: a contradiction that freezes it, clocks that have run out.
#pragma once

#include "exchange/link_priv.h"

// What contradicts what was signed: kept, and both directions of the pair stop, durably. The
// caller holds the turn.
struct link_contradiction {
    enum ledger_code code;
    const char *why;
    struct str shown;    // their note, or ours with their cosignature
    struct str held;     // what it contradicts; may be empty
    struct str received; // all that came
    struct str kept;     // of it, what is kept
};
void link_freeze(struct link *link, const struct link_contradiction *c);
// Whether there is such a contradiction of its present logs, decided on or not.
enum err link_was_contradicted(struct link *link, struct arena *a, bool *out) MUST_USE;

// Alarms of the agreement's clocks: entries without receipt, a cosignature that grows old.
struct link_clocks {
    int64_t cosignature_age_us;
    int64_t unreceipted_us; // 0: none
    bool is_receipt_overdue;
};
enum err link_clocks_read(struct link *link, struct store_txn *t, struct arena *a,
    int64_t now_us, struct link_clocks *out) MUST_USE;
void link_clocks_watch(struct link *link);
