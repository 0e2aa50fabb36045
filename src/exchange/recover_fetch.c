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
    const struct http_client_config config = {.url = address,
        .peer_certificate_pem = r->link->certificate_pem,
        .identity = r->link->exchange->config.identity,
        .connect_timeout_ms = connect_timeout_ms};
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

// "/link/v1/ledger/<hash of the origin>/"
static void put_log(const struct recovering *r, struct buf *b, bool is_ours)
{
    unsigned char hash[SHA256_BYTES];
    hash_sha256(author_of(r, is_ours)->log.name, hash);
    buf_put(b, STR("/link/v1/ledger/"));
    hex_put(b, hash, sizeof hash);
    buf_put_byte(b, '/');
}

static enum err get_of_log(
    struct recovering *r, struct arena *a, bool is_ours, struct str what, struct str *body)
{
    struct buf path = buf_in(a, KIB);
    put_log(r, &path, is_ours);
    buf_put(&path, what);
    TRY(path.err);
    return get(r, a, buf_str(&path), body);
}

// A checkpoint of a log with the author's signature and, when asked for, the other side's.
// Before the first, size 0.
static enum err fetch_checkpoint(struct recovering *r, bool is_ours, bool is_cosigned,
    struct store_checkpoint *out, struct ledger_head *head)
{
    struct str text;
    struct ledger_note note;
    struct ledger_checkpoint checkpoint;
    struct fault fault = {0};
    uint64_t at_s = (uint64_t)(clock_now_us() / US_PER_S);
    *head = (struct ledger_head){.root = ledger_empty_root()};
    enum err e = get_of_log(r, r->arena, is_ours,
        is_cosigned ? STR("checkpoint/cosigned") : STR("checkpoint"), &text);
    if (e == ERR_NOT_FOUND)
        return ERR_OK;
    TRY(e);
    r->why = STR("the partner shows a checkpoint that is not signed by the log's key");
    TRY(ledger_checkpoint_open(
        r->arena, text, &author_of(r, is_ours)->log, &checkpoint, &fault));
    TRY(ledger_note_parse(r->arena, text, &note, &fault));
    r->why = STR("the partner shows a checkpoint without the cosignature that it should have");
    if (is_cosigned)
        TRY(ledger_cosignature_find(r->arena, &note, &author_of(r, !is_ours)->cosign, &at_s));
    if (at_s > INT64_MAX / US_PER_S)
        return ERR_INVALID;
    *head = checkpoint.head;
    *out = (struct store_checkpoint){
        .size = head->size, .at_us = (int64_t)at_s * US_PER_S, .note = text};
    memcpy(out->root, head->root.bytes, STORE_HASH_BYTES);
    return ERR_OK;
}

enum err recover_fetch_own_head(struct recovering *r)
{
    return fetch_checkpoint(r, true, true, &r->own_note, &r->own_cosigned);
}

enum err recover_fetch_heads(struct recovering *r)
{
    TRY(recover_fetch_own_head(r));
    TRY(fetch_checkpoint(r, false, false, &r->their_note, &r->their_signed));
    return fetch_checkpoint(r, false, true, &r->their_cosigned_note, &r->their_cosigned);
}

// An entry must be the next of its log; that it is the very one, the root says at the end.
static enum err append_one(
    struct recovering *r, struct store_txn *t, struct arena *a, bool is_ours, struct str bytes)
{
    struct ledger_entry entry;
    struct ledger_fault fault;
    uint64_t idx;
    int64_t log = is_ours ? r->link->own_log : r->link->their_log;
    r->why = STR("the partner shows an entry that is none of this ledger");
    TRY(ledger_entry_parse(a, bytes, &entry, &fault));
    TRY(store_entry_append(t, log, bytes, ledger_kind_is_receipted(entry.kind), &idx));
    return entry.sequence == idx && str_eq(entry.origin, author_of(r, is_ours)->log.name)
               ? ERR_OK
               : ERR_CORRUPT;
}

static enum err append_tile(
    struct recovering *r, struct store_txn *t, bool is_ours, uint64_t *held, uint64_t size)
{
    struct arena a;
    struct str body, bytes;
    const struct ledger_tile tile = {.is_entries = true,
        .index = *held / LEDGER_TILE_WIDTH,
        .width = ledger_tile_width(0, *held / LEDGER_TILE_WIDTH, size)};
    arena_init(&a, 4 * (size_t)TILE_BYTES_MAX);
    struct buf path = buf_in(&a, KIB);
    ledger_tile_path_put(&path, tile);
    enum err e = path.err;
    if (e == ERR_OK)
        e = get_of_log(r, &a, is_ours, buf_str(&path), &body);
    struct reader bundle = reader_of(e == ERR_OK ? body : STR(""));
    uint64_t at = tile.index * LEDGER_TILE_WIDTH, end = at + tile.width;
    for (; e == ERR_OK && at < end; at++) {
        e = ledger_bundle_next(&bundle, &bytes);
        if (e == ERR_OK && at >= *held)
            e = append_one(r, t, &a, is_ours, bytes);
    }
    *held = at;
    if (e == ERR_NOT_FOUND) { // neither the tile nor what it should hold
        r->why = STR("the partner does not hold the entries of its own checkpoint");
        e = ERR_CORRUPT;
    }
    if (e != ERR_OK && str_copy(r->arena, r->why, &r->why) != ERR_OK)
        r->why = STR("the partner does not answer");
    arena_release(&a);
    return e;
}

enum err recover_append(struct recovering *r, struct store_txn *t, bool is_ours, uint64_t size)
{
    struct store_log log;
    TRY(store_log_get(t, r->arena, is_ours ? r->link->own_log : r->link->their_log, &log));
    for (uint64_t held = log.size; held < size;)
        TRY(append_tile(r, t, is_ours, &held, size));
    return ERR_OK;
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
    TRY(get_of_log(r, a, is_ours, buf_str(&what), &body));
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
