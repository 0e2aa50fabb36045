// SPDX-License-Identifier: Apache-2.0
#include "policy/handling.h"

enum err policy_marking_find(
    struct policy_markings markings, struct str id, struct stix_marking *out)
{
    size_t low = 0, high = markings.n;
    if (stix_marking_pinned(id, out) == ERR_OK)
        return ERR_OK;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(markings.items[middle].id, id);
        if (order == 0) {
            *out = markings.items[middle].marking;
            return ERR_OK;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return ERR_NOT_FOUND;
}

static enum policy_label_problem problem_of(enum err found, const struct stix_marking *marking)
{
    if (found != ERR_OK || marking->kind == STIX_MARKING_UNKNOWN)
        return POLICY_LABEL_UNKNOWN;
    if (marking->kind == STIX_MARKING_ABOVE)
        return POLICY_LABEL_ABOVE;
    return marking->kind == STIX_MARKING_FORGED ? POLICY_LABEL_FORGED : POLICY_LABEL_OK;
}

// The texts of one marking are sorted; a statement has nothing to say.
struct handling policy_marking_handling(const struct stix_marking *marking)
{
    return (struct handling){
        .tlp = marking->tlp,
        .has_relto = marking->has_relto,
        .relto = marking->relto,
        .n_relto = marking->n_relto,
        .is_noforn = marking->is_noforn,
        .is_orcon = marking->is_orcon,
        .nat = marking->national,
        .n_nat = marking->n_national,
        .cav = marking->caveats,
        .n_cav = marking->n_caveats,
        .has_embargo = marking->has_embargo,
        .embargo_us = marking->embargo_us,
        .has_expiry = marking->has_expiry,
        .expiry_us = marking->expiry_us,
    };
}

struct fold {
    struct arena *arena;
    struct policy_markings markings;
    struct handling own; // of the object's own markings
    enum policy_label_problem problem;
    bool has_tlp;
    enum stix_tlp tlp;
};

static enum err fold_marking(struct fold *f, struct str id)
{
    struct stix_marking marking = {0};
    enum policy_label_problem problem =
        problem_of(policy_marking_find(f->markings, id, &marking), &marking);
    if (f->problem == POLICY_LABEL_OK)
        f->problem = problem;
    if (problem != POLICY_LABEL_OK)
        return ERR_OK;
    if (marking.has_tlp) {
        if (f->has_tlp && f->tlp != marking.tlp && f->problem == POLICY_LABEL_OK)
            f->problem = POLICY_LABEL_CONTRADICTORY;
        f->has_tlp = true;
        f->tlp = marking.tlp;
    }
    struct handling part = policy_marking_handling(&marking);
    return policy_handling_fold(f->arena, &f->own, &part, &f->own);
}

// Language markings restrict nothing.
static bool check_granular(
    struct fold *f, const struct stix_object *object, const struct handling *whole)
{
    bool has_stricter_part = false;
    for (size_t i = 0; i < object->n_granular; i++) {
        struct stix_marking marking = {0};
        if (object->granular[i].marking_ref.len == 0)
            continue;
        enum err found =
            policy_marking_find(f->markings, object->granular[i].marking_ref, &marking);
        enum policy_label_problem problem = problem_of(found, &marking);
        if (f->problem == POLICY_LABEL_OK)
            f->problem = problem;
        struct handling part = policy_marking_handling(&marking);
        if (problem == POLICY_LABEL_OK && !policy_handling_covers(whole, &part))
            has_stricter_part = true;
    }
    return has_stricter_part;
}

// A marking definition that is forged or above the ceiling must not travel either, whatever
// marks it.
static enum err check_itself(struct fold *f, const struct stix_object *object)
{
    struct stix_marking marking;
    enum err e = stix_marking_read(f->arena, object, &marking);
    if (e == ERR_INVALID) // no marking definition
        return ERR_OK;
    TRY(e);
    if (marking.kind == STIX_MARKING_FORGED || marking.kind == STIX_MARKING_ABOVE)
        f->problem = problem_of(ERR_OK, &marking);
    return ERR_OK;
}

enum err policy_effective(struct arena *a, const struct stix_object *object,
    struct policy_markings markings, const struct handling *row, struct policy_label *out)
{
    struct policy_label label = {0};
    struct fold f = {.arena = a, .markings = markings};
    TRY(check_itself(&f, object));
    for (size_t i = 0; i < object->n_marking_refs; i++)
        TRY(fold_marking(&f, object->marking_refs[i]));
    TRY(policy_handling_fold(a, row, &f.own, &label.handling));
    label.has_stricter_part = check_granular(&f, object, &label.handling);
    for (size_t i = 0; i < label.handling.n_nat; i++)
        if (f.problem == POLICY_LABEL_OK && stix_national_is_above(label.handling.nat[i]))
            f.problem = POLICY_LABEL_ABOVE;
    label.problem = f.problem;
    label.is_in_bytes = policy_handling_covers(&f.own, &label.handling);
    *out = label;
    return ERR_OK;
}

// A selector covers what it names and all beneath it (section 7.2.3.1).
static bool selector_covers(struct str selector, struct str part)
{
    return str_starts(part, selector) &&
           (part.len == selector.len || part.ptr[selector.len] == '.');
}

static enum err granular_covers(
    struct arena *a, const struct stix_granular *granular, struct str part, bool *out)
{
    *out = false;
    for (struct json_iter it = json_iter(granular->selectors); json_next(&it) && !*out;) {
        struct str selector;
        TRY(json_string(a, it.value, &selector));
        *out = selector_covers(selector, part);
    }
    return ERR_OK;
}

// Folds one marking apart from its TLP, which is returned for the caller to compare.
static enum err fold_apart(
    struct fold *f, struct str id, struct handling *to, enum stix_tlp *tlp, bool *has_tlp)
{
    struct stix_marking marking = {0};
    enum err found = policy_marking_find(f->markings, id, &marking);
    if (problem_of(found, &marking) != POLICY_LABEL_OK)
        return ERR_OK;
    *has_tlp = *has_tlp || marking.has_tlp;
    *tlp = marking.has_tlp && marking.tlp > *tlp ? marking.tlp : *tlp;
    struct handling part = policy_marking_handling(&marking);
    part.tlp = STIX_TLP_CLEAR;
    return policy_handling_fold(f->arena, to, &part, to);
}

enum err policy_effective_at(struct arena *a, const struct stix_object *object,
    struct policy_markings markings, const struct handling *row, struct policy_part part,
    struct handling *out)
{
    struct fold f = {.arena = a, .markings = markings};
    struct handling h = *row;
    enum stix_tlp whole = STIX_TLP_CLEAR, own = STIX_TLP_CLEAR;
    bool whole_has = false, own_has = false, covers;
    for (size_t i = 0; i < object->n_marking_refs; i++)
        TRY(fold_apart(&f, object->marking_refs[i], &h, &whole, &whole_has));
    for (size_t i = 0; i < object->n_granular; i++) {
        TRY(granular_covers(a, &object->granular[i], part.selector, &covers));
        if (covers && object->granular[i].marking_ref.len > 0)
            TRY(fold_apart(&f, object->granular[i].marking_ref, &h, &own, &own_has));
    }
    bool is_own = own_has && (part.is_from_originator || own > whole);
    struct handling tlp = {.tlp = is_own ? own : whole};
    return policy_handling_fold(a, &h, &tlp, out);
}
