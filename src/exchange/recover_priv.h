// SPDX-License-Identifier: Apache-2.0
// One link, in one of its epochs, while it is recovered.
#pragma once

#include "exchange/receive_priv.h"
#include "exchange/recover.h"
#include "http/client.h"

struct recovering {
    const struct exchange_recover *how;
    struct link *link; // without a thread
    struct http_client *client;
    struct arena *arena; // of the link's recovery

    // What the partner shows. The signatures are verified with the keys of the entries that
    // come back, so after those (recover_verify_heads).
    struct ledger_head own_cosigned, their_signed, their_cosigned;
    struct store_checkpoint own_note, their_note, their_cosigned_note;
    struct exchange_recovered done;
    int64_t now_us;
    int64_t timeout_ms; // of one question; 0: the usual
    struct str why;
};

// ERR_INVALID, and r->why, when the address cannot be used.
enum err recover_connect(
    struct recovering *r, struct str address, int64_t connect_timeout_ms) MUST_USE;
// The partner is asked by each of these. ERR_BUSY: it does not answer; r->why says the rest.
// Checkpoints of both logs, as they are shown.
enum err recover_fetch_heads(struct recovering *r) MUST_USE;
// Their signatures, with keyrings that hold the entries under them.
enum err recover_verify_heads(struct recovering *r, const struct ledger_keyring *ours,
    const struct ledger_keyring *theirs) MUST_USE;
// What the partner shows of any log; ERR_NOT_FOUND: it has no such thing.
enum err recover_get(struct recovering *r, struct arena *a, struct str origin, struct str what,
    struct str *body) MUST_USE;
// Entries [first, size) of a log, one by one.
struct recover_walk {
    struct str origin;
    uint64_t first, size;
    void *context;
    enum err (*take)(
        void *context, struct arena *a, const struct ledger_entry *entry, struct str bytes);
};
enum err recover_entries(struct recovering *r, const struct recover_walk *walk) MUST_USE;
// Appends entries [the size held, size) of a log as the partner shows them.
enum err recover_append(
    struct recovering *r, struct store_txn *t, bool is_ours, uint64_t size) MUST_USE;
// Agreements and keys of the entries that were appended: the link is as if it had had them.
enum err recover_take_changes(struct recovering *r, struct store_txn *t) MUST_USE;
// Opens the next epoch when the partner has cosigned our log of it. *is_open: it was opened,
// and is to be recovered as a link of its own.
enum err recover_open_next(struct recovering *r, bool *is_open) MUST_USE;
// All leaves of one entry, their commitments verified. ERR_NOT_FOUND: the partner has none.
enum err recover_fetch_payloads(struct recovering *r, struct arena *a, bool is_ours,
    uint64_t idx, const struct ledger_entry *entry, const struct ledger_payload **out) MUST_USE;
// The rows beside the ledger, from the entries that were appended.
enum err recover_replay(struct recovering *r, struct store_txn *t) MUST_USE;
// At start: a partner that answers, and has cosigned more of our log than this store holds,
// stops it: then store and journal were both put back (L1). One that does not answer, or says
// anything else, stops nothing.
enum err recover_check_ahead(struct link *link, struct str address, struct str *why) MUST_USE;
