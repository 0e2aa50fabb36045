// SPDX-License-Identifier: Apache-2.0
// Demanding back what was released, from everybody who got it, and answering such demands.
#pragma once

#include "exchange/append.h"

// Demands back every leaf of ours that carried a row and is not demanded back yet, one entry
// for each release entry. Parties without a link are passed over. *out is added to.
struct exchange_demand {
    struct str id;
    struct str reason;
    struct str except; // a party that is not asked; may be empty
    int64_t now_us;
    int64_t within_us; // 0: what each agreement says
};
struct exchange_demanded {
    struct str parties[64]; // asked
    size_t n_parties, entries;
};
enum err exchange_recall_row(struct exchange *ex, struct store_txn *t, struct arena *a,
    const struct exchange_demand *demand, int64_t seq, struct exchange_demanded *out) MUST_USE;
// An officer's answer to every open demand for a row. *is_answered is false when there is none.
struct exchange_recall_answer {
    enum ledger_outcome state;
    struct str why; // JSON, for the event
    int64_t now_us;
};
enum err exchange_recall_answer(struct exchange *ex, struct store_txn *t, struct arena *a,
    const struct exchange_recall_answer *answer, int64_t seq, bool *is_answered) MUST_USE;
// Something was written to the ledgers of several links.
void exchange_wake_all(struct exchange *ex);
