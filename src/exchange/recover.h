// SPDX-License-Identifier: Apache-2.0
// After a restore: the tail of both ledgers of each link, and the objects under it, come back
// from the partner. And the other side of it: what a partner may ask of us for that purpose.
#pragma once

#include "exchange/exchange.h"

// Objects that nobody gives back: leaves of one entry of ours.
struct exchange_lost {
    struct str party;
    uint64_t idx;
    struct str release_id;
    uint64_t n;
};

struct exchange_recover {
    struct store *store; // of a node that does not serve
    struct http_identity identity;
    struct str party;   // ours
    struct str partner; // whose address is `address` instead of the one in the store; may be
                        // empty
    struct str address;
    struct str statement; // of a TLS key that `partner` shows now; may be empty
    void *context;
    // The signer's journal: size 0 for an origin that it does not know.
    struct ledger_head (*signed_head)(void *context, struct str origin);
    enum err (*sign_head)(void *context, struct str origin, const struct ledger_head *head);
    void (*lost)(void *context, const struct exchange_lost *lost);
};

// What came back over one link.
struct exchange_recovered {
    struct str party;
    uint64_t own_from, own_to;     // entries of our log
    uint64_t their_from, their_to; // of the partner's
    uint64_t objects;              // that were not held any more
    uint64_t lost;                 // leaves
};
struct exchange_recoveries {
    struct exchange_recovered *items;
    size_t n;
};

// Link by link, each in one transaction: all of its tail or nothing. Then the journal learns
// the heads that it did not know. Nothing is taken that the partner's cosignature, the log's
// own signature and the journal do not all agree with. ERR_CORRUPT: they do not, and officers
// must decide on a new epoch; ERR_BUSY: a partner cannot be reached. *why is for a person.
enum err exchange_recover(struct arena *a, const struct exchange_recover *how,
    struct exchange_recoveries *out, struct str *why) MUST_USE;

// What a partner may have back under one entry of either log of the pair (named by the hex
// SHA-256 of its origin): a batch without entries. Objects that we have recalled, and those
// that were destroyed here, go as their commitments. ERR_NOT_FOUND.
enum err exchange_give_back(struct exchange *ex, struct str party, struct arena *a,
    struct str log, uint64_t idx, struct str *batch) MUST_USE;
