// SPDX-License-Identifier: Apache-2.0
// One leaf of a ledger: JCS of one JSON object. Composed and parsed by one table of kinds and
// fields; a kind without a row is refused.
#pragma once

#include "ledger/entry_body.h"
#include "ledger/fault.h"

enum ledger_kind {
    LEDGER_RELEASE,
    LEDGER_FLASH,
    LEDGER_RECEIPT,
    LEDGER_RECALL,
    LEDGER_RECALL_ACK,
    LEDGER_GRANT,
    LEDGER_KEY_CHANGE,
    LEDGER_KINDS,
};

struct ledger_entry {
    enum ledger_kind kind;
    struct str origin;
    struct str partner_origin;
    uint64_t sequence;       // equals the leaf index
    int64_t time_us;         // the author's clock: no evidence
    struct ledger_head peer; // `x`: the peer's checkpoint verified last
    struct ledger_hash agreement;
    struct str handling;          // JCS text of `h`; empty for receipt, recall-ack, key
    struct ledger_head committed; // `cr`: release and flash
    union {
        struct ledger_release release; // also flash
        struct ledger_receipt receipt;
        struct ledger_recall recall;
        struct ledger_recall_ack recall_ack;
        struct ledger_grant grant;
        struct ledger_key_change key_change;
    };
};

struct str ledger_kind_name(enum ledger_kind kind); // "release"
bool ledger_kind_is_receipted(enum ledger_kind kind);
bool ledger_kind_has_objects(enum ledger_kind kind);                     // release and flash
struct str ledger_outcome_name(enum ledger_outcome outcome);             // "destroyed"
struct str ledger_disposition_name(enum ledger_disposition disposition); // "accepted"

// ERR_INVALID with *fault when the values make no valid entry, ERR_LIMIT (LE-SIZE) over 65,535
// bytes or past the arena. What is composed parses to the same values.
enum err ledger_entry_compose(struct arena *a, const struct ledger_entry *entry,
    struct str *out, struct ledger_fault *fault) MUST_USE;
// Text lives in `bytes` or the arena.
enum err ledger_entry_parse(struct arena *a, struct str bytes, struct ledger_entry *out,
    struct ledger_fault *fault) MUST_USE;
// SHA-256 of the handling text: `hh` of the receipt.
struct ledger_hash ledger_handling_hash(struct str handling);
