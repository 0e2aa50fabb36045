// SPDX-License-Identifier: Apache-2.0
// The effective label of a row: its markings, as its own source defines them, its handling, and
// the labels of what it was made from (H9, H11).
#include "api/gate.h"
#include "policy/derive.h"
#include "store/derived.h"

// More than this went into it: nobody can say what it may be used for.
#define INPUTS_MAX 256

static enum err markings_of(struct gate *g, struct str source, struct gate_source **out)
{
    const struct gate_text *shared;
    for (size_t i = 0; i < g->n_sources; i++)
        if (str_eq(g->sources[i].source, source)) {
            *out = &g->sources[i];
            return ERR_OK;
        }
    void *items = g->sources;
    TRY(gate_share(g, source, false, &shared));
    TRY(gate_grow(
        g->call->arena, &items, sizeof *g->sources, g->n_sources, &g->sources_capacity));
    g->sources = items;
    *out = &g->sources[g->n_sources++];
    **out = (struct gate_source){.source = shared->text};
    return ERR_OK;
}

struct policy_markings gate_markings(const struct gate *g, size_t i)
{
    for (size_t k = 0; k < g->n_sources; k++)
        if (str_eq(g->sources[k].source, g->rows[i].object.source))
            return (struct policy_markings){.items = g->sources[k].items, .n = g->sources[k].n};
    return (struct policy_markings){0};
}

static size_t marking_place(const struct gate_source *of, struct str id)
{
    size_t low = 0, high = of->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (str_cmp(of->items[mid].id, id) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

// Loads a marking definition from the rows of the object's own source. Not held: not in the
// list, and the decision calls it unknown.
static enum err load_marking(
    struct gate *g, struct store_txn *t, struct gate_source *of, struct str id)
{
    struct arena *a = g->call->arena;
    size_t at = marking_place(of, id);
    struct store_object row;
    struct str bytes;
    struct stix_object object;
    struct stix_problem problem;
    if (stix_is_builtin(id) || (at < of->n && str_eq(of->items[at].id, id)))
        return ERR_OK;
    enum err e = store_object_latest(t, a, id, of->source, &row);
    if (e == ERR_OK)
        e = store_object_bytes(t, a, row.seq, &bytes);
    if (e == ERR_NOT_FOUND)
        return ERR_OK;
    TRY(e);
    struct policy_marking marking = {.id = row.id};
    TRY(stix_object_read(a, bytes, &object, &problem));
    TRY(stix_marking_read(a, &object, &marking.marking));
    void *items = of->items;
    TRY(gate_grow(a, &items, sizeof *of->items, of->n, &of->capacity));
    of->items = items;
    memmove(of->items + at + 1, of->items + at, (of->n - at) * sizeof *of->items);
    of->items[at] = marking;
    of->n++;
    return ERR_OK; // its row comes with the references: a chain of markings must not recurse
}

static enum err load_markings(struct gate *g, struct store_txn *t,
    const struct stix_object *object, struct str source, struct policy_markings *out)
{
    struct gate_source *of;
    TRY(markings_of(g, source, &of));
    for (size_t i = 0; i < object->n_refs; i++)
        if (object->refs[i].roles & STIX_REF_MARKING)
            TRY(load_marking(g, t, of, object->refs[i].id));
    *out = (struct policy_markings){.items = of->items, .n = of->n};
    return ERR_OK;
}

// What one input says. Of what was destroyed that is its handling, all that is left of it.
static enum err input_label(struct gate *g, struct store_txn *t, struct arena *scratch,
    const struct store_object *input, struct policy_label *out)
{
    struct str bytes;
    struct stix_object object;
    struct stix_problem problem;
    struct policy_markings markings;
    *out = (struct policy_label){0};
    TRY(policy_handling_parse(scratch, input->handling, &out->handling, NULL));
    if (input->state == STORE_DESTROYED)
        return ERR_OK;
    TRY(store_object_bytes(t, scratch, input->seq, &bytes));
    TRY(stix_object_read(scratch, bytes, &object, &problem));
    TRY(load_markings(g, t, &object, input->source, &markings));
    const struct handling row = out->handling;
    return policy_effective(scratch, &object, markings, &row, out);
}

// Folds the labels of all that a row was made from into its handling.
static enum err derive(struct gate *g, struct store_txn *t, struct arena *scratch,
    struct gate_row *row, struct policy_label *out)
{
    struct store_objects from;
    const struct store_inputs_ask ask = {.id = row->object.id,
        .source = row->object.source,
        .self = g->facts.self,
        .limit = INPUTS_MAX + 1};
    struct str home = g->facts.recipient.relation == POLICY_OTHER ? g->facts.recipient.party
                                                                  : (struct str){"", 0};
    TRY(store_derived_inputs(t, scratch, &ask, &from));
    row->is_derived = from.n > 0;
    if (from.n > INPUTS_MAX)
        out->problem = POLICY_LABEL_UNKNOWN;
    if (from.n == 0 || from.n > INPUTS_MAX)
        return ERR_OK;
    struct handling *inputs = NEW_N(scratch, struct handling, from.n);
    if (!inputs)
        return ERR_LIMIT;
    for (size_t i = 0; i < from.n; i++) {
        struct policy_label label;
        TRY(input_label(g, t, scratch, &from.items[i], &label));
        if (label.problem != POLICY_LABEL_OK)
            out->problem = label.problem;
        inputs[i] = label.handling;
    }
    const struct handling own = out->handling;
    return policy_derive(
        scratch, &own, (struct policy_inputs){inputs, from.n}, home, &out->handling);
}

// The label is folded in the scratch arena; its texts outlive it as the printed block and what
// that parses to.
enum err gate_label(struct gate *g, struct store_txn *t, struct arena *scratch,
    const struct stix_object *object, struct gate_row *row)
{
    struct policy_label made = {0};
    struct policy_markings markings;
    TRY(policy_handling_parse(scratch, row->object.handling, &made.handling, NULL));
    TRY(derive(g, t, scratch, row, &made));
    TRY(load_markings(g, t, object, row->object.source, &markings));
    TRY(policy_effective(scratch, object, markings, &made.handling, &row->label));
    if (row->label.problem == POLICY_LABEL_OK)
        row->label.problem = made.problem;
    if (row->label.problem != POLICY_LABEL_OK) {
        row->label.handling = (struct handling){0};
        return ERR_OK;
    }
    struct buf b = buf_in(scratch, 64 * KIB);
    policy_handling_put(&b, &row->label.handling);
    TRY(b.err);
    const struct gate_text *shared;
    TRY(gate_share(g, buf_str(&b), true, &shared));
    row->handling = shared->text;
    row->label.handling = shared->handling;
    return ERR_OK;
}
