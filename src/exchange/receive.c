// SPDX-License-Identifier: Apache-2.0
// What an entry brings about: objects and receipts.
#include "exchange/entry_priv.h"
#include "exchange/receive_priv.h"
#include "exchange/tighten.h"
#include "policy/handling.h"
#include "stix/object.h"
#include "store/handling.h"
#include "store/object_of.h"
#include "store/recall.h"
#include "sys/log.h"

enum err receive_put_receipt(struct receiving *in, struct store_txn *t, uint64_t idx,
    const struct ledger_receipt *receipt)
{
    struct link *link = in->link;
    struct ledger_entry entry;
    uint64_t own_idx;
    TRY(link_entry_begin(link, t, in->arena, LEDGER_RECEIPT, in->now_us, &entry));
    entry.receipt = *receipt;
    TRY(link_entry_append(link, t, in->arena, &entry, &own_idx));
    const struct store_receipt row = {.log_id = link->their_log,
        .idx = idx,
        .receipt_log_id = link->own_log,
        .receipt_idx = own_idx,
        .disposition = ledger_disposition_name(receipt->disposition),
        .why = receipt->why};
    return store_receipt_put(t, &row);
}

// Stores one received object under the partner as its source. ERR_INVALID when it is no STIX
// object.
static enum err put_object(struct receiving *in, struct store_txn *t,
    const struct ledger_entry *entry, struct str bytes, struct store_put_result *out)
{
    struct arena *a = in->arena;
    struct stix_object object;
    struct stix_problem problem;
    struct handling handling;
    TRY(policy_handling_parse(a, entry->handling, &handling, NULL));
    TRY(stix_object_read(a, bytes, &object, &problem));
    struct store_object_in row;
    TRY(store_object_of(a, &object, bytes, &row));
    row.source = in->link->party;
    row.originator = handling.originator;
    row.handling = entry->handling;
    row.received_us = in->now_us;
    return store_object_put(t, &row, out);
}

// Are these all the objects that the entry commits to?
static bool is_committed(struct arena *a, const struct ledger_entry *entry,
    const struct ledger_payload *payloads, size_t n)
{
    struct ledger_hash *commitments = NEW_N(a, struct ledger_hash, n);
    if (!commitments || n != entry->committed.size)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (payloads[i].leaf != i)
            return false;
        commitments[i] = ledger_payload_commitment(&payloads[i]);
    }
    struct ledger_head head = ledger_commitments_head(commitments, n);
    return ledger_hash_eq(&head.root, &entry->committed.root);
}

static enum err put_received(struct receiving *in, struct store_txn *t,
    const struct ledger_payload *payload, int64_t seq)
{
    struct store_payload row = {
        .leaf = {.log_id = in->link->their_log, .idx = payload->index, .n = payload->leaf},
        .object_seq = seq,
        .bytes_n = (int64_t)payload->bytes.len,
        .priority = STORE_NORMAL};
    if (payload->salt)
        memcpy(row.salt, payload->salt, LEDGER_SALT_BYTES);
    struct ledger_hash commitment = ledger_payload_commitment(payload);
    memcpy(row.commitment, commitment.bytes, LEDGER_HASH_BYTES);
    return store_received_put(t, &row);
}

static void set_disposition(
    struct ledger_receipt *receipt, enum ledger_disposition disposition, const char *why)
{
    receipt->disposition = disposition;
    receipt->why = str_of(why);
}

// An entry is refused as a whole: every object is read before the first is stored.
static enum err check_objects(struct receiving *in, const struct ledger_payload *payloads,
    size_t n, struct ledger_receipt *receipt)
{
    for (size_t i = 0; i < n && receipt->disposition == LEDGER_ACCEPTED; i++) {
        struct stix_object object;
        struct stix_problem problem;
        struct arena_mark mark = arena_mark(in->arena);
        if (!payloads[i].salt)
            continue;
        enum err e = stix_object_read(in->arena, payloads[i].bytes, &object, &problem);
        arena_rewind(in->arena, mark);
        if (e == ERR_INVALID || e == ERR_LIMIT)
            set_disposition(receipt, LEDGER_REFUSED, "LE-FIELD");
        else
            TRY(e);
    }
    return ERR_OK;
}

// Stores one object. What we hold under the same version otherwise, or have destroyed, is not
// what came: the entry is then quarantined.
static enum err put_one(struct receiving *in, struct store_txn *t,
    const struct ledger_entry *entry, const struct ledger_payload *payload,
    struct ledger_receipt *receipt)
{
    struct store_put_result put;
    struct store_object row;
    if (!payload->salt)
        return put_received(in, t, payload, 0); // nothing came, and nothing will
    TRY(put_object(in, t, entry, payload->bytes, &put));
    if (put.what == STORE_CONFLICT) {
        set_disposition(receipt, LEDGER_QUARANTINED, "LE-CONFLICT"); // the first body stays
        return ERR_OK;
    }
    TRY(store_object_get(t, in->arena, put.seq, &row));
    if (row.state == STORE_DESTROYED) {
        set_disposition(receipt, LEDGER_QUARANTINED, "LE-RECALLED");
        return ERR_OK;
    }
    const struct store_tightening with = {.handling = entry->handling,
        .why = STR("received again under another handling"),
        .at_us = in->now_us};
    if (put.what == STORE_SAME)
        TRY(exchange_tighten(t, put.seq, &with, NULL));
    in->applied.objects += put.what == STORE_NEW;
    return put_received(in, t, payload, put.seq);
}

static enum err quarantine(struct receiving *in, struct store_txn *t, uint64_t idx)
{
    struct store_payloads rows;
    TRY(store_received_of(t, in->arena, in->link->their_log, idx, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        struct store_payloads elsewhere;
        if (rows.items[i].object_seq == 0)
            continue;
        TRY(store_received_of_object(t, in->arena, rows.items[i].object_seq, &elsewhere));
        if (elsewhere.n == 1) // accepted under no other entry
            TRY(store_object_set_state(t, rows.items[i].object_seq, STORE_QUARANTINED,
                in->now_us, STR("{\"why\":\"came with what was quarantined\"}")));
    }
    return ERR_OK;
}

static enum err put_objects(struct receiving *in, struct store_txn *t,
    const struct ledger_entry *entry, const struct ledger_payload *payloads,
    struct ledger_receipt *receipt)
{
    TRY(check_objects(in, payloads, entry->committed.size, receipt));
    if (receipt->disposition == LEDGER_REFUSED)
        return ERR_OK;
    for (size_t i = 0; i < entry->committed.size; i++) {
        struct arena_mark mark = arena_mark(in->arena);
        TRY(put_one(in, t, entry, &payloads[i], receipt));
        arena_rewind(in->arena, mark); // a batch may hold more than the arena
    }
    return receipt->disposition == LEDGER_ACCEPTED ? ERR_OK
                                                   : quarantine(in, t, payloads[0].index);
}

// An object may stay away only when the author's own log demands it back: whoever carries a
// batch can leave objects out, but cannot write there.
static enum err check_bare(
    struct receiving *in, struct store_txn *t, const struct ledger_payload *payloads, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t recall_idx;
        const struct store_leaf leaf = {
            in->link->their_log, payloads[i].index, payloads[i].leaf};
        if (payloads[i].salt)
            continue;
        in->why = "LE-COMMIT: an object is left out that its author has not recalled";
        enum err e = store_recall_of_leaf(t, &leaf, &recall_idx);
        TRY(e == ERR_NOT_FOUND ? ERR_CORRUPT : e);
    }
    return ERR_OK;
}

enum err receive_payloads(
    struct receiving *in, struct store_txn *t, const struct ledger_payload *payloads, size_t n)
{
    uint64_t idx = payloads[0].index;
    struct ledger_entry entry;
    struct store_receipt known;
    struct ledger_receipt receipt = {.of = {.origin = in->link->them->log.name, .index = idx},
        .disposition = LEDGER_ACCEPTED};
    enum err e = store_receipt_get(t, in->arena, in->link->their_log, idx, &known);
    if (e != ERR_NOT_FOUND)
        return e; // answered before: a repetition changes nothing
    e = link_entry_get(t, in->arena, in->link->their_log, idx, &entry, &receipt.of.leaf_hash);
    in->why = "a payload of an entry that has not arrived";
    if (e != ERR_OK || !ledger_kind_has_objects(entry.kind))
        return e == ERR_NOT_FOUND || e == ERR_OK ? ERR_INVALID : e;
    in->why = "LE-COMMIT: the objects are not those that the entry commits to";
    if (!is_committed(in->arena, &entry, payloads, n))
        return ERR_CORRUPT;
    TRY(check_bare(in, t, payloads, n));
    if (entry.kind == LEDGER_FLASH)
        log_warn("flash.received", "party=%.*s entry=%llu", STR_ARG(in->link->party),
            (unsigned long long)idx);
    receipt.commitments_root = entry.committed.root;
    receipt.has_commitments_root = true;
    receipt.handling_hash = ledger_handling_hash(entry.handling);
    in->why = NULL;
    TRY(put_objects(in, t, &entry, payloads, &receipt));
    TRY(receive_put_receipt(in, t, idx, &receipt));
    in->applied.receipts++;
    return receive_answer_recalls(in, t, in->link->their_log, idx);
}
