// SPDX-License-Identifier: Apache-2.0
// The largest set of rows whose references are all good. Ids are sorted once, every reference
// is resolved once by binary search, and a row that falls is taken from a list: each reference
// is looked at twice in all.
#include "policy/closure.h"

#include "base/sort.h"

// A reference seen from its target: group `to` is what row `from` needs.
struct edge {
    uint32_t to, from;
    bool is_end;
};

struct closing {
    struct policy_candidate *rows;
    size_t n;
    struct policy_ids known;
    uint32_t *order;    // rows sorted by id
    uint32_t *group;    // of a row: the first place of its id in `order`
    uint32_t *alive;    // of a group: its permitted rows
    struct edge *edges; // sorted by target
    size_t n_edges;
    uint32_t *fallen; // groups whose last row fell, still to be told to those who need them
    size_t n_fallen;
    bool *has_fallen; // a row that was permitted by itself
    uint32_t *stack;  // rows included, whose references are still to be followed
    size_t n_stack;
};

struct named {
    struct str id;
    uint32_t row;
};

static int by_id(const void *a, const void *b)
{
    const struct named *left = a, *right = b;
    return str_cmp(left->id, right->id);
}

static int by_target(const void *a, const void *b)
{
    const struct edge *left = a, *right = b;
    return (left->to > right->to) - (left->to < right->to);
}

static bool is_permitted(const struct policy_candidate *row)
{
    return row->decision.result == POLICY_PERMIT;
}

static enum err order_rows(struct arena *a, struct closing *c)
{
    struct named *names = NEW_N(a, struct named, c->n + 1);
    struct named *spare = NEW_N(a, struct named, c->n + 1);
    c->order = NEW_N(a, uint32_t, c->n + 1);
    c->group = NEW_N(a, uint32_t, c->n + 1);
    c->alive = NEW_N(a, uint32_t, c->n + 1);
    c->fallen = NEW_N(a, uint32_t, c->n + 1);
    c->stack = NEW_N(a, uint32_t, c->n + 1);
    c->has_fallen = NEW_N(a, bool, c->n + 1);
    if (!c->stack || !c->has_fallen)
        return ERR_LIMIT;
    if (!names || !spare || !c->order || !c->group || !c->alive || !c->fallen)
        return ERR_LIMIT;
    for (uint32_t i = 0; i < c->n; i++)
        names[i] = (struct named){c->rows[i].id, i};
    sort_items(names, spare, c->n, sizeof *names, by_id);
    uint32_t first = 0;
    for (uint32_t i = 0; i < c->n; i++) {
        if (i == 0 || !str_eq(names[i - 1].id, names[i].id))
            first = i;
        c->order[i] = names[i].row;
        c->group[names[i].row] = first;
        c->alive[first] += is_permitted(&c->rows[names[i].row]);
    }
    return ERR_OK;
}

static bool is_known(const struct closing *c, struct str id)
{
    size_t low = 0, high = c->known.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(c->known.items[middle], id);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

// The group of an id, or n when no row has it.
static uint32_t group_find(const struct closing *c, struct str id)
{
    size_t low = 0, high = c->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_cmp(c->rows[c->order[middle]].id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < c->n && str_eq(c->rows[c->order[low]].id, id);
    return (uint32_t)(found ? low : c->n);
}

static void row_fall(struct closing *c, uint32_t row)
{
    if (!is_permitted(&c->rows[row]))
        return;
    c->rows[row].decision = policy_decision(POLICY_NEEDS_REDACTION);
    c->has_fallen[row] = true;
    uint32_t group = c->group[row];
    if (--c->alive[group] == 0)
        c->fallen[c->n_fallen++] = group;
}

// What may never be bad: the creator, what is built in, what the recipient holds.
static bool is_free(const struct closing *c, const struct stix_ref *ref)
{
    return ref->roles == STIX_REF_CREATOR || stix_is_builtin(ref->id) || is_known(c, ref->id);
}

// Rows that go home take no part: they go as received.
static bool is_bound(const struct policy_candidate *row)
{
    return is_permitted(row) && row->decision.why != POLICY_RETURNED;
}

static enum err edges_make(struct arena *a, struct closing *c)
{
    size_t room = 0;
    for (size_t i = 0; i < c->n; i++)
        room += is_bound(&c->rows[i]) ? c->rows[i].n_refs : 0;
    c->edges = NEW_N(a, struct edge, room + 1);
    struct edge *spare = NEW_N(a, struct edge, room + 1);
    if (!c->edges || !spare)
        return ERR_LIMIT;
    for (uint32_t i = 0; i < c->n; i++) {
        if (!is_bound(&c->rows[i]))
            continue;
        for (size_t k = 0; k < c->rows[i].n_refs; k++) {
            const struct stix_ref *ref = &c->rows[i].refs[k];
            if (!is_free(c, ref))
                c->edges[c->n_edges++] =
                    (struct edge){group_find(c, ref->id), i, (ref->roles & STIX_REF_END) != 0};
        }
    }
    sort_items(c->edges, spare, c->n_edges, sizeof *spare, by_target);
    return ERR_OK;
}

static size_t first_edge(const struct closing *c, uint32_t to)
{
    size_t low = 0, high = c->n_edges;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->edges[middle].to < to)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void group_tell(struct closing *c, uint32_t group)
{
    for (size_t i = first_edge(c, group); i < c->n_edges && c->edges[i].to == group; i++)
        row_fall(c, c->edges[i].from);
}

static bool is_dead(const struct closing *c, uint32_t group)
{
    return group == c->n || c->alive[group] == 0;
}

// The rows that are left do not depend on the order of falling, and the reasons must not
// either: they are given at the end. A bad end weighs more than another bad reference.
static void fall_all(struct closing *c)
{
    for (size_t i = 0; i < c->n_edges; i++)
        if (is_dead(c, c->edges[i].to))
            row_fall(c, c->edges[i].from);
    for (size_t i = 0; i < c->n_fallen; i++)
        group_tell(c, c->fallen[i]);
    for (size_t i = 0; i < c->n_edges; i++) {
        uint32_t from = c->edges[i].from;
        if (c->edges[i].is_end && c->has_fallen[from] && is_dead(c, c->edges[i].to))
            c->rows[from].decision = policy_decision(POLICY_END_WITHHELD);
    }
}

// Puts the rows of an id that may go on the stack, unless they are there already.
static void include_group(struct closing *c, uint32_t group)
{
    for (uint32_t i = group; i < c->n && c->group[c->order[i]] == group; i++) {
        struct policy_candidate *needed = &c->rows[c->order[i]];
        if (needed->is_included || !is_permitted(needed))
            continue;
        needed->is_included = true;
        c->stack[c->n_stack++] = c->order[i];
    }
}

// What is on demand goes when a row that goes refers to it.
static void include(struct closing *c)
{
    for (uint32_t i = 0; i < c->n; i++) {
        c->rows[i].is_included = is_permitted(&c->rows[i]) && !c->rows[i].is_on_demand;
        if (c->rows[i].is_included)
            c->stack[c->n_stack++] = i;
    }
    while (c->n_stack > 0) {
        const struct policy_candidate *row = &c->rows[c->stack[--c->n_stack]];
        for (size_t k = 0; k < row->n_refs; k++)
            include_group(c, group_find(c, row->refs[k].id));
    }
}

enum err policy_close(
    struct arena *a, struct policy_candidate *candidates, size_t n, struct policy_ids known)
{
    struct closing c = {.rows = candidates, .n = n, .known = known};
    if (n >= UINT32_MAX)
        return ERR_LIMIT;
    TRY(order_rows(a, &c));
    TRY(edges_make(a, &c));
    fall_all(&c);
    include(&c);
    return ERR_OK;
}
