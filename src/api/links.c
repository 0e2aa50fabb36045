// SPDX-License-Identifier: Apache-2.0
// Links and their batches: by people, and by the partner itself.
#include "api/call.h"
#include "exchange/keys.h"

struct audit_work {
    struct call *call;
    const char *action;
    struct str target;
};

static enum err audit_work(struct store_txn *t, void *context)
{
    struct audit_work *work = context;
    return call_audit(work->call, t, work->action, work->target, STR(""));
}

static enum err audit(struct call *call, const char *action, struct str target)
{
    struct audit_work work = {call, action, target};
    return store_write(call->node->store, audit_work, &work, STORE_NORMAL);
}

static void answer_member(struct call *call, const char *key, struct str value)
{
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, str_of(key), value);
    json_end_object(&o);
    call_answer_json(call, &b);
}

void api_link_add(struct call *call)
{
    struct str why = {"", 0}, address = call_parameter(call, "address");
    struct str body = http_request_body(call->request);
    struct exchange *ex = call->node->exchange;
    bool renews = call_parameter(call, "renew").len > 0;
    enum err e = renews ? exchange_link_renew(ex, call->principal, body, &why)
                        : exchange_link_add(ex, call->principal, body, address, &why);
    if (e != ERR_OK)
        call_fail(call, e, why);
    else
        answer_member(call, "address", address);
}

static void fail(struct call *call, enum err e, struct str conflict)
{
    call_fail(call, e,
        e == ERR_NOT_FOUND  ? STR("there is no link with that party")
        : e == ERR_CONFLICT ? conflict
                            : STR(""));
}

#define FROZEN \
    STR("the link is frozen: its ledgers contradict each other; officers decide first")

void api_link_set_state(struct call *call)
{
    struct str state = call_parameter(call, "state"), party = call->segments[0];
    if (!str_eq(state, STR("live")) && !str_eq(state, STR("paused"))) {
        call_fail(call, ERR_INVALID, STR("state is live or paused"));
        return;
    }
    enum err e = exchange_link_set_state(call->node->exchange, call->principal, party, state);
    if (e != ERR_OK)
        fail(call, e, FROZEN);
    else
        answer_member(call, "state", state);
}

void api_link_unfreeze(struct call *call)
{
    enum err e =
        exchange_link_unfreeze(call->node->exchange, call->principal, call->segments[0]);
    if (e != ERR_OK)
        fail(call, e, STR("the link is not frozen"));
    else
        answer_member(call, "state", STR("live"));
}

void api_link_set_mode(struct call *call)
{
    enum exchange_mode mode = exchange_mode_parse(call_parameter(call, "mode"));
    if (mode == EXCHANGE_MODES) {
        call_fail(call, ERR_INVALID, STR("mode is push, pull or file"));
        return;
    }
    enum err e =
        exchange_link_set_mode(call->node->exchange, call->principal, call->segments[0], mode);
    if (e != ERR_OK)
        fail(call, e, STR(""));
    else
        answer_member(call, "mode", exchange_mode_word(mode));
}

void api_batch_export(struct call *call)
{
    struct str batch;
    bool is_empty;
    enum err e = exchange_compose(
        call->node->exchange, call->segments[0], call->arena, &batch, &is_empty);
    if (e == ERR_OK)
        e = audit(call, "link.export", call->segments[0]);
    if (e != ERR_OK)
        fail(call, e, FROZEN);
    else
        http_answer(call->request, 200, STR("application/octet-stream"), batch);
}

void api_batch_import(struct call *call)
{
    struct exchange_applied applied;
    struct str why;
    const struct exchange_sender from = {
        .party = call->segments[0], .principal = call->principal};
    enum err e = exchange_apply(call->node->exchange, &from, call->arena,
        http_request_body(call->request), &applied, &why);
    if (e != ERR_OK) {
        call_fail(call, e, why);
        return;
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_int(&o, STR("entries"), (int64_t)applied.entries);
    json_member_int(&o, STR("objects"), (int64_t)applied.objects);
    json_member_int(&o, STR("receipts"), (int64_t)applied.receipts);
    json_member_int(&o, STR("recalls"), (int64_t)applied.recalls);
    json_end_object(&o);
    call_answer_json(call, &b);
}

// A partner's push: its batch is applied, and ours is the answer.
void api_batch_push(struct call *call)
{
    struct str why, answer;
    enum err e = exchange_answer(call->node->exchange, call->partner, call->arena,
        http_request_body(call->request), &answer, &why);
    if (e != ERR_OK)
        call_fail(call, e, str_to(why, 200));
    else
        http_answer(call->request, 200, STR("application/octet-stream"), answer);
}
