// SPDX-License-Identifier: Apache-2.0
// Grants: two of our officers let a partner pass on what we originated.
#include "api/approvals.h"
#include "api/gate.h"
#include "base/time.h"
#include "exchange/append.h"
#include "hash/hash.h"
#include "store/grant.h"
#include "sys/clock.h"

struct grant_ask {
    struct call *call;
    struct gate gate; // toward the partner: terms, and the object's handling
    struct ledger_grant grant;
    struct str to;    // the partner
    struct str bytes; // of the object
    struct str handling;
    struct approvals approvals;
    const char *why;
};

static enum err read_ask(struct grant_ask *ask)
{
    struct call *call = ask->call;
    struct ledger_grant *grant = &ask->grant;
    struct str purpose = call_parameter(call, "purpose");
    ask->to = call_parameter(call, "to");
    ask->why = "there is no link with that party";
    TRY(gate_open(call, ask->to, &ask->gate));
    grant->to = call_parameter(call, "for");
    grant->purpose = purpose.len ? purpose : ask->gate.facts.purpose;
    grant->what.type = call_parameter(call, "class");
    grant->terms = call_parameter(call, "terms");
    ask->why = "for is the party that may receive it: not us, and not the partner";
    if (policy_party_check(grant->to) != ERR_OK || str_eq(grant->to, ask->to) ||
        str_eq(grant->to, call->node->party))
        return ERR_INVALID;
    ask->why = "name one object or one class";
    if ((call_parameter(call, "object").len > 0) == (grant->what.type.len > 0))
        return ERR_INVALID;
    ask->why = "until is a time to come, such as 2027-01-01T00:00:00Z";
    TRY(time_parse(call_parameter(call, "until"), &grant->not_after_us));
    return grant->not_after_us > clock_now_us() ? ERR_OK : ERR_INVALID;
}

// The newest of our own rows of that id, which the partner must have: what it does not have it
// cannot pass on.
static enum err load_object(struct grant_ask *ask, struct store_txn *t)
{
    struct call *call = ask->call;
    struct store_object row;
    ask->why = "we have originated no such object";
    TRY(store_object_latest(
        t, call->arena, call_parameter(call, "object"), call->node->party, &row));
    TRY(gate_add(&ask->gate, t, &row, false));
    if (ask->gate.n == 0 || ask->gate.rows[0].handling.len == 0)
        return ERR_NOT_FOUND;
    ask->handling = ask->gate.rows[0].handling;
    TRY(gate_bytes(&ask->gate, t, call->arena, 0, &ask->bytes));
    ask->why = "the newest version of it has not been released to that partner";
    ask->grant.what.has_object = true;
    return exchange_sent_commitment(
        call->node->exchange, t, call->arena, ask->to, row.seq, &ask->grant.what.object);
}

// A grant of a class is ours, and for the partner itself.
static enum err class_handling(struct grant_ask *ask)
{
    const struct handling handling = {
        .tlp = STIX_TLP_AMBER_STRICT, .originator = ask->call->node->party};
    struct buf b = buf_in(ask->call->arena, 4 * KIB);
    policy_handling_put(&b, &handling);
    return buf_end(&b, &ask->handling);
}

static void put_object(const struct grant_ask *ask, struct json_out *o)
{
    unsigned char hash[SHA256_BYTES];
    const struct store_object *row = &ask->gate.rows[0].object;
    hash_sha256(ask->bytes, hash);
    json_put_key(o, STR("object"));
    json_begin_object(o);
    json_member_string(o, STR("id"), row->id);
    call_put_hash(o, "sha256", hash);
    call_put_time(o, "version", row->version_us);
    json_end_object(o);
}

static enum err make_order(struct grant_ask *ask)
{
    struct str order;
    struct buf b = call_buf(ask->call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, STR("act"), STR("grant"));
    json_member_string(&o, STR("agreement"), ask->gate.facts.agreement.digest);
    if (ask->grant.what.type.len)
        json_member_string(&o, STR("class"), ask->grant.what.type);
    json_member_string(&o, STR("for"), ask->grant.to);
    if (ask->grant.what.has_object)
        put_object(ask, &o);
    json_member_string(&o, STR("purpose"), ask->grant.purpose);
    json_member_string(&o, STR("terms"), ask->grant.terms);
    json_member_string(&o, STR("to"), ask->to);
    call_put_time(&o, "until", ask->grant.not_after_us);
    json_member_int(&o, STR("v"), 1);
    json_end_object(&o);
    TRY(buf_end(&b, &order));
    approvals_begin(&ask->approvals, order, ask->to);
    return ERR_OK;
}

static enum err read_approvals(struct grant_ask *ask, struct store_txn *t)
{
    struct json body;
    struct str why = {"", 0}, text = http_request_body(ask->call->request);
    TRY(json_parse(ask->call->arena, text.len ? text : STR("{}"), &body, NULL));
    enum err e = approvals_read(t, ask->call->arena, body, &ask->approvals, &why);
    if (e == ERR_OK)
        e = approvals_need(&ask->approvals, APPROVALS_NEEDED, &why);
    if (e != ERR_OK && str_to_cstr(ask->call->arena, why, &ask->why) != ERR_OK)
        ask->why = "";
    return e;
}

static enum err prepare(struct grant_ask *ask)
{
    struct store_txn *t;
    bool is_preview = call_parameter(ask->call, "preview").len > 0;
    TRY(read_ask(ask));
    TRY(store_read_begin(ask->call->node->store, &t));
    enum err e = ask->grant.what.type.len ? class_handling(ask) : load_object(ask, t);
    if (e == ERR_OK) {
        ask->why = "";
        e = make_order(ask);
    }
    if (e == ERR_OK && !is_preview)
        e = read_approvals(ask, t);
    store_read_end(t);
    return e;
}

static enum err check_object(struct grant_ask *ask, struct store_txn *t)
{
    bool is_unchanged = true;
    if (ask->grant.what.has_object)
        TRY(gate_is_unchanged(&ask->gate, t, ask->call->arena, 0, &is_unchanged));
    return is_unchanged ? ERR_OK : ERR_CONFLICT;
}

static enum err grant_work(struct store_txn *t, void *context)
{
    struct grant_ask *ask = context;
    struct arena *a = ask->call->arena;
    int64_t now_us = clock_now_us();
    struct str detail;
    const struct exchange_grant entry = {
        .party = ask->to, .handling = ask->handling, .grant = &ask->grant, .now_us = now_us};
    TRY(check_object(ask, t));
    TRY(approvals_detail(a, &ask->approvals, &detail));
    TRY(approvals_keep(t, a, &ask->approvals, STR("grant"), ask->grant.id, now_us));
    TRY(exchange_append_grant(ask->call->node->exchange, t, a, &entry));
    return call_audit(ask->call, t, "grant", ask->to, detail);
}

static enum err commit(struct grant_ask *ask)
{
    TRY(exchange_new_id(ask->call->arena, clock_now_us(), &ask->grant.id));
    ask->grant.by =
        (struct ledger_strings){.items = ask->approvals.key_ids, .n = ask->approvals.n};
    ask->why = "what was approved has changed since; preview it again";
    return store_write(ask->call->node->store, grant_work, ask, STORE_NORMAL);
}

static void answer(const struct grant_ask *ask)
{
    struct buf b = call_buf(ask->call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, STR("grant"), ask->grant.id);
    json_member_string(&o, STR("to"), ask->to);
    json_member_string(&o, STR("for"), ask->grant.to);
    approvals_put(&o, &ask->approvals);
    json_end_object(&o);
    call_answer_json(ask->call, &b);
}

void api_grant_add(struct call *call)
{
    struct grant_ask *ask = NEW(call->arena, struct grant_ask);
    if (!ask) {
        call_fail(call, ERR_LIMIT, STR(""));
        return;
    }
    *ask = (struct grant_ask){.call = call, .why = ""};
    bool is_preview = call_parameter(call, "preview").len > 0;
    enum err e = prepare(ask);
    if (e == ERR_OK && !is_preview)
        e = commit(ask);
    if (e != ERR_OK) {
        call_fail(call, e, str_of(ask->why));
        return;
    }
    if (!is_preview)
        exchange_wake(call->node->exchange, ask->to);
    answer(ask);
}

static void put_grant(struct json_out *o, const struct store_grant *grant)
{
    json_begin_object(o);
    json_member_string(o, STR("grant"), grant->id);
    json_member_string(o, STR("by"), grant->granter);
    json_member_string(o, STR("to"), grant->holder);
    json_member_string(o, STR("for"), grant->recipient);
    json_member_string(o, STR("object"), grant->object);
    json_member_string(o, STR("class"), grant->class);
    json_member_string(o, STR("purpose"), grant->purpose);
    json_member_string(o, STR("terms"), grant->terms);
    call_put_time(o, "until", grant->not_after_us);
    json_end_object(o);
}

void api_grant_list(struct call *call)
{
    struct store_txn *t;
    struct store_grants all = {0};
    enum err e = store_read_begin(call->node->store, &t);
    if (e == ERR_OK) {
        e = store_grant_all(t, call->arena, &all);
        store_read_end(t);
    }
    if (e != ERR_OK) {
        call_fail(call, e, STR(""));
        return;
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_put_key(&o, STR("grants"));
    json_begin_array(&o);
    for (size_t i = 0; i < all.n; i++)
        put_grant(&o, &all.items[i]);
    json_end_array(&o);
    json_end_object(&o);
    call_answer_json(call, &b);
}
