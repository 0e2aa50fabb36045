// SPDX-License-Identifier: Apache-2.0
// Standing rules, as officers approve, list and remove them. To remove one needs no officer: it
// lets less go.
#include "api/approvals.h"
#include "api/gate.h"
#include "exchange/append.h"
#include "store/rule.h"
#include "sys/clock.h"

#define TYPES_BYTES_MAX 1024

struct rule_ask {
    struct call *call;
    struct gate gate; // toward the partner: its terms
    struct store_rule rule;
    struct approvals approvals;
    struct str why;
};

static bool are_types(struct str list)
{
    if (list.len == 0 || list.len > TYPES_BYTES_MAX)
        return false;
    while (list.len) {
        struct str type = str_cut(&list, ',');
        for (size_t i = 0; i < type.len; i++)
            if (!(type.ptr[i] >= 'a' && type.ptr[i] <= 'z') &&
                !(type.ptr[i] >= '0' && type.ptr[i] <= '9') && type.ptr[i] != '-')
                return false;
        if (type.len == 0)
            return false;
    }
    return true;
}

static enum err read_ask(struct rule_ask *ask)
{
    struct call *call = ask->call;
    enum stix_tlp tlp;
    struct str source = call_parameter(call, "source"), max = call_parameter(call, "max_tlp");
    ask->rule = (struct store_rule){.party = call_parameter(call, "to"),
        .types = call_parameter(call, "types"),
        .source = source.len ? source : call->node->party,
        .max_tlp = max.len ? max : STR("green"),
        .added_us = clock_now_us()};
    ask->why = STR("there is no link with that party");
    TRY(gate_open(call, ask->rule.party, &ask->gate));
    ask->rule.agreement = ask->gate.facts.agreement.digest;
    ask->why = STR("types is a list of object types, joined by commas");
    if (!are_types(ask->rule.types))
        return ERR_INVALID;
    ask->why = STR("source is a party");
    TRY(policy_party_check(ask->rule.source));
    ask->why = STR("max_tlp is clear, green, amber or amber+strict: no rule releases RED");
    TRY(stix_tlp_parse(ask->rule.max_tlp, &tlp));
    return tlp == STIX_TLP_RED ? ERR_INVALID : ERR_OK;
}

static enum err make_order(struct rule_ask *ask)
{
    struct str order, types = ask->rule.types;
    struct buf b = call_buf(ask->call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, STR("act"), STR("rule"));
    json_member_string(&o, STR("agreement"), ask->rule.agreement);
    json_member_string(&o, STR("max_tlp"), ask->rule.max_tlp);
    json_member_string(&o, STR("source"), ask->rule.source);
    json_member_string(&o, STR("to"), ask->rule.party);
    json_put_key(&o, STR("types"));
    json_begin_array(&o);
    while (types.len)
        json_put_string(&o, str_cut(&types, ','));
    json_end_array(&o);
    json_member_int(&o, STR("v"), 1);
    json_end_object(&o);
    TRY(buf_end(&b, &order));
    approvals_begin(&ask->approvals, order, ask->rule.party);
    return ERR_OK;
}

static enum err read_approvals(struct rule_ask *ask)
{
    struct json body;
    struct store_txn *t;
    struct arena *a = ask->call->arena;
    struct str text = http_request_body(ask->call->request);
    TRY(json_parse(a, text.len ? text : STR("{}"), &body, NULL));
    TRY(store_read_begin(ask->call->node->store, &t));
    enum err e = approvals_read(t, a, body, &ask->approvals, &ask->why);
    store_read_end(t);
    TRY(e);
    return approvals_need(&ask->approvals, APPROVALS_NEEDED, &ask->why);
}

static enum err add_work(struct store_txn *t, void *context)
{
    struct rule_ask *ask = context;
    struct arena *a = ask->call->arena;
    struct str detail;
    TRY(approvals_detail(a, &ask->approvals, &detail));
    TRY(approvals_keep(t, a, &ask->approvals, STR("rule"), ask->rule.id, ask->rule.added_us));
    TRY(store_rule_put(t, &ask->rule));
    return call_audit(ask->call, t, "rule.add", ask->rule.party, detail);
}

static enum err add(struct rule_ask *ask)
{
    TRY(read_ask(ask));
    ask->why = STR("");
    TRY(make_order(ask));
    if (call_parameter(ask->call, "preview").len)
        return ERR_OK;
    TRY(read_approvals(ask));
    TRY(exchange_new_id(ask->call->arena, ask->rule.added_us, &ask->rule.id));
    ask->why = STR("");
    return store_write(ask->call->node->store, add_work, ask, STORE_NORMAL);
}

void api_rule_add(struct call *call)
{
    struct rule_ask *ask = NEW(call->arena, struct rule_ask);
    if (!ask) {
        call_fail(call, ERR_LIMIT, STR(""));
        return;
    }
    *ask = (struct rule_ask){.call = call};
    enum err e = add(ask);
    if (e != ERR_OK) {
        call_fail(call, e, ask->why);
        return;
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, STR("rule"), ask->rule.id);
    json_member_string(&o, STR("to"), ask->rule.party);
    approvals_put(&o, &ask->approvals);
    json_end_object(&o);
    call_answer_json(call, &b);
}

static void put_rule(struct json_out *o, const struct store_rule *rule)
{
    json_begin_object(o);
    json_member_string(o, STR("rule"), rule->id);
    json_member_string(o, STR("to"), rule->party);
    json_member_string(o, STR("types"), rule->types);
    json_member_string(o, STR("source"), rule->source);
    json_member_string(o, STR("max_tlp"), rule->max_tlp);
    call_put_time(o, "added", rule->added_us);
    json_end_object(o);
}

void api_rule_list(struct call *call)
{
    struct store_txn *t;
    struct store_rules all = {0};
    enum err e = store_read_begin(call->node->store, &t);
    if (e == ERR_OK) {
        e = store_rule_all(t, call->arena, &all);
        store_read_end(t);
    }
    if (e != ERR_OK) {
        call_fail(call, e, STR(""));
        return;
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_put_key(&o, STR("rules"));
    json_begin_array(&o);
    for (size_t i = 0; i < all.n; i++)
        put_rule(&o, &all.items[i]);
    json_end_array(&o);
    json_end_object(&o);
    call_answer_json(call, &b);
}

static enum err remove_work(struct store_txn *t, void *context)
{
    struct call *call = context;
    TRY(store_rule_remove(t, call->segments[0], clock_now_us()));
    return call_audit(call, t, "rule.remove", call->segments[0], STR(""));
}

void api_rule_remove(struct call *call)
{
    enum err e = store_write(call->node->store, remove_work, call, STORE_NORMAL);
    if (e != ERR_OK) {
        call_fail(call, e, e == ERR_NOT_FOUND ? STR("no such rule is in force") : STR(""));
        return;
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, STR("removed"), call->segments[0]);
    json_end_object(&o);
    call_answer_json(call, &b);
}
