// SPDX-License-Identifier: Apache-2.0
#include "base/hex.h"
#include "exchange/ledger.h"
#include "exchange/link_watch_priv.h"
#include "hash/hash.h"
#include "ledger/tile.h"
#include "ledger/witness.h"
#include "sys/log.h"

#define TEXT STR("text/plain; charset=utf-8")

enum err link_find_log(struct store_txn *t, struct arena *a, struct str party, struct str name,
    struct store_log *out)
{
    struct store_logs logs;
    TRY(store_log_all(t, a, &logs));
    for (size_t i = 0; i < logs.n; i++) {
        unsigned char hash[SHA256_BYTES];
        struct buf hex = buf_in(a, 2 * SHA256_BYTES);
        hash_sha256(logs.items[i].origin, hash);
        hex_put(&hex, hash, sizeof hash);
        TRY(hex.err);
        if (!str_eq(logs.items[i].party, party) || !str_eq(buf_str(&hex), name))
            continue;
        *out = logs.items[i];
        return ERR_OK;
    }
    return ERR_NOT_FOUND;
}

enum err exchange_log_checkpoint(struct exchange *ex, struct arena *a, struct str party,
    struct str log, bool is_cosigned, struct str *note)
{
    struct store_txn *t;
    struct store_log found;
    struct store_checkpoint newest = {0}, cosigned = {0};
    TRY(store_read_begin(ex->config.store, &t));
    enum err e = link_find_log(t, a, party, log, &found);
    if (e == ERR_OK) {
        e = store_checkpoint_newest(t, a, found.id, STORE_CHECKPOINT_COSIGNED, &cosigned);
        // Nothing newer than what was cosigned is shown of the partner's log: it is theirs.
        if (!is_cosigned && found.is_ours && (e == ERR_OK || e == ERR_NOT_FOUND))
            e = store_checkpoint_newest(t, a, found.id, STORE_CHECKPOINT_SIGNED, &newest);
    }
    store_read_end(t);
    TRY(e);
    *note = newest.note.len && newest.size > cosigned.size ? newest.note : cosigned.note;
    return note->len ? ERR_OK : ERR_NOT_FOUND;
}

// How much of a log is under a signed checkpoint: of the partner's, all that is held.
static enum err readable_size(
    struct store_txn *t, struct arena *a, const struct store_log *log, uint64_t *out)
{
    struct store_checkpoint signed_now = {0};
    *out = log->size;
    if (!log->is_ours)
        return ERR_OK;
    enum err e = store_checkpoint_newest(t, a, log->id, STORE_CHECKPOINT_SIGNED, &signed_now);
    *out = signed_now.size;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err put_entries(struct store_txn *t, struct arena *a, const struct store_log *log,
    struct ledger_tile tile, struct buf *b)
{
    struct store_entries entries;
    uint64_t first = tile.index * LEDGER_TILE_WIDTH;
    const struct store_range range = {
        .first = first, .end = first + tile.width, .bytes_max = SIZE_MAX};
    TRY(store_entries_range(t, a, log->id, range, &entries));
    if (entries.n != tile.width)
        return ERR_CORRUPT;
    for (size_t i = 0; i < entries.n; i++)
        ledger_bundle_put(b, entries.items[i].bytes);
    return b->err;
}

static enum err put_tile(struct store_txn *t, struct arena *a, const struct store_log *log,
    struct ledger_tile tile, struct buf *b)
{
    uint64_t size;
    struct log_rows rows = {.txn = t, .log_id = log->id};
    struct ledger_reader reader = log_reader(&rows);
    TRY(readable_size(t, a, log, &size));
    if (!tile.is_entries)
        return ledger_tile_put(b, &reader, tile, size);
    if (tile.width > ledger_tile_width(0, tile.index, size))
        return ERR_NOT_FOUND;
    return put_entries(t, a, log, tile, b);
}

enum err exchange_log_tile(struct exchange *ex, struct arena *a, struct str party,
    struct str log, struct str path, struct str *bytes)
{
    struct store_txn *t;
    struct store_log found;
    struct ledger_tile tile;
    struct buf b = buf_in(a, 2 * LEDGER_TILE_WIDTH * LEDGER_ENTRY_BYTES_MAX);
    TRY(ledger_tile_path_parse(path, &tile));
    TRY(store_read_begin(ex->config.store, &t));
    enum err e = link_find_log(t, a, party, log, &found);
    if (e == ERR_OK)
        e = put_tile(t, a, &found, tile, &b);
    store_read_end(t);
    TRY(e);
    return buf_end(&b, bytes);
}

// add-checkpoint
// ---------------------------------------------------------------------------

struct witnessing {
    struct link *link;
    struct arena *arena;
    struct str body;
    struct ledger_witness witness;
    struct ledger_checkpoint shown;
    enum ledger_verdict verdict;
    bool is_fork;
    struct store_checkpoint held; // our newest cosigned, when it is a fork
};

// What the cosigner knows: the signer's journal says what it cosigned last, the rows what is
// held. A signed checkpoint no larger than that must be of the history that is held.
static enum err check(struct witnessing *w, struct store_txn *t)
{
    struct link *link = w->link;
    struct store_log theirs;
    struct ledger_hash root;
    struct log_rows rows = {.txn = t, .log_id = link->their_log};
    struct ledger_reader reader = log_reader(&rows);
    TRY(store_log_get(t, w->arena, link->their_log, &theirs));
    w->witness.held_size = theirs.size;
    TRY(ledger_witness_check(w->arena, &w->witness, w->body, &w->verdict, &w->shown));
    if (w->shown.origin.len == 0 || w->shown.head.size > theirs.size)
        return ERR_OK;
    TRY(ledger_root_read(&reader, w->shown.head.size, &root));
    w->is_fork = !ledger_hash_eq(&root, &w->shown.head.root);
    if (!w->is_fork)
        return ERR_OK;
    if (w->verdict == LEDGER_VERDICT_ADVANCE)
        w->verdict = LEDGER_VERDICT_FORK;
    enum err e = store_checkpoint_newest(
        t, w->arena, link->their_log, STORE_CHECKPOINT_SIGNED, &w->held);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static struct str note_of(struct str body)
{
    struct ledger_add_checkpoint request;
    return ledger_add_checkpoint_parse(body, &request, NULL) == ERR_OK ? request.note : STR("");
}

static void freeze(struct witnessing *w)
{
    const struct link_contradiction c = {.code = LEDGER_CODE_CP_CONS,
        .why =
            "LE-CP-CONS: a checkpoint was to be cosigned that is of another history than the "
            "one held: FORK",
        .shown = note_of(w->body),
        .held = w->held.note,
        .received = w->body,
        .kept = w->body};
    link_freeze(w->link, &c);
}

static enum err answer(struct witnessing *w, struct exchange_witnessed *out)
{
    struct buf b = buf_in(w->arena, KIB);
    *out = (struct exchange_witnessed){
        .status = ledger_verdict_status(w->verdict), .content_type = TEXT};
    if (w->verdict == LEDGER_VERDICT_ADVANCE)
        return link_cosign(w->link, w->arena, &w->shown.head, note_of(w->body), &out->body);
    if (w->verdict == LEDGER_VERDICT_OLD_DIFFERS) {
        out->content_type = STR("text/x.tlog.size");
        buf_put_u64(&b, w->witness.latest.size);
    } else {
        buf_put(&b, str_of(ledger_verdict_text(w->verdict)));
    }
    buf_put_byte(&b, '\n');
    return buf_end(&b, &out->body);
}

static enum err witness(struct witnessing *w, struct exchange_witnessed *out)
{
    struct store_txn *t;
    struct link *link = w->link;
    w->witness.keys = &link->theirs;
    TRY(signer_state(link->exchange->config.signer, link->them->log.name, &w->witness.latest));
    TRY(store_read_begin(link->exchange->config.store, &t));
    enum err e = check(w, t);
    store_read_end(t);
    TRY(e);
    if (w->verdict != LEDGER_VERDICT_ADVANCE)
        log_warn("link.witness", "party=%.*s status=%u why=\"%s\"", STR_ARG(link->party),
            ledger_verdict_status(w->verdict), ledger_verdict_text(w->verdict));
    if (w->is_fork)
        freeze(w);
    return answer(w, out);
}

enum err exchange_add_checkpoint(struct exchange *ex, struct arena *a, struct str party,
    struct str body, struct exchange_witnessed *out)
{
    struct link *link = exchange_find(ex, party);
    struct witnessing w = {.link = link, .arena = a, .body = body};
    if (!link)
        return ERR_NOT_FOUND;
    // In one step with the batches of this link: the size cosigned never falls.
    pthread_mutex_lock(&link->turn);
    pthread_mutex_lock(&link->lock);
    bool stands_still = link->is_frozen || link->is_paused;
    pthread_mutex_unlock(&link->lock);
    enum err e = stands_still ? ERR_BUSY : witness(&w, out);
    pthread_mutex_unlock(&link->turn);
    return e;
}
