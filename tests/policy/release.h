// SPDX-License-Identifier: Apache-2.0
// The whole release of a world by the functions under test, as a node calls them.
#pragma once

#include "policy/record.h"
#include "print.h"

static const unsigned char key[POLICY_RECIPIENT_KEY_BYTES] = {1, 2, 3};
#define LATER "2026-01-02T00:00:00.000Z"
#define NOW   1000

struct outcome {
    struct policy_facts facts;
    struct policy_decision decision;
    bool is_included, is_variant;
    struct str bytes; // as they go, also when as received
    struct policy_redacted redacted;
    struct str received;
};

struct release {
    struct arena *arena;
    const struct world *world;
    struct policy_marking marks[MARKS];
    struct policy_markings markings;
    struct stix_object objects[ROWS];
    struct policy_candidate candidates[ROWS];
    struct outcome out[ROWS];
    size_t place[ROWS], n; // of the rows that are here
    struct policy_held held;
};

// A statement as it came, or, with markings of its own, as it must go.
static struct str statement_text(
    struct arena *a, struct str id, const struct str *marks, size_t n)
{
    struct buf b = buf_in(a, 64 * KIB);
    buf_put(&b, STR("{\"type\":\"marking-definition\",\"spec_version\":\"2.1\",\"id\":\""));
    buf_put(&b, id);
    buf_put(&b, STR("\",\"created\":\"2020-01-01T00:00:00.000Z\",\"definition_type\":"));
    buf_put(&b, STR("\"statement\",\"definition\":{\"statement\":\"x\"}"));
    for (size_t i = 0; i < n; i++) {
        buf_put(&b, i ? STR("\",\"") : STR(",\"object_marking_refs\":[\""));
        buf_put(&b, marks[i]);
    }
    buf_put(&b, n ? STR("\"]}") : STR("}"));
    return buf_str(&b);
}

static struct str row_text(struct arena *a, const struct row *r)
{
    if (r->mark == STATEMENT)
        return statement_text(a, mark_id(a, r->mark), NULL, 0);
    static const char *const bodies[MARKS] = {
        [TO_GBR_KOR] = "\"permitted_nationalities\":[\"KOR\",\"GBR\"]",
        [TO_JPN] = "\"permitted_nationalities\":[\"JPN\"]",
        [NO_FOREIGN] = "\"formal_determination\":[\"NF\"]",
        [CONTROLLED] = "\"orcon\":true",
        [EXPIRED] = "\"expires\":\"1970-01-01T00:00:00Z\"",
        [TO_FVEY] = "\"permitted_nationalities\":[\"FVEY\"]"};
    struct buf b = buf_in(a, 64 * KIB);
    buf_put(&b, STR("{\"type\":\"marking-definition\",\"spec_version\":\"2.1\",\"id\":\""));
    buf_put(&b, mark_id(a, r->mark));
    buf_put(&b, STR("\",\"created\":\"2020-01-01T00:00:00.000Z\","));
    buf_put(&b, STR("\"extensions\":{\"" STIX_RELEASABILITY_EXTENSION "\":{"));
    buf_put(&b, STR("\"extension_type\":\"property-extension\","));
    buf_put(&b, str_of(bodies[r->mark]));
    buf_put(&b, STR("}}}"));
    return buf_str(&b);
}

static struct str received_text(struct arena *a, const struct row *r)
{
    struct show show = {.modified = STR("2020-01-01T00:00:00.000Z")};
    struct str marks[2];
    if (r->is_marking)
        return row_text(a, r);
    show.id = thing_id(a, r->thing.id);
    show.statement = mark_id(a, STATEMENT);
    for (enum part part = MAIN; part < PARTS; part++)
        show.ref[part] = thing_id(a, r->thing.ref[part]);
    for (size_t i = 0; i < r->thing.n_marks; i++)
        marks[i] = mark_id(a, r->thing.marks[i]);
    show.marks = marks;
    show.n_marks = r->thing.n_marks;
    return thing_print(a, &r->thing, &show);
}

static const struct str words[] = {STR_INIT("p1"), STR_INIT("p2")};
static const struct str warning[] = {STR_INIT("warning")};
static const struct str five[] = {STR_INIT("GBR"), STR_INIT("KOR")};
static const struct policy_community fvey[] = {{STR_INIT("FVEY"), five, 2}};
static const struct str parties[] = {STR_INIT("gb"), STR_INIT("kr"), STR_INIT("us")};

static struct policy_facts facts_of(struct arena *a, const struct world *w, const struct row *r)
{
    struct policy_grant *grant = NEW(a, struct policy_grant);
    *grant = (struct policy_grant){.by = STR("us"),
        .to = w->is_ours ? STR("gb") : STR("kr"),
        .purpose = warning[0],
        .not_after_us = r->grant == OLD_GRANT ? NOW : NOW + 1,
        .object = r->grant == CLASS_GRANT ? STR("") : STR("c0")};
    return (struct policy_facts){.object = STR("c0"),
        .is_recalled = r->is_recalled,
        .self = STR("gb"),
        .recipient = {.party = grant->to,
            .trigraph = w->is_ours ? STR("GBR") : STR("KOR"),
            .relation = w->is_ours ? POLICY_OURS : POLICY_OTHER,
            .is_client = w->is_client,
            .persons = words,
            .n_persons = w->n_persons,
            .registered = words,
            .n_registered = w->n_registered},
        .agreement = {.is_live = w->is_live,
            .is_community = w->is_community,
            .is_addressee = w->is_addressee,
            .purposes = warning,
            .n_purposes = 1,
            .communities = fvey,
            .n_communities = w->has_fvey},
        .purpose = warning[0],
        .channel = w->channel,
        .now_us = NOW,
        .grants = grant,
        .n_grants = r->grant != NO_GRANT,
        .approvers = words,
        .n_approvers = w->n_approvers,
        .cosignature_age_us = w->is_stale,
        .cosignature_age_max_us = 0};
}

static struct policy_ids ids_of(struct arena *a, const bool *has)
{
    static const enum type by_text[TYPES] = {ADDRESS, NOTE, RELATIONSHIP, TOOL};
    struct str *items = NEW_N(a, struct str, IDS);
    size_t n = 0;
    for (size_t k = 0; k < TYPES; k++)
        for (uint32_t id = 0; id < IDS; id++)
            if (has[id] && id % TYPES == by_text[k])
                items[n++] = thing_id(a, id);
    return (struct policy_ids){items, n};
}
