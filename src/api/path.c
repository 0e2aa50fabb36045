// SPDX-License-Identifier: Apache-2.0
// The shortest path between two objects: both ends grow in turn, level by level, the smaller
// one first, through objects that the caller may read.
#include "api/graph.h"

#include "stix/text.h"

#define DEPTH_DEFAULT 4u
#define DEPTH_MAX     6u
#define NODES_MAX     4000u
#define EDGES_OF_MAX  500u // of one object

struct node {
    struct graph_edge edge; // from its parent; the first of a side has none
    uint32_t hash;
    int parent, side;
    unsigned depth;
};
struct search {
    struct call *call;
    struct store_txn *txn;
    struct node *nodes;
    int n;

    unsigned depth[2], limit;
    int meets[2]; // the nodes of both sides that are the same object; -1: none
    unsigned length;
    bool is_bounded;
};

static int find(const struct search *s, struct str id, int side)
{
    uint32_t hash = stix_term_hash(id);
    for (int i = 0; i < s->n; i++)
        if (s->nodes[i].hash == hash && s->nodes[i].side == side &&
            str_eq(s->nodes[i].edge.id, id))
            return i;
    return -1;
}

static void add(struct search *s, struct graph_edge edge, int parent, int side)
{
    if (find(s, edge.id, side) >= 0)
        return;
    if (s->n == (int)NODES_MAX) {
        s->is_bounded = true;
        return;
    }
    unsigned depth = parent < 0 ? 0 : s->nodes[parent].depth + 1;
    s->nodes[s->n] = (struct node){.edge = edge,
        .hash = stix_term_hash(edge.id),
        .parent = parent,
        .side = side,
        .depth = depth};
    int other = find(s, edge.id, 1 - side);
    if (other >= 0 && depth + s->nodes[other].depth < s->length) {
        s->length = depth + s->nodes[other].depth;
        s->meets[side] = s->n;
        s->meets[1 - side] = other;
    }
    s->n++;
}

static enum err grow_node(struct search *s, int at, int side)
{
    const struct graph_ask ask = {.id = s->nodes[at].edge.id, .limit = EDGES_OF_MAX};
    struct graph_edges edges;
    enum err e = graph_edges(s->call, s->txn, &ask, &edges);
    if (e != ERR_OK)
        return e == ERR_NOT_FOUND ? ERR_OK : e; // nobody goes through what is not read
    s->is_bounded = s->is_bounded || edges.next != 0;
    for (size_t i = 0; i < edges.n; i++) {
        struct reading rows;
        TRY(reading_newest(s->call, s->txn, edges.items[i].id, &rows));
        if (rows.n)
            add(s, edges.items[i], at, side);
    }
    return ERR_OK;
}

static size_t level_size(const struct search *s, int side)
{
    size_t n = 0;
    for (int i = 0; i < s->n; i++)
        n += s->nodes[i].side == side && s->nodes[i].depth == s->depth[side];
    return n;
}

static enum err grow(struct search *s)
{
    while (s->meets[0] < 0 && s->depth[0] + s->depth[1] < s->limit) {
        size_t sizes[2] = {level_size(s, 0), level_size(s, 1)};
        if (sizes[0] == 0 || sizes[1] == 0 || s->n == (int)NODES_MAX)
            return ERR_OK;
        int side = sizes[0] <= sizes[1] ? 0 : 1, end = s->n;
        for (int i = 0; i < end; i++)
            if (s->nodes[i].side == side && s->nodes[i].depth == s->depth[side])
                TRY(grow_node(s, i, side));
        s->depth[side]++;
    }
    return ERR_OK;
}

static void put_step(
    struct json_out *o, const struct graph_edge *edge, struct str to, bool is_forward)
{
    json_begin_object(o);
    json_member_string(o, STR("id"), to);
    json_member_string(o, STR("relation"), edge->relation);
    if (edge->via.len)
        json_member_string(o, STR("via"), edge->via);
    json_member_string(
        o, STR("direction"), edge->is_out == is_forward ? STR("out") : STR("in"));
    json_end_object(o);
}

static void put_path(struct json_out *o, const struct search *s)
{
    int chain[DEPTH_MAX + 1], n = 0;
    for (int i = s->meets[0]; s->nodes[i].parent >= 0; i = s->nodes[i].parent)
        chain[n++] = i;
    while (n-- > 0)
        put_step(o, &s->nodes[chain[n]].edge, s->nodes[chain[n]].edge.id, true);
    for (int i = s->meets[1]; s->nodes[i].parent >= 0; i = s->nodes[i].parent)
        put_step(o, &s->nodes[i].edge, s->nodes[s->nodes[i].parent].edge.id, false);
}

static enum err start(struct search *s, struct str from, struct str to)
{
    const struct str ends[2] = {from, to};
    for (int side = 0; side < 2; side++) {
        struct reading rows;
        TRY(reading_newest(s->call, s->txn, ends[side], &rows));
        if (rows.n == 0)
            return ERR_NOT_FOUND;
        add(s, (struct graph_edge){.id = ends[side]}, -1, side);
    }
    return grow(s);
}

static enum err answer(struct call *call, struct store_txn *t, uint64_t depth, struct buf *b)
{
    struct search s = {.call = call,
        .txn = t,
        .nodes = NEW_N(call->arena, struct node, NODES_MAX),
        .limit = (unsigned)depth,
        .meets = {-1, -1},
        .length = DEPTH_MAX + 1};
    struct json_out o = json_out(b);
    if (!s.nodes)
        return ERR_LIMIT;
    TRY(start(&s, call_parameter(call, "from"), call_parameter(call, "to")));
    json_begin_object(&o);
    json_member_bool(&o, STR("found"), s.meets[0] >= 0);
    json_put_key(&o, STR("steps"));
    json_begin_array(&o);
    if (s.meets[0] >= 0)
        put_path(&o, &s);
    json_end_array(&o);
    json_member_bool(&o, STR("bounded"), s.is_bounded);
    json_end_object(&o);
    return ERR_OK;
}

void api_path(struct call *call)
{
    struct store_txn *t;
    struct buf b = call_buf(call);
    uint64_t depth;
    if (!call_number(call, "depth", DEPTH_DEFAULT, &depth))
        return;
    if (depth == 0 || depth > DEPTH_MAX) {
        call_fail(call, ERR_INVALID, STR("depth is a number from 1 to 6"));
        return;
    }
    enum err e = store_read_begin(call->node->store, &t);
    if (e == ERR_OK) {
        e = answer(call, t, depth, &b);
        store_read_end(t);
    }
    if (e != ERR_OK)
        call_fail(call, e, e == ERR_NOT_FOUND ? STR("no such object is held") : STR(""));
    else
        call_answer_json(call, &b);
}
