// SPDX-License-Identifier: Apache-2.0
// What each kind of entry says, in its member `b`.
#pragma once

#include "ledger/statement.h"
#include "ledger/tree.h"

#define LEDGER_RESULTS_MAX 16u   // answers in one recall-ack
#define LEDGER_PERSONS_MAX 64u   // named recipients of one RED release
#define LEDGER_TERMS_MAX   2000u // characters of a grant's terms

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

// The author lets the partner pass on one object, named by the commitment under which it came,
// or all that it has of a class (an object type).
struct ledger_grant {
    struct str id; // UUIDv7
    struct {
        struct ledger_hash object;
        bool has_object;
        struct str type; // empty when it names an object
    } what;
    struct str to;      // party that may receive
    struct str purpose; // `scope`
    int64_t not_after_us;
    struct ledger_strings by; // key ids of the officers who approved
    struct str terms;         // may be empty
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
