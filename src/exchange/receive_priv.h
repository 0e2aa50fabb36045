// SPDX-License-Identifier: Apache-2.0
// One batch on its way in: verified outside the transaction, stored inside it.
#pragma once

#include "exchange/link_priv.h"

struct receiving {
    struct link *link;
    struct arena *arena;
    struct ledger_batch batch;
    struct ledger_batch_result result;
    struct ledger_hash agreements[LINK_AGREEMENTS_MAX];
    struct str agreement;              // a later one that the partner has added; empty: none
    bool has_key_change;               // a key entry among the new ones
    uint64_t held_size;                // entries of the partner's log that we had before
    struct ledger_checkpoint cosigned; // of our own log, when has_cosigned
    uint64_t cosigned_at_s;
    bool has_cosigned;
    int64_t now_us;
    int64_t principal; // 0: the partner
    struct exchange_applied applied;
    const char *why;       // static
    enum ledger_code code; // the rule that was broken, when it is one of the ledger's
    bool is_proven;        // what was broken, the partner's own signatures show
    struct str shown;      // note of the batch that contradicts
    struct str held;       // what it contradicts
};

// What one entry of theirs brings about, once it has been appended. A recall is receipted.
struct ledger_entry;
enum err receive_entry(struct receiving *in, struct store_txn *t,
    const struct ledger_entry *entry, uint64_t idx) MUST_USE;
// In the batch's transaction: the payloads of one entry, all of them in this batch.
enum err receive_payloads(struct receiving *in, struct store_txn *t,
    const struct ledger_payload *payloads, size_t n) MUST_USE;
// What was received under an entry and is demanded back is not used any more, and is
// destroyed and answered for (recall-ack) unless an officer is to be asked first.
enum err receive_answer_recalls(
    struct receiving *in, struct store_txn *t, int64_t of_log, uint64_t of_idx) MUST_USE;
// The one receipt of an entry of theirs.
enum err receive_put_receipt(struct receiving *in, struct store_txn *t, uint64_t idx,
    const struct ledger_receipt *receipt) MUST_USE;
