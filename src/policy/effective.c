// SPDX-License-Identifier: Apache-2.0
#include "policy/handling.h"

static enum err marking_find(
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
    return marking->kind == STIX_MARKING_FORGED ? POLICY_LABEL_FORGED : POLICY_LABEL_OK;
}

// The texts of one marking are sorted; a statement has nothing to say.
static struct handling handling_of(const struct stix_marking *marking)
{
    if (marking->kind == STIX_MARKING_TLP)
        return (struct handling){.tlp = marking->tlp};
    if (marking->kind != STIX_MARKING_RELEASABILITY)
        return (struct handling){0};
    return (struct handling){
        .has_relto = marking->has_relto,
        .relto = marking->relto,
        .n_relto = marking->n_relto,
        .is_noforn = marking->is_noforn,
        .is_orcon = marking->is_orcon,
        .nat = &marking->national,
        .n_nat = marking->national.len > 0,
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
        problem_of(marking_find(f->markings, id, &marking), &marking);
    if (f->problem == POLICY_LABEL_OK)
        f->problem = problem;
    if (problem != POLICY_LABEL_OK)
        return ERR_OK;
    if (marking.kind == STIX_MARKING_TLP) {
        if (f->has_tlp && f->tlp != marking.tlp && f->problem == POLICY_LABEL_OK)
            f->problem = POLICY_LABEL_CONTRADICTORY;
        f->has_tlp = true;
        f->tlp = marking.tlp;
    }
    struct handling part = handling_of(&marking);
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
        enum err found = marking_find(f->markings, object->granular[i].marking_ref, &marking);
        enum policy_label_problem problem = problem_of(found, &marking);
        if (f->problem == POLICY_LABEL_OK)
            f->problem = problem;
        struct handling part = handling_of(&marking);
        if (problem == POLICY_LABEL_OK && !policy_handling_covers(whole, &part))
            has_stricter_part = true;
    }
    return has_stricter_part;
}

// A forged marking definition must not travel either, whatever marks it.
static enum err check_itself(struct fold *f, const struct stix_object *object)
{
    struct stix_marking marking;
    enum err e = stix_marking_read(f->arena, object, &marking);
    if (e == ERR_INVALID) // no marking definition
        return ERR_OK;
    TRY(e);
    if (marking.kind == STIX_MARKING_FORGED)
        f->problem = POLICY_LABEL_FORGED;
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
    label.problem = f.problem;
    label.is_in_bytes = policy_handling_covers(&f.own, &label.handling);
    *out = label;
    return ERR_OK;
}
