// SPDX-License-Identifier: Apache-2.0
// Releasing: what an officer names goes through the gate; what may go is previewed byte by
// byte, or written as release entries in bounded transactions.
#include "api/gate.h"
#include "api/release_priv.h"
#include "sys/log.h"
#include "json/json.h"

bool release_goes(const struct gate *g, size_t i)
{
    return g->candidates[i].is_included && !g->rows[i].is_held;
}

static bool is_withheld(const struct gate *g, size_t i)
{
    return !g->candidates[i].is_on_demand && !g->candidates[i].is_included &&
           !g->rows[i].is_held;
}

// Asked for, and either held by the recipient already or its own.
static bool is_held(const struct gate *g, size_t i)
{
    return !g->candidates[i].is_on_demand && g->rows[i].is_held;
}

void release_fail(struct call *call, enum err e)
{
    call_fail(call, e,
        e == ERR_NOT_FOUND
            ? STR("there is no link with that party, and no recipient of our own in force of "
                  "that name (written <our party>/NAME)")
            : STR(""));
}

enum err release_add_ids(struct gate *g, struct store_txn *t, struct json body, struct str *bad)
{
    struct json ids;
    if (!json_get(body, STR("ids"), &ids) || !json_is(ids, JSON_ARRAY))
        return ERR_INVALID;
    for (struct json_iter it = json_iter(ids); json_next(&it);) {
        struct str id;
        TRY(json_string(g->call->arena, it.value, &id));
        *bad = id;
        TRY(gate_add_id(g, t, id));
    }
    return ERR_OK;
}

// With approvals, or to preview what they would be of, the order is made first.
static enum err decide(struct release_ask *ask, struct store_txn *t, struct str *why)
{
    struct json list;
    bool is_preview = str_eq(call_parameter(ask->gate->call, "preview"), STR("order"));
    bool is_approved = json_get(ask->body, STR("approvals"), &list) && json_len(list);
    if (!is_approved && !is_preview && !ask->gate->facts.is_flash)
        return gate_decide(ask->gate, t);
    TRY(release_order(ask, t));
    return is_preview ? ERR_OK : release_approve(ask, t, why);
}

static enum err load_and_decide(struct release_ask *ask, struct str *bad)
{
    struct gate *g = ask->gate;
    struct call *call = g->call;
    struct store_txn *t;
    bool all = call_parameter(call, "all").len > 0;
    int64_t next;
    if (all)
        TRY(gate_add_all(g,
            (struct store_filter){.type = call_parameter(call, "type"), .limit = SIZE_MAX},
            &next));
    TRY(store_read_begin(call->node->store, &t));
    enum err e = all ? ERR_OK : release_add_ids(g, t, ask->body, bad);
    if (e == ERR_OK) {
        *bad = (struct str){"", 0};
        e = decide(ask, t, bad);
    }
    store_read_end(t);
    return e;
}

static void put_reason(struct json_out *o, const struct policy_decision *decision)
{
    struct policy_reason reason = policy_reason(decision->why);
    json_member_string(o, STR("result"), policy_result_word(decision->result));
    json_member_string(o, STR("rule"), str_of(reason.rule));
    json_member_string(o, STR("code"), str_of(reason.code));
    json_member_string(o, STR("why"), str_of(reason.english));
    json_member_string(o, STR("why_ko"), str_of(reason.korean));
}

static void put_row(struct json_out *o, const struct gate *g, size_t i)
{
    static const struct str kinds[] = {[STIX_SDO] = STR_INIT("sdo"),
        [STIX_SRO] = STR_INIT("sro"),
        [STIX_SCO] = STR_INIT("sco"),
        [STIX_META] = STR_INIT("meta")};
    json_member_string(o, STR("id"), g->rows[i].object.id);
    json_member_string(o, STR("type"), g->rows[i].object.type);
    json_member_string(o, STR("kind"), kinds[g->rows[i].kind]);
    json_member_string(o, STR("source"), g->rows[i].object.source);
    json_member_raw(
        o, STR("handling"), g->rows[i].handling.len ? g->rows[i].handling : STR("null"));
    put_reason(o, &g->candidates[i].decision);
}

static enum err put_bytes(struct gate *g, size_t i, struct json_out *o)
{
    struct store_txn *t;
    struct str bytes;
    TRY(store_read_begin(g->call->node->store, &t));
    enum err e = gate_bytes(g, t, g->call->arena, i, &bytes);
    store_read_end(t);
    TRY(e);
    json_member_string(o, STR("bytes"), bytes);
    return ERR_OK;
}

static enum err put_permitted(struct gate *g, struct json_out *o)
{
    json_put_key(o, STR("objects"));
    json_begin_array(o);
    for (size_t i = 0; i < g->n; i++) {
        if (!release_goes(g, i))
            continue;
        json_begin_object(o);
        put_row(o, g, i);
        json_put_key(o, STR("values"));
        json_begin_array(o);
        for (size_t j = 0; j < g->rows[i].n_values; j++)
            json_put_string(o, g->rows[i].values[j]);
        json_end_array(o);
        TRY(put_bytes(g, i, o));
        json_end_object(o);
    }
    json_end_array(o);
    return ERR_OK;
}

static void put_withheld(struct gate *g, struct json_out *o)
{
    int64_t held = g->n_held;
    json_put_key(o, STR("withheld"));
    json_begin_array(o);
    for (size_t i = 0; i < g->n; i++) {
        held += is_held(g, i);
        if (!is_withheld(g, i))
            continue;
        json_begin_object(o);
        put_row(o, g, i);
        json_end_object(o);
    }
    json_end_array(o);
    json_member_int(o, STR("already"), held);
}

// What would go now or, with an order, what would go when officers have approved it.
static void preview(struct release_ask *ask)
{
    struct gate *g = ask->gate;
    struct buf b = call_buf(g->call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, STR("to"), g->view.recipient);
    enum err e = put_permitted(g, &o);
    if (e != ERR_OK) {
        call_fail(g->call, e, STR(""));
        return;
    }
    put_withheld(g, &o);
    if (ask->approvals.order.len)
        approvals_put(&o, &ask->approvals);
    json_end_object(&o);
    call_answer_json(g->call, &b);
}

static struct str why_not_written(enum err e)
{
    if (e == ERR_IO)
        return STR("the disk is full or failed; what was released before is listed by: bongsu "
                   "status");
    return e == ERR_CONFLICT ? STR("what was approved has changed since; preview it again and "
                                   "have that approved")
                             : STR("");
}

static void release(struct release_ask *ask)
{
    struct gate *g = ask->gate;
    struct release_run run = {.gate = g,
        .approvals = &ask->approvals,
        .act = ask->act,
        .lang = ask->lang,
        .row = {.party = g->view.recipient,
            .at_us = g->facts.now_us,
            .principal = g->call->principal,
            .priority = ask->priority}};
    for (size_t i = 0; i < g->n; i++)
        run.row.withheld += is_withheld(g, i);
    enum err e = release_write(&run);
    if (run.row.released && !gate_is_inside(g))
        exchange_wake(g->call->node->exchange, run.row.party);
    if (e != ERR_OK) {
        call_fail(g->call, e, why_not_written(e));
        return;
    }
    struct buf b = call_buf(g->call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, STR("release"), run.row.id);
    json_member_string(&o, STR("to"), run.row.party);
    json_member_int(&o, STR("released"), run.row.released);
    json_member_int(&o, STR("entries"), (int64_t)run.entries);
    put_withheld(g, &o);
    json_end_object(&o);
    call_answer_json(g->call, &b);
}

static bool read_priority(struct str word, enum store_priority *out)
{
    *out = str_eq(word, STR("urgent")) ? STORE_URGENT
           : str_eq(word, STR("bulk")) ? STORE_BULK
                                       : STORE_NORMAL;
    return word.len == 0 || *out != STORE_NORMAL || str_eq(word, STR("normal"));
}

static void fail_to_decide(struct call *call, enum err e, struct str bad)
{
    struct buf what = call_buf(call);
    buf_put(&what, e == ERR_NOT_FOUND ? STR("no such object is held") : str_of(err_text(e)));
    buf_put(&what, bad.len ? STR(": ") : STR(""));
    buf_put(&what, bad);
    log_warn("release.fail", "err=%s id=%s", err_name(e), log_text(bad));
    call_fail(call, e, buf_str(&what));
}

void release_as_asked(struct release_ask *ask)
{
    struct call *call = ask->gate->call;
    struct str bad = {"", 0};
    struct str body = http_request_body(call->request);
    enum err e = json_parse(call->arena, body.len ? body : STR("{}"), &ask->body, NULL);
    if (e == ERR_OK)
        e = release_read_persons(ask, &bad);
    if (e == ERR_OK)
        e = load_and_decide(ask, &bad);
    if (e != ERR_OK)
        fail_to_decide(call, e, bad);
    else if (call_parameter(call, "preview").len)
        preview(ask);
    else
        release(ask);
}

void api_release(struct call *call)
{
    struct gate g;
    struct release_ask ask = {.gate = &g, .act = STR("release")};
    if (!read_priority(call_parameter(call, "priority"), &ask.priority)) {
        call_fail(call, ERR_INVALID, STR("priority is urgent, normal or bulk"));
        return;
    }
    enum err e = gate_open(call, call_parameter(call, "to"), &g);
    if (e != ERR_OK)
        release_fail(call, e);
    else
        release_as_asked(&ask);
}

void api_explain(struct call *call)
{
    struct gate g;
    struct store_txn *t;
    enum err e = gate_open(call, call_parameter(call, "to"), &g);
    if (e == ERR_OK)
        e = store_read_begin(call->node->store, &t);
    if (e != ERR_OK) {
        release_fail(call, e);
        return;
    }
    e = gate_add_id(&g, t, call->segments[0]);
    if (e == ERR_OK)
        e = gate_decide(&g, t);
    store_read_end(t);
    if (e != ERR_OK) {
        call_fail(call, e, e == ERR_NOT_FOUND ? STR("no such object is held") : STR(""));
        return;
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_put_key(&o, STR("rows"));
    json_begin_array(&o);
    for (size_t i = 0; i < g.n; i++) {
        if (g.candidates[i].is_on_demand)
            continue;
        json_begin_object(&o);
        put_row(&o, &g, i);
        json_member_bool(&o, STR("held"), g.rows[i].is_held);
        json_end_object(&o);
    }
    json_end_array(&o);
    json_end_object(&o);
    call_answer_json(call, &b);
}
