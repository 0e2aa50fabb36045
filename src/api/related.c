// SPDX-License-Identifier: Apache-2.0
// What stands beside an object: its neighbours, and other objects that hold its values.
#include "api/graph.h"
#include "stix/object.h"

#define PAGE_MAX 1000u

static void finish(struct call *call, enum err e, const struct buf *b)
{
    if (e != ERR_OK)
        call_fail(call, e, e == ERR_NOT_FOUND ? STR("no such object is held") : STR(""));
    else
        call_answer_json(call, b);
}

static void put_edges(struct json_out *o, const struct graph_edges *edges, struct str type)
{
    json_begin_object(o);
    json_put_key(o, STR("neighbours"));
    json_begin_array(o);
    for (size_t i = 0; i < edges->n; i++) {
        const struct graph_edge *edge = &edges->items[i];
        struct str kind = str_to(edge->id, str_find(edge->id, STR("--")));
        if (type.len && !str_eq(type, kind))
            continue;
        json_begin_object(o);
        json_member_string(o, STR("id"), edge->id);
        json_member_string(o, STR("type"), kind);
        json_member_string(o, STR("relation"), edge->relation);
        if (edge->via.len)
            json_member_string(o, STR("via"), edge->via);
        json_member_string(o, STR("direction"), edge->is_out ? STR("out") : STR("in"));
        json_end_object(o);
    }
    json_end_array(o);
    if (edges->next)
        json_member_int(o, STR("next"), edges->next);
    json_end_object(o);
}

void api_neighbours(struct call *call)
{
    struct store_txn *t;
    struct graph_edges edges;
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    uint64_t limit, after;
    if (!call_limit(call, PAGE_MAX, &limit) || !call_number(call, "after", 0, &after))
        return;
    const struct graph_ask ask = {
        .id = call->segments[0], .after = (int64_t)after, .limit = limit};
    enum err e = store_read_begin(call->node->store, &t);
    if (e == ERR_OK) {
        e = graph_edges(call, t, &ask, &edges);
        store_read_end(t);
    }
    if (e == ERR_OK)
        put_edges(&o, &edges, call_parameter(call, "type"));
    finish(call, e, &b);
}

struct correlating {
    struct call *call;
    struct store_txn *txn;
    struct json_out out;
    uint64_t left;         // of the page
    uint64_t place, after; // the value, and the row of it, that the page begins behind
    bool is_full;
};

// The values of the newest rows, each once: they stand sorted in each object.
static enum err values_of(struct correlating *c, struct str id, struct str **out, size_t *n)
{
    struct reading rows;
    size_t room = 1;
    TRY(reading_newest(c->call, c->txn, id, &rows));
    if (rows.n == 0)
        return ERR_NOT_FOUND;
    struct stix_object *objects = NEW_N(c->call->arena, struct stix_object, rows.n);
    if (!objects)
        return ERR_LIMIT;
    for (size_t i = 0; i < rows.n; i++) {
        struct str bytes;
        struct stix_problem problem;
        TRY(store_object_bytes(c->txn, c->call->arena, rows.items[i].object.seq, &bytes));
        enum err e = stix_object_read(c->call->arena, bytes, &objects[i], &problem);
        if (e != ERR_OK && e != ERR_INVALID)
            return e;
        if (e == ERR_INVALID)
            objects[i].n_values = 0;
        room += objects[i].n_values;
    }
    *out = NEW_N(c->call->arena, struct str, room);
    *n = 0;
    for (size_t i = 0; *out && i < rows.n; i++)
        for (size_t k = 0; k < objects[i].n_values; k++) {
            bool is_there = false;
            for (size_t m = 0; m < *n && i > 0; m++)
                is_there = is_there || str_eq((*out)[m], objects[i].values[k]);
            if (!is_there)
                (*out)[(*n)++] = objects[i].values[k];
        }
    return *out ? ERR_OK : ERR_LIMIT;
}

static enum err put_value(struct correlating *c, struct str id, struct str value)
{
    const struct store_filter filter = {
        .after = (int64_t)c->after, .value = value, .limit = c->left};
    struct reading rows;
    bool is_begun = false;
    TRY(reading_after(c->call, c->txn, &filter, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        const struct store_object *row = &rows.items[i].object;
        c->after = (uint64_t)rows.items[i].seq;
        if (str_eq(row->id, id) || row->state != STORE_IN_FORCE)
            continue;
        if (!is_begun) {
            json_begin_object(&c->out);
            json_member_string(&c->out, STR("value"), value);
            json_put_key(&c->out, STR("objects"));
            json_begin_array(&c->out);
            is_begun = true;
        }
        json_begin_object(&c->out);
        reading_put(&c->out, c->call->arena, &rows.items[i]);
        json_end_object(&c->out);
    }
    if (is_begun) {
        json_end_array(&c->out);
        json_end_object(&c->out);
    }
    c->is_full = rows.n == c->left;
    c->left -= rows.n;
    return ERR_OK;
}

static enum err correlate(struct correlating *c, struct str id)
{
    struct str *values;
    size_t n;
    TRY(values_of(c, id, &values, &n));
    json_begin_object(&c->out);
    json_put_key(&c->out, STR("values"));
    json_begin_array(&c->out);
    for (; c->place < n; c->place++, c->after = 0) {
        TRY(put_value(c, id, values[c->place]));
        if (c->is_full)
            break;
    }
    json_end_array(&c->out);
    if (c->is_full) {
        struct buf b = buf_in(c->call->arena, 64);
        buf_put_u64(&b, c->place);
        buf_put_byte(&b, '.');
        buf_put_u64(&b, c->after);
        json_member_string(&c->out, STR("next"), buf_str(&b));
    }
    json_end_object(&c->out);
    return ERR_OK;
}

void api_correlations(struct call *call)
{
    struct store_txn *t;
    struct buf b = call_buf(call);
    struct correlating c = {.call = call, .out = json_out(&b)};
    struct str after = call_parameter(call, "after"), place = str_cut(&after, '.');
    if (!call_limit(call, PAGE_MAX, &c.left))
        return;
    if (place.len &&
        (str_to_u64(place, &c.place) != ERR_OK || str_to_u64(after, &c.after) != ERR_OK)) {
        call_fail(call, ERR_INVALID, STR("after is what the page before gave as next"));
        return;
    }
    enum err e = store_read_begin(call->node->store, &t);
    if (e == ERR_OK) {
        c.txn = t;
        e = correlate(&c, call->segments[0]);
        store_read_end(t);
    }
    finish(call, e, &b);
}
