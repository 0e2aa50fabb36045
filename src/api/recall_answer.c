// SPDX-License-Identifier: Apache-2.0
// Recalls with something left to answer, ours and those of partners, and an officer's answer.
// A partner's recalls are answered "destroyed" when they arrive, unless the officers want to be
// asked: then nobody uses the object until they answer.
#include "api/call.h"
#include "base/time.h"
#include "base/utf8.h"
#include "exchange/recall.h"
#include "store/recall.h"
#include "sys/clock.h"

#define PAGE_MAX      1000
#define WHY_BYTES_MAX 1000

static void put_open(
    struct json_out *o, struct arena *a, const struct store_recall_open *open, int64_t now_us)
{
    struct buf deadline = buf_in(a, 40);
    time_put(&deadline, open->recall.deadline_us);
    json_begin_object(o);
    json_member_string(o, STR("recall"), open->recall.id);
    json_member_string(o, STR("party"), open->party);
    json_member_bool(o, STR("ours"), open->is_ours);
    json_member_int(o, STR("entry"), (int64_t)open->recall.idx);
    json_member_int(o, STR("left"), (int64_t)open->recall.left);
    json_member_string(o, STR("reason"), open->recall.reason);
    json_member_string(o, STR("deadline"), buf_str(&deadline));
    json_member_bool(o, STR("overdue"), now_us > open->recall.deadline_us);
    json_end_object(o);
}

void api_recalls_open(struct call *call)
{
    struct store_txn *t;
    struct store_recalls_waiting found;
    uint64_t limit;
    if (!call_limit(call, PAGE_MAX, &limit))
        return;
    enum err e = store_read_begin(call->node->store, &t);
    if (e == ERR_OK) {
        e = store_recalls_waiting(t, call->arena, limit, &found);
        store_read_end(t);
    }
    if (e != ERR_OK) {
        call_fail(call, e, STR(""));
        return;
    }
    int64_t now_us = clock_now_us();
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_put_key(&o, STR("recalls"));
    json_begin_array(&o);
    for (size_t i = 0; i < found.n; i++)
        put_open(&o, call->arena, &found.items[i], now_us);
    json_end_array(&o);
    json_end_object(&o);
    call_answer_json(call, &b);
}

struct answer_work {
    struct call *call;
    struct exchange_recall_answer answer;
    uint64_t answered; // set by the work
};

static enum err answer_work(struct store_txn *t, void *context)
{
    struct answer_work *work = context;
    struct call *call = work->call;
    struct str id = call_parameter(call, "id");
    struct store_objects rows;
    work->answered = 0;
    TRY(store_objects_by_id(t, call->arena, id, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        bool is_answered;
        TRY(exchange_recall_answer(call->node->exchange, t, call->arena, &work->answer,
            rows.items[i].seq, &is_answered));
        work->answered += is_answered;
    }
    if (work->answered == 0)
        return ERR_NOT_FOUND;
    return call_audit(call, t, "recall.answer", id, work->answer.why);
}

static bool read_state(struct str word, enum ledger_outcome *out)
{
    for (*out = LEDGER_DESTROYED; *out <= LEDGER_RETAINED_LEGAL; ++*out)
        if (str_eq(word, ledger_outcome_name(*out)))
            return true;
    return false;
}

static void put_result(struct call *call, const char *key, struct str value, uint64_t n)
{
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, str_of(key), value);
    json_member_int(&o, STR("rows"), (int64_t)n);
    json_end_object(&o);
    call_answer_json(call, &b);
}

void api_recall_answer(struct call *call)
{
    struct answer_work work = {.call = call, .answer = {.now_us = clock_now_us()}};
    struct str why = call_parameter(call, "why");
    if (!read_state(call_parameter(call, "state"), &work.answer.state) ||
        why.len > WHY_BYTES_MAX || utf8_invalid_at(why) != why.len ||
        (why.len == 0 && work.answer.state == LEDGER_RETAINED_LEGAL)) {
        call_fail(call, ERR_INVALID,
            STR("state is destroyed, quarantined or retained-legal; the last needs why, at "
                "most 1000 bytes of text"));
        return;
    }
    struct buf detail = call_buf(call);
    struct json_out o = json_out(&detail);
    json_begin_object(&o);
    json_member_string(&o, STR("answer"), ledger_outcome_name(work.answer.state));
    json_member_string(&o, STR("why"), why);
    json_end_object(&o);
    work.answer.why = buf_str(&detail);
    enum err e = store_write(call->node->store, answer_work, &work, STORE_URGENT);
    if (e != ERR_OK) {
        call_fail(call, e, e == ERR_NOT_FOUND ? STR("no open recall asks for it") : STR(""));
        return;
    }
    exchange_wake_all(call->node->exchange);
    put_result(call, "answered", call_parameter(call, "id"), work.answered);
}

static enum err choose_work(struct store_txn *t, void *context)
{
    const struct call *call = context;
    struct str party = call->segments[0], answer = call_parameter(call, "answer");
    TRY(store_recall_choose(t, party, answer));
    return call_audit(call, t, "recall.choose", party, answer);
}

void api_recall_choose(struct call *call)
{
    struct str answer = call_parameter(call, "answer");
    struct exchange_terms terms;
    if (!str_eq(answer, STR("destroy")) && !str_eq(answer, STR("ask"))) {
        call_fail(call, ERR_INVALID, STR("answer is destroy or ask"));
        return;
    }
    enum err e = exchange_terms(call->node->exchange, call->segments[0], call->arena, &terms);
    if (e == ERR_OK)
        e = store_write(call->node->store, choose_work, call, STORE_NORMAL);
    if (e != ERR_OK)
        call_fail(
            call, e, e == ERR_NOT_FOUND ? STR("there is no link with that party") : STR(""));
    else
        put_result(call, "party", call->segments[0], 0);
}
