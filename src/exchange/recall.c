// SPDX-License-Identifier: Apache-2.0
// Recalls: demands to everybody who got an object, and our answers to the demands of others.
// What is demanded of us and went on from here is demanded from those who got it, in the same
// transaction; what was made from it goes to an officer.
#include "store/recall.h"
#include "exchange/entry_priv.h"
#include "exchange/recall.h"

#include "base/time.h"
#include "exchange/receive_priv.h"
#include "store/derived.h"
#include "store/handling.h"
#include "store/membership.h"

// Demanding
// ------------------------------------------------------------------------------------

static void note_party(struct exchange_demanded *out, struct str party)
{
    out->entries++;
    for (size_t i = 0; i < out->n_parties; i++)
        if (str_eq(out->parties[i], party))
            return;
    if (out->n_parties < LEN(out->parties))
        out->parties[out->n_parties++] = party;
}

// Of a party without a link nothing can be demanded now. Of a former epoch both sides have the
// same history only as far as the partner has cosigned it.
static enum err can_demand(struct exchange *ex, struct store_txn *t, struct arena *a,
    const struct store_log *log, uint64_t idx, bool *out)
{
    const struct link *link = exchange_find(ex, log->party);
    struct store_checkpoint c = {0};
    *out = link && link->own_log == log->id;
    if (!link || *out)
        return ERR_OK;
    enum err e = store_checkpoint_newest(t, a, log->id, STORE_CHECKPOINT_COSIGNED, &c);
    *out = e == ERR_OK && idx < c.size;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

// The leaves of one release entry.
static enum err demand_entry(struct exchange *ex, struct store_txn *t, struct arena *a,
    const struct exchange_demand *demand, const struct store_payloads *payloads,
    struct exchange_demanded *out)
{
    struct store_log log;
    uint64_t leaves[LEDGER_COMMITMENTS_MAX];
    if (payloads->n > LEN(leaves))
        return ERR_CORRUPT;
    bool is_demanded;
    TRY(store_log_get(t, a, payloads->items[0].leaf.log_id, &log));
    TRY(can_demand(ex, t, a, &log, payloads->items[0].leaf.idx, &is_demanded));
    if (str_eq(log.party, demand->except) || !is_demanded)
        return ERR_OK;
    int64_t within_us =
        demand->within_us ? demand->within_us : exchange_recall_us(ex, log.party);
    for (size_t i = 0; i < payloads->n; i++)
        leaves[i] = payloads->items[i].leaf.n;
    const struct exchange_recall recall = {.party = log.party,
        .id = demand->id,
        .reason = demand->reason,
        .deadline_us = demand->now_us + within_us,
        .now_us = demand->now_us,
        .of_log_id = payloads->items[0].leaf.log_id,
        .of_idx = payloads->items[0].leaf.idx,
        .leaves = leaves,
        .n_leaves = payloads->n};
    TRY(exchange_append_recall(ex, t, a, &recall));
    note_party(out, log.party);
    return ERR_OK;
}

enum err exchange_recall_row(struct exchange *ex, struct store_txn *t, struct arena *a,
    const struct exchange_demand *demand, int64_t seq, struct exchange_demanded *out)
{
    struct store_payloads sent;
    TRY(store_payloads_unrecalled(t, a, seq, &sent));
    for (size_t from = 0, to; from < sent.n; from = to) {
        const struct store_leaf *leaf = &sent.items[from].leaf;
        for (to = from + 1; to < sent.n && sent.items[to].leaf.log_id == leaf->log_id &&
                            sent.items[to].leaf.idx == leaf->idx;)
            to++;
        const struct store_payloads entry = {.items = sent.items + from, .n = to - from};
        TRY(demand_entry(ex, t, a, demand, &entry, out));
    }
    return ERR_OK;
}

// Answering
// ------------------------------------------------------------------------------------

// One recall of a partner, in the transaction that answers it.
struct answering {
    struct link *link;
    struct arena *arena;
    int64_t now_us;
    const struct store_recall *recall;
    struct ledger_result results[LEDGER_COMMITMENTS_MAX];
    int64_t rows[LEDGER_COMMITMENTS_MAX]; // of the results; 0: nothing is here
    size_t n;
};

// Those to whom the objects of the results went, each once.
static enum err count_downstream(const struct answering *an, struct store_txn *t, uint64_t *out)
{
    struct str *names = NEW_N(an->arena, struct str, 1024);
    size_t n = 0;
    if (!names)
        return ERR_LIMIT;
    for (size_t i = 0; i < an->n; i++) {
        struct store_texts got;
        TRY(store_recipients_of(t, an->arena, an->rows[i], an->link->party, &got));
        for (size_t k = 0; k < got.n; k++) {
            bool known = false;
            for (size_t j = 0; j < n && !known; j++)
                known = str_eq(names[j], got.items[k]);
            if (!known && n < 1024)
                names[n++] = got.items[k];
        }
    }
    *out = n;
    return ERR_OK;
}

// One entry of at most LEDGER_RESULTS_MAX answers.
static enum err acknowledge_some(
    struct answering *an, struct store_txn *t, size_t from, uint64_t downstream)
{
    struct link *link = an->link;
    const struct store_recall *recall = an->recall;
    size_t n = an->n - from < LEDGER_RESULTS_MAX ? an->n - from : LEDGER_RESULTS_MAX;
    struct store_recall_item rows[LEDGER_RESULTS_MAX];
    struct ledger_entry entry, demand;
    struct store_log asked; // in this epoch, or in a former one
    struct store_recall_ack ack = {.log_id = link->own_log,
        .recall_log_id = recall->log_id,
        .recall_idx = recall->idx,
        .downstream = downstream,
        .at_us = an->now_us};
    for (size_t i = 0; i < n; i++)
        rows[i] = (struct store_recall_item){.n = an->results[from + i].n,
            .state = ledger_outcome_name(an->results[from + i].state)};
    TRY(store_log_get(t, an->arena, recall->log_id, &asked));
    TRY(link_entry_begin(link, t, an->arena, LEDGER_RECALL_ACK, an->now_us, &entry));
    entry.recall_ack =
        (struct ledger_recall_ack){.of = {.origin = asked.origin, .index = recall->idx},
            .results = {.items = an->results + from, .n = n},
            .left = recall->left - from - n,
            .downstream = downstream,
            .downstream_notified = downstream > 0};
    TRY(link_entry_get(
        t, an->arena, recall->log_id, recall->idx, &demand, &entry.recall_ack.of.leaf_hash));
    TRY(link_entry_append(link, t, an->arena, &entry, &ack.idx));
    return store_recall_ack_put(t, &ack, rows, n);
}

static enum err acknowledge(struct answering *an, struct store_txn *t)
{
    uint64_t downstream = 0;
    if (an->n == 0)
        return ERR_OK;
    TRY(count_downstream(an, t, &downstream));
    for (size_t from = 0; from < an->n; from += LEDGER_RESULTS_MAX)
        TRY(acknowledge_some(an, t, from, downstream));
    return ERR_OK;
}

// From the moment of receipt nobody uses it, and whoever got it from us is asked to do the
// same.
static enum err stop_using(struct answering *an, struct store_txn *t, int64_t seq)
{
    struct exchange *ex = an->link->exchange;
    struct store_object row;
    struct exchange_demanded demanded = {0};
    struct exchange_demand demand = {
        .reason = an->recall->reason, .now_us = an->now_us, .except = an->link->party};
    TRY(store_object_get(t, an->arena, seq, &row));
    if (row.state == STORE_DESTROYED || row.state == STORE_RECALLED)
        return ERR_OK;
    TRY(exchange_new_id(an->arena, an->now_us, &demand.id));
    TRY(exchange_recall_row(ex, t, an->arena, &demand, seq, &demanded));
    TRY(store_object_set_state(
        t, seq, STORE_RECALLED, an->now_us, STR("{\"why\":\"recalled by its originator\"}")));
    TRY(store_membership_remove_all(t, seq, an->now_us));
    return store_derived_cascade(t, &row, an->now_us);
}

static enum err settle(struct answering *an, struct store_txn *t, int64_t seq,
    enum ledger_outcome state, struct str why)
{
    struct store_object row;
    TRY(store_object_get(t, an->arena, seq, &row));
    if (row.state == STORE_DESTROYED || state == LEDGER_DESTROYED)
        return store_object_destroy(t, seq, an->now_us, why);
    if (state == LEDGER_KEPT_QUARANTINED)
        return store_object_set_state(t, seq, STORE_QUARANTINED, an->now_us, why);
    return store_event_add(t, seq, an->now_us, "retained-legal", why);
}

static int64_t row_of_leaf(const struct store_payloads *received, uint64_t leaf)
{
    for (size_t i = 0; i < received->n; i++)
        if (received->items[i].leaf.n == leaf)
            return received->items[i].object_seq;
    return 0;
}

static void add_result(
    struct answering *an, uint64_t leaf, int64_t seq, enum ledger_outcome state)
{
    an->rows[an->n] = seq;
    an->results[an->n++] = (struct ledger_result){.n = leaf, .state = state};
}

// What stays open waits for an officer.
static enum err answer_on_arrival(struct receiving *in, struct store_txn *t,
    struct answering *an, const struct store_payloads *received)
{
    struct store_recall_items items;
    bool asks;
    TRY(store_recall_asks(t, in->link->party, &asks));
    TRY(store_recall_items_of(t, in->arena, an->recall->log_id, an->recall->idx, &items));
    for (size_t i = 0; i < items.n; i++) {
        int64_t seq = row_of_leaf(received, items.items[i].n);
        if (!str_eq(items.items[i].state, STR("open")))
            continue;
        if (seq) {
            TRY(stop_using(an, t, seq));
            in->applied.recalls++;
        }
        if (seq && asks)
            continue;
        if (seq)
            TRY(settle(
                an, t, seq, LEDGER_DESTROYED, STR("{\"why\":\"recalled by its originator\"}")));
        add_result(an, items.items[i].n, seq, LEDGER_DESTROYED);
    }
    return acknowledge(an, t);
}

enum err receive_answer_recalls(
    struct receiving *in, struct store_txn *t, int64_t of_log, uint64_t of_idx)
{
    struct store_recalls open;
    struct store_payloads received;
    struct store_receipt known;
    enum err e = store_receipt_get(t, in->arena, of_log, of_idx, &known);
    // Not here yet: it is answered in the transaction that brings it. From a former epoch
    // nothing comes any more.
    if (e == ERR_NOT_FOUND && of_log == in->link->their_log)
        return ERR_OK;
    TRY(e == ERR_NOT_FOUND ? ERR_OK : e);
    TRY(store_recalls_open(t, in->arena, of_log, of_idx, &open));
    TRY(store_received_of(t, in->arena, of_log, of_idx, &received));
    for (size_t i = 0; i < open.n; i++) {
        struct answering *an = NEW(in->arena, struct answering);
        if (!an)
            return ERR_LIMIT;
        an->link = in->link;
        an->arena = in->arena;
        an->now_us = in->now_us;
        an->recall = &open.items[i];
        TRY(answer_on_arrival(in, t, an, &received));
    }
    return ERR_OK;
}

// An officer's answer for one leaf under which the row came.
static enum err answer_leaf(struct answering *an, struct store_txn *t,
    const struct store_payload *received, enum ledger_outcome state)
{
    struct store_recalls open;
    TRY(store_recalls_open(t, an->arena, received->leaf.log_id, received->leaf.idx, &open));
    for (size_t i = 0; i < open.n; i++) {
        struct store_recall_items items;
        an->recall = &open.items[i];
        an->n = 0;
        TRY(store_recall_items_of(t, an->arena, an->recall->log_id, an->recall->idx, &items));
        for (size_t k = 0; k < items.n; k++)
            if (items.items[k].n == received->leaf.n &&
                str_eq(items.items[k].state, STR("open")))
                add_result(an, items.items[k].n, received->object_seq, state);
        TRY(acknowledge(an, t));
    }
    return ERR_OK;
}

static enum err is_asked(
    struct store_txn *t, struct arena *a, const struct store_payload *received, bool *out)
{
    struct store_recalls open;
    TRY(store_recalls_open(t, a, received->leaf.log_id, received->leaf.idx, &open));
    for (size_t i = 0; i < open.n && !*out; i++) {
        struct store_recall_items items;
        TRY(store_recall_items_of(t, a, open.items[i].log_id, open.items[i].idx, &items));
        for (size_t k = 0; k < items.n; k++)
            *out |= items.items[k].n == received->leaf.n &&
                    str_eq(items.items[k].state, STR("open"));
    }
    return ERR_OK;
}

enum err exchange_recall_answer(struct exchange *ex, struct store_txn *t, struct arena *a,
    const struct exchange_recall_answer *answer, int64_t seq, bool *is_answered)
{
    struct store_object row;
    struct store_payloads received;
    bool asked = false;
    TRY(store_object_get(t, a, seq, &row));
    struct answering *an = NEW(a, struct answering);
    if (!an)
        return ERR_LIMIT;
    an->link = exchange_find(ex, row.source);
    an->arena = a;
    an->now_us = answer->now_us;
    *is_answered = false;
    TRY(store_received_of_object(t, a, seq, &received));
    for (size_t i = 0; an->link && i < received.n; i++)
        TRY(is_asked(t, a, &received.items[i], &asked));
    if (!asked)
        return ERR_OK;
    TRY(settle(an, t, seq, answer->state, answer->why));
    for (size_t i = 0; i < received.n; i++)
        TRY(answer_leaf(an, t, &received.items[i], answer->state));
    *is_answered = true;
    return ERR_OK;
}

void exchange_wake_all(struct exchange *ex)
{
    struct link *links[LINKS_MAX];
    pthread_mutex_lock(&ex->lock);
    size_t n = ex->n_links;
    memcpy(links, ex->links, n * sizeof *links); // one that is removed is freed at the end
    pthread_mutex_unlock(&ex->lock);
    for (size_t i = 0; i < n; i++)
        exchange_wake(ex, links[i]->party);
}
