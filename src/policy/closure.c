// SPDX-License-Identifier: Apache-2.0
// The largest set of rows whose references are all good, or can be taken out. Ids are sorted
// once, every reference is resolved once by binary search, and a row that falls is taken from a
// list: each reference is looked at twice in all.
#include "policy/closure.h"

#include "base/sort.h"

#define NO_NEED UINT32_MAX

// A reference seen from its target: row `from` names group `to`, or needs it.
struct edge {
    uint32_t to, from;
    uint32_t need; // of a row that may vary: its need, or NO_NEED
    bool is_end;
    bool is_bad; // from the beginning
};

// Groups waiting to be told to those who name them.
struct groups {
    uint32_t *items;
    size_t n;
};

struct closing {
    struct policy_candidate *rows;
    size_t n;
    struct policy_held held;
    uint32_t *order;    // rows sorted by id
    uint32_t *group;    // of a row: the first place of its id in `order`
    uint32_t *alive;    // of a group: its permitted rows
    uint32_t *plain;    // of a group: those that go as received
    struct edge *edges; // sorted by target
    size_t n_edges;
    uint32_t *left;        // of a need: its references that are still good
    struct groups dead;    // no row is permitted any more
    struct groups renamed; // no row goes as received any more
    bool *has_fallen;      // a row that was permitted by itself
    uint32_t *stack;       // rows included, whose references are still to be followed
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

// One allocation for all that counts rows or groups.
static enum err rows_room(struct arena *a, struct closing *c)
{
    uint32_t *room = NEW_N(a, uint32_t, 7 * (c->n + 1));
    c->has_fallen = NEW_N(a, bool, c->n + 1);
    if (!room || !c->has_fallen)
        return ERR_LIMIT;
    uint32_t **fields[] = {&c->order, &c->group, &c->alive, &c->plain, &c->dead.items,
        &c->renamed.items, &c->stack};
    for (size_t i = 0; i < LEN(fields); i++)
        *fields[i] = room + i * (c->n + 1);
    return ERR_OK;
}

static enum err order_rows(struct arena *a, struct closing *c)
{
    struct named *names = NEW_N(a, struct named, c->n + 1);
    struct named *spare = NEW_N(a, struct named, c->n + 1);
    if (!names || !spare)
        return ERR_LIMIT;
    TRY(rows_room(a, c));
    for (uint32_t i = 0; i < c->n; i++)
        names[i] = (struct named){c->rows[i].id, i};
    sort_items(names, spare, c->n, sizeof *names, by_id);
    uint32_t first = 0;
    for (uint32_t i = 0; i < c->n; i++) {
        const struct policy_candidate *row = &c->rows[names[i].row];
        if (i == 0 || !str_eq(names[i - 1].id, names[i].id))
            first = i;
        c->order[i] = names[i].row;
        c->group[names[i].row] = first;
        c->alive[first] += is_permitted(row);
        c->plain[first] += is_permitted(row) && !row->is_variant;
    }
    return ERR_OK;
}

static bool has_id(struct policy_ids ids, struct str id)
{
    size_t low = 0, high = ids.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(ids.items[middle], id);
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

// The references of a row that goes home are not looked at, but for what it needs: it goes as
// received.
static bool is_bound(const struct policy_candidate *row)
{
    return is_permitted(row) && row->decision.why != POLICY_RETURNED;
}

static void plain_lose(struct closing *c, uint32_t group)
{
    if (--c->plain[group] == 0)
        c->renamed.items[c->renamed.n++] = group;
}

static void row_fall(struct closing *c, uint32_t row)
{
    struct policy_candidate *r = &c->rows[row];
    if (!is_permitted(r))
        return;
    bool fell_for_need = r->n_needs > 0 && !r->keeps_refs;
    r->decision = policy_decision(fell_for_need ? POLICY_END_WITHHELD : POLICY_NEEDS_REDACTION);
    c->has_fallen[row] = true;
    if (!r->is_variant)
        plain_lose(c, c->group[row]);
    if (--c->alive[c->group[row]] == 0)
        c->dead.items[c->dead.n++] = c->group[row];
}

// The row cannot go as received.
static void row_vary(struct closing *c, uint32_t row)
{
    struct policy_candidate *r = &c->rows[row];
    if (!is_bound(r) || r->is_variant)
        return;
    if (!r->may_vary) {
        row_fall(c, row);
        return;
    }
    r->is_variant = true;
    plain_lose(c, c->group[row]);
}

// What may never be bad, nor change its name later: what is built in, what the recipient holds.
static bool is_settled(const struct closing *c, struct str id)
{
    return stix_is_builtin(id) || has_id(c->held.known, id) || has_id(c->held.renamed, id);
}

static enum err edges_room(struct arena *a, struct closing *c, struct edge **spare)
{
    size_t room = 0, needs = 0;
    for (size_t i = 0; i < c->n; i++) {
        room += is_bound(&c->rows[i]) ? c->rows[i].n_refs : 0;
        for (size_t k = 0; k < c->rows[i].n_needs; k++)
            room += c->rows[i].needs[k].n;
        needs += c->rows[i].n_needs;
    }
    if (needs >= NO_NEED)
        return ERR_LIMIT;
    c->left = NEW_N(a, uint32_t, needs + 1);
    c->edges = NEW_N(a, struct edge, room + 1);
    *spare = NEW_N(a, struct edge, room + 1);
    return c->left && c->edges && *spare ? ERR_OK : ERR_LIMIT;
}

static void refs_add(struct closing *c, uint32_t row)
{
    for (size_t k = 0; k < c->rows[row].n_refs; k++) {
        const struct stix_ref *ref = &c->rows[row].refs[k];
        if (ref->roles != STIX_REF_CREATOR && !is_settled(c, ref->id))
            c->edges[c->n_edges++] = (struct edge){
                group_find(c, ref->id), row, NO_NEED, (ref->roles & STIX_REF_END) != 0, false};
    }
}

static void needs_add(struct closing *c, uint32_t row, uint32_t *n_needs)
{
    for (size_t k = 0; k < c->rows[row].n_needs; k++, ++*n_needs) {
        const struct policy_need *need = &c->rows[row].needs[k];
        for (size_t i = 0; i < need->n; i++) {
            c->left[*n_needs]++;
            if (!is_settled(c, need->ids[i]))
                c->edges[c->n_edges++] =
                    (struct edge){group_find(c, need->ids[i]), row, *n_needs, false, false};
        }
    }
}

static enum err edges_make(struct arena *a, struct closing *c)
{
    struct edge *spare;
    uint32_t n_needs = 0;
    TRY(edges_room(a, c, &spare));
    for (uint32_t i = 0; i < c->n; i++) {
        if (is_bound(&c->rows[i]))
            refs_add(c, i);
        if (is_permitted(&c->rows[i]))
            needs_add(c, i, &n_needs);
    }
    sort_items(c->edges, spare, c->n_edges, sizeof *spare, by_target);
    return ERR_OK;
}

static bool is_dead(const struct closing *c, uint32_t group)
{
    return group == c->n || c->alive[group] == 0;
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

// A reference that turned bad: the row falls, unless it can do without.
static void edge_break(struct closing *c, const struct edge *edge)
{
    if (edge->need == NO_NEED && !c->rows[edge->from].keeps_refs)
        row_vary(c, edge->from);
    else if (edge->need == NO_NEED)
        row_fall(c, edge->from);
    else if (--c->left[edge->need] == 0)
        row_fall(c, edge->from);
}

// Every row that goes under another name from the beginning, or names one, is a variant; what
// is not among the rows, or has no permitted row, is bad.
static void begin(struct closing *c)
{
    for (size_t i = 0; i < c->n_edges; i++)
        c->edges[i].is_bad = is_dead(c, c->edges[i].to);
    for (uint32_t i = 0; i < c->n; i++) {
        bool varies =
            !has_id(c->held.known, c->rows[i].id) && has_id(c->held.renamed, c->rows[i].id);
        for (size_t k = 0; k < c->rows[i].n_refs && !varies; k++)
            varies = c->rows[i].refs[k].roles != STIX_REF_CREATOR &&
                     !has_id(c->held.known, c->rows[i].refs[k].id) &&
                     has_id(c->held.renamed, c->rows[i].refs[k].id);
        if (varies && is_bound(&c->rows[i]))
            row_vary(c, i);
    }
    for (size_t i = 0; i < c->n_edges; i++) // to rows that were variants when they came
        if (!c->edges[i].is_bad && c->plain[c->edges[i].to] == 0)
            row_vary(c, c->edges[i].from);
    for (size_t i = 0; i < c->n_edges; i++)
        if (c->edges[i].is_bad)
            edge_break(c, &c->edges[i]);
}

static void group_tell(struct closing *c, uint32_t group, bool is_dead_now)
{
    for (size_t i = first_edge(c, group); i < c->n_edges && c->edges[i].to == group; i++)
        if (is_dead_now)
            edge_break(c, &c->edges[i]);
        else
            row_vary(c, c->edges[i].from);
}

// Falling and varying only ever grow, so what is left does not depend on their order, and the
// reasons must not either: they are given at the end. A bad end weighs more than another bad
// reference.
static void settle(struct closing *c)
{
    for (size_t dead = 0, renamed = 0; dead < c->dead.n || renamed < c->renamed.n;)
        if (dead < c->dead.n)
            group_tell(c, c->dead.items[dead++], true);
        else
            group_tell(c, c->renamed.items[renamed++], false);
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

enum err policy_close_variants(
    struct arena *a, struct policy_candidate *candidates, size_t n, struct policy_held held)
{
    struct closing c = {.rows = candidates, .n = n, .held = held};
    if (n >= UINT32_MAX)
        return ERR_LIMIT;
    TRY(order_rows(a, &c));
    TRY(edges_make(a, &c));
    begin(&c);
    settle(&c);
    include(&c);
    return ERR_OK;
}

enum err policy_close(
    struct arena *a, struct policy_candidate *candidates, size_t n, struct policy_ids known)
{
    struct policy_held held = {.known = known};
    return policy_close_variants(a, candidates, n, held);
}
