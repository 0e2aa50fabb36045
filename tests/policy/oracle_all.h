// SPDX-License-Identifier: Apache-2.0
// The oracle's judgement of all rows together, and the bytes that must go.
#pragma once

#include "oracle.h"
#include "print.h"

// Parts whose label does not permit go; a list or object that loses all goes too.
static void parts_judge(const struct world *w, const struct row *r, struct found *f)
{
    const struct thing *t = &r->thing;
    for (enum part part = MAIN; part < PARTS; part++) {
        enum part parent = parent_of[part];
        struct label l = f->label;
        bool is_marked = false;
        for (size_t i = 0; i < t->n_part_marks; i++)
            if (t->parts[i] == part || t->parts[i] == parent) {
                label_add(&l, t->part_marks[i]);
                is_marked |= t->parts[i] == part;
            }
        bool has_lost_parent = parent != NOT_A_PART && f->gone[parent];
        int rule = is_marked && !has_lost_parent ? rule_of(w, r, &l) : 10;
        f->gone[part] = has_lost_parent || rule != 10;
    }
    f->gone[LABELS] |= t->has[LABELS] && f->gone[LABEL0] && f->gone[LABEL1];
    f->gone[XA] |= t->has[XA] && f->gone[XA_B] && f->gone[XA_C];
    f->gone[REFS] |= t->has[REFS] && f->gone[REF0] && f->gone[REF1];
    if (f->gone[MAIN] || (t->has[REFS] && f->gone[REFS]) || f->gone[SOURCE] || f->gone[TARGET])
        f->result = POLICY_DENY;
    for (enum part part = MAIN; part < PARTS; part++)
        f->is_variant |= t->has[part] && f->gone[part];
}

// What a list of markings says, and whether that is all of a label.
static bool marks_say(
    const enum mark *marks, size_t n, enum stix_tlp tlp, const struct label *of)
{
    struct label l = {.tlp = tlp, .nations = EVERYONE};
    for (size_t i = 0; i < n; i++)
        label_add(&l, marks[i]);
    return l.tlp >= of->tlp && !(l.nations & ~of->nations) && l.is_noforn >= of->is_noforn &&
           l.is_orcon >= of->is_orcon;
}

static void row_judge(const struct world *w, const struct row *r, struct found *f)
{
    static const enum policy_result results[] = {POLICY_PERMIT, POLICY_QUARANTINE, POLICY_DENY,
        POLICY_DENY, POLICY_PERMIT, POLICY_DENY, POLICY_DENY, POLICY_DENY, POLICY_DENY,
        POLICY_HOLD, POLICY_PERMIT};
    *f = (struct found){.label = label_of(w, r)};
    f->rule = rule_of(w, r, &f->label);
    f->result = results[f->rule];
    if (f->rule != 10)
        return;
    if (!r->is_marking)
        parts_judge(w, r, f);
    size_t n = r->is_marking ? 0 : r->thing.n_marks;
    if (f->result != POLICY_PERMIT || has_envelope(w) ||
        marks_say(r->thing.marks, n, STIX_TLP_CLEAR, &f->label))
        return;
    f->is_variant = true;
    f->result = r->is_marking && r->mark != STATEMENT ? POLICY_HOLD : f->result;
}

enum name { UNNAMED, PLAIN, RENAMED };

static enum name name_of(const struct world *w, const struct found *found, uint32_t id)
{
    enum name name = w->known[id] ? PLAIN : w->renamed[id] ? RENAMED : UNNAMED;
    for (size_t i = 0; i < THINGS && name != PLAIN; i++)
        if (w->rows[i].is_here && w->rows[i].thing.id == id && found[i].result == POLICY_PERMIT)
            name = found[i].is_variant ? RENAMED : PLAIN;
    return name;
}

static bool marks_go(
    const struct world *w, const struct found *found, const enum mark *marks, size_t n)
{
    bool all = true;
    for (size_t i = 0; i < n; i++)
        all &= marks[i] < STATEMENT ||
               (is_held(w, marks[i]) &&
                   found[THINGS + marks[i] - STATEMENT].result == POLICY_PERMIT);
    return all;
}

// One look at the references of a row; true when something changed.
static bool row_close(const struct world *w, struct found *found, size_t i)
{
    const struct thing *t = &w->rows[i].thing;
    struct found *f = &found[i];
    bool marks_known = marks_go(w, found, t->marks, t->n_marks) &&
                       marks_go(w, found, t->part_marks, t->n_part_marks);
    bool denied = !marks_known;
    bool varies = (!w->known[t->id] && w->renamed[t->id]) || names_renamed(t, found, f->gone);
    bool has_ref = false;
    for (enum part part = REF0; part < PARTS; part++) {
        if (!t->has[part] || f->gone[part])
            continue;
        enum name name = name_of(w, found, t->ref[part]);
        denied |= name == UNNAMED && part >= SOURCE;
        varies |= name != PLAIN;
        has_ref |= name != UNNAMED && part < XREF;
    }
    denied |= t->has[REFS] && !has_ref;
    if (f->rule == 4) // home, as it came: only its markings must be known
        denied = !marks_known, varies = false;
    bool changed = denied || (varies && !f->is_variant);
    f->result = denied ? POLICY_DENY : f->result;
    f->rule = denied ? 10 : f->rule;
    f->is_variant |= varies;
    return changed;
}

static void marks_include(struct found *found, const enum mark *marks, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (marks[i] >= STATEMENT && marks[i] != NOT_HELD)
            found[THINGS + marks[i] - STATEMENT].is_included = true;
}

static void judge_all(const struct world *w, struct found *found)
{
    for (size_t i = 0; i < ROWS; i++)
        row_judge(w, &w->rows[i], &found[i]);
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < THINGS; i++)
            if (w->rows[i].is_here && found[i].result == POLICY_PERMIT)
                changed |= row_close(w, found, i);
    }
    for (size_t i = 0; i < THINGS; i++) {
        const struct thing *t = &w->rows[i].thing;
        found[i].is_included = w->rows[i].is_here && found[i].result == POLICY_PERMIT;
        if (!found[i].is_included)
            continue;
        marks_include(found, t->marks, t->n_marks);
        for (size_t k = 0; k < t->n_part_marks; k++)
            if (!found[i].is_variant || !found[i].gone[t->parts[k]])
                marks_include(found, &t->part_marks[k], 1);
    }
    for (size_t i = THINGS; i < ROWS; i++)
        found[i].is_included &= w->rows[i].is_here && found[i].result == POLICY_PERMIT;
}
