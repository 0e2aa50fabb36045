// SPDX-License-Identifier: Apache-2.0
// How the links are.
#pragma once

#include "exchange/exchange.h"

// For status: one link. Strings in the arena.
struct exchange_status {
    struct str party, state, address;
    struct str agreement;          // hex digest of the one that entries are made under
    struct str last;               // what the last contact came to; empty before the first
    int64_t contact_us;            // of the last answer; 0: none
    uint64_t size, cosigned;       // of our log
    uint64_t peer_size;            // of the partner's log, as we hold it
    uint64_t waiting;              // entries and payloads that the partner has not answered yet
    uint64_t to_receipt, receipts; // entries of our log
    uint64_t released, received, recalled, recalls_answered; // objects
    struct str mode;
    int64_t clock_skew_s;               // the partner's clock less ours, at the last answer
    struct str frozen_code, frozen_why; // empty: not frozen
    int64_t frozen_us;
    uint64_t contradictions; // kept as evidence, of all times
    int64_t fail_closed_s;   // until releases above CLEAR are held; 0: they are
    int64_t unreceipted_us;  // time of our oldest entry without its receipt; 0: none
    bool is_receipt_overdue; // that entry is older than the agreement's receipt clock
};
struct exchange_statuses {
    struct exchange_status *items;
    size_t n;
};
enum err exchange_status(
    struct exchange *ex, struct arena *a, struct exchange_statuses *out) MUST_USE;
