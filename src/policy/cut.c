// SPDX-License-Identifier: Apache-2.0
// The decision on a row and its parts, and what of its references remains.
#include "policy/redact_priv.h"

static enum err parts_cut(
    struct arena *a, struct writing *w, struct policy_cut *out, struct stix_object *left)
{
    struct stix_problem problem;
    struct str bytes;
    struct marking_refs refs = {w->object->marking_refs, w->object->n_marking_refs};
    TRY(writing_begin(w, w->object));
    TRY(writing_put(w, refs, &bytes));
    if (writing_has_lost_selector(w))
        out->decision = policy_decision(POLICY_PART_REQUIRED);
    if (out->decision.result != POLICY_PERMIT || !w->is_changed)
        return ERR_OK;
    out->is_variant = true;
    enum err e = stix_object_read(a, bytes, left, &problem);
    if (e == ERR_INVALID || redact_is_fixed(w->object)) {
        out->decision = policy_decision(POLICY_PART_REQUIRED);
        return e == ERR_INVALID ? ERR_OK : e;
    }
    return e;
}

struct needs {
    struct arena *arena;
    struct policy_need *items;
    size_t n;
};

static void need_add(struct needs *needs, const struct str *ids, size_t n)
{
    if (n > 0)
        needs->items[needs->n++] = (struct policy_need){ids, n};
}

// The ids of one property, a reference or a list of them, behind those that are there.
static enum err ids_read(struct arena *a, const struct stix_object *object, struct str key,
    struct str *ids, size_t *n)
{
    struct json v;
    if (!json_get(object->root, key, &v))
        return ERR_OK;
    if (json_is(v, JSON_STRING))
        TRY(json_string(a, v, &ids[(*n)++]));
    for (struct json_iter it = json_iter(v); json_is(v, JSON_ARRAY) && json_next(&it);)
        TRY(json_string(a, it.value, &ids[(*n)++]));
    return ERR_OK;
}

// Lists and references that the standard requires together, of any of which one is enough.
static const struct {
    const char *type;
    struct str first, second;
    struct str instead; // a property that makes them unnecessary
} required[] = {
    {"note", STR_INIT("object_refs"), STR_INIT(""), STR_INIT("")},
    {"opinion", STR_INIT("object_refs"), STR_INIT(""), STR_INIT("")},
    {"report", STR_INIT("object_refs"), STR_INIT(""), STR_INIT("")},
    {"grouping", STR_INIT("object_refs"), STR_INIT(""), STR_INIT("")},
    {"observed-data", STR_INIT("object_refs"), STR_INIT(""), STR_INIT("")},
    {"malware-analysis", STR_INIT("analysis_sco_refs"), STR_INIT(""), STR_INIT("result")},
    {"network-traffic", STR_INIT("src_ref"), STR_INIT("dst_ref"), STR_INIT("")},
};

static size_t ids_room(const struct stix_object *object, struct str key)
{
    struct json v;
    return json_get(object->root, key, &v) ? json_len(v) + 1 : 0;
}

static enum err list_need(struct needs *needs, const struct stix_object *object)
{
    struct json v;
    for (size_t i = 0; i < LEN(required); i++) {
        if (!str_eq(object->id.type, str_of(required[i].type)) ||
            json_get(object->root, required[i].instead, &v))
            continue;
        size_t n = 0, room = ids_room(object, required[i].first) +
                             ids_room(object, required[i].second);
        struct str *ids = NEW_N(needs->arena, struct str, room + 1);
        if (!ids)
            return ERR_LIMIT;
        TRY(ids_read(needs->arena, object, required[i].first, ids, &n));
        TRY(ids_read(needs->arena, object, required[i].second, ids, &n));
        need_add(needs, ids, n);
    }
    return ERR_OK;
}

// A marking that is withheld is the same as one that is not held, and then nothing that it
// marks may go (R1), also when it marks only a part that does not go.
static void marking_needs(struct needs *needs, const struct stix_object *received)
{
    for (size_t i = 0; i < received->n_refs; i++)
        if ((received->refs[i].roles & STIX_REF_MARKING) &&
            !stix_is_builtin(received->refs[i].id))
            need_add(needs, &received->refs[i].id, 1);
}

// Observables have rules of "at least one of": whether one stands without its references is
// found by taking them out.
static enum err observable_need(
    struct needs *needs, const struct writing *of, const struct stix_object *object)
{
    static const struct policy_names none = {0};
    struct writing w = {.arena = needs->arena,
        .markings = of->markings,
        .facts = of->facts,
        .names = &none,
        .is_whole = true};
    struct stix_object left;
    struct stix_problem problem;
    struct str bytes, *ids = NEW_N(needs->arena, struct str, object->n_refs + 1);
    struct marking_refs refs = {object->marking_refs, object->n_marking_refs};
    size_t n = 0;
    if (!ids)
        return ERR_LIMIT;
    for (size_t i = 0; i < object->n_refs && object->kind == STIX_SCO; i++)
        if (object->refs[i].roles & (STIX_REF_SINGLE | STIX_REF_LIST))
            ids[n++] = object->refs[i].id;
    if (n == 0)
        return ERR_OK;
    TRY(writing_begin(&w, object));
    TRY(writing_put(&w, refs, &bytes));
    enum err e = stix_object_read(needs->arena, bytes, &left, &problem);
    if (e == ERR_INVALID)
        need_add(needs, ids, n);
    return e == ERR_INVALID ? ERR_OK : e;
}

static enum err needs_find(struct arena *a, const struct writing *of,
    const struct stix_object *object, struct policy_cut *out)
{
    struct needs needs = {.arena = a};
    needs.items = NEW_N(a, struct policy_need, object->n_refs + of->object->n_refs + 3);
    if (!needs.items)
        return ERR_LIMIT;
    marking_needs(&needs, of->object);
    for (size_t i = 0; i < object->n_refs && out->may_vary; i++)
        if (object->refs[i].roles & STIX_REF_END)
            need_add(&needs, &object->refs[i].id, 1);
    if (out->may_vary) {
        TRY(list_need(&needs, object));
        TRY(observable_need(&needs, of, object));
    }
    out->needs = needs.items;
    out->n_needs = needs.n;
    return ERR_OK;
}

enum err policy_cut(struct arena *a, const struct stix_object *object,
    struct policy_markings markings, const struct policy_facts *facts, struct policy_cut *out)
{
    struct policy_facts whole = *facts;
    struct stix_object left = *object;
    struct writing w = {.arena = a, .object = object, .markings = markings, .facts = facts};
    whole.is_redacted = true;
    struct policy_cut cut = {.decision = policy_decide(&whole)};
    bool is_bound = cut.decision.result == POLICY_PERMIT && cut.decision.why != POLICY_RETURNED;
    if (is_bound && facts->recipient.relation != POLICY_SELF && object->n_granular > 0)
        TRY(parts_cut(a, &w, &cut, &left));
    if (is_bound && cut.decision.result == POLICY_PERMIT && policy_must_be_marked(facts)) {
        cut.is_variant = true;
        if (redact_is_fixed(object))
            cut.decision = policy_decision(POLICY_NEEDS_VARIANT);
    }
    cut.refs = left.refs;
    cut.n_refs = left.n_refs;
    cut.may_vary = is_bound && !redact_is_fixed(object);
    if (cut.decision.result == POLICY_PERMIT && !(is_bound && redact_is_fixed(object)))
        TRY(needs_find(a, &w, &left, &cut));
    *out = cut;
    return ERR_OK;
}
