// SPDX-License-Identifier: Apache-2.0
// What officers approve: the order of a release, as canonical JSON. It holds nothing that
// passing time alone changes, so that it is the same when the release is asked for.
#include "api/release_priv.h"
#include "hash/hash.h"

// Two who would sign: no officer has such a key id.
static const struct str any_officers[APPROVALS_NEEDED] = {STR_INIT("1"), STR_INIT("2")};

enum err release_read_persons(struct release_ask *ask, struct str *why)
{
    struct json list;
    struct store_txn *t;
    struct arena *a = ask->gate->call->arena;
    struct policy_recipient *recipient = &ask->gate->facts.recipient;
    if (!json_get(ask->body, STR("persons"), &list) || json_len(list) == 0)
        return ERR_OK;
    size_t n = 0;
    struct str *persons = NEW_N(a, struct str, json_len(list) + 1);
    *why = STR("too many persons");
    if (!persons || json_len(list) > LEDGER_PERSONS_MAX)
        return ERR_LIMIT;
    TRY(store_read_begin(ask->gate->call->node->store, &t));
    enum err e = ERR_OK;
    for (struct json_iter it = json_iter(list); e == ERR_OK && json_next(&it); n++) {
        e = json_string(a, it.value, &persons[n]);
        if (e == ERR_OK)
            e = store_person_find(t, recipient->party, persons[n]);
        *why = STR("a person is not in the register of that party; see: bongsu person list");
    }
    store_read_end(t);
    recipient->persons = recipient->registered = persons;
    recipient->n_persons = recipient->n_registered = n;
    return e == ERR_NOT_FOUND ? ERR_DENIED : e;
}

static enum err put_object(const struct gate *g, struct store_txn *t, struct arena *scratch,
    size_t i, struct json_out *o)
{
    struct str bytes;
    unsigned char hash[SHA256_BYTES];
    TRY(gate_bytes(g, t, scratch, i, &bytes));
    hash_sha256(bytes, hash);
    json_begin_object(o);
    json_member_raw(o, STR("h"), g->rows[i].handling);
    json_member_string(o, STR("id"), g->rows[i].object.id);
    call_put_hash(o, "sha256", hash);
    json_member_string(o, STR("source"), g->rows[i].object.source);
    call_put_time(o, "version", g->rows[i].object.version_us);
    json_end_object(o);
    return o->buf->err;
}

static enum err put_objects(const struct gate *g, struct store_txn *t, struct json_out *o)
{
    struct arena scratch;
    enum err e = ERR_OK;
    arena_init(&scratch, REQUEST_ARENA_BYTES_MAX);
    json_put_key(o, STR("objects"));
    json_begin_array(o);
    for (size_t i = 0; e == ERR_OK && i < g->n; i++) {
        if (release_goes(g, i))
            e = put_object(g, t, &scratch, i, o);
        arena_release(&scratch);
    }
    json_end_array(o);
    return e;
}

// What was asked for and would stay even so, and why.
static void put_held(const struct gate *g, struct json_out *o)
{
    json_put_key(o, STR("held"));
    json_begin_array(o);
    for (size_t i = 0; i < g->n; i++) {
        struct policy_reason reason = policy_reason(g->candidates[i].decision.why);
        if (g->candidates[i].is_on_demand || g->candidates[i].is_included || g->rows[i].is_held)
            continue;
        json_begin_object(o);
        json_member_string(o, STR("code"), str_of(reason.code));
        json_member_string(o, STR("id"), g->rows[i].object.id);
        json_member_string(o, STR("rule"), str_of(reason.rule));
        json_member_string(o, STR("source"), g->rows[i].object.source);
        json_end_object(o);
    }
    json_end_array(o);
}

static void put_persons(const struct policy_recipient *recipient, struct json_out *o)
{
    json_put_key(o, STR("persons"));
    json_begin_array(o);
    for (size_t i = 0; i < recipient->n_persons; i++)
        json_put_string(o, recipient->persons[i]);
    json_end_array(o);
}

static struct str priority_word(enum store_priority priority)
{
    switch (priority) {
    case STORE_FLASH:
        return STR("flash");
    case STORE_URGENT:
        return STR("urgent");
    case STORE_NORMAL:
        return STR("normal");
    case STORE_BULK:
        break;
    }
    return STR("bulk");
}

static enum err put_order(const struct release_ask *ask, struct store_txn *t, struct buf *b)
{
    const struct gate *g = ask->gate;
    struct json_out o = json_out(b);
    json_begin_object(&o);
    json_member_string(&o, STR("act"), ask->act);
    json_member_string(&o, STR("agreement"), g->facts.agreement.digest);
    json_member_string(&o, STR("ch"), policy_channel_word(g->facts.channel));
    put_held(g, &o);
    if (ask->lang.len)
        json_member_string(&o, STR("lang"), ask->lang);
    TRY(put_objects(g, t, &o));
    put_persons(&g->facts.recipient, &o);
    json_member_string(&o, STR("pr"), priority_word(ask->priority));
    json_member_string(&o, STR("purpose"), g->facts.purpose);
    json_member_string(&o, STR("to"), g->view.recipient);
    json_member_int(&o, STR("v"), 1);
    json_end_object(&o);
    return b->err;
}

enum err release_order(struct release_ask *ask, struct store_txn *t)
{
    struct gate *g = ask->gate;
    struct str order;
    struct buf b = call_buf(g->call);
    g->facts.approvers = any_officers;
    g->facts.n_approvers = g->facts.is_flash ? 1 : LEN(any_officers);
    TRY(gate_decide(g, t));
    TRY(put_order(ask, t, &b));
    TRY(buf_end(&b, &order));
    approvals_begin(&ask->approvals, order, g->view.recipient);
    return ERR_OK;
}

enum err release_approve(struct release_ask *ask, struct store_txn *t, struct str *why)
{
    struct gate *g = ask->gate;
    TRY(approvals_read(t, g->call->arena, ask->body, &ask->approvals, why));
    if (g->facts.is_flash)
        TRY(approvals_need(&ask->approvals, 1, why));
    g->facts.approvers = ask->approvals.key_ids;
    g->facts.n_approvers = ask->approvals.n;
    *why = (struct str){"", 0};
    return gate_decide(g, t);
}
