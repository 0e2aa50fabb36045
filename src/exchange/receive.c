// SPDX-License-Identifier: Apache-2.0
// What an entry brings about: objects, receipts, recalls.
#include "exchange/receive_priv.h"
#include "policy/handling.h"
#include "stix/object.h"
#include "store/handling.h"
#include "store/recall.h"

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

static enum err collect_refs(
    struct arena *a, const struct stix_object *object, struct store_object_in *out)
{
    struct str *refs = NEW_N(a, struct str, object->n_refs ? object->n_refs : 1);
    if (!refs)
        return ERR_LIMIT;
    for (size_t i = 0; i < object->n_refs; i++)
        refs[i] = object->refs[i].id;
    out->refs = refs;
    out->refs_n = object->n_refs;
    return ERR_OK;
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
    struct store_object_in row = {.id = object.id.text,
        .type = object.id.type,
        .source = in->link->party,
        .originator = handling.originator,
        .bytes = bytes,
        .handling = entry->handling,
        .values = object.values,
        .values_n = object.n_values,
        .version_us = object.version_us,
        .has_version = object.has_version,
        .received_us = in->now_us};
    TRY(collect_refs(a, &object, &row));
    TRY(stix_digest(a, object.root, row.digest));
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
        commitments[i] = ledger_commitment(payloads[i].salt, payloads[i].bytes);
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
    memcpy(row.salt, payload->salt, LEDGER_SALT_BYTES);
    return store_received_put(t, &row);
}

static enum err put_objects(struct receiving *in, struct store_txn *t,
    const struct ledger_entry *entry, const struct ledger_payload *payloads,
    struct ledger_receipt *receipt)
{
    for (size_t i = 0; i < entry->committed.size; i++) {
        struct store_put_result put;
        enum err e = put_object(in, t, entry, payloads[i].bytes, &put);
        if (e == ERR_INVALID || e == ERR_LIMIT) {
            receipt->disposition = LEDGER_REFUSED; // the entry as a whole
            receipt->why = STR("LE-FIELD");
            return ERR_OK;
        }
        TRY(e);
        if (put.what == STORE_CONFLICT) {
            receipt->disposition = LEDGER_QUARANTINED; // the first body of that version stays
            receipt->why = STR("LE-CONFLICT");
        }
        TRY(put_received(in, t, &payloads[i], put.seq));
        in->applied.objects += put.what == STORE_NEW;
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
    if (e != ERR_OK || entry.kind != LEDGER_RELEASE)
        return e == ERR_NOT_FOUND || e == ERR_OK ? ERR_INVALID : e;
    in->why = "LE-COMMIT: the objects are not those that the entry commits to";
    if (!is_committed(in->arena, &entry, payloads, n))
        return ERR_CORRUPT;
    receipt.commitments_root = entry.committed.root;
    receipt.has_commitments_root = true;
    receipt.handling_hash = ledger_handling_hash(entry.handling);
    TRY(put_objects(in, t, &entry, payloads, &receipt));
    TRY(receive_put_receipt(in, t, idx, &receipt));
    in->applied.receipts++;
    return receive_answer_recalls(in, t, idx);
}

static enum err destroy_leaf(struct receiving *in, struct store_txn *t,
    const struct store_payloads *received, uint64_t leaf)
{
    for (size_t i = 0; i < received->n; i++)
        if (received->items[i].leaf.n == leaf) {
            TRY(store_object_destroy(t, received->items[i].object_seq, in->now_us,
                STR("{\"why\":\"recalled by its originator\"}")));
            in->applied.recalls++;
        }
    return ERR_OK;
}

// At most LEDGER_RESULTS_MAX answers in one entry; longer lists are split.
static enum err acknowledge(struct receiving *in, struct store_txn *t,
    const struct store_recall *recall, const struct store_recall_items *items)
{
    struct link *link = in->link;
    for (size_t from = 0; from < items->n; from += LEDGER_RESULTS_MAX) {
        size_t n = items->n - from < LEDGER_RESULTS_MAX ? items->n - from : LEDGER_RESULTS_MAX;
        struct ledger_result results[LEDGER_RESULTS_MAX];
        struct store_recall_item rows[LEDGER_RESULTS_MAX];
        struct ledger_entry entry, demand;
        struct store_recall_ack ack = {.log_id = link->own_log,
            .recall_log_id = recall->log_id,
            .recall_idx = recall->idx,
            .at_us = in->now_us};
        for (size_t i = 0; i < n; i++) {
            results[i] = (struct ledger_result){
                .n = items->items[from + i].n, .state = LEDGER_DESTROYED};
            rows[i] = (struct store_recall_item){
                .n = results[i].n, .state = ledger_outcome_name(LEDGER_DESTROYED)};
        }
        TRY(link_entry_begin(link, t, in->arena, LEDGER_RECALL_ACK, in->now_us, &entry));
        entry.recall_ack = (struct ledger_recall_ack){
            .of = {.origin = link->them->log.name, .index = recall->idx},
            .results = {.items = results, .n = n},
            .left = items->n - from - n};
        TRY(link_entry_get(t, in->arena, recall->log_id, recall->idx, &demand,
            &entry.recall_ack.of.leaf_hash));
        TRY(link_entry_append(link, t, in->arena, &entry, &ack.idx));
        TRY(store_recall_ack_put(t, &ack, rows, n));
    }
    return ERR_OK;
}

enum err receive_answer_recalls(struct receiving *in, struct store_txn *t, uint64_t of_idx)
{
    struct store_recalls open;
    struct store_payloads received;
    TRY(store_recalls_open(t, in->arena, in->link->their_log, &open));
    TRY(store_received_of(t, in->arena, in->link->their_log, of_idx, &received));
    if (received.n == 0)
        return ERR_OK; // not here yet: it is destroyed in the transaction that brings it
    for (size_t i = 0; i < open.n; i++) {
        struct store_recall_items items;
        if (open.items[i].of_idx != of_idx)
            continue;
        TRY(store_recall_items_of(
            t, in->arena, open.items[i].log_id, open.items[i].idx, &items));
        for (size_t j = 0; j < items.n; j++)
            TRY(destroy_leaf(in, t, &received, items.items[j].n));
        TRY(acknowledge(in, t, &open.items[i], &items));
    }
    return ERR_OK;
}
