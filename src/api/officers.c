// SPDX-License-Identifier: Apache-2.0
// The register of officers (certified by the party root; the operator only carries the
// statement here) and of the persons of a partner whom TLP:RED may name.
#include "api/call.h"
#include "crypto/officerkey.h"
#include "ledger/agreement.h"
#include "ledger/statement.h"
#include "store/officer.h"
#include "sys/clock.h"

#define PERSON_BYTES_MAX 256

struct officer_work {
    struct call *call;
    struct store_officer officer;
    enum ledger_act act;
};

static enum err officer_work(struct store_txn *t, void *context)
{
    static const char *const actions[] = {[LEDGER_ADD] = "officer.add",
        [LEDGER_RETIRE] = "officer.retire",
        [LEDGER_REVOKE] = "officer.revoke"};
    struct officer_work *work = context;
    const struct store_officer *officer = &work->officer;
    if (work->act == LEDGER_ADD)
        TRY(store_officer_put(t, officer));
    else
        TRY(store_officer_retire(
            t, officer->key_id, clock_now_us(), work->act == LEDGER_REVOKE));
    return call_audit(work->call, t, actions[work->act], officer->name, STR(""));
}

static enum err key_id_of(struct arena *a, struct str public_key, struct str *out)
{
    struct buf id = buf_in(a, 2 * OFFICERKEY_ID_BYTES);
    officerkey_id_put(&id, (const unsigned char *)public_key.ptr);
    return buf_end(&id, out);
}

static enum err open_statement(struct call *call, struct ledger_statement *out, struct str *why)
{
    struct ledger_key root;
    struct ledger_fault fault = {0};
    *why = STR("make a link first: its agreement names the root that certifies officers");
    enum err e = exchange_own_root(call->node->exchange, STR(""), call->arena, &root);
    if (e != ERR_OK)
        return e == ERR_NOT_FOUND ? ERR_CONFLICT : e;
    e = ledger_statement_open(
        call->arena, http_request_body(call->request), &root, out, &fault);
    *why = str_of(fault.where.why ? fault.where.why : "the statement does not verify");
    TRY(e);
    *why = STR("the statement is not about an officer of this node and realm");
    return out->role == LEDGER_OFFICER_KEY && out->has_key && out->name.len &&
                   str_eq(out->node, call->node->node) && str_eq(out->realm, call->node->realm)
               ? ERR_OK
               : ERR_INVALID;
}

static void answer_officer(struct call *call, const struct store_officer *officer)
{
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, STR("name"), officer->name);
    json_member_string(&o, STR("kid"), officer->key_id);
    json_end_object(&o);
    call_answer_json(call, &b);
}

// A statement of the root: a new officer, or the end of one.
void api_officer_add(struct call *call)
{
    struct ledger_statement statement;
    struct str why;
    enum err e = open_statement(call, &statement, &why);
    if (e != ERR_OK) {
        call_fail(call, e, why);
        return;
    }
    struct officer_work work = {.call = call,
        .act = statement.act,
        .officer = {.name = statement.name,
            .statement = http_request_body(call->request),
            .added_us = clock_now_us(),
            .from_us = statement.from_us,
            .not_after_us = statement.not_after_us}};
    memcpy(work.officer.public_key, statement.key.public_key.ptr, STORE_PUBLIC_KEY_BYTES);
    e = key_id_of(call->arena, statement.key.public_key, &work.officer.key_id);
    if (e == ERR_OK)
        e = store_write(call->node->store, officer_work, &work, STORE_NORMAL);
    if (e == ERR_CONFLICT)
        call_fail(call, e,
            STR("an officer of that name is in office, or that key was registered before"));
    else if (e != ERR_OK)
        call_fail(call, e, e == ERR_NOT_FOUND ? STR("no such key is registered") : STR(""));
    else
        answer_officer(call, &work.officer);
}

static enum err find_officer(struct call *call, struct store_officer *out)
{
    struct store_txn *t;
    TRY(store_read_begin(call->node->store, &t));
    enum err e = store_officer_by_name(t, call->arena, call->segments[0], out);
    store_read_end(t);
    return e;
}

void api_officer_retire(struct call *call)
{
    bool is_revoked = call_parameter(call, "revoke").len > 0;
    struct officer_work work = {
        .call = call, .act = is_revoked ? LEDGER_REVOKE : LEDGER_RETIRE};
    enum err e = find_officer(call, &work.officer);
    if (e == ERR_OK)
        e = store_write(call->node->store, officer_work, &work, STORE_NORMAL);
    if (e != ERR_OK)
        call_fail(call, e,
            e == ERR_NOT_FOUND ? STR("no officer of that name is in office") : STR(""));
    else
        answer_officer(call, &work.officer);
}

static const char *state_of(const struct store_officer *officer, int64_t now_us)
{
    if (officer->is_revoked)
        return "revoked";
    if (officer->retired_us)
        return "retired";
    if (now_us >= officer->not_after_us)
        return "expired";
    return now_us < officer->from_us ? "not-yet" : "in-office";
}

void api_officer_list(struct call *call)
{
    struct store_txn *t;
    struct store_officers all = {0};
    enum err e = store_read_begin(call->node->store, &t);
    if (e == ERR_OK) {
        e = store_officer_all(t, call->arena, &all);
        store_read_end(t);
    }
    if (e != ERR_OK) {
        call_fail(call, e, STR(""));
        return;
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_put_key(&o, STR("officers"));
    json_begin_array(&o);
    for (size_t i = 0; i < all.n; i++) {
        const struct store_officer *officer = &all.items[i];
        json_begin_object(&o);
        json_member_string(&o, STR("name"), officer->name);
        json_member_string(&o, STR("kid"), officer->key_id);
        json_member_string(&o, STR("state"), str_of(state_of(officer, clock_now_us())));
        call_put_time(&o, "from", officer->from_us);
        call_put_time(&o, "not_after", officer->not_after_us);
        call_put_time(&o, "retired", officer->retired_us);
        json_end_object(&o);
    }
    json_end_array(&o);
    json_end_object(&o);
    call_answer_json(call, &b);
}

struct person_work {
    struct call *call;
    struct store_person person;
};

static enum err person_add_work(struct store_txn *t, void *context)
{
    struct person_work *work = context;
    TRY(store_person_put(t, &work->person));
    return call_audit(work->call, t, "person.add", work->person.party, STR(""));
}

static enum err person_retire_work(struct store_txn *t, void *context)
{
    struct person_work *work = context;
    const struct store_person *person = &work->person;
    TRY(store_person_retire(t, person->party, person->name, clock_now_us()));
    return call_audit(work->call, t, "person.retire", person->party, STR(""));
}

static bool is_person(struct str name)
{
    for (size_t i = 0; i < name.len; i++)
        if ((unsigned char)name.ptr[i] < ' ' || name.ptr[i] == '/' || name.ptr[i] == 0x7f)
            return false;
    return name.len >= 1 && name.len <= PERSON_BYTES_MAX;
}

static void answer_person(struct call *call, const struct store_person *person)
{
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, STR("party"), person->party);
    json_member_string(&o, STR("name"), person->name);
    json_end_object(&o);
    call_answer_json(call, &b);
}

void api_person_add(struct call *call)
{
    struct exchange_terms terms;
    struct person_work work = {.call = call,
        .person = {.party = call_parameter(call, "party"),
            .name = call_parameter(call, "name"),
            .added_us = clock_now_us()}};
    if (!is_person(work.person.name)) {
        call_fail(call, ERR_INVALID, STR("name is 1 to 256 bytes without / and control signs"));
        return;
    }
    enum err e = exchange_terms(call->node->exchange, work.person.party, call->arena, &terms);
    if (e == ERR_OK)
        e = store_write(call->node->store, person_add_work, &work, STORE_NORMAL);
    if (e != ERR_OK)
        call_fail(
            call, e, e == ERR_NOT_FOUND ? STR("there is no link with that party") : STR(""));
    else
        answer_person(call, &work.person);
}

void api_person_retire(struct call *call)
{
    struct person_work work = {
        .call = call, .person = {.party = call->segments[0], .name = call->segments[1]}};
    enum err e = store_write(call->node->store, person_retire_work, &work, STORE_NORMAL);
    if (e != ERR_OK)
        call_fail(call, e, e == ERR_NOT_FOUND ? STR("no such person is registered") : STR(""));
    else
        answer_person(call, &work.person);
}

void api_person_list(struct call *call)
{
    struct store_txn *t;
    struct store_persons all = {0};
    enum err e = store_read_begin(call->node->store, &t);
    if (e == ERR_OK) {
        e = store_person_all(t, call->arena, &all);
        store_read_end(t);
    }
    if (e != ERR_OK) {
        call_fail(call, e, STR(""));
        return;
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_put_key(&o, STR("persons"));
    json_begin_array(&o);
    for (size_t i = 0; i < all.n; i++) {
        if (all.items[i].retired_us)
            continue;
        json_begin_object(&o);
        json_member_string(&o, STR("party"), all.items[i].party);
        json_member_string(&o, STR("name"), all.items[i].name);
        call_put_time(&o, "added", all.items[i].added_us);
        json_end_object(&o);
    }
    json_end_array(&o);
    json_end_object(&o);
    call_answer_json(call, &b);
}
