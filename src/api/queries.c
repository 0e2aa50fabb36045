// SPDX-License-Identifier: Apache-2.0
// Queries kept by name, each principal's own.
#include "api/query.h"

#include "store/saved.h"
#include "sys/clock.h"

#define NAME_BYTES_MAX 64
#define KEPT_BYTES_MAX (16 * KIB)
#define KEPT_MAX       200u // of one principal

static const char *const kept[] = {
    "q", "type", "since", "until", "marking", "source", "value", "author", "label"};

static bool is_name(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] < ' ' || s.ptr[i] == '/' || s.ptr[i] == 0x7f)
            return false;
    return s.len >= 1 && s.len <= NAME_BYTES_MAX;
}

static struct str parameter_of(const void *context, const char *name)
{
    return call_parameter(context, name);
}

struct put_work {
    const struct call *call;
    struct store_saved saved;
};

static enum err put_work(struct store_txn *t, void *context)
{
    const struct put_work *work = context;
    struct store_saved_list list;
    TRY(store_saved_all(t, work->call->arena, work->saved.principal, &list));
    if (list.n >= KEPT_MAX)
        return ERR_LIMIT;
    TRY(store_saved_put(t, &work->saved));
    return call_audit(work->call, t, "query.put", work->saved.name, work->saved.query);
}

// What could not be run is not kept.
static enum err try_query(struct call *call, struct str *why)
{
    struct store_txn *t;
    struct query *query = NEW(call->arena, struct query);
    if (!query)
        return ERR_LIMIT;
    TRY(store_read_begin(call->node->store, &t));
    enum err e = query_read(call, t, parameter_of, call, query, why);
    store_read_end(t);
    return e;
}

void api_query_put(struct call *call)
{
    struct str why = {"", 0}, text;
    struct buf kept_text = buf_in(call->arena, KEPT_BYTES_MAX), b = call_buf(call);
    struct json_out o = json_out(&kept_text);
    if (!is_name(call->segments[0])) {
        call_fail(call, ERR_INVALID, STR("a name has 1 to 64 bytes, and no slash"));
        return;
    }
    enum err e = try_query(call, &why);
    if (e != ERR_OK) {
        query_finish(call, e, why, &b);
        return;
    }
    json_begin_object(&o);
    for (size_t i = 0; i < LEN(kept); i++)
        if (call_parameter(call, kept[i]).len)
            json_member_string(&o, str_of(kept[i]), call_parameter(call, kept[i]));
    json_end_object(&o);
    e = buf_end(&kept_text, &text);
    struct put_work work = {.call = call,
        .saved = {.principal = call->principal,
            .name = call->segments[0],
            .query = text,
            .at_us = clock_now_us()}};
    if (e == ERR_OK)
        e = store_write(call->node->store, put_work, &work, STORE_NORMAL);
    buf_put(&b, text);
    if (e != ERR_OK)
        call_fail(call, e, e == ERR_LIMIT ? STR("200 queries are kept, of 16 KiB each") : why);
    else
        call_answer_json(call, &b);
}

void api_query_list(struct call *call)
{
    struct store_txn *t;
    struct store_saved_list list = {0};
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    enum err e = store_read_begin(call->node->store, &t);
    if (e == ERR_OK) {
        e = store_saved_all(t, call->arena, call->principal, &list);
        store_read_end(t);
    }
    json_begin_object(&o);
    json_put_key(&o, STR("queries"));
    json_begin_array(&o);
    for (size_t i = 0; i < list.n; i++) {
        json_begin_object(&o);
        json_member_string(&o, STR("name"), list.items[i].name);
        json_member_raw(&o, STR("query"), list.items[i].query);
        call_put_time(&o, "at", list.items[i].at_us);
        json_end_object(&o);
    }
    json_end_array(&o);
    json_end_object(&o);
    query_finish(call, e, STR(""), &b);
}

struct kept_query {
    struct call *call;
    struct json root;
};

static struct str kept_value(const void *context, const char *name)
{
    const struct kept_query *query = context;
    struct json value;
    struct str text = call_parameter(query->call, name);
    if (text.len || !json_get(query->root, str_of(name), &value) ||
        json_string(query->call->arena, value, &text) != ERR_OK)
        return text;
    return text;
}

static enum err run(struct call *call, struct store_txn *t, struct buf *b, struct str *why)
{
    struct kept_query query = {.call = call};
    struct str text;
    TRY(store_saved_get(t, call->arena, call->principal, call->segments[0], &text));
    TRY(json_parse(call->arena, text, &query.root, NULL) == ERR_OK ? ERR_OK : ERR_CORRUPT);
    return query_answer(call, t, kept_value, &query, b, why);
}

static const struct str no_query = STR_INIT("you keep no query of that name");

void api_query_run(struct call *call)
{
    struct store_txn *t;
    struct str why = {"", 0};
    struct buf b = call_buf(call);
    enum err e = store_read_begin(call->node->store, &t);
    if (e == ERR_OK) {
        e = run(call, t, &b, &why);
        store_read_end(t);
    }
    if (e == ERR_NOT_FOUND)
        call_fail(call, e, no_query);
    else
        query_finish(call, e, why, &b);
}

static enum err remove_work(struct store_txn *t, void *context)
{
    const struct call *call = context;
    TRY(store_saved_remove(t, call->principal, call->segments[0]));
    return call_audit(call, t, "query.remove", call->segments[0], STR(""));
}

void api_query_remove(struct call *call)
{
    enum err e = store_write(call->node->store, remove_work, call, STORE_NORMAL);
    struct buf b = call_buf(call);
    buf_put(&b, STR("{}"));
    if (e != ERR_OK)
        call_fail(call, e, e == ERR_NOT_FOUND ? no_query : STR(""));
    else
        call_answer_json(call, &b);
}
