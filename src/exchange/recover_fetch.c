// SPDX-License-Identifier: Apache-2.0
// What a partner shows of the pair's two logs, and what of it can be believed.
#include "base/hex.h"
#include "base/time.h"
#include "exchange/recover_priv.h"
#include "hash/hash.h"
#include "ledger/tile.h"
#include "sys/clock.h"

#define TILE_BYTES_MAX (LEDGER_TILE_WIDTH * (LEDGER_ENTRY_BYTES_MAX + 2u))

static const struct ledger_party *author_of(const struct recovering *r, bool is_ours)
{
    return is_ours ? r->link->us : r->link->them;
}

enum err recover_connect(struct recovering *r, struct str address, int64_t connect_timeout_ms)
{
    const struct link *link = r->link;
    struct exchange *ex = link->exchange;
    struct http_client_config config = {.url = address,
        .peer_pins = link->pins,
        .n_peer_pins = link->n_pins,
        .connect_timeout_ms = connect_timeout_ms};
    pthread_mutex_lock(&ex->lock);
    config.identity = ex->identity;
    pthread_mutex_unlock(&ex->lock);
    return http_client_open(r->arena, &config, &r->client, &r->why);
}

// ERR_NOT_FOUND: the partner has no such thing.
static enum err get(struct recovering *r, struct arena *a, struct str path, struct str *body)
{
    const struct http_call call = {.method = HTTP_GET,
        .target = path,
        .timeout_ms = r->timeout_ms,
        .answer_bytes_max = BATCH_BYTES_MAX};
    struct http_reply reply = {0};
    struct http_failure failure = {0};
    enum err e = http_client_send(r->client, a, &call, &reply, &failure);
    if (e != ERR_OK) {
        r->why = failure.text.len ? failure.text : str_of(err_text(e));
        return e == ERR_LIMIT ? e : ERR_BUSY;
    }
    if (reply.status == 404)
        return ERR_NOT_FOUND;
    if (reply.status != 200) {
        r->why = str_to(reply.body, 200);
        return reply.status == 403 ? ERR_DENIED : ERR_BUSY;
    }
    *body = reply.body;
    return ERR_OK;
}

// "/link/v1/ledger/<hash of the origin>/<what>"
enum err recover_get(
    struct recovering *r, struct arena *a, struct str origin, struct str what, struct str *body)
{
    unsigned char hash[SHA256_BYTES];
    struct buf path = buf_in(a, KIB);
    hash_sha256(origin, hash);
    buf_put(&path, STR("/link/v1/ledger/"));
    hex_put(&path, hash, sizeof hash);
    buf_put_byte(&path, '/');
    buf_put(&path, what);
    TRY(path.err);
    return get(r, a, buf_str(&path), body);
}

// A checkpoint of a log as it is shown. Before the first, size 0.
static enum err fetch_checkpoint(struct recovering *r, bool is_ours, bool is_cosigned,
    struct store_checkpoint *out, struct ledger_head *head)
{
    struct str text;
    struct ledger_note note;
    struct ledger_checkpoint checkpoint;
    struct fault fault = {0};
    *head = (struct ledger_head){.root = ledger_empty_root()};
    enum err e = recover_get(r, r->arena, author_of(r, is_ours)->log.name,
        is_cosigned ? STR("checkpoint/cosigned") : STR("checkpoint"), &text);
    if (e == ERR_NOT_FOUND)
        return ERR_OK;
    TRY(e);
    r->why = STR("what the partner shows as a checkpoint is none");
    TRY(ledger_note_parse(r->arena, text, &note, &fault));
    TRY(ledger_checkpoint_parse(note.text, &checkpoint, &fault));
    *head = checkpoint.head;
    *out = (struct store_checkpoint){.size = head->size, .note = text};
    memcpy(out->root, head->root.bytes, STORE_HASH_BYTES);
    return ERR_OK;
}

enum err recover_fetch_heads(struct recovering *r)
{
    TRY(fetch_checkpoint(r, true, true, &r->own_note, &r->own_cosigned));
    TRY(fetch_checkpoint(r, false, false, &r->their_note, &r->their_signed));
    return fetch_checkpoint(r, false, true, &r->their_cosigned_note, &r->their_cosigned);
}

// By the author; and by the cosigner when there is one.
static enum err verify_head(struct recovering *r, struct store_checkpoint *c,
    const struct ledger_keyring *author, const struct ledger_keyring *cosigner)
{
    struct ledger_checkpoint checkpoint;
    struct ledger_note note;
    struct fault fault = {0};
    uint64_t at_s = (uint64_t)(clock_now_us() / US_PER_S);
    if (c->note.len == 0)
        return ERR_OK;
    r->why = STR("the partner shows a checkpoint that is not signed by the log's key");
    TRY(ledger_keyring_open(r->arena, author, c->note, &checkpoint, NULL));
    TRY(ledger_note_parse(r->arena, c->note, &note, &fault));
    r->why = STR("the partner shows a checkpoint without the cosignature that it should have");
    if (cosigner)
        TRY(ledger_keyring_cosigned(r->arena, cosigner, &note, c->size, &at_s));
    if (at_s > INT64_MAX / US_PER_S)
        return ERR_INVALID;
    c->at_us = (int64_t)at_s * US_PER_S;
    return ERR_OK;
}

enum err recover_verify_heads(struct recovering *r, const struct ledger_keyring *ours,
    const struct ledger_keyring *theirs)
{
    TRY(verify_head(r, &r->own_note, ours, theirs));
    TRY(verify_head(r, &r->their_note, theirs, NULL));
    return verify_head(r, &r->their_cosigned_note, theirs, ours);
}

// An entry must be the next of its log; that it is the very one, the root says at the end.
static enum err take_one(struct recovering *r, const struct recover_walk *walk, struct arena *a,
    uint64_t idx, struct str bytes)
{
    struct ledger_entry entry;
    struct ledger_fault fault;
    r->why = STR("the partner shows an entry that is none of this ledger");
    TRY(ledger_entry_parse(a, bytes, &entry, &fault));
    if (entry.sequence != idx || !str_eq(entry.origin, walk->origin))
        return ERR_CORRUPT;
    return walk->take(walk->context, a, &entry, bytes);
}

static enum err walk_tile(
    struct recovering *r, const struct recover_walk *walk, struct arena *a, uint64_t *at)
{
    struct str body, bytes;
    const struct ledger_tile tile = {.is_entries = true,
        .index = *at / LEDGER_TILE_WIDTH,
        .width = ledger_tile_width(0, *at / LEDGER_TILE_WIDTH, walk->size)};
    struct buf path = buf_in(a, KIB);
    ledger_tile_path_put(&path, tile);
    TRY(path.err);
    enum err e = recover_get(r, a, walk->origin, buf_str(&path), &body);
    struct reader bundle = reader_of(e == ERR_OK ? body : STR(""));
    uint64_t idx = tile.index * LEDGER_TILE_WIDTH, end = idx + tile.width;
    for (; e == ERR_OK && idx < end; idx++) {
        e = ledger_bundle_next(&bundle, &bytes);
        if (e == ERR_OK && idx >= *at)
            e = take_one(r, walk, a, idx, bytes);
    }
    *at = end;
    if (e != ERR_NOT_FOUND)
        return e;
    // Neither the tile nor what it should hold.
    r->why = STR("the partner does not hold the entries of its own checkpoint");
    return ERR_CORRUPT;
}

enum err recover_entries(struct recovering *r, const struct recover_walk *walk)
{
    enum err e = ERR_OK;
    for (uint64_t at = walk->first; e == ERR_OK && at < walk->size;) {
        struct arena a;
        arena_init(&a, 4 * (size_t)TILE_BYTES_MAX);
        e = walk_tile(r, walk, &a, &at);
        if (e != ERR_OK && str_copy(r->arena, r->why, &r->why) != ERR_OK)
            r->why = STR("the partner does not answer");
        arena_release(&a);
    }
    return e;
}

struct appending {
    struct store_txn *t;
    int64_t log;
};

static enum err append_one(
    void *context, struct arena *a, const struct ledger_entry *entry, struct str bytes)
{
    struct appending *to = context;
    uint64_t idx;
    (void)a;
    TRY(store_entry_append(to->t, to->log, bytes, ledger_kind_is_receipted(entry->kind), &idx));
    if (idx != entry->sequence)
        return ERR_CORRUPT;
    return entry->kind == LEDGER_KEY_CHANGE ? store_key_entry_put(to->t, to->log, idx) : ERR_OK;
}

enum err recover_append(struct recovering *r, struct store_txn *t, bool is_ours, uint64_t size)
{
    struct store_log log;
    struct appending to = {.t = t, .log = is_ours ? r->link->own_log : r->link->their_log};
    TRY(store_log_get(t, r->arena, to.log, &log));
    const struct recover_walk walk = {.origin = author_of(r, is_ours)->log.name,
        .first = log.size,
        .size = size,
        .context = &to,
        .take = append_one};
    return recover_entries(r, &walk);
}

enum err recover_fetch_payloads(struct recovering *r, struct arena *a, bool is_ours,
    uint64_t idx, const struct ledger_entry *entry, const struct ledger_payload **out)
{
    struct str body;
    struct ledger_batch batch;
    struct ledger_fault fault = {0};
    struct ledger_hash leaves[LEDGER_COMMITMENTS_MAX];
    struct buf what = buf_in(a, 64);
    buf_put(&what, STR("payloads/"));
    buf_put_u64(&what, idx);
    TRY(what.err);
    TRY(recover_get(r, a, author_of(r, is_ours)->log.name, buf_str(&what), &body));
    // What is not whole or not the entry's is nothing: it is reported as lost.
    if (ledger_batch_parse(a, body, &batch, &fault) != ERR_OK ||
        batch.n_payloads != entry->committed.size)
        return ERR_NOT_FOUND;
    for (size_t i = 0; i < batch.n_payloads; i++) {
        if (batch.payloads[i].leaf != i || batch.payloads[i].index != idx)
            return ERR_NOT_FOUND;
        leaves[i] = ledger_payload_commitment(&batch.payloads[i]);
    }
    struct ledger_head head = ledger_commitments_head(leaves, batch.n_payloads);
    if (!ledger_hash_eq(&head.root, &entry->committed.root))
        return ERR_NOT_FOUND;
    *out = batch.payloads;
    return ERR_OK;
}
