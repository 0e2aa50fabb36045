// SPDX-License-Identifier: Apache-2.0
// Warning lists: adding, listing, switching, removing, and asking.
#include "api/call.h"
#include "api/warnings.h"
#include "store/warning.h"

void api_warning_add(struct call *call)
{
    struct warnings_added added;
    struct str why;
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    enum err e = warnings_add(call->node, call->arena, call->principal,
        http_request_body(call->request), &added, &why);
    if (e != ERR_OK) {
        call_fail(call, e, why);
        return;
    }
    json_begin_object(&o);
    json_member_string(&o, STR("name"), added.name);
    json_member_int(&o, STR("version"), added.version);
    json_member_int(&o, STR("entries"), (int64_t)added.count.entries);
    json_member_int(&o, STR("unmatched"), (int64_t)added.count.unmatched);
    json_member_bool(&o, STR("same"), added.is_same);
    json_end_object(&o);
    call_answer_json(call, &b);
}

static void put_row(struct json_out *o, const struct store_warning *row)
{
    json_begin_object(o);
    json_member_int(o, STR("id"), row->id);
    json_member_string(o, STR("name"), row->name);
    json_member_int(o, STR("version"), row->version);
    json_member_string(o, STR("type"), row->type);
    json_member_string(o, STR("description"), row->description);
    json_member_int(o, STR("entries"), row->entries);
    json_member_int(o, STR("unmatched"), row->unmatched);
    json_member_bool(o, STR("enabled"), row->is_enabled);
    call_put_time(o, "added", row->added_us);
    call_put_hash(o, "sha256", row->digest);
    json_end_object(o);
}

void api_warning_list(struct call *call)
{
    struct store_txn *t;
    struct store_warnings all = {0};
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    enum err e = store_read_begin(call->node->store, &t);
    if (e == ERR_OK) {
        e = store_warnings_all(t, call->arena, &all);
        store_read_end(t);
    }
    if (e != ERR_OK) {
        call_fail(call, e, STR(""));
        return;
    }
    json_begin_object(&o);
    json_put_key(&o, STR("warninglists"));
    json_begin_array(&o);
    for (size_t i = 0; i < all.n; i++)
        put_row(&o, &all.items[i]);
    json_end_array(&o);
    json_end_object(&o);
    call_answer_json(call, &b);
}

struct change_work {
    const struct call *call;
    enum err (*change)(struct store_txn *t, int64_t id);
    const char *action;
    struct store_warning row;
};

static enum err enable(struct store_txn *t, int64_t id)
{
    return store_warning_set_enabled(t, id, true);
}

static enum err disable(struct store_txn *t, int64_t id)
{
    return store_warning_set_enabled(t, id, false);
}

static enum err change_work(struct store_txn *t, void *context)
{
    struct change_work *work = context;
    uint64_t id;
    if (str_to_u64(work->call->segments[0], &id) != ERR_OK)
        return ERR_NOT_FOUND;
    TRY(store_warning_get(t, work->call->arena, (int64_t)id, &work->row));
    TRY(work->change(t, (int64_t)id));
    return call_audit(work->call, t, work->action, work->row.name, STR(""));
}

static void change(
    struct call *call, enum err (*how)(struct store_txn *t, int64_t id), const char *action)
{
    struct change_work work = {.call = call, .change = how, .action = action};
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    enum err e = store_write(call->node->store, change_work, &work, STORE_NORMAL);
    if (e != ERR_OK) {
        call_fail(
            call, e, e == ERR_NOT_FOUND ? STR("no warning list has this number") : STR(""));
        return;
    }
    warnings_changed(call->node->warnings);
    json_begin_object(&o);
    json_member_string(&o, STR("name"), work.row.name);
    json_end_object(&o);
    call_answer_json(call, &b);
}

void api_warning_enable(struct call *call)
{
    change(call, enable, "warning.enable");
}

void api_warning_disable(struct call *call)
{
    change(call, disable, "warning.disable");
}

void api_warning_remove(struct call *call)
{
    change(call, store_warning_remove, "warning.remove");
}

static enum err put_value(
    struct call *call, const struct warning_set *set, struct str text, struct buf *b)
{
    struct str keys[STIX_CANDIDATES_MAX];
    struct warning_found found = {.n = 0};
    struct json_out o = json_out(b);
    size_t n = 0;
    TRY(stix_value_candidates(call->arena, text, keys, &n));
    for (size_t i = 0; i < n; i++)
        TRY(warning_find(set, call->arena, keys[i], &found));
    json_begin_object(&o);
    json_member_string(&o, STR("value"), text);
    warnings_put(&o, &found);
    json_end_object(&o);
    buf_put_byte(b, '\n');
    return b->err;
}

void api_warning_check(struct call *call)
{
    struct warnings_held *held;
    struct str rest = http_request_body(call->request), answer;
    struct buf b = call_buf(call);
    size_t n = 0;
    enum err e = warnings_hold(call->node, &held);
    if (e != ERR_OK) {
        call_fail(call, e, STR(""));
        return;
    }
    while (rest.len && e == ERR_OK) {
        struct str value = str_trim(str_cut(&rest, '\n'));
        if (value.len == 0)
            continue;
        e = ++n > LOOKUP_VALUES_MAX ? ERR_LIMIT
                                    : put_value(call, warnings_set(held), value, &b);
    }
    warnings_drop(call->node, held);
    if (e == ERR_OK)
        e = buf_end(&b, &answer);
    if (e == ERR_OK)
        http_answer(call->request, 200, STR("application/x-ndjson"), answer);
    else
        call_fail(call, e,
            e == ERR_INVALID ? STR("a value is not text in UTF-8")
            : e == ERR_LIMIT ? STR("there are more values than one request may have")
                             : STR(""));
}
