// SPDX-License-Identifier: Apache-2.0
// Reading what the node holds: one object, a page of objects, values.
#include "api/reading.h"
#include "api/warnings.h"
#include "base/time.h"
#include "stix/object.h"
#include "stix/value.h"
#include "store/object.h"
#include "json/json.h"

#define FIND_LIMIT_MAX 10000

// The name that the object gives itself, when it has one.
static void put_name(struct json_out *o, struct arena *a, struct str bytes)
{
    struct json root, name;
    struct str text;
    if (json_parse(a, bytes, &root, NULL) == ERR_OK && json_get(root, STR("name"), &name) &&
        json_string(a, name, &text) == ERR_OK)
        json_member_string(o, STR("name"), text);
}

// The newest row of each source, with the object itself; sources are apart (never merged).
static enum err put_newest(struct call *call, struct store_txn *t, const struct reading *rows,
    struct json_out *o, size_t *shown)
{
    struct str wanted = call_parameter(call, "source");
    for (size_t i = 0; i < rows->n; i++) {
        const struct store_object *object = &rows->items[i].object;
        struct str bytes;
        if (wanted.len && !str_eq(wanted, object->source))
            continue;
        TRY(store_object_bytes(t, call->arena, object->seq, &bytes));
        json_begin_object(o);
        reading_put(o, call->arena, &rows->items[i]);
        json_member_raw(o, STR("object"), bytes);
        json_end_object(o);
        ++*shown;
    }
    return ERR_OK;
}

void api_object_show(struct call *call)
{
    struct store_txn *t;
    struct reading rows;
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    size_t shown = 0;
    enum err e = store_read_begin(call->node->store, &t);
    if (e != ERR_OK) {
        call_fail(call, e, STR(""));
        return;
    }
    json_begin_object(&o);
    json_put_key(&o, STR("rows"));
    json_begin_array(&o);
    e = reading_newest(call, t, call->segments[0], &rows);
    if (e == ERR_OK)
        e = put_newest(call, t, &rows, &o, &shown);
    store_read_end(t);
    json_end_array(&o);
    json_end_object(&o);
    if (e != ERR_OK && e != ERR_NOT_FOUND)
        call_fail(call, e, STR(""));
    else if (shown == 0)
        call_fail(call, ERR_NOT_FOUND, STR("no such object is held"));
    else
        call_answer_json(call, &b);
}

// Fills the filter from the parameters; false when one is wrong (and answered).
static bool read_filter(struct call *call, struct store_filter *filter)
{
    uint64_t after, limit;
    struct str since = call_parameter(call, "since"), value = call_parameter(call, "value");
    if (!call_number(call, "after", 0, &after) || !call_limit(call, FIND_LIMIT_MAX, &limit))
        return false;
    *filter = (struct store_filter){.after = (int64_t)after,
        .type = call_parameter(call, "type"),
        .source = call_parameter(call, "source"),
        .reference = call_parameter(call, "ref"),
        .limit = limit};
    if (since.len && time_parse(since, &filter->since_us) != ERR_OK) {
        call_fail(call, ERR_INVALID, STR("since is a time such as 2026-11-23T18:00:00Z"));
        return false;
    }
    if (value.len && filter->reference.len) {
        call_fail(call, ERR_INVALID, STR("value and ref cannot be asked for together"));
        return false;
    }
    struct str keys[STIX_CANDIDATES_MAX];
    size_t n;
    if (value.len && stix_value_candidates(call->arena, value, keys, &n) != ERR_OK) {
        call_fail(call, ERR_INVALID, STR("value is not text"));
        return false;
    }
    if (value.len)
        filter->value = keys[0];
    return true;
}

void api_objects_find(struct call *call)
{
    struct store_txn *t;
    struct store_filter filter;
    struct reading rows;
    if (!read_filter(call, &filter))
        return;
    enum err e = store_read_begin(call->node->store, &t);
    if (e == ERR_OK) {
        e = reading_after(call, t, &filter, &rows);
        store_read_end(t);
    }
    if (e != ERR_OK) {
        call_fail(call, e, STR(""));
        return;
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_put_key(&o, STR("objects"));
    json_begin_array(&o);
    for (size_t i = 0; i < rows.n; i++) {
        json_begin_object(&o);
        reading_put(&o, call->arena, &rows.items[i]);
        json_end_object(&o);
    }
    json_end_array(&o);
    // Full pages say where the next one begins.
    if (rows.n == filter.limit)
        json_member_int(&o, STR("next"), rows.items[rows.n - 1].seq);
    json_end_object(&o);
    call_answer_json(call, &b);
}

static enum err put_hit(struct call *call, struct store_txn *t, const struct reading_row *row,
    struct json_out *o, bool *found)
{
    struct str bytes;
    enum err e = store_object_bytes(t, call->arena, row->object.seq, &bytes);
    if (e != ERR_OK)
        return e == ERR_NOT_FOUND ? ERR_OK : e;
    json_begin_object(o);
    reading_put(o, call->arena, row);
    put_name(o, call->arena, bytes);
    json_end_object(o);
    *found = true;
    return ERR_OK;
}

// One value, defanged or not: one JSON line with every object in force that holds it, and every
// warning list that it is on.
static enum err put_value(struct call *call, struct store_txn *t,
    const struct warning_set *warnings, struct str text, struct buf *b)
{
    struct str keys[STIX_CANDIDATES_MAX];
    struct warning_found warned = {.n = 0};
    size_t n = 0;
    struct json_out o = json_out(b);
    bool found = false;
    enum err e = stix_value_candidates(call->arena, text, keys, &n);
    if (e == ERR_INVALID)
        return ERR_INVALID;
    TRY(e);
    json_begin_object(&o);
    json_member_string(&o, STR("value"), text);
    json_put_key(&o, STR("objects"));
    json_begin_array(&o);
    for (size_t i = 0; i < n; i++) {
        struct reading rows;
        TRY(reading_value(call, t, keys[i], &rows));
        for (size_t j = 0; j < rows.n; j++)
            TRY(put_hit(call, t, &rows.items[j], &o, &found));
        TRY(warning_find(warnings, call->arena, keys[i], &warned));
    }
    json_end_array(&o);
    json_member_bool(&o, STR("found"), found);
    warnings_put(&o, &warned);
    json_end_object(&o);
    buf_put_byte(b, '\n');
    return b->err;
}

// One line for each line of the body; *n is the number of the value that was read last.
static enum err put_values(
    struct call *call, const struct warning_set *warnings, struct buf *b, size_t *n)
{
    struct store_txn *t;
    struct str rest = http_request_body(call->request);
    TRY(store_read_begin(call->node->store, &t));
    enum err e = ERR_OK;
    while (rest.len && e == ERR_OK) {
        struct str value = str_trim(str_cut(&rest, '\n'));
        if (value.len == 0)
            continue;
        e = ++*n > LOOKUP_VALUES_MAX ? ERR_LIMIT : put_value(call, t, warnings, value, b);
    }
    store_read_end(t);
    return e;
}

void api_lookup(struct call *call)
{
    struct warnings_held *warnings;
    struct str answer;
    struct buf b = call_buf(call);
    size_t n = 0;
    enum err e = warnings_hold(call->node, &warnings);
    if (e != ERR_OK) {
        call_fail(call, e, STR(""));
        return;
    }
    e = put_values(call, warnings_set(warnings), &b, &n);
    warnings_drop(call->node, warnings);
    if (e == ERR_OK)
        e = buf_end(&b, &answer);
    struct buf why = call_buf(call);
    buf_put(&why, STR("value number "));
    buf_put_u64(&why, n);
    buf_put(&why, e == ERR_LIMIT ? STR(" is over the limit of one lookup")
                                 : STR(" is not text in UTF-8"));
    if (e != ERR_OK)
        call_fail(call, e, e == ERR_INVALID || e == ERR_LIMIT ? buf_str(&why) : STR(""));
    else
        http_answer(call->request, 200, STR("application/x-ndjson"), answer);
}
