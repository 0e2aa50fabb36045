// SPDX-License-Identifier: Apache-2.0
// One entry against the rows that stand beside the ledger because of it (L2: one receipt each).
#include "store/check_priv.h"

#include "ledger/commitment.h"
#include "ledger/entry.h"
#include "store/grant.h"
#include "store/recall.h"
#include "store/release.h"
#include "store/rows_priv.h"
#include "store/variant.h"

// The log that a reference names, and whether the entry there has the hash that it names.
static enum err find_referred(struct check *c, const struct store_log *log,
    const struct ledger_ref *of, const struct store_log **out, bool *is_there)
{
    unsigned char leaf[STORE_HASH_BYTES];
    *out = check_log_by_origin(c, of->origin);
    *is_there = false;
    // An answer is about the other log of the pair, a recall about its own.
    if (!*out || !str_eq((*out)->party, log->party))
        return ERR_OK;
    enum err e = store_node_hash(&c->txn, (*out)->id, 0, of->index, leaf);
    *is_there = e == ERR_OK && memcmp(leaf, of->leaf_hash.bytes, sizeof leaf) == 0;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err check_receipt(struct check *c, const struct store_log *log, uint64_t idx,
    const struct ledger_receipt *receipt)
{
    const struct store_log *answered;
    struct store_receipt row;
    bool is_there;
    TRY(find_referred(c, log, &receipt->of, &answered, &is_there));
    enum err e = ERR_NOT_FOUND;
    if (is_there)
        e = store_receipt_get(&c->txn, c->row, answered->id, receipt->of.index, &row);
    if (e != ERR_OK && e != ERR_NOT_FOUND)
        return e;
    if (e == ERR_NOT_FOUND || row.receipt_log_id != log->id || row.receipt_idx != idx ||
        !str_eq(row.disposition, ledger_disposition_name(receipt->disposition)))
        check_report_entry(c, STORE_PROBLEM_RECEIPT, log, idx);
    return ERR_OK;
}

static enum err check_recall(struct check *c, const struct store_log *log, uint64_t idx,
    const struct ledger_recall *recall)
{
    const struct store_log *of;
    struct store_recall row;
    struct store_recall_items items;
    bool is_there;
    TRY(find_referred(c, log, &recall->of, &of, &is_there));
    enum err e =
        is_there ? store_recall_find(&c->txn, c->row, log->id, idx, &row) : ERR_NOT_FOUND;
    if (e != ERR_OK && e != ERR_NOT_FOUND)
        return e;
    if (e == ERR_OK)
        TRY(store_recall_items_of(&c->txn, c->row, log->id, idx, &items));
    if (e == ERR_NOT_FOUND || row.of_log_id != of->id || row.of_idx != recall->of.index ||
        !str_eq(row.id, recall->id) || (recall->leaves.n && items.n != recall->leaves.n))
        check_report_entry(c, STORE_PROBLEM_RECALL, log, idx);
    return ERR_OK;
}

static bool names_state(const struct store_recall_items *items, const struct ledger_result *r)
{
    for (size_t i = 0; i < items->n; i++)
        if (items->items[i].n == r->n)
            return str_eq(items->items[i].state, ledger_outcome_name(r->state));
    return false;
}

static enum err check_ack(struct check *c, const struct store_log *log, uint64_t idx,
    const struct ledger_recall_ack *ack)
{
    const struct store_log *demand;
    struct store_recall_items items = {0};
    bool is_there;
    TRY(find_referred(c, log, &ack->of, &demand, &is_there));
    if (is_there)
        TRY(store_recall_items_of(&c->txn, c->row, demand->id, ack->of.index, &items));
    struct db_query q = db_query(c->txn.db, "SELECT recall_log_id, recall_idx FROM recall_ack"
                                            " WHERE log_id = ? AND idx = ?");
    db_bind_int(&q, log->id);
    db_bind_int(&q, (int64_t)idx);
    bool is_fit = is_there && db_next(&q) && db_int(&q, 0) == demand->id &&
                  (uint64_t)db_int(&q, 1) == ack->of.index;
    TRY(db_end(&q));
    for (size_t i = 0; i < ack->results.n; i++)
        is_fit = is_fit && names_state(&items, &ack->results.items[i]);
    if (!is_fit)
        check_report_entry(c, STORE_PROBLEM_RECALL, log, idx);
    return ERR_OK;
}

static enum err check_grant(struct check *c, const struct store_log *log, uint64_t idx,
    const struct ledger_grant *grant)
{
    struct store_grant row;
    struct buf object = buf_in(c->row, 2 * LEDGER_HASH_BYTES);
    if (grant->what.has_object)
        ledger_hash_put_hex(&object, &grant->what.object);
    TRY(object.err);
    enum err e = store_grant_get(&c->txn, c->row, log->id, idx, &row);
    if (e != ERR_OK && e != ERR_NOT_FOUND)
        return e;
    if (e == ERR_NOT_FOUND || !str_eq(row.id, grant->id) || !str_eq(row.recipient, grant->to) ||
        !str_eq(row.purpose, grant->purpose) || !str_eq(row.terms, grant->terms) ||
        !str_eq(row.object, buf_str(&object)) || !str_eq(row.class, grant->what.type) ||
        row.not_after_us != grant->not_after_us ||
        !str_eq(log->is_ours ? row.holder : row.granter, log->party))
        check_report_entry(c, STORE_PROBLEM_GRANT, log, idx);
    return ERR_OK;
}

static const unsigned char unknown[STORE_SALT_BYTES];

// The commitment of a row: kept, and made again when its salt and the bytes that went are
// held. What came may be equal to what was held without being the same bytes.
static enum err commitment_of(struct check *c, const struct store_payload *p, bool is_sent,
    struct ledger_hash *out, bool *is_fit)
{
    struct str bytes;
    memcpy(out->bytes, p->commitment, LEDGER_HASH_BYTES);
    if (!is_sent || memcmp(p->salt, unknown, sizeof unknown) == 0)
        return ERR_OK;
    enum err e = store_payload_bytes(&c->txn, c->row, p, &bytes);
    if (e != ERR_OK)
        return e == ERR_NOT_FOUND ? ERR_OK : e;
    struct ledger_hash made = ledger_commitment(p->salt, bytes);
    if (memcmp(out->bytes, unknown, sizeof unknown) == 0)
        *out = made; // a row of an older schema
    *is_fit = *is_fit && ledger_hash_eq(out, &made);
    return ERR_OK;
}

static enum err check_commitments(struct check *c, const struct ledger_entry *entry,
    const struct store_payloads *rows, bool is_sent, bool *is_fit)
{
    struct ledger_hash leaves[LEDGER_COMMITMENTS_MAX] = {0};
    bool is_whole = true;
    for (size_t i = 0; i < rows->n; i++) {
        struct arena_mark mark = arena_mark(c->row);
        TRY(commitment_of(c, &rows->items[i], is_sent, &leaves[i], is_fit));
        arena_rewind(c->row, mark);
        is_whole = is_whole && memcmp(leaves[i].bytes, unknown, sizeof unknown) != 0;
    }
    struct ledger_head head = ledger_commitments_head(leaves, rows->n);
    if (is_whole)
        *is_fit = *is_fit && ledger_hash_eq(&head.root, &entry->committed.root);
    return ERR_OK;
}

// The hash of each decision, in the order of the payload, under the entry's `dec`.
static enum err check_decisions(struct check *c, const struct ledger_entry *entry,
    const struct store_payloads *rows, bool *is_fit)
{
    struct ledger_hash leaves[LEDGER_COMMITMENTS_MAX] = {0};
    size_t found = 0;
    for (size_t i = 0; i < rows->n; i++) {
        struct db_query q = db_query(c->txn.db, "SELECT hash FROM decision WHERE release_id = ?"
                                                " AND object_seq = ?");
        db_bind_text(&q, entry->release.id);
        db_bind_int(&q, rows->items[i].object_seq);
        if (db_next(&q)) {
            db_blob_exact(&q, 0, leaves[i].bytes, LEDGER_HASH_BYTES);
            found++;
        }
        TRY(db_end(&q));
    }
    if (found == 0)
        return ERR_OK; // a release from before a restore: its decisions stayed behind
    struct ledger_head head = ledger_commitments_head(leaves, rows->n);
    *is_fit = found == rows->n && ledger_hash_eq(&head.root, &entry->release.decisions);
    return ERR_OK;
}

static enum err check_sent(struct check *c, const struct store_log *log, uint64_t idx,
    const struct ledger_entry *entry)
{
    struct store_payloads rows;
    bool is_fit = true, is_decided = true;
    TRY(store_payloads_of(&c->txn, c->row, log->id, idx, &rows));
    if (rows.n != entry->committed.size) {
        check_report_entry(c, STORE_PROBLEM_PAYLOAD, log, idx);
        return ERR_OK;
    }
    TRY(check_commitments(c, entry, &rows, true, &is_fit));
    TRY(check_decisions(c, entry, &rows, &is_decided));
    if (!is_fit)
        check_report_entry(c, STORE_PROBLEM_PAYLOAD, log, idx);
    if (!is_decided)
        check_report_entry(c, STORE_PROBLEM_DECISION, log, idx);
    return ERR_OK;
}

static enum err check_received(struct check *c, const struct store_log *log, uint64_t idx,
    const struct ledger_entry *entry)
{
    struct store_payloads rows;
    struct store_receipt receipt = {0};
    bool is_fit = true;
    enum err e = store_receipt_get(&c->txn, c->row, log->id, idx, &receipt);
    if (e != ERR_OK && e != ERR_NOT_FOUND)
        return e;
    TRY(store_received_of(&c->txn, c->row, log->id, idx, &rows));
    bool is_accepted = e == ERR_OK && str_eq(receipt.disposition, STR("accepted"));
    bool is_kept_out = e == ERR_NOT_FOUND || str_eq(receipt.disposition, STR("refused"));
    if (is_accepted && rows.n == entry->committed.size)
        TRY(check_commitments(c, entry, &rows, false, &is_fit));
    else
        is_fit = !is_accepted && (!is_kept_out || rows.n == 0);
    if (!is_fit)
        check_report_entry(c, STORE_PROBLEM_PAYLOAD, log, idx);
    return ERR_OK;
}

enum err check_entry(struct check *c, const struct store_log *log, uint64_t idx,
    const struct ledger_entry *entry)
{
    switch (entry->kind) {
    case LEDGER_RELEASE:
    case LEDGER_FLASH:
        return log->is_ours ? check_sent(c, log, idx, entry)
                            : check_received(c, log, idx, entry);
    case LEDGER_RECEIPT:
        return check_receipt(c, log, idx, &entry->receipt);
    case LEDGER_RECALL:
        return check_recall(c, log, idx, &entry->recall);
    case LEDGER_RECALL_ACK:
        return check_ack(c, log, idx, &entry->recall_ack);
    case LEDGER_GRANT:
        return check_grant(c, log, idx, &entry->grant);
    case LEDGER_KEY_CHANGE:
        return check_key(c, log, idx, &entry->key_change);
    case LEDGER_KINDS:
        break;
    }
    return ERR_OK;
}
