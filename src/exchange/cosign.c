// SPDX-License-Identifier: Apache-2.0
// Cosigning: only what is held durably, and only the whole of it.
#include "exchange/link_priv.h"

struct cosign_work {
    int64_t log;
    struct store_checkpoint checkpoint;
};

static enum err cosign_put(struct store_txn *t, void *context)
{
    struct cosign_work *work = context;
    return store_checkpoint_put(t, work->log, STORE_CHECKPOINT_COSIGNED, &work->checkpoint);
}

// From what we hold, not from what the partner says: the two must agree.
static enum err prove_theirs(struct link *link, struct signer_step *step)
{
    struct store_txn *t;
    TRY(store_read_begin(link->exchange->config.store, &t));
    struct log_rows rows = {.txn = t, .log_id = link->their_log};
    struct ledger_reader reader = log_reader(&rows);
    enum err e =
        ledger_consistency_prove(&reader, step->old_size, step->head.size, &step->proof);
    store_read_end(t);
    return e;
}

enum err link_cosign(struct link *link, struct arena *a, const struct ledger_head *head,
    struct str note, struct str *line)
{
    struct signer *signer = link->exchange->config.signer;
    struct signer_step step = {.origin = link->them->log.name,
        .key_id = ledger_keyring_now(&link->ours, LEDGER_COSIGN_KEY)->id,
        .head = *head};
    struct ledger_head latest;
    uint64_t time_s;
    TRY(signer_state(signer, step.origin, &latest));
    step.old_size = latest.size;
    TRY(prove_theirs(link, &step));
    TRY(signer_cosign(signer, a, &step, line, &time_s));
    struct cosign_work work = {.log = link->their_log,
        .checkpoint = {.size = head->size, .at_us = (int64_t)time_s * US_PER_S}};
    memcpy(work.checkpoint.root, head->root.bytes, STORE_HASH_BYTES);
    TRY(ledger_note_add(a, note, *line, &work.checkpoint.note));
    link->told_size = 0; // the new cosignature is news for them
    return store_write(link->exchange->config.store, cosign_put, &work, STORE_URGENT);
}

enum err link_cosign_held(struct link *link, struct arena *a)
{
    struct store_txn *t;
    struct store_checkpoint held = {0}, cosigned = {0};
    struct str line;
    TRY(store_read_begin(link->exchange->config.store, &t));
    enum err e = store_checkpoint_newest(t, a, link->their_log, STORE_CHECKPOINT_SIGNED, &held);
    if (e == ERR_OK)
        e = store_checkpoint_newest(
            t, a, link->their_log, STORE_CHECKPOINT_COSIGNED, &cosigned);
    store_read_end(t);
    if (e != ERR_OK && e != ERR_NOT_FOUND)
        return e;
    if (held.size <= cosigned.size)
        return ERR_OK;
    struct ledger_head head = {.size = held.size};
    memcpy(head.root.bytes, held.root, LEDGER_HASH_BYTES);
    return link_cosign(link, a, &head, held.note, &line);
}
