// SPDX-License-Identifier: Apache-2.0
// Recalling one object from everyone who got it: a demand in each ledger, and no new release of
// it. What still waits under an entry already written goes as its commitment only.
#include "store/recall.h"
#include "api/call.h"
#include "base/time.h"
#include "exchange/recall.h"
#include "store/derived.h"
#include "store/handling.h"
#include "store/membership.h"
#include "sys/clock.h"

#define HOURS_MAX        (24 * 365)
#define REASON_BYTES_MAX 32

struct recall_work {
    struct call *call;
    struct exchange_demand demand;
    struct exchange_demanded demanded; // set by the work
    size_t rows;                       // set by the work
};

static bool is_code(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!((s.ptr[i] >= 'a' && s.ptr[i] <= 'z') || s.ptr[i] == '-'))
            return false;
    return s.len >= 1 && s.len <= REASON_BYTES_MAX;
}

// Of what was destroyed here, too. What nobody got but was proposed is not used any more.
static enum err recall_row(
    struct recall_work *work, struct store_txn *t, const struct store_object *row)
{
    struct exchange *ex = work->call->node->exchange;
    int64_t now_us = work->demand.now_us;
    size_t before = work->demanded.entries;
    bool is_shared, is_proposed;
    TRY(store_membership_is_shared(t, row->seq, &is_shared));
    TRY(store_recall_is_proposed(t, row->seq, &is_proposed));
    TRY(exchange_recall_row(
        ex, t, work->call->arena, &work->demand, row->seq, &work->demanded));
    TRY(store_recall_proposal_close(t, row->seq, now_us));
    if (work->demanded.entries == before && !is_proposed && !is_shared)
        return ERR_OK;
    work->rows++;
    if (row->state != STORE_DESTROYED)
        TRY(store_object_set_state(
            t, row->seq, STORE_RECALLED, now_us, STR("{\"why\":\"recalled by an officer\"}")));
    TRY(store_membership_remove_all(t, row->seq, now_us));
    TRY(store_recall_propose(
        t, row->seq, now_us, STR("recalled, but a party that has it has no link any more")));
    return store_derived_cascade(t, row, now_us);
}

static enum err recall_work(struct store_txn *t, void *context)
{
    struct recall_work *work = context;
    struct str id = call_parameter(work->call, "id");
    struct store_objects rows;
    work->demanded = (struct exchange_demanded){0};
    work->rows = 0;
    TRY(store_objects_by_id(t, work->call->arena, id, &rows));
    for (size_t i = 0; i < rows.n; i++)
        TRY(recall_row(work, t, &rows.items[i]));
    if (work->rows == 0)
        return ERR_NOT_FOUND;
    return call_audit(work->call, t, "recall", id, STR(""));
}

static void answer(struct call *call, const struct recall_work *work)
{
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, STR("recall"), work->demand.id);
    json_member_int(&o, STR("demands"), (int64_t)work->demanded.entries);
    json_put_key(&o, STR("parties"));
    json_begin_array(&o);
    for (size_t i = 0; i < work->demanded.n_parties; i++)
        json_put_string(&o, work->demanded.parties[i]);
    json_end_array(&o);
    json_end_object(&o);
    call_answer_json(call, &b);
}

void api_recall(struct call *call)
{
    struct recall_work work = {.call = call,
        .demand = {.now_us = clock_now_us(), .reason = call_parameter(call, "reason")}};
    uint64_t hours;
    if (!call_number(call, "hours", 0, &hours))
        return;
    if (work.demand.reason.len == 0)
        work.demand.reason = STR("error");
    if (!is_code(work.demand.reason) || hours > HOURS_MAX) {
        call_fail(call, ERR_INVALID,
            STR("reason is a code of a-z and hyphens, at most 32; hours at most a year"));
        return;
    }
    work.demand.within_us = (int64_t)hours * 3600 * US_PER_S;
    enum err e = exchange_new_id(call->arena, work.demand.now_us, &work.demand.id);
    if (e == ERR_OK)
        e = store_write(call->node->store, recall_work, &work, STORE_URGENT);
    if (e != ERR_OK) {
        call_fail(call, e,
            e == ERR_NOT_FOUND ? STR("nothing of it was released, or it is recalled already")
                               : STR(""));
        return;
    }
    for (size_t i = 0; i < work.demanded.n_parties; i++)
        exchange_wake(call->node->exchange, work.demanded.parties[i]);
    answer(call, &work);
}
