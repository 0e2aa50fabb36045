// SPDX-License-Identifier: Apache-2.0
// Worlds by chance; a seed makes the same one again.
#pragma once

#include "world.h"

static uint32_t chance;

static uint32_t below(uint32_t n)
{
    chance = chance * 1664525u + 1013904223u;
    return (chance >> 8) % n;
}

static bool one_in(uint32_t n)
{
    return below(n) == 0;
}

// Mostly mild, so that enough is permitted.
static enum mark mark_make(void)
{
    return (enum mark)(one_in(3)   ? below(MARKS)
                       : one_in(2) ? (uint32_t)STIX_TLP_GREEN
                                   : below(STIX_TLP_RED));
}

static void thing_make(struct thing *t)
{
    *t = (struct thing){.id = below(IDS - 1), .has_creator = one_in(3)};
    enum type type = t->id % TYPES;
    for (enum part part = MAIN; part < PARTS; part++) {
        bool has_parent = parent_of[part] != NOT_A_PART;
        bool is_end = part == SOURCE || part == TARGET;
        t->has[part] = has_parent ? t->has[parent_of[part]] : part == MAIN || one_in(3);
        if (is_end || part == REFS)
            t->has[part] = type == (is_end ? RELATIONSHIP : NOTE);
        if (part == LABELS || part == DESCRIPTION)
            t->has[part] = t->has[part] && type != ADDRESS;
        t->ref[part] = below(IDS);
        t->ref[part] += is_end && t->ref[part] % TYPES == RELATIONSHIP; // no end is one
    }
    t->n_marks = below(3);
    for (size_t i = 0; i < t->n_marks; i++)
        t->marks[i] = mark_make();
    if (t->n_marks == 2 && t->marks[0] == t->marks[1])
        t->n_marks = 1;
    for (size_t i = below(6); i < 3; i++) {
        enum part part = below(PARTS);
        t->parts[t->n_part_marks] = part;
        t->part_marks[t->n_part_marks] = one_in(4) ? (enum mark)STIX_TLP_RED : mark_make();
        t->n_part_marks += t->has[part];
    }
}

static void row_make(struct row *r, size_t i)
{
    static const enum party parties[] = {GB, GB, GB, GB, KR, US};
    *r = (struct row){.is_here = true,
        .is_marking = i >= THINGS,
        .is_recalled = one_in(20),
        .mark = (enum mark)(STATEMENT + i - THINGS),
        .tlp = one_in(2) ? STIX_TLP_CLEAR : below(STIX_TLPS),
        .is_orcon = i < THINGS && one_in(15),
        .originator = i < THINGS ? parties[below(LEN(parties))] : GB,
        .grant = below(GRANTS)};
    if (!r->is_marking)
        thing_make(&r->thing);
}

static void world_make(struct world *w, uint32_t seed)
{
    static const enum policy_channel channels[] = {
        POLICY_LINK, POLICY_LINK, POLICY_TAXII, POLICY_FILE, POLICY_FEED};
    chance = seed;
    *w = (struct world){.is_ours = one_in(5),
        .is_live = !one_in(10),
        .is_community = one_in(2),
        .is_addressee = !one_in(4),
        .is_client = one_in(5),
        .is_stale = one_in(8),
        .has_fvey = one_in(2),
        .n_approvers = below(3),
        .n_persons = below(3),
        .n_registered = below(3),
        .channel = channels[below(LEN(channels))]};
    for (size_t i = 0; i < ROWS; i++)
        row_make(&w->rows[i], i);
    for (size_t i = 0; i < IDS; i++) {
        w->known[i] = one_in(8);
        w->renamed[i] = !w->known[i] && one_in(8);
    }
    for (size_t i = 0; i < THINGS && !w->is_ours; i++)
        if (w->rows[i].originator == KR) { // it has what it sent
            w->known[w->rows[i].thing.id] = true;
            w->renamed[w->rows[i].thing.id] = false;
        }
}
