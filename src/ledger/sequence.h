// SPDX-License-Identifier: Apache-2.0
// What must hold from one entry of a log to the next.
#pragma once

#include "ledger/entry.h"

// One direction of a link as its reader has it.
struct ledger_sequence {
    struct str origin;         // whose log it is
    struct str partner_origin; // the log that answers it
    uint64_t next;             // index expected
    struct ledger_head peer;   // `x` of the entry before; size 0 and the empty root at first
};

struct ledger_sequence ledger_sequence_start(struct str origin, struct str partner_origin);
// LEDGER_CODE_OK, and *state moved on; else LE-ORIGIN, LE-SEQ-GAP, LE-SEQ-DUP, LE-X-BACK or
// LE-X-FALSE (same size, other root), and *state as it was. The caller has sorted out
// repetitions before: an index it holds with the same leaf hash is no error.
enum ledger_code ledger_entry_follow(
    struct ledger_sequence *state, const struct ledger_entry *entry);
// Whether `x` is what the reader itself has signed: `own` is the log that x speaks of, which
// has a signed size of signed_size. *code is LEDGER_CODE_OK or LE-X-FALSE. Errors are the
// reader's.
enum err ledger_peer_check(const struct ledger_reader *own, uint64_t signed_size,
    const struct ledger_head *peer, enum ledger_code *code) MUST_USE;
