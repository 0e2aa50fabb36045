// SPDX-License-Identifier: Apache-2.0
// Recalling one object from everyone who got it: a demand in each ledger, and no new release of
// it. What still waits under an entry already written goes as its commitment only.
#include "api/call.h"
#include "base/time.h"
#include "base/uuid.h"
#include "exchange/append.h"
#include "store/handling.h"
#include "store/ledger.h"
#include "store/membership.h"
#include "store/release.h"
#include "sys/clock.h"
#include "sys/random.h"

#define PARTIES_MAX      64
#define HOURS_MAX        (24 * 365)
#define REASON_BYTES_MAX 32

struct recall_work {
    struct call *call;
    struct str id; // of the recall
    struct str reason;
    int64_t now_us, hours;
    struct str parties[PARTIES_MAX]; // set by the work
    size_t n_parties, entries, rows; // set by the work
};

static bool is_code(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!((s.ptr[i] >= 'a' && s.ptr[i] <= 'z') || s.ptr[i] == '-'))
            return false;
    return s.len >= 1 && s.len <= REASON_BYTES_MAX;
}

static void note_party(struct recall_work *work, struct str party)
{
    for (size_t i = 0; i < work->n_parties; i++)
        if (str_eq(work->parties[i], party))
            return;
    if (work->n_parties < PARTIES_MAX)
        work->parties[work->n_parties++] = party;
}

// One demand: the leaves of one release entry.
static enum err demand(struct recall_work *work, struct store_txn *t,
    const struct store_payload *payloads, size_t n)
{
    struct call *call = work->call;
    struct store_log log;
    int64_t within_us = work->hours * 3600 * US_PER_S;
    uint64_t leaves[LEDGER_COMMITMENTS_MAX];
    TRY(store_log_get(t, call->arena, payloads[0].leaf.log_id, &log));
    if (within_us == 0)
        within_us = exchange_recall_us(call->node->exchange, log.party);
    for (size_t i = 0; i < n; i++)
        leaves[i] = payloads[i].leaf.n;
    const struct exchange_recall recall = {.party = log.party,
        .id = work->id,
        .reason = work->reason,
        .deadline_us = work->now_us + within_us,
        .now_us = work->now_us,
        .of_log_id = payloads[0].leaf.log_id,
        .of_idx = payloads[0].leaf.idx,
        .leaves = leaves,
        .n_leaves = n};
    TRY(exchange_append_recall(call->node->exchange, t, call->arena, &recall));
    note_party(work, log.party);
    work->entries++;
    return ERR_OK;
}

static enum err recall_row(
    struct recall_work *work, struct store_txn *t, const struct store_object *row)
{
    struct store_payloads sent;
    bool is_shared;
    if (row->state == STORE_RECALLED || row->state == STORE_DESTROYED)
        return ERR_OK;
    TRY(store_payloads_of_object(t, work->call->arena, row->seq, &sent));
    for (size_t from = 0, to; from < sent.n; from = to) {
        const struct store_leaf *leaf = &sent.items[from].leaf;
        for (to = from + 1; to < sent.n && sent.items[to].leaf.log_id == leaf->log_id &&
                            sent.items[to].leaf.idx == leaf->idx;)
            to++;
        TRY(demand(work, t, sent.items + from, to - from));
    }
    TRY(store_membership_is_shared(t, row->seq, &is_shared));
    if (sent.n == 0 && !is_shared)
        return ERR_OK;
    work->rows++;
    TRY(store_object_set_state(t, row->seq, STORE_RECALLED, work->now_us,
        STR("{\"why\":\"recalled by an officer\"}")));
    return store_membership_remove_all(t, row->seq, work->now_us);
}

static enum err recall_work(struct store_txn *t, void *context)
{
    struct recall_work *work = context;
    struct store_objects rows;
    work->n_parties = work->entries = work->rows = 0;
    TRY(store_objects_by_id(t, work->call->arena, call_parameter(work->call, "id"), &rows));
    for (size_t i = 0; i < rows.n; i++)
        TRY(recall_row(work, t, &rows.items[i]));
    if (work->rows == 0)
        return ERR_NOT_FOUND;
    return call_audit(work->call, t, "recall", call_parameter(work->call, "id"), STR(""));
}

static enum err make_id(struct recall_work *work)
{
    unsigned char random[10], uuid[UUID_BYTES];
    struct buf id = buf_in(work->call->arena, UUID_TEXT_BYTES);
    random_fill(random, sizeof random);
    uuid_v7(uuid, work->now_us, random);
    uuid_put(&id, uuid);
    return buf_end(&id, &work->id);
}

void api_recall(struct call *call)
{
    struct recall_work work = {
        .call = call, .now_us = clock_now_us(), .reason = call_parameter(call, "reason")};
    uint64_t hours;
    if (!call_number(call, "hours", 0, &hours))
        return;
    if (work.reason.len == 0)
        work.reason = STR("error");
    if (!is_code(work.reason) || hours > HOURS_MAX) {
        call_fail(call, ERR_INVALID,
            STR("reason is a code of a-z and hyphens, at most 32; hours at most a year"));
        return;
    }
    work.hours = (int64_t)hours;
    enum err e = make_id(&work);
    if (e == ERR_OK)
        e = store_write(call->node->store, recall_work, &work, STORE_URGENT);
    if (e != ERR_OK) {
        call_fail(call, e,
            e == ERR_NOT_FOUND ? STR("nothing of it was released, or it is recalled already")
                               : STR(""));
        return;
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, STR("recall"), work.id);
    json_member_int(&o, STR("demands"), (int64_t)work.entries);
    json_put_key(&o, STR("parties"));
    json_begin_array(&o);
    for (size_t i = 0; i < work.n_parties; i++) {
        json_put_string(&o, work.parties[i]);
        exchange_wake(call->node->exchange, work.parties[i]);
    }
    json_end_array(&o);
    json_end_object(&o);
    call_answer_json(call, &b);
}
