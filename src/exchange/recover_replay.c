// SPDX-License-Identifier: Apache-2.0
// What the entries that came back brought about, once more: nothing is decided or answered
// here that was decided or answered before.
#include "exchange/entry_priv.h"
#include "exchange/recover_priv.h"
#include "policy/handling.h"
#include "stix/object.h"
#include "store/flash.h"
#include "store/handling.h"
#include "store/membership.h"
#include "store/object_of.h"
#include "store/recall.h"
#include "store/restored.h"

struct replaying {
    struct recovering *r;
    struct store_txn *t;
    struct arena *a; // of one entry
    struct receiving in;
};

static enum err find_entry(
    struct replaying *p, bool is_ours, uint64_t idx, struct ledger_entry *out)
{
    struct ledger_hash leaf_hash;
    const struct link *link = p->r->link;
    return link_entry_get(
        p->t, p->a, is_ours ? link->own_log : link->their_log, idx, out, &leaf_hash);
}

// Objects
// -----------------------------------------------------------------------------------------

// The row that a leaf's bytes are, whoever it came from first; *seq 0 when none is held.
static enum err find_row(
    struct replaying *p, const struct store_object_in *in, struct str source, int64_t *seq)
{
    struct store_objects rows;
    *seq = 0;
    TRY(store_objects_by_id(p->t, p->a, in->id, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        bool is_equal = memcmp(rows.items[i].digest, in->digest, sizeof in->digest) == 0;
        if (is_equal && (*seq == 0 || str_eq(rows.items[i].source, source)))
            *seq = rows.items[i].seq;
    }
    return ERR_OK;
}

// What this node makes for one recipient alone has an id of version 8, and is no object of its
// own here.
static bool is_variant(const struct stix_object *object)
{
    return object->id.uuid[6] >> 4 == 8;
}

static enum err put_row(struct replaying *p, const struct ledger_entry *entry,
    struct store_object_in *in, struct str source, struct store_put_result *out)
{
    struct handling handling;
    TRY(policy_handling_parse(p->a, entry->handling, &handling, NULL));
    in->source = source;
    in->originator = handling.originator;
    in->handling = entry->handling;
    in->received_us = p->in.now_us;
    TRY(store_object_put(p->t, in, out));
    if (out->what != STORE_NEW)
        return ERR_OK;
    p->r->done.objects++;
    return store_event_add(
        p->t, out->seq, p->in.now_us, "recovered", STR("{\"from\":\"the partner\"}"));
}

// *seq is the row of a leaf: the one that is held, or a new one. 0 when there can be none.
static enum err take_leaf(struct replaying *p, const struct ledger_entry *entry,
    const struct ledger_payload *payload, struct str source, int64_t *seq)
{
    struct stix_object object;
    struct stix_problem problem;
    struct store_object_in in;
    struct store_put_result put;
    *seq = 0;
    if (!payload->salt || stix_object_read(p->a, payload->bytes, &object, &problem) != ERR_OK)
        return ERR_OK;
    TRY(store_object_of(p->a, &object, payload->bytes, &in));
    bool is_ours = str_eq(source, p->r->how->party);
    if (is_ours)
        TRY(find_row(p, &in, source, seq));
    if (*seq || (is_ours && is_variant(&object)))
        return ERR_OK;
    TRY(put_row(p, entry, &in, source, &put));
    *seq = put.what == STORE_CONFLICT ? 0 : put.seq;
    return ERR_OK;
}

static void fill_row(struct store_payload *row, const struct ledger_payload *payload)
{
    struct ledger_hash commitment = ledger_payload_commitment(payload);
    if (row->object_seq && payload->salt)
        memcpy(row->salt, payload->salt, LEDGER_SALT_BYTES);
    row->bytes_n = (int64_t)payload->bytes.len;
    memcpy(row->commitment, commitment.bytes, LEDGER_HASH_BYTES);
}

// Our own entries
// -----------------------------------------------------------------------------------------

static enum store_priority priority_of(enum ledger_priority priority)
{
    return priority == LEDGER_BULK     ? STORE_BULK
           : priority == LEDGER_NORMAL ? STORE_NORMAL
           : priority == LEDGER_URGENT ? STORE_URGENT
                                       : STORE_FLASH;
}

static enum err put_flash(struct replaying *p, const struct ledger_entry *entry)
{
    const struct store_flash row = {.id = entry->release.id,
        .party = p->r->link->party,
        .at_us = entry->time_us,
        .key_id = entry->release.by.key_id,
        .lang = entry->release.lang};
    return store_flash_put(p->t, &row);
}

static enum err put_release(struct replaying *p, const struct ledger_entry *entry)
{
    struct store_release known;
    const struct store_release row = {.id = entry->release.id,
        .party = p->r->link->party,
        .at_us = entry->time_us,
        .priority = priority_of(entry->release.priority)};
    enum err e = store_release_get(p->t, p->a, row.id, &known);
    if (e == ERR_NOT_FOUND) {
        e = store_release_put(p->t, &row);
        if (e == ERR_OK && entry->kind == LEDGER_FLASH)
            e = put_flash(p, entry); // to be reviewed again: the review stayed behind
    }
    TRY(e);
    return store_release_count(p->t, row.id, (int64_t)entry->committed.size, 0);
}

static enum err put_sent_leaf(struct replaying *p, const struct ledger_entry *entry,
    const struct ledger_payload *payload, struct store_payload *row)
{
    const struct store_view view = {.recipient = p->r->link->party, .view = STR("link")};
    if (payload) {
        TRY(take_leaf(p, entry, payload, p->r->how->party, &row->object_seq));
        fill_row(row, payload);
    }
    TRY(store_payload_give_back(p->t, row));
    return row->object_seq ? store_membership_add(p->t, &view, row->object_seq, entry->time_us)
                           : ERR_OK;
}

static enum err replay_release(
    struct replaying *p, const struct ledger_entry *entry, uint64_t idx)
{
    struct exchange_lost lost = {
        .party = p->r->link->party, .idx = idx, .release_id = entry->release.id};
    const struct ledger_payload *payloads = NULL;
    TRY(put_release(p, entry));
    enum err e = recover_fetch_payloads(p->r, p->a, true, idx, entry, &payloads);
    TRY(e == ERR_NOT_FOUND ? ERR_OK : e);
    for (size_t i = 0; i < entry->committed.size; i++) {
        struct store_payload row = {.leaf = {.log_id = p->r->link->own_log, .idx = idx, .n = i},
            .priority = priority_of(entry->release.priority)};
        TRY(put_sent_leaf(p, entry, payloads ? &payloads[i] : NULL, &row));
        lost.n += row.object_seq == 0;
    }
    p->r->done.lost += lost.n;
    if (lost.n)
        p->r->how->lost(p->r->how->context, &lost);
    return ERR_OK;
}

static enum err recalled_rows(struct replaying *p, bool is_ours, const struct ledger_ref *of,
    const struct store_recall_items *items, struct store_seqs *out)
{
    struct store_payloads rows;
    struct link_named named;
    TRY(link_entry_named(p->r->link, p->t, p->a, is_ours, of, &named));
    TRY(is_ours ? store_payloads_of(p->t, p->a, named.log_id, of->index, &rows)
                : store_received_of(p->t, p->a, named.log_id, of->index, &rows));
    *out = (struct store_seqs){.items = NEW_N(p->a, int64_t, rows.n + 1)};
    if (!out->items)
        return ERR_LIMIT;
    for (size_t i = 0; i < rows.n; i++)
        for (size_t j = 0; j < items->n; j++)
            if (rows.items[i].object_seq && rows.items[i].leaf.n == items->items[j].n)
                out->items[out->n++] = rows.items[i].object_seq;
    return ERR_OK;
}

static enum err put_recall(struct replaying *p, bool is_ours, const struct ledger_entry *entry,
    uint64_t idx, struct store_recall_items *items)
{
    const struct ledger_recall *recall = &entry->recall;
    struct link_named of;
    int64_t log = is_ours ? p->r->link->own_log : p->r->link->their_log;
    TRY(link_entry_named(p->r->link, p->t, p->a, is_ours, &recall->of, &of));
    size_t n = recall->leaves.n ? recall->leaves.n : (size_t)of.entry->committed.size;
    uint64_t *leaves = NEW_N(p->a, uint64_t, n);
    if (!leaves)
        return ERR_LIMIT;
    for (size_t i = 0; i < n; i++)
        leaves[i] = recall->leaves.n ? recall->leaves.items[i] : i;
    const struct store_recall row = {.log_id = log,
        .idx = idx,
        .id = recall->id,
        .of_log_id = of.log_id,
        .of_idx = recall->of.index,
        .deadline_us = recall->deadline_us,
        .reason = recall->reason};
    TRY(store_recall_put(p->t, &row, leaves, n));
    return store_recall_items_of(p->t, p->a, log, idx, items);
}

static enum err replay_recall(
    struct replaying *p, const struct ledger_entry *entry, uint64_t idx)
{
    struct store_recall_items items;
    struct store_seqs rows;
    TRY(put_recall(p, true, entry, idx, &items));
    TRY(recalled_rows(p, true, &entry->recall.of, &items, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        struct store_object object;
        TRY(store_object_get(p->t, p->a, rows.items[i], &object));
        if (object.state == STORE_DESTROYED)
            continue;
        TRY(store_object_set_state(p->t, object.seq, STORE_RECALLED, p->in.now_us,
            STR("{\"why\":\"recalled before this store was put back\"}")));
        TRY(store_membership_remove_all(p->t, object.seq, p->in.now_us));
    }
    return ERR_OK;
}

static enum err put_received_leaf(struct replaying *p, const struct ledger_entry *entry,
    const struct ledger_payload *payload, bool is_quarantined)
{
    struct store_object object;
    struct store_payload row = {
        .leaf = {.log_id = p->r->link->their_log, .idx = payload->index, .n = payload->leaf},
        .priority = STORE_NORMAL};
    TRY(take_leaf(p, entry, payload, p->r->link->party, &row.object_seq));
    fill_row(&row, payload);
    TRY(store_received_put(p->t, &row));
    if (row.object_seq == 0 || !is_quarantined)
        return ERR_OK;
    TRY(store_object_get(p->t, p->a, row.object_seq, &object));
    return object.state == STORE_IN_FORCE && object.received_us >= p->in.now_us
               ? store_object_set_state(p->t, object.seq, STORE_QUARANTINED, p->in.now_us,
                     STR("{\"why\":\"came with what was quarantined\"}"))
               : ERR_OK;
}

// The objects of an entry of the partner's that we had receipted.
static enum err take_back(
    struct replaying *p, uint64_t idx, enum ledger_disposition disposition)
{
    struct store_payloads held;
    struct ledger_entry entry;
    const struct ledger_payload *payloads;
    TRY(store_received_of(p->t, p->a, p->r->link->their_log, idx, &held));
    if (held.n)
        return ERR_OK;
    TRY(find_entry(p, false, idx, &entry));
    if (!ledger_kind_has_objects(entry.kind))
        return ERR_OK;
    enum err e = recover_fetch_payloads(p->r, p->a, false, idx, &entry, &payloads);
    if (e == ERR_NOT_FOUND) {
        p->r->why = STR("the partner does not give back what this node had receipted");
        return ERR_CORRUPT;
    }
    TRY(e);
    for (size_t i = 0; i < entry.committed.size; i++)
        TRY(put_received_leaf(p, &entry, &payloads[i], disposition == LEDGER_QUARANTINED));
    return ERR_OK;
}

static enum err replay_receipt(
    struct replaying *p, const struct ledger_entry *entry, uint64_t idx)
{
    const struct ledger_receipt *receipt = &entry->receipt;
    const struct store_receipt row = {.log_id = p->r->link->their_log,
        .idx = receipt->of.index,
        .receipt_log_id = p->r->link->own_log,
        .receipt_idx = idx,
        .disposition = ledger_disposition_name(receipt->disposition),
        .why = receipt->why};
    TRY(store_receipt_put(p->t, &row));
    return receipt->disposition == LEDGER_REFUSED
               ? ERR_OK
               : take_back(p, receipt->of.index, receipt->disposition);
}

static enum err replay_ack(struct replaying *p, const struct ledger_entry *entry, uint64_t idx)
{
    const struct ledger_recall_ack *ack = &entry->recall_ack;
    struct store_recall_item items[LEDGER_RESULTS_MAX];
    struct link_named demand;
    struct store_seqs rows;
    TRY(link_entry_named(p->r->link, p->t, p->a, false, &ack->of, &demand));
    const struct store_recall_ack row = {.log_id = p->r->link->own_log,
        .idx = idx,
        .recall_log_id = demand.log_id,
        .recall_idx = ack->of.index,
        .downstream = ack->downstream,
        .at_us = entry->time_us};
    struct store_recall_items destroyed = {.items = items};
    for (size_t i = 0; i < ack->results.n; i++)
        items[i] = (struct store_recall_item){.n = ack->results.items[i].n,
            .state = ledger_outcome_name(ack->results.items[i].state)};
    TRY(store_recall_ack_put(p->t, &row, items, ack->results.n));
    for (size_t i = 0; i < ack->results.n; i++)
        if (ack->results.items[i].state == LEDGER_DESTROYED)
            items[destroyed.n++] = items[i];
    TRY(recalled_rows(p, false, &demand.entry->recall.of, &destroyed, &rows));
    for (size_t i = 0; i < rows.n; i++)
        TRY(store_object_destroy(p->t, rows.items[i], p->in.now_us,
            STR("{\"why\":\"recalled before this store was put back\"}")));
    return ERR_OK;
}

static enum err replay_ours(struct replaying *p, const struct ledger_entry *entry, uint64_t idx)
{
    switch (entry->kind) {
    case LEDGER_RELEASE:
    case LEDGER_FLASH:
        return replay_release(p, entry, idx);
    case LEDGER_RECEIPT:
        return replay_receipt(p, entry, idx);
    case LEDGER_RECALL:
        return replay_recall(p, entry, idx);
    case LEDGER_RECALL_ACK:
        return replay_ack(p, entry, idx);
    case LEDGER_GRANT:
        return link_grant_put(p->r->link, p->t, p->a, true, &entry->grant, idx);
    case LEDGER_KEY_CHANGE: // taken with the rest of its kind: recover_take_changes
    case LEDGER_KINDS:
        break;
    }
    return ERR_OK;
}

// The partner's entries
// -----------------------------------------------------------------------------------------

// Demands first: our answers to them name their rows.
static enum err replay_demand(
    struct replaying *p, const struct ledger_entry *entry, uint64_t idx)
{
    struct store_recall_items items;
    return entry->kind == LEDGER_RECALL ? put_recall(p, false, entry, idx, &items) : ERR_OK;
}

// A demand whose receipt did not come back was never answered: it is answered now.
static enum err finish_recall(
    struct replaying *p, const struct ledger_entry *entry, uint64_t idx)
{
    struct link *link = p->r->link;
    struct store_receipt known;
    struct ledger_entry again;
    struct link_named of;
    struct ledger_receipt receipt = {.of = {.origin = link->them->log.name, .index = idx},
        .disposition = LEDGER_ACCEPTED,
        .commitments_root = ledger_empty_root(),
        .has_commitments_root = true,
        .handling_hash = ledger_handling_hash(entry->handling)};
    enum err e = store_receipt_get(p->t, p->a, link->their_log, idx, &known);
    if (e != ERR_NOT_FOUND)
        return e;
    TRY(link_entry_get(p->t, p->a, link->their_log, idx, &again, &receipt.of.leaf_hash));
    TRY(receive_put_receipt(&p->in, p->t, idx, &receipt));
    TRY(link_entry_named(link, p->t, p->a, false, &entry->recall.of, &of));
    return receive_answer_recalls(&p->in, p->t, of.log_id, entry->recall.of.index);
}

// Receipts and answers as when they came.
static enum err replay_theirs(
    struct replaying *p, const struct ledger_entry *entry, uint64_t idx)
{
    p->in.arena = p->a;
    enum err e = entry->kind == LEDGER_RECALL ? finish_recall(p, entry, idx)
                                              : receive_entry(&p->in, p->t, entry, idx);
    if (e != ERR_OK && p->in.why)
        p->r->why = str_of(p->in.why);
    return e;
}

typedef enum err (*replay_step)(
    struct replaying *p, const struct ledger_entry *entry, uint64_t idx);

static enum err each_entry(
    struct replaying *p, bool is_ours, uint64_t from, uint64_t to, replay_step step)
{
    struct arena a;
    enum err e = ERR_OK;
    arena_init(&a, 4 * (size_t)BATCH_BYTES_MAX);
    p->a = &a;
    for (uint64_t idx = from; idx < to && e == ERR_OK; idx++) {
        struct ledger_entry entry;
        e = find_entry(p, is_ours, idx, &entry);
        if (e == ERR_OK)
            e = step(p, &entry, idx);
        if (e != ERR_OK && str_copy(p->r->arena, p->r->why, &p->r->why) != ERR_OK)
            p->r->why = STR("the arena of a recovery is full");
        arena_release(&a);
    }
    p->a = p->in.arena = NULL;
    return e;
}

enum err recover_replay(struct recovering *r, struct store_txn *t)
{
    struct replaying p = {.r = r, .t = t, .in = {.link = r->link, .now_us = r->now_us}};
    const struct exchange_recovered *d = &r->done;
    TRY(each_entry(&p, false, d->their_from, d->their_to, replay_demand));
    TRY(each_entry(&p, true, d->own_from, d->own_to, replay_ours));
    return each_entry(&p, false, d->their_from, d->their_to, replay_theirs);
}
