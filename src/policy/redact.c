// SPDX-License-Identifier: Apache-2.0
// The bytes that a recipient gets, and the markings that they carry.
#include "base/limits.h"
#include "policy/redact_priv.h"

bool redact_is_fixed(const struct stix_object *object)
{
    struct json v;
    bool is_statement = json_get(object->root, STR("definition_type"), &v) &&
                        json_is_string(v, STR("statement")) &&
                        !json_get(object->root, STR("extensions"), &v);
    return object->kind == STIX_META && !is_statement;
}

static bool is_kept(const struct writing *w, struct str id, const struct stix_marking *marking)
{
    enum stix_tlp tlp = w->facts->label.handling.tlp;
    bool is_tlp = marking->kind == STIX_MARKING_TLP; // the label's stands for all of them
    return !is_tlp && (!marking->has_tlp || marking->tlp == tlp) && writing_name(w, id).len > 0;
}

// The markings of the effective label: its TLP, and those of the object that the recipient
// gets. What they do not say and no envelope carries is said by one that is made for it.
static enum err markings_choose(
    struct writing *w, struct marking_refs *out, struct policy_redacted *redacted)
{
    const struct stix_object *o = w->object;
    const struct handling *label = &w->facts->label.handling;
    struct str *refs = NEW_N(w->arena, struct str, o->n_marking_refs + 2);
    struct handling said = {.tlp = label->tlp};
    size_t n = 0;
    if (!refs)
        return ERR_LIMIT;
    refs[n++] = stix_tlp_id(label->tlp);
    for (size_t i = 0; i < o->n_marking_refs; i++) {
        struct stix_marking marking;
        if (policy_marking_find(w->markings, o->marking_refs[i], &marking) != ERR_OK ||
            !is_kept(w, o->marking_refs[i], &marking))
            continue;
        struct handling part = policy_marking_handling(&marking);
        TRY(policy_handling_fold(w->arena, &said, &part, &said));
        refs[n++] = writing_name(w, o->marking_refs[i]);
    }
    if (!policy_channel_has_envelope(w->facts->channel) &&
        !policy_handling_covers(&said, label)) {
        TRY(policy_marking_make(w->arena, label, &redacted->marking_id, &redacted->marking));
        refs[n++] = redacted->marking_id;
    }
    *out = (struct marking_refs){refs, n};
    return ERR_OK;
}

// Whether a marking of the object must not be named, or has another name, though nothing else
// changes.
static bool names_markings_otherwise(const struct writing *w)
{
    for (size_t i = 0; i < w->object->n_marking_refs; i++)
        if (!str_eq(writing_name(w, w->object->marking_refs[i]), w->object->marking_refs[i]))
            return true;
    return false;
}

// What is written must stand by itself. It is read with a `modified`, also when that is left
// out of the bytes to compare.
static enum err check(
    struct writing *w, struct marking_refs refs, struct str bytes, bool *stands)
{
    struct stix_object left;
    struct stix_problem problem;
    if (w->is_bare) {
        struct writing full = *w;
        full.is_bare = false;
        TRY(writing_begin(&full, w->object));
        TRY(writing_put(&full, refs, &bytes));
    }
    enum err e = stix_object_read(w->arena, bytes, &left, &problem);
    *stands = e == ERR_OK;
    return e == ERR_INVALID ? ERR_OK : e;
}

static enum err variant_put(
    struct writing *w, struct marking_refs refs, struct policy_redacted *out)
{
    bool stands = false, is_fixed = redact_is_fixed(w->object);
    if (!is_fixed)
        TRY(check(w, refs, out->bytes, &stands));
    if (is_fixed && !w->is_changed)
        out->decision = policy_decision(POLICY_NEEDS_VARIANT);
    else if (!stands)
        out->decision = policy_decision(POLICY_PART_REQUIRED);
    return ERR_OK;
}

static enum err bound_redact(
    struct writing *w, const struct policy_redaction *how, struct policy_redacted *out)
{
    const struct stix_object *object = w->object;
    struct marking_refs refs;
    w->is_whole = how->facts->recipient.relation == POLICY_SELF;
    w->is_bare = how->modified.len == 0 && object->has_modified;
    TRY(writing_begin(w, object));
    TRY(markings_choose(w, &refs, out));
    TRY(writing_put(w, refs, &out->bytes));
    struct str own = writing_name(w, object->id.text);
    bool is_renamed = own.len > 0 && !str_eq(own, object->id.text);
    out->is_variant = w->is_changed || is_renamed || policy_must_be_marked(how->facts) ||
                      names_markings_otherwise(w);
    if (writing_has_lost_selector(w))
        out->decision = policy_decision(POLICY_PART_REQUIRED);
    else if (out->is_variant)
        TRY(variant_put(w, refs, out));
    return ERR_OK;
}

enum err policy_redact(struct arena *a, const struct stix_object *object,
    const struct policy_redaction *how, struct policy_redacted *out)
{
    struct policy_facts whole = *how->facts;
    whole.is_redacted = true;
    struct policy_redacted r = {.decision = policy_decide(&whole)};
    struct writing w = {.arena = a,
        .object = object,
        .markings = how->markings,
        .facts = how->facts,
        .names = &how->names,
        .id = how->id,
        .modified = how->modified};
    if (r.decision.result == POLICY_PERMIT && r.decision.why != POLICY_RETURNED)
        TRY(bound_redact(&w, how, &r));
    bool goes = r.decision.result == POLICY_PERMIT && r.is_variant;
    *out = goes ? r : (struct policy_redacted){.decision = r.decision};
    return ERR_OK;
}
