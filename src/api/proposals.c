// SPDX-License-Identifier: Apache-2.0
// Recalls that wait for an officer: what somebody got from us and was tightened or destroyed
// here. The officer recalls it (api_recall), or leaves it with those who have it.
#include "api/call.h"
#include "base/time.h"
#include "store/recall.h"
#include "sys/clock.h"

#define PAGE_MAX 1000

static void put_proposal(
    struct json_out *o, struct arena *a, const struct store_recall_proposal *p)
{
    struct buf at = buf_in(a, 40);
    time_put(&at, p->at_us);
    json_begin_object(o);
    json_member_string(o, STR("id"), p->object.id);
    json_member_string(o, STR("type"), p->object.type);
    json_member_string(o, STR("source"), p->object.source);
    json_member_string(o, STR("state"), str_of(store_state_name(p->object.state)));
    json_member_string(o, STR("at"), buf_str(&at));
    json_member_string(o, STR("why"), p->why);
    json_member_int(o, STR("seq"), p->object.seq);
    json_end_object(o);
}

void api_proposals(struct call *call)
{
    struct store_txn *t;
    struct store_recall_proposals found;
    uint64_t after, limit;
    if (!call_number(call, "after", 0, &after) || !call_limit(call, PAGE_MAX, &limit))
        return;
    enum err e = store_read_begin(call->node->store, &t);
    if (e == ERR_OK) {
        e = store_recall_proposals_open(t, call->arena, (int64_t)after, limit, &found);
        store_read_end(t);
    }
    if (e != ERR_OK) {
        call_fail(call, e, STR(""));
        return;
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_put_key(&o, STR("proposals"));
    json_begin_array(&o);
    for (size_t i = 0; i < found.n; i++)
        put_proposal(&o, call->arena, &found.items[i]);
    json_end_array(&o);
    json_end_object(&o);
    call_answer_json(call, &b);
}

struct decline_work {
    struct call *call;
    uint64_t closed; // set by the work
};

static enum err decline_work(struct store_txn *t, void *context)
{
    struct decline_work *work = context;
    struct str id = work->call->segments[0];
    struct store_objects rows;
    uint64_t before, after;
    int64_t now_us = clock_now_us();
    TRY(store_recall_proposals_count(t, &before));
    TRY(store_objects_by_id(t, work->call->arena, id, &rows));
    for (size_t i = 0; i < rows.n; i++)
        TRY(store_recall_proposal_close(t, rows.items[i].seq, now_us));
    TRY(store_recall_proposals_count(t, &after));
    work->closed = before - after;
    return work->closed ? call_audit(work->call, t, "recall.decline", id, STR(""))
                        : ERR_NOT_FOUND;
}

void api_proposal_decline(struct call *call)
{
    struct decline_work work = {.call = call};
    enum err e = store_write(call->node->store, decline_work, &work, STORE_NORMAL);
    if (e != ERR_OK) {
        call_fail(call, e, e == ERR_NOT_FOUND ? STR("no recall of it is proposed") : STR(""));
        return;
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, STR("declined"), call->segments[0]);
    json_member_int(&o, STR("rows"), (int64_t)work.closed);
    json_end_object(&o);
    call_answer_json(call, &b);
}
