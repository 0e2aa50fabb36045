// SPDX-License-Identifier: Apache-2.0
#include "api/recipients.h"

#include "api/reading.h"
#include "base/time.h"
#include "policy/why.h"
#include "sys/clock.h"

#define NAME_BYTES_MIN     2
#define NAME_BYTES_MAX     32
#define PURPOSES_BYTES_MAX 1000

static const struct {
    struct str word;
    enum policy_channel channel;
} kinds[] = {
    {STR_INIT("agency"), POLICY_CONSOLE},
    {STR_INIT("person"), POLICY_CONSOLE},
    {STR_INIT("sensor"), POLICY_SENSOR},
};

static size_t kind_of(struct str word)
{
    size_t i = 0;
    while (i < LEN(kinds) && !str_eq(kinds[i].word, word))
        i++;
    return i;
}

static bool is_name(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!((s.ptr[i] >= 'a' && s.ptr[i] <= 'z') || (s.ptr[i] >= '0' && s.ptr[i] <= '9') ||
                s.ptr[i] == '-'))
            return false;
    return s.len >= NAME_BYTES_MIN && s.len <= NAME_BYTES_MAX;
}

enum err recipient_key(const struct call *call, struct str text, struct str *out)
{
    struct str party = call->node->party, name = text;
    if (str_starts(text, party) && text.len > party.len && text.ptr[party.len] == '/')
        name = str_from(text, party.len + 1);
    if (!is_name(name))
        return ERR_INVALID;
    struct buf b = buf_in(call->arena, 64);
    buf_put(&b, party);
    buf_put_byte(&b, '/');
    buf_put(&b, name);
    return buf_end(&b, out);
}

enum err recipient_in_force(
    struct store_txn *t, struct arena *a, struct str key, struct store_recipient *out)
{
    TRY(store_recipient_get(t, a, key, out));
    return out->retired_us ? ERR_DENIED : ERR_OK;
}

static enum err split(struct arena *a, struct str list, const struct str **out, size_t *out_n)
{
    struct str *items = NEW_N(a, struct str, list.len / 2 + 1);
    size_t n = 0;
    if (!items)
        return ERR_LIMIT;
    while (list.len)
        items[n++] = str_cut(&list, ',');
    *out = items;
    *out_n = n;
    return ERR_OK;
}

enum err recipient_terms(
    const struct call *call, const struct store_recipient *r, struct recipient_terms *out)
{
    size_t kind = kind_of(r->kind);
    struct recipient_terms terms = {.recipient = {.party = call->node->party,
                                        .name = str_from(r->key, call->node->party.len + 1),
                                        .trigraph = r->nation,
                                        .relation = POLICY_OURS,
                                        .is_client = r->is_client},
        .agreement = {
            .is_live = r->retired_us == 0, .is_community = true, .is_addressee = true}};
    if (kind == LEN(kinds))
        return ERR_CORRUPT;
    terms.channel = kinds[kind].channel;
    if (str_eq(r->kind, STR("person"))) {
        struct str *person = NEW(call->arena, struct str);
        if (!person)
            return ERR_LIMIT;
        *person = terms.recipient.name;
        terms.recipient.persons = person;
        terms.recipient.n_persons = 1;
        terms.recipient.registered = person; // the register of recipients is one of persons too
        terms.recipient.n_registered = 1;
    }
    TRY(split(
        call->arena, r->purposes, &terms.agreement.purposes, &terms.agreement.n_purposes));
    terms.purpose = terms.agreement.purposes[0];
    *out = terms;
    return ERR_OK;
}

struct recipient_work {
    struct call *call;
    struct store_recipient row;
};

static enum err add_work(struct store_txn *t, void *context)
{
    struct recipient_work *work = context;
    TRY(store_recipient_add(t, &work->row));
    return call_audit(work->call, t, "recipient.add", work->row.key, STR(""));
}

static enum err retire_work(struct store_txn *t, void *context)
{
    struct recipient_work *work = context;
    TRY(store_recipient_retire(t, work->row.key, clock_now_us()));
    return call_audit(work->call, t, "recipient.retire", work->row.key, STR(""));
}

static bool is_nation(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < 'A' || s.ptr[i] > 'Z')
            return false;
    return s.len == 3;
}

static bool are_purposes(struct str list)
{
    if (list.len == 0 || list.len > PURPOSES_BYTES_MAX || list.ptr[list.len - 1] == ',')
        return false;
    while (list.len)
        if (!is_name(str_cut(&list, ',')))
            return false;
    return true;
}

// NULL when the row can be added, else what is wrong with it.
static const char *read_row(struct call *call, struct store_recipient *out)
{
    struct str name = call_parameter(call, "name"), nation = call_parameter(call, "nation"),
               purposes = call_parameter(call, "purposes");
    *out = (struct store_recipient){.kind = call_parameter(call, "kind"),
        .nation = nation.len ? nation : call->node->country,
        .purposes = purposes.len ? purposes : STR("threat-intelligence"),
        .is_client = call_parameter(call, "client").len > 0,
        .added_us = clock_now_us()};
    if (recipient_key(call, name, &out->key) != ERR_OK)
        return "a recipient's name is 2 to 32 of a-z 0-9 and hyphen";
    if (kind_of(out->kind) == LEN(kinds))
        return "kind is agency, person or sensor";
    if (!is_nation(out->nation))
        return "nation is ISO 3166-1 alpha-3, such as GBR";
    if (!are_purposes(out->purposes))
        return "purposes is a list of words of a-z 0-9 and hyphen, joined by commas";
    return NULL;
}

static void put_row(struct json_out *o, struct arena *a, const struct store_recipient *r)
{
    json_begin_object(o);
    json_member_string(o, STR("name"), r->key);
    json_member_string(o, STR("kind"), r->kind);
    json_member_bool(o, STR("client"), r->is_client);
    json_member_string(o, STR("nation"), r->nation);
    json_member_string(o, STR("purposes"), r->purposes);
    json_member_bool(o, STR("retired"), r->retired_us > 0);
    struct buf added = buf_in(a, 40);
    time_put(&added, r->added_us);
    json_member_string(o, STR("added"), buf_str(&added));
    json_end_object(o);
}

void api_recipient_add(struct call *call)
{
    struct recipient_work work = {.call = call};
    const char *why = read_row(call, &work.row);
    if (why) {
        call_fail(call, ERR_INVALID, str_of(why));
        return;
    }
    enum err e = store_write(call->node->store, add_work, &work, STORE_NORMAL);
    if (e != ERR_OK) {
        call_fail(call, e,
            e == ERR_CONFLICT ? STR("there is, or was, a recipient of that name; names are "
                                    "given once: choose another")
                              : STR(""));
        return;
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    put_row(&o, call->arena, &work.row);
    call_answer_json(call, &b);
}

void api_recipient_list(struct call *call)
{
    struct store_txn *t;
    struct store_recipients all;
    enum err e = store_read_begin(call->node->store, &t);
    if (e == ERR_OK) {
        e = store_recipient_all(t, call->arena, &all);
        store_read_end(t);
    }
    if (e != ERR_OK) {
        call_fail(call, e, STR(""));
        return;
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_put_key(&o, STR("recipients"));
    json_begin_array(&o);
    for (size_t i = 0; i < all.n; i++)
        put_row(&o, call->arena, &all.items[i]);
    json_end_array(&o);
    json_end_object(&o);
    call_answer_json(call, &b);
}

void api_recipient_retire(struct call *call)
{
    struct recipient_work work = {.call = call};
    enum err e = recipient_key(call, call->segments[0], &work.row.key);
    if (e == ERR_OK)
        e = store_write(call->node->store, retire_work, &work, STORE_NORMAL);
    if (e != ERR_OK) {
        bool is_unknown = e == ERR_INVALID || e == ERR_NOT_FOUND;
        call_fail(call, is_unknown ? ERR_NOT_FOUND : e,
            is_unknown ? STR("there is no recipient of that name in force") : STR(""));
        return;
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, STR("retired"), work.row.key);
    json_end_object(&o);
    call_answer_json(call, &b);
}

// Whose node it is, and how much of it is the caller's: the node's own numbers would tell of
// what it withholds.
void api_recipient_status(struct call *call)
{
    struct store_txn *t;
    int64_t n = 0;
    enum err e = store_read_begin(call->node->store, &t);
    if (e == ERR_OK) {
        e = reading_count(call, t, &n);
        store_read_end(t);
    }
    if (e != ERR_OK) {
        call_fail(call, e, STR(""));
        return;
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, STR("party"), call->node->party);
    json_member_string(&o, STR("node"), call->node->node);
    json_member_string(&o, STR("realm"), call->node->realm);
    json_member_string(&o, STR("recipient"), call->recipient);
    json_member_int(&o, STR("objects"), n);
    json_end_object(&o);
    call_answer_json(call, &b);
}

static void put_reason(struct json_out *o, const struct reading_row *row, struct call *call)
{
    struct policy_reason reason = policy_reason(
        str_eq(row->object.source, call->recipient) ? POLICY_RETURNED : POLICY_PERMITTED);
    json_begin_object(o);
    json_member_string(o, STR("id"), row->object.id);
    json_member_string(o, STR("type"), row->object.type);
    json_member_string(o, STR("source"), row->object.source);
    json_member_raw(
        o, STR("handling"), row->object.handling.len ? row->object.handling : STR("null"));
    json_member_string(o, STR("result"), policy_result_word(reason.result));
    json_member_string(o, STR("rule"), str_of(reason.rule));
    json_member_string(o, STR("code"), str_of(reason.code));
    json_member_string(o, STR("why"), str_of(reason.english));
    json_member_string(o, STR("why_ko"), str_of(reason.korean));
    json_member_bool(o, STR("held"), true);
    json_end_object(o);
}

// A recipient may ask about itself: what it has was its own or permitted, and for what it has
// not there is no answer that would not tell whether the node has it.
void api_recipient_explain(struct call *call)
{
    struct store_txn *t;
    struct reading rows = {0};
    struct str to;
    enum err e = recipient_key(call, call_parameter(call, "to"), &to);
    if (e != ERR_OK || !str_eq(to, call->recipient)) {
        call_fail(call, ERR_DENIED, STR("a recipient may ask only whether it may have it"));
        return;
    }
    e = store_read_begin(call->node->store, &t);
    if (e == ERR_OK) {
        e = reading_newest(call, t, call->segments[0], &rows);
        store_read_end(t);
    }
    if (e != ERR_OK || rows.n == 0) {
        call_fail(call, e == ERR_OK ? ERR_NOT_FOUND : e,
            e == ERR_OK ? STR("no such object is held") : STR(""));
        return;
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_put_key(&o, STR("rows"));
    json_begin_array(&o);
    for (size_t i = 0; i < rows.n; i++)
        put_reason(&o, &rows.items[i], call);
    json_end_array(&o);
    json_end_object(&o);
    call_answer_json(call, &b);
}
