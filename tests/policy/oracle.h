// SPDX-License-Identifier: Apache-2.0
// What must go to whom, written from the rules (R1 to R10, redaction, closure) and in the
// plainest way: everything is looked at again until nothing changes.
#pragma once

#include "world.h"

struct label {
    enum stix_tlp tlp;
    bool tlps[STIX_TLPS]; // seen on the object itself
    bool is_unknown, is_noforn, is_orcon, is_over;
    unsigned nations; // as bits; those of no list
};
enum { GBR = 1, KOR = 2, JPN = 4, FVEY = 8, EVERYONE = 15 };

// What the oracle finds of a row.
struct found {
    int rule; // 1 to 10
    enum policy_result result;
    struct label label;
    bool gone[PARTS]; // by their labels
    bool is_variant, is_included;
};

static void label_add(struct label *l, enum mark mark)
{
    static const unsigned nations[MARKS] = {
        [TO_GBR_KOR] = GBR | KOR, [TO_JPN] = JPN, [TO_FVEY] = FVEY};
    if (mark < STATEMENT && (enum stix_tlp)mark > l->tlp)
        l->tlp = (enum stix_tlp)mark;
    l->nations &= nations[mark] ? nations[mark] : EVERYONE;
    l->is_noforn |= mark == NO_FOREIGN;
    l->is_orcon |= mark == CONTROLLED;
    l->is_over |= mark == EXPIRED;
    l->is_unknown |= mark == NOT_HELD;
}

// A marking whose row is not here is not known.
static bool is_held(const struct world *w, enum mark mark)
{
    return mark < STATEMENT || (mark != NOT_HELD && w->rows[THINGS + mark - STATEMENT].is_here);
}

static struct label label_of(const struct world *w, const struct row *r)
{
    struct label l = {.tlp = r->tlp, .is_orcon = r->is_orcon, .nations = EVERYONE};
    const struct thing *t = &r->thing;
    for (size_t i = 0; i < t->n_marks && !r->is_marking; i++) {
        label_add(&l, t->marks[i]);
        l.is_unknown |= !is_held(w, t->marks[i]);
        if (t->marks[i] < STATEMENT)
            l.tlps[t->marks[i]] = true;
    }
    for (size_t i = 0; i < t->n_part_marks && !r->is_marking; i++)
        l.is_unknown |= !is_held(w, t->part_marks[i]);
    return l;
}

static bool has_grant(const struct row *r, bool is_for_object)
{
    return r->originator == US &&
           (r->grant == OBJECT_GRANT || (r->grant == CLASS_GRANT && !is_for_object));
}

static bool is_in_list(const struct world *w, unsigned nations)
{
    unsigned nation = w->is_ours ? GBR : KOR;
    return nations == EVERYONE || (nations & nation) || ((nations & FVEY) && w->has_fvey);
}

static bool tlp_permits(const struct world *w, enum stix_tlp tlp)
{
    bool is_amber = w->channel != POLICY_FEED, is_red = w->channel == POLICY_LINK;
    bool is_itself = w->is_addressee && !w->is_client;
    if (tlp == STIX_TLP_RED)
        return is_itself && is_red && w->n_persons > 0 && w->n_registered >= w->n_persons;
    if (tlp == STIX_TLP_AMBER_STRICT)
        return is_itself && is_amber;
    if (tlp == STIX_TLP_AMBER)
        return w->is_addressee && is_amber;
    return tlp == STIX_TLP_CLEAR || w->is_addressee || w->is_community;
}

static int needs_officers(const struct label *l)
{
    return l->tlp == STIX_TLP_RED || l->is_orcon ? 2 : 0;
}

// The first rule that hits, 4 for what goes home, 10 for what is permitted.
static int rule_of(const struct world *w, const struct row *r, const struct label *l)
{
    size_t tlps = 0;
    bool is_own = r->originator == GB, is_ledger = w->channel <= POLICY_FILE;
    enum stix_tlp reach = w->is_ours ? STIX_TLP_AMBER : STIX_TLP_CLEAR;
    for (size_t i = 0; i < STIX_TLPS; i++)
        tlps += l->tlps[i];
    if (l->is_unknown || tlps > 1)
        return 1;
    if (r->is_recalled || l->is_over)
        return 2;
    if (!w->is_live)
        return 3;
    if (r->originator == KR && !w->is_ours)
        return 4;
    if (!is_own && !has_grant(r, false) && (l->tlp > reach || l->is_orcon))
        return 5;
    if (l->is_orcon && !is_own && !has_grant(r, true))
        return 6;
    if ((l->is_noforn && !(w->is_ours && is_own)) || !is_in_list(w, l->nations))
        return 7;
    if (!tlp_permits(w, l->tlp))
        return 8;
    if ((int)w->n_approvers < needs_officers(l))
        return 9;
    return is_ledger && w->is_stale && l->tlp > STIX_TLP_CLEAR ? 9 : 10;
}

static bool has_envelope(const struct world *w)
{
    return w->channel == POLICY_LINK || w->channel == POLICY_FILE;
}

static bool is_statement_renamed(const struct found *found)
{
    return found[THINGS].result == POLICY_PERMIT && found[THINGS].is_variant;
}

// Does the thing say a statement that goes under another id?
static bool names_renamed(const struct thing *t, const struct found *found, const bool *gone)
{
    bool names = false;
    for (size_t i = 0; i < t->n_marks; i++)
        names |= t->marks[i] == STATEMENT;
    for (size_t i = 0; i < t->n_part_marks; i++)
        names |= t->part_marks[i] == STATEMENT && !gone[t->parts[i]];
    return names && is_statement_renamed(found);
}
