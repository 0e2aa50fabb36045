// SPDX-License-Identifier: Apache-2.0
// The node's state in numbers, and what a third party needs to check its ledgers. No content.
#include "api/alarm.h"
#include "api/call.h"
#include "base/time.h"
#include "sys/clock.h"

static void put_time_or_none(struct json_out *o, struct arena *a, const char *key, int64_t us)
{
    struct buf at = buf_in(a, 40);
    if (us)
        time_put(&at, us);
    json_member_string(o, str_of(key), buf_str(&at));
}

// What somebody has to look at.
static void put_alarms(struct json_out *o, struct arena *a, const struct exchange_status *link)
{
    json_member_string(o, STR("frozen_code"), link->frozen_code);
    json_member_string(o, STR("frozen_why"), link->frozen_why);
    put_time_or_none(o, a, "frozen", link->frozen_us);
    json_member_int(o, STR("contradictions"), (int64_t)link->contradictions);
    json_member_int(o, STR("fail_closed_s"), link->fail_closed_s);
    put_time_or_none(o, a, "unreceipted", link->unreceipted_us);
    json_member_bool(o, STR("receipt_overdue"), link->is_receipt_overdue);
}

static void put_link(struct json_out *o, struct arena *a, const struct exchange_status *link)
{
    json_begin_object(o);
    json_member_string(o, STR("party"), link->party);
    json_member_string(o, STR("state"), link->state);
    json_member_string(o, STR("address"), link->address);
    json_member_string(o, STR("last"), link->last);
    put_time_or_none(o, a, "contact", link->contact_us);
    json_member_string(o, STR("mode"), link->mode);
    json_member_int(o, STR("clock_skew_s"), link->clock_skew_s);
    json_member_int(o, STR("size"), (int64_t)link->size);
    json_member_int(o, STR("cosigned"), (int64_t)link->cosigned);
    json_member_int(o, STR("peer_size"), (int64_t)link->peer_size);
    json_member_int(o, STR("waiting"), (int64_t)link->waiting);
    json_member_int(o, STR("to_receipt"), (int64_t)link->to_receipt);
    json_member_int(o, STR("receipts"), (int64_t)link->receipts);
    json_member_int(o, STR("released"), (int64_t)link->released);
    json_member_int(o, STR("received"), (int64_t)link->received);
    json_member_int(o, STR("recalled"), (int64_t)link->recalled);
    json_member_int(o, STR("recalls_answered"), (int64_t)link->recalls_answered);
    put_alarms(o, a, link);
    json_end_object(o);
}

static enum err put_status(struct call *call, struct store_txn *t,
    const struct store_counts *counts, const struct alarm_about *about, struct json_out *o)
{
    struct store_overdue overdue;
    TRY(store_count_overdue(t, clock_now_us(), &overdue));
    json_begin_object(o);
    json_member_string(o, STR("party"), call->node->party);
    json_member_string(o, STR("node"), call->node->node);
    json_member_string(o, STR("realm"), call->node->realm);
    json_member_bool(o, STR("readonly"), store_is_readonly(call->node->store));
    json_member_int(o, STR("objects"), counts->objects);
    json_member_int(o, STR("not_in_force"), counts->not_in_force);
    json_member_int(o, STR("recalls_open"), counts->recalls_open);
    json_member_int(o, STR("recalls_overdue"), overdue.by_partners + overdue.by_us);
    json_member_int(o, STR("recalls_proposed"), counts->recalls_proposed);
    json_put_key(o, STR("links"));
    json_begin_array(o);
    for (size_t i = 0; i < about->links.n; i++)
        put_link(o, call->arena, &about->links.items[i]);
    json_end_array(o);
    TRY(alarm_put_all(call, t, about, o));
    json_end_object(o);
    return ERR_OK;
}

void api_status(struct call *call)
{
    struct store_txn *t;
    struct store_counts counts;
    struct alarm_about about;
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    enum err e = exchange_status(call->node->exchange, call->arena, &about.links);
    if (e == ERR_OK)
        e = exchange_expiries(call->node->exchange, call->arena, &about.ends);
    if (e == ERR_OK)
        e = store_read_begin(call->node->store, &t);
    if (e != ERR_OK) {
        call_fail(call, e, STR(""));
        return;
    }
    e = store_count(t, &counts);
    if (e == ERR_OK)
        e = put_status(call, t, &counts, &about, &o);
    store_read_end(t);
    if (e == ERR_OK)
        call_answer_json(call, &b);
    else
        call_fail(call, e, STR(""));
}

void api_ledger_policy(struct call *call)
{
    struct buf b = call_buf(call);
    enum err e = exchange_policy(call->node->exchange, call->segments[0], &b);
    if (e != ERR_OK)
        call_fail(
            call, e, e == ERR_NOT_FOUND ? STR("there is no link with that party") : STR(""));
    else
        http_answer(call->request, 200, STR("text/plain; charset=utf-8"), buf_str(&b));
}

void api_ledger_evidence(struct call *call)
{
    struct buf b = call_buf(call);
    enum err e = exchange_evidence(call->node->exchange, call->segments[0], &b);
    if (e != ERR_OK)
        call_fail(call, e,
            e == ERR_NOT_FOUND ? STR("there is no link with that party, or its ledgers have "
                                     "not been cosigned yet")
                               : STR(""));
    else
        http_answer(call->request, 200, STR("application/octet-stream"), buf_str(&b));
}
