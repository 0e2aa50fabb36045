// SPDX-License-Identifier: Apache-2.0
// What can be told about the links: terms for the decision, numbers for status, evidence for a
// third party.
#include "base/hex.h"
#include "base/time.h"
#include "exchange/entry_priv.h"
#include "exchange/link_life_priv.h"
#include "exchange/link_watch_priv.h"
#include "exchange/status.h"
#include "ledger/evidence.h"
#include "store/variant.h"
#include "sys/clock.h"

static bool names_party(const struct str *list, size_t n, struct str party)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(list[i], party))
            return true;
    return false;
}

enum err exchange_terms(
    struct exchange *ex, struct str party, struct arena *a, struct exchange_terms *out)
{
    struct link *link = exchange_find(ex, party);
    if (!link)
        return ERR_NOT_FOUND;
    const struct ledger_agreement *agreement = link_agreement(link);
    const struct ledger_purpose *purpose = &agreement->purposes[0];
    bool covers_all = purpose->n_types == 1 && str_eq(purpose->types[0], STR("*"));
    int64_t now_us = clock_now_us();
    struct str *purposes = NEW(a, struct str);
    struct buf digest = buf_in(a, 2 * LEDGER_HASH_BYTES);
    hex_put(&digest, agreement->digest.bytes, LEDGER_HASH_BYTES);
    if (!purposes || digest.err != ERR_OK)
        return ERR_LIMIT;
    *purposes = purpose->name;
    struct exchange_terms terms = {
        .agreement = {.digest = buf_str(&digest),
            .is_live = now_us < agreement->not_after_us,
            .is_frozen = link_is_frozen(link),
            .is_community = names_party(agreement->community, agreement->n_community, party),
            .is_addressee = names_party(agreement->addressees, agreement->n_addressees, party),
            .types = covers_all ? NULL : purpose->types,
            .n_types = covers_all ? 0 : purpose->n_types,
            .purposes = purposes,
            .n_purposes = 1},
        .country = link->them->country,
        .purpose = purpose->name,
        .cosignature_age_max_us = (int64_t)agreement->stale_s * US_PER_S};
    struct link_clocks clocks;
    struct store_txn *t;
    TRY(store_read_begin(ex->config.store, &t));
    enum err e = link_clocks_read(link, t, a, now_us, &clocks);
    store_read_end(t);
    TRY(e);
    terms.cosignature_age_us = clocks.cosignature_age_us;
    *out = terms;
    return ERR_OK;
}

enum err exchange_own_root(
    struct exchange *ex, struct str party, struct arena *a, struct ledger_key *out)
{
    enum err e = ERR_NOT_FOUND;
    pthread_mutex_lock(&ex->lock);
    for (size_t i = 0; i < ex->n_links && e == ERR_NOT_FOUND; i++) {
        const struct ledger_key *root = &ex->links[i]->us->root;
        if (party.len && !str_eq(party, ex->links[i]->party))
            continue;
        *out = *root;
        e = str_copy(a, root->name, &out->name);
        if (e == ERR_OK)
            e = str_copy(a, root->public_key, &out->public_key);
    }
    pthread_mutex_unlock(&ex->lock);
    return e;
}

int64_t exchange_recall_us(struct exchange *ex, struct str party)
{
    struct link *link = exchange_find(ex, party);
    return link ? (int64_t)link_agreement(link)->recall_s * US_PER_S : 0;
}

static enum err size_of(struct store_txn *t, struct arena *a, int64_t log,
    enum store_checkpoint_kind kind, uint64_t *out)
{
    struct store_checkpoint c = {0};
    enum err e = store_checkpoint_newest(t, a, log, kind, &c);
    *out = e == ERR_OK ? c.size : 0;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err fill_alarms(
    struct link *link, struct store_txn *t, struct arena *a, struct exchange_status *out)
{
    struct link_clocks clocks;
    struct store_link_evidence newest = {0};
    TRY(link_clocks_read(link, t, a, clock_now_us(), &clocks));
    enum err e = store_link_evidence_newest(t, a, link->party, &newest);
    if (e != ERR_OK && e != ERR_NOT_FOUND)
        return e;
    int64_t left_s =
        (int64_t)link_agreement(link)->stale_s - clocks.cosignature_age_us / US_PER_S;
    out->fail_closed_s = left_s > 0 ? left_s : 0;
    out->unreceipted_us = clocks.unreceipted_us;
    out->is_receipt_overdue = clocks.is_receipt_overdue;
    out->contradictions = newest.n;
    if (!link_is_frozen(link))
        return ERR_OK;
    out->frozen_code = newest.code;
    out->frozen_why = newest.why;
    out->frozen_us = newest.at_us;
    return ERR_OK;
}

static enum err fill_status(
    struct link *link, struct store_txn *t, struct arena *a, struct exchange_status *out)
{
    struct store_log own, theirs;
    struct store_link_counts counts;
    uint64_t their_cosigned;
    TRY(store_log_get(t, a, link->own_log, &own));
    TRY(store_log_get(t, a, link->their_log, &theirs));
    TRY(store_link_count(t, link->own_log, link->their_log, &counts));
    TRY(size_of(t, a, link->own_log, STORE_CHECKPOINT_COSIGNED, &out->cosigned));
    TRY(size_of(t, a, link->their_log, STORE_CHECKPOINT_COSIGNED, &their_cosigned));
    struct buf digest = buf_in(a, 2 * LEDGER_HASH_BYTES);
    hex_put(&digest, link_agreement(link)->digest.bytes, LEDGER_HASH_BYTES);
    TRY(buf_end(&digest, &out->agreement));
    out->party = link->party;
    out->size = own.size;
    out->peer_size = theirs.size;
    out->to_receipt = counts.to_receipt;
    out->receipts = counts.receipts;
    out->released = counts.released;
    out->received = counts.received;
    out->recalled = counts.recalled;
    out->recalls_answered = counts.recalls_answered;
    out->waiting = (own.size - out->cosigned) + (counts.to_receipt - counts.receipts) +
                   (theirs.size - their_cosigned);
    TRY(fill_alarms(link, t, a, out));
    pthread_mutex_lock(&link->lock);
    enum err e = str_copy(a, str_of(link->address), &out->address);
    if (e == ERR_OK)
        e = str_copy(a, str_of(link->last), &out->last);
    out->state = link_state_word(link);
    out->mode = exchange_mode_word(link->mode);
    out->contact_us = link->contact_us;
    out->clock_skew_s = link->clock_skew_us / US_PER_S;
    pthread_mutex_unlock(&link->lock);
    return e;
}

enum err exchange_status(struct exchange *ex, struct arena *a, struct exchange_statuses *out)
{
    struct store_txn *t;
    struct link *links[LINKS_MAX];
    pthread_mutex_lock(&ex->lock);
    size_t n = ex->n_links;
    memcpy(links, ex->links, n * sizeof *links);
    pthread_mutex_unlock(&ex->lock);
    struct exchange_status *items = NEW_N(a, struct exchange_status, n ? n : 1);
    if (!items)
        return ERR_LIMIT;
    TRY(store_read_begin(ex->config.store, &t));
    enum err e = ERR_OK;
    for (size_t i = 0; i < n && e == ERR_OK; i++)
        e = fill_status(links[i], t, a, &items[i]);
    store_read_end(t);
    if (e == ERR_OK)
        *out = (struct exchange_statuses){.items = items, .n = n};
    return e;
}

static enum err put_quorum(
    struct buf *b, struct link *link, struct store_txn *t, struct arena *a, bool is_ours)
{
    struct ledger_keyring author, cosigner;
    TRY(link_keyring_read(link, t, a, is_ours, &author));
    TRY(link_keyring_read(link, t, a, !is_ours, &cosigner));
    ledger_quorum_put_keyrings(b, &author, &cosigner);
    return b->err;
}

static enum err put_policy(struct exchange *ex, struct link *link, struct buf *out)
{
    struct store_txn *t;
    struct arena scratch;
    TRY(store_read_begin(ex->config.store, &t));
    arena_init(&scratch, 16 * MIB);
    enum err e = put_quorum(out, link, t, &scratch, true);
    if (e == ERR_OK)
        e = put_quorum(out, link, t, &scratch, false);
    arena_release(&scratch);
    store_read_end(t);
    return e;
}

// One leaf as evidence: salt and object when we hold them and they open its commitment, else
// the commitment. They do not when the object was destroyed, or came as equal to, but not the
// same as, what we held before.
static enum err leaf_of(struct store_txn *t, struct arena *a, const struct store_payload *row,
    struct ledger_payload *out, struct ledger_hash *commitment)
{
    static const unsigned char none[STORE_RECORD_HASH_BYTES];
    *out = (struct ledger_payload){.index = row->leaf.idx,
        .leaf = (uint16_t)row->leaf.n,
        .salt = row->salt,
        .commitment = row->commitment};
    enum err e = store_payload_bytes(t, a, row, &out->bytes);
    if (e != ERR_OK && e != ERR_NOT_FOUND)
        return e;
    bool is_kept = memcmp(row->commitment, none, sizeof none) != 0;
    *commitment = ledger_payload_commitment(out);
    if (e == ERR_NOT_FOUND ||
        (is_kept && memcmp(commitment->bytes, row->commitment, sizeof none) != 0))
        out->salt = NULL;
    if (!out->salt)
        *commitment = ledger_payload_commitment(out);
    return ERR_OK;
}

// Payloads of one entry: all of its leaves, when they give what it commits to and at least one
// is open.
static enum err put_payloads(struct store_txn *t, struct arena *a, int64_t log,
    const struct store_payloads *rows, struct buf *out)
{
    struct ledger_entry entry;
    struct ledger_hash leaf_hash, commitments[LEDGER_COMMITMENTS_MAX];
    struct ledger_payload *payloads = NEW_N(a, struct ledger_payload, rows->n ? rows->n : 1);
    size_t opened = 0;
    if (!payloads)
        return ERR_LIMIT;
    if (rows->n == 0 || rows->n > LEDGER_COMMITMENTS_MAX)
        return ERR_OK;
    TRY(link_entry_get(t, a, log, rows->items[0].leaf.idx, &entry, &leaf_hash));
    for (size_t i = 0; i < rows->n; i++) {
        TRY(leaf_of(t, a, &rows->items[i], &payloads[i], &commitments[i]));
        opened += payloads[i].salt != NULL;
    }
    struct ledger_head head = ledger_commitments_head(commitments, rows->n);
    if (opened == 0 || head.size != entry.committed.size ||
        !ledger_hash_eq(&head.root, &entry.committed.root))
        return ERR_OK;
    for (size_t i = 0; i < rows->n; i++)
        ledger_evidence_put_payload(out, &payloads[i]);
    return ERR_OK;
}

static enum err put_side_payloads(struct link *link, struct store_txn *t, struct arena *a,
    bool is_ours, uint64_t size, struct buf *out)
{
    int64_t log = is_ours ? link->own_log : link->their_log;
    for (uint64_t idx = 0; idx < size; idx++) {
        struct store_payloads rows;
        struct arena_mark mark = arena_mark(a);
        TRY(is_ours ? store_payloads_of(t, a, log, idx, &rows)
                    : store_received_of(t, a, log, idx, &rows));
        TRY(put_payloads(t, a, log, &rows, out));
        arena_rewind(a, mark);
    }
    return out->err;
}

static enum err put_side(
    struct link *link, struct store_txn *t, struct arena *a, unsigned side, struct buf *out)
{
    bool is_ours = side == 0;
    int64_t log = is_ours ? link->own_log : link->their_log;
    struct store_checkpoint cosigned;
    struct buf quorum = buf_in(a, 64 * KIB);
    TRY(put_quorum(&quorum, link, t, a, is_ours));
    ledger_evidence_put_quorum(out, side, buf_str(&quorum));
    TRY(store_checkpoint_newest(t, a, log, STORE_CHECKPOINT_COSIGNED, &cosigned));
    for (uint64_t first = 0; first < cosigned.size;) {
        struct store_entries entries;
        struct arena_mark mark = arena_mark(a);
        const struct store_range range = {
            .first = first, .end = cosigned.size, .bytes_max = 4 * MIB};
        TRY(store_entries_range(t, a, log, range, &entries));
        if (entries.n == 0)
            return ERR_CORRUPT;
        for (size_t i = 0; i < entries.n; i++)
            ledger_evidence_put_entry(out, entries.items[i].bytes);
        first += entries.n;
        arena_rewind(a, mark);
    }
    ledger_evidence_put_checkpoint(out, cosigned.note);
    return put_side_payloads(link, t, a, is_ours, cosigned.size, out);
}

static enum err put_agreements(struct link *link, struct buf *out)
{
    struct store_txn *t;
    struct store_agreements rows;
    struct arena scratch;
    TRY(store_read_begin(link->exchange->config.store, &t));
    arena_init(&scratch, 16 * MIB);
    enum err e = store_agreements_of(t, &scratch, link->party, &rows);
    for (size_t i = 0; e == ERR_OK && i < rows.n; i++)
        ledger_evidence_put_agreement(out, rows.items[i].note);
    arena_release(&scratch);
    store_read_end(t);
    return e;
}

static enum err put_evidence(struct exchange *ex, struct link *link, struct buf *out)
{
    struct store_txn *t;
    // Not from the answer's arena: pages of entries are let go on the way.
    struct arena scratch;
    arena_init(&scratch, REQUEST_ARENA_BYTES_MAX);
    enum err e = store_read_begin(ex->config.store, &t);
    if (e == ERR_OK) {
        e = put_side(link, t, &scratch, 0, out);
        if (e == ERR_OK)
            e = put_side(link, t, &scratch, 1, out);
        store_read_end(t);
    }
    arena_release(&scratch);
    if (e == ERR_OK)
        e = put_agreements(link, out);
    if (e == ERR_OK)
        ledger_evidence_put_end(out);
    return e == ERR_OK ? out->err : e;
}

// The ledgers of a link that was removed are still there to be shown.
static enum err report(struct exchange *ex, struct str party, struct buf *out,
    enum err (*put)(struct exchange *ex, struct link *link, struct buf *out))
{
    struct link *link = exchange_find(ex, party);
    struct arena scratch;
    struct str why;
    if (link)
        return put(ex, link, out);
    arena_init(&scratch, 16 * MIB);
    enum err e = link_restore(ex, &scratch, party, &link, &why);
    if (e == ERR_OK) {
        e = put(ex, link, out);
        link_free(link);
    }
    arena_release(&scratch);
    return e;
}

enum err exchange_policy(struct exchange *ex, struct str party, struct buf *out)
{
    return report(ex, party, out, put_policy);
}

enum err exchange_evidence(struct exchange *ex, struct str party, struct buf *out)
{
    return report(ex, party, out, put_evidence);
}
