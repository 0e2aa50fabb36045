// SPDX-License-Identifier: Apache-2.0
#include "api/graph.h"

#include "stix/object.h"

struct walk {
    struct call *call;
    struct store_txn *txn;
    const struct graph_ask *ask;
    struct graph_edges *out;
    size_t room;
};

static enum err add(struct walk *w, struct graph_edge edge)
{
    struct graph_edges *out = w->out;
    if (str_eq(edge.id, w->ask->id) || edge.id.len == 0)
        return ERR_OK;
    if (out->n == w->room) {
        size_t room = w->room ? 2 * w->room : 32;
        struct graph_edge *items = NEW_N(w->call->arena, struct graph_edge, room);
        if (!items)
            return ERR_LIMIT;
        if (out->n)
            memcpy(items, out->items, out->n * sizeof *items);
        out->items = items;
        w->room = room;
    }
    out->items[out->n++] = edge;
    return ERR_OK;
}

// ERR_NOT_FOUND when there are no bytes, or a later rule refuses them.
static enum err read_object(
    struct walk *w, const struct store_object *row, struct stix_object *out)
{
    struct str bytes;
    struct stix_problem problem;
    TRY(store_object_bytes(w->txn, w->call->arena, row->seq, &bytes));
    enum err e = stix_object_read(w->call->arena, bytes, out, &problem);
    return e == ERR_INVALID ? ERR_NOT_FOUND : e;
}

static enum err text_of(
    struct walk *w, const struct stix_object *o, const char *key, struct str *out)
{
    struct json value;
    *out = (struct str){"", 0};
    if (!json_get(o->root, str_of(key), &value) || !json_is(value, JSON_STRING))
        return ERR_OK;
    return json_string(w->call->arena, value, out);
}

static enum err out_of(struct walk *w, const struct store_object *row)
{
    struct stix_object o;
    enum err e = read_object(w, row, &o);
    if (e != ERR_OK)
        return e == ERR_NOT_FOUND ? ERR_OK : e;
    for (size_t i = 0; i < o.n_refs; i++) {
        bool is_author = o.refs[i].roles & STIX_REF_CREATOR;
        if (o.refs[i].roles == STIX_REF_MARKING)
            continue;
        TRY(add(w, (struct graph_edge){.id = o.refs[i].id,
                       .relation = is_author ? STR("created-by") : STR("refers-to"),
                       .is_out = true}));
    }
    return ERR_OK;
}

static enum err is_newest(struct walk *w, const struct store_object *row, bool *out)
{
    const struct store_reader who = reading_who(w->call);
    *out = false;
    if (row->state != STORE_IN_FORCE)
        return ERR_OK;
    return w->call->recipient.len ? store_member_is_newest(w->txn, &who, row, out)
                                  : store_object_is_newest(w->txn, row, out);
}

static enum err in_of(struct walk *w, const struct store_object *row)
{
    struct stix_object o;
    struct str source, target, verb;
    bool newest;
    TRY(is_newest(w, row, &newest));
    if (!newest)
        return ERR_OK;
    if (!str_eq(row->type, STR("relationship")))
        return add(w, (struct graph_edge){.id = row->id, .relation = STR("refers-to")});
    enum err e = read_object(w, row, &o);
    if (e != ERR_OK)
        return e == ERR_NOT_FOUND ? ERR_OK : e;
    TRY(text_of(w, &o, "source_ref", &source));
    TRY(text_of(w, &o, "target_ref", &target));
    TRY(text_of(w, &o, "relationship_type", &verb));
    bool is_out = str_eq(source, w->ask->id), is_in = str_eq(target, w->ask->id);
    if (!is_out && !is_in) // it names the object as its author
        return add(w, (struct graph_edge){.id = row->id, .relation = STR("refers-to")});
    return add(w, (struct graph_edge){.id = is_out ? target : source,
                      .via = row->id,
                      .relation = verb,
                      .is_out = is_out});
}

enum err graph_edges(struct call *call, struct store_txn *t, const struct graph_ask *ask,
    struct graph_edges *out)
{
    struct walk w = {.call = call, .txn = t, .ask = ask, .out = out};
    struct reading rows;
    *out = (struct graph_edges){0};
    TRY(reading_newest(call, t, ask->id, &rows));
    if (rows.n == 0)
        return ERR_NOT_FOUND;
    for (size_t i = 0; ask->after == 0 && i < rows.n; i++)
        TRY(out_of(&w, &rows.items[i].object));
    const struct store_filter filter = {
        .after = ask->after, .reference = ask->id, .limit = ask->limit};
    TRY(reading_after(call, t, &filter, &rows));
    for (size_t i = 0; i < rows.n; i++)
        TRY(in_of(&w, &rows.items[i].object));
    if (rows.n == ask->limit)
        out->next = rows.items[rows.n - 1].seq;
    return ERR_OK;
}
