// SPDX-License-Identifier: Apache-2.0
#include "exchange/link_priv.h"
#include "ledger/entry.h"
#include "sys/clock.h"

static enum err read_hashes(
    void *context, unsigned level, uint64_t first, size_t n, struct ledger_hash *out)
{
    struct log_rows *rows = context;
    return store_node_hashes(rows->txn, rows->log_id, level, first, n, out->bytes);
}

struct ledger_reader log_reader(struct log_rows *rows)
{
    return (struct ledger_reader){.read = read_hashes, .context = rows};
}

static enum err newest(struct store_txn *t, struct arena *a, int64_t log,
    enum store_checkpoint_kind kind, struct store_checkpoint *out)
{
    enum err e = store_checkpoint_newest(t, a, log, kind, out);
    if (e == ERR_NOT_FOUND)
        *out = (struct store_checkpoint){0};
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

// What to sign next: a step from what the signer signed last.
static enum err plan(struct link *link, struct store_txn *t, struct arena *a,
    struct store_checkpoint *signed_now, struct signer_step *step)
{
    struct store_log log;
    struct store_checkpoint cosigned;
    struct ledger_head latest;
    struct log_rows rows = {.txn = t, .log_id = link->own_log};
    struct ledger_reader reader = log_reader(&rows);
    TRY(store_log_get(t, a, link->own_log, &log));
    TRY(newest(t, a, link->own_log, STORE_CHECKPOINT_SIGNED, signed_now));
    TRY(newest(t, a, link->own_log, STORE_CHECKPOINT_COSIGNED, &cosigned));
    TRY(signer_state(link->exchange->config.signer, log.origin, &latest));
    uint64_t size = log.size;
    if (size > cosigned.size + BATCH_ENTRIES_TARGET)
        size = cosigned.size + BATCH_ENTRIES_TARGET;
    if (size < latest.size)
        size = latest.size; // signed before, and the answer was lost in a crash
    if (size > log.size)
        return ERR_CORRUPT; // the journal is ahead of the store
    const struct ledger_key *key = ledger_keyring_log(&link->ours, size);
    if (!key)
        return ERR_CORRUPT;
    *step = (struct signer_step){.origin = link->us->log.name,
        .key_id = key->id,
        .old_size = latest.size,
        .head = {.size = size}};
    TRY(ledger_root_read(&reader, size, &step->head.root));
    return ledger_consistency_prove(&reader, latest.size, size, &step->proof);
}

struct seal_work {
    int64_t log;
    struct store_checkpoint checkpoint;
};

static enum err put_work(struct store_txn *t, void *context)
{
    struct seal_work *work = context;
    return store_checkpoint_put(t, work->log, STORE_CHECKPOINT_SIGNED, &work->checkpoint);
}

enum err link_seal(struct link *link, struct arena *a, struct store_checkpoint *out)
{
    struct store_txn *t;
    struct signer_step step;
    struct store_checkpoint signed_now;
    TRY(store_read_begin(link->exchange->config.store, &t));
    enum err e = plan(link, t, a, &signed_now, &step);
    store_read_end(t);
    TRY(e);
    if (signed_now.note.len && signed_now.size == step.head.size) {
        *out = signed_now;
        return ERR_OK;
    }
    struct seal_work work = {.log = link->own_log, .checkpoint = {.size = step.head.size}};
    e = signer_checkpoint(link->exchange->config.signer, a, &step, &work.checkpoint.note);
    if (e == ERR_NOT_FOUND)
        signer_reload(link->exchange->config.signer); // it read the folder while files moved
    TRY(e);
    work.checkpoint.at_us = clock_now_us();
    memcpy(work.checkpoint.root, step.head.root.bytes, LEDGER_HASH_BYTES);
    TRY(store_write(link->exchange->config.store, put_work, &work, STORE_URGENT));
    *out = work.checkpoint;
    return ERR_OK;
}
