// SPDX-License-Identifier: Apache-2.0
// One leaf of a ledger: JCS of one JSON object. Composed and parsed by one table of kinds and
// fields; a kind without a row is refused.
#pragma once

#include "ledger/fault.h"
#include "ledger/statement.h"
#include "ledger/tree.h"

#define LEDGER_RESULTS_MAX 16u // answers in one recall-ack
#define LEDGER_PERSONS_MAX 64u // named recipients of one RED release

enum ledger_kind {
    LEDGER_RELEASE,
    LEDGER_FLASH,
    LEDGER_RECEIPT,
    LEDGER_RECALL,
    LEDGER_RECALL_ACK,
    LEDGER_KEY_CHANGE,
    LEDGER_KINDS,
};

enum ledger_channel { LEDGER_TAXII, LEDGER_LINK, LEDGER_BUNDLE_FILE, LEDGER_CONSOLE };
enum ledger_priority { LEDGER_BULK, LEDGER_NORMAL, LEDGER_URGENT, LEDGER_FLASH_FIRST };
enum ledger_disposition { LEDGER_ACCEPTED, LEDGER_QUARANTINED, LEDGER_REFUSED };
enum ledger_outcome { LEDGER_DESTROYED, LEDGER_KEPT_QUARANTINED, LEDGER_RETAINED_LEGAL };

// Names one entry of either log.
struct ledger_ref {
    struct str origin;
    uint64_t index;
    struct ledger_hash leaf_hash;
};

// An officer's signature, carried as it is.
struct ledger_officer {
    struct str key_id;
    struct str kind;
    struct str signature; // base64
};

struct ledger_strings {
    struct str *items;
    size_t n;
};
struct ledger_uints {
    uint64_t *items;
    size_t n;
};
struct ledger_result {
    uint64_t n;
    enum ledger_outcome state;
};
struct ledger_results {
    struct ledger_result *items;
    size_t n;
};

// Release and flash. `by` and `lang` are of a flash only.
struct ledger_release {
    struct str id; // UUIDv7 of the release; many entries may share it
    struct str to; // party
    struct str rule;
    struct str purpose;
    struct str lang;
    struct ledger_hash decisions; // root over the decision records
    struct ledger_hash expansion; // of REL TO lists
    bool has_expansion;
    enum ledger_channel channel;
    enum ledger_priority priority;
    uint64_t payload_bytes;
    struct ledger_strings persons; // empty: absent
    struct ledger_officer by;
};

struct ledger_receipt {
    struct ledger_ref of;
    struct ledger_hash commitments_root;
    bool has_commitments_root;
    struct ledger_hash handling_hash;
    enum ledger_disposition disposition;
    struct str why; // error code; empty when accepted
};

struct ledger_recall {
    struct str id;
    struct ledger_ref of;
    struct ledger_uints leaves; // empty: all of the entry
    int64_t deadline_us;
    struct str reason;
};

struct ledger_recall_ack {
    struct ledger_ref of;
    struct ledger_results results;
    uint64_t left;
    uint64_t downstream;
    bool downstream_notified;
};

// A key of the author, or a later agreement that both roots have signed. The first entry of a
// new epoch also holds the newest checkpoints of the former one, cosigned: what both sides have
// seen of it.
struct ledger_key_change {
    struct str note;      // of the party root; empty with an agreement
    struct str agreement; // the signed file; empty with a statement
    struct ledger_statement statement;
    struct str last, peer_last; // of the author's log, of the partner's; may be empty
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
        struct ledger_key_change key_change;
    };
};

struct str ledger_kind_name(enum ledger_kind kind); // "release"
bool ledger_kind_is_receipted(enum ledger_kind kind);
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
