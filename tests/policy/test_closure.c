// SPDX-License-Identifier: Apache-2.0
// The closure against a naive oracle, on random graphs.
#include "base/limits.h"
#include "policy/closure.h"
#include "test.h"

#define ROWS_MAX 24
#define REFS_MAX 5
#define ROUNDS   10000

static uint32_t chance;

static uint32_t random_below(uint32_t n)
{
    chance = chance * 1664525u + 1013904223u;
    return (chance >> 8) % n;
}

// Ids that sort in the order of their numbers; a few rows share one.
static const char *const id_texts[] = {"t--00", "t--01", "t--02", "t--03", "t--04", "t--05",
    "t--06", "t--07", "t--08", "t--09", "t--10", "t--11", "t--12", "t--13", "t--14", "t--15",
    "t--16", "t--17", "t--18", "t--19"};

struct graph {
    struct policy_candidate rows[ROWS_MAX];
    struct stix_ref refs[ROWS_MAX][REFS_MAX];
    size_t n;
    struct str known[3];
    size_t n_known;
};

static void refs_make(struct graph *g, size_t row)
{
    static const unsigned roles[] = {STIX_REF_CREATOR, STIX_REF_MARKING, STIX_REF_END,
        STIX_REF_SINGLE, STIX_REF_LIST, STIX_REF_LIST | STIX_REF_CREATOR};
    size_t n = 0;
    for (uint32_t id = random_below(8); id < LEN(id_texts) && n < REFS_MAX;
         id += 1 + random_below(8))
        g->refs[row][n++] =
            (struct stix_ref){str_of(id_texts[id]), roles[random_below(LEN(roles))]};
    g->rows[row].refs = g->refs[row];
    g->rows[row].n_refs = n;
}

static void graph_make(struct graph *g)
{
    static const enum policy_why whys[] = {POLICY_PERMITTED, POLICY_PERMITTED, POLICY_PERMITTED,
        POLICY_PERMITTED, POLICY_RETURNED, POLICY_TLP_REACH, POLICY_NEEDS_OFFICERS,
        POLICY_FORGED_MARKING};
    memset(g, 0, sizeof *g);
    g->n = random_below(ROWS_MAX + 1);
    for (size_t i = 0; i < g->n; i++) {
        g->rows[i].id = str_of(id_texts[random_below(LEN(id_texts))]);
        g->rows[i].decision = policy_decision(whys[random_below(LEN(whys))]);
        g->rows[i].is_on_demand = random_below(4) == 0;
        refs_make(g, i);
    }
    for (uint32_t id = random_below(9); id < LEN(id_texts) && g->n_known < LEN(g->known);
         id += 4 + random_below(9))
        g->known[g->n_known++] = str_of(id_texts[id]);
}

static void graph_copy(struct graph *to, const struct graph *from)
{
    *to = *from;
    for (size_t i = 0; i < to->n; i++)
        to->rows[i].refs = to->refs[i];
}

static bool oracle_good(const struct graph *g, const struct stix_ref *ref)
{
    if (ref->roles == STIX_REF_CREATOR)
        return true;
    for (size_t i = 0; i < g->n_known; i++)
        if (str_eq(g->known[i], ref->id))
            return true;
    for (size_t i = 0; i < g->n; i++)
        if (str_eq(g->rows[i].id, ref->id) && g->rows[i].decision.result == POLICY_PERMIT)
            return true;
    return false;
}

// As the rule is said: again and again, until nothing changes.
static void oracle_close(struct graph *g)
{
    bool fell[ROWS_MAX] = {false};
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < g->n; i++) {
            struct policy_candidate *row = &g->rows[i];
            if (row->decision.why != POLICY_PERMITTED)
                continue;
            for (size_t k = 0; k < row->n_refs && !fell[i]; k++)
                fell[i] = !oracle_good(g, &row->refs[k]);
            if (fell[i]) {
                row->decision = policy_decision(POLICY_NEEDS_REDACTION);
                changed = true;
            }
        }
    }
    for (size_t i = 0; i < g->n; i++)
        for (size_t k = 0; fell[i] && k < g->rows[i].n_refs; k++)
            if ((g->rows[i].refs[k].roles & STIX_REF_END) &&
                !oracle_good(g, &g->rows[i].refs[k]))
                g->rows[i].decision = policy_decision(POLICY_END_WITHHELD);
}

static bool oracle_wanted(const struct graph *g, struct str id)
{
    for (size_t j = 0; j < g->n; j++)
        for (size_t k = 0; k < g->rows[j].n_refs; k++)
            if (g->rows[j].is_included && str_eq(g->rows[j].refs[k].id, id))
                return true;
    return false;
}

static void oracle_include(struct graph *g)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < g->n; i++) {
            struct policy_candidate *row = &g->rows[i];
            bool goes = row->decision.result == POLICY_PERMIT && !row->is_included;
            if (goes && (!row->is_on_demand || oracle_wanted(g, row->id)))
                row->is_included = changed = true;
        }
    }
}

static void close_graph(struct arena *a, struct graph *g)
{
    struct policy_ids known = {g->known, g->n_known};
    CHECK_ERR("close", policy_close(a, g->rows, g->n, known), ERR_OK);
}

static void V1_H12_the_closure_obeys_the_decision(void **state)
{
    struct arena request;
    struct graph got, want;
    arena_init(&request, 16 * MIB);
    chance = 1;
    for (int round = 0; round < ROUNDS; round++) {
        struct arena_mark mark = arena_mark(&request);
        graph_make(&got);
        graph_copy(&want, &got);
        close_graph(&request, &got);
        oracle_close(&want);
        oracle_include(&want);
        for (size_t i = 0; i < got.n; i++) {
            if (got.rows[i].decision.why != want.rows[i].decision.why ||
                got.rows[i].is_included != want.rows[i].is_included)
                fail_msg("round %d, row %zu: %s, want %s", round, i,
                    policy_reason(got.rows[i].decision.why).code,
                    policy_reason(want.rows[i].decision.why).code);
        }
        arena_rewind(&request, mark);
    }
    arena_release(&request);
}

// P2: what goes refers to nothing that does not go, but for its creator and what the recipient
// has.
static void V1_P2_no_reference_leads_to_what_is_withheld(void **state)
{
    struct arena request;
    struct graph g;
    arena_init(&request, 16 * MIB);
    chance = 2;
    for (int round = 0; round < ROUNDS; round++) {
        struct arena_mark mark = arena_mark(&request);
        graph_make(&g);
        close_graph(&request, &g);
        for (size_t i = 0; i < g.n; i++) {
            if (!g.rows[i].is_included || g.rows[i].decision.why == POLICY_RETURNED)
                continue;
            for (size_t k = 0; k < g.rows[i].n_refs; k++)
                assert_true(oracle_good(&g, &g.rows[i].refs[k]));
        }
        arena_rewind(&request, mark);
    }
    arena_release(&request);
}

// P1: the same store without what is denied gives the same rows, in order, with the same
// reasons.
static void V1_P1_what_is_denied_leaves_no_trace(void **state)
{
    struct arena request;
    struct graph full, bare;
    arena_init(&request, 16 * MIB);
    chance = 3;
    for (int round = 0; round < ROUNDS; round++) {
        struct arena_mark mark = arena_mark(&request);
        size_t kept[ROWS_MAX], n = 0;
        graph_make(&full);
        graph_copy(&bare, &full);
        for (size_t i = 0; i < full.n; i++) {
            if (full.rows[i].decision.result != POLICY_PERMIT)
                continue;
            bare.rows[n] = full.rows[i];
            memcpy(bare.refs[n], full.refs[i], sizeof full.refs[i]);
            bare.rows[n].refs = bare.refs[n];
            kept[n++] = i;
        }
        bare.n = n;
        close_graph(&request, &full);
        close_graph(&request, &bare);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(bare.rows[i].decision.why, full.rows[kept[i]].decision.why);
            assert_int_equal(bare.rows[i].is_included, full.rows[kept[i]].is_included);
        }
        arena_rewind(&request, mark);
    }
    arena_release(&request);
}

// P3: one permission taken away before the closure adds none after it.
static void V2_P3_a_denial_more_never_permits(void **state)
{
    struct arena request;
    struct graph before, after;
    arena_init(&request, 16 * MIB);
    chance = 4;
    for (int round = 0; round < ROUNDS; round++) {
        struct arena_mark mark = arena_mark(&request);
        graph_make(&before);
        graph_copy(&after, &before);
        if (after.n)
            after.rows[random_below((uint32_t)after.n)].decision =
                policy_decision(POLICY_TLP_REACH);
        close_graph(&request, &before);
        close_graph(&request, &after);
        for (size_t i = 0; i < before.n; i++)
            assert_true(!after.rows[i].is_included || before.rows[i].is_included);
        arena_rewind(&request, mark);
    }
    arena_release(&request);
}

static void a_built_in_marking_is_always_good(void **state)
{
    struct stix_ref ref = {
        STR("marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"), STIX_REF_MARKING};
    struct policy_candidate row = {.id = STR("t--00"), .refs = &ref, .n_refs = 1};
    row.decision = policy_decision(POLICY_PERMITTED);
    struct arena request;
    arena_init(&request, MIB);
    CHECK_ERR("close", policy_close(&request, &row, 1, (struct policy_ids){0}), ERR_OK);
    assert_true(row.is_included);
    arena_release(&request);
}

static void a_full_arena_is_a_limit(void **state)
{
    for (size_t limit = 0; limit < 1 << 18; limit += 64) {
        struct arena small;
        struct graph g;
        chance = 7;
        do
            graph_make(&g);
        while (g.n < 10);
        arena_init(&small, limit);
        enum err e = policy_close(&small, g.rows, g.n, (struct policy_ids){0});
        arena_release(&small);
        if (e == ERR_OK)
            return;
        CHECK_ERR("below the need", e, ERR_LIMIT);
    }
    fail();
}

// A report of two, one of which goes as a variant.
static enum err close_and_name(struct arena *a)
{
    static const unsigned char key[POLICY_RECIPIENT_KEY_BYTES] = {7};
    static const struct str ids[] = {STR_INIT("report--00000000-0000-4000-8000-000000000001"),
        STR_INIT("tool--00000000-0000-4000-8000-000000000002"),
        STR_INIT("tool--00000000-0000-4000-8000-000000000003")};
    const struct stix_ref refs[] = {{ids[1], STIX_REF_LIST}, {ids[2], STIX_REF_LIST}};
    const struct policy_need need = {ids + 1, 2};
    struct policy_candidate rows[] = {
        {.id = ids[0], .refs = refs, .n_refs = 2, .needs = &need, .n_needs = 1},
        {.id = ids[1], .is_variant = true}};
    const struct policy_held nothing = {0};
    struct policy_names names;
    for (size_t i = 0; i < LEN(rows); i++) {
        rows[i].may_vary = true;
        rows[i].decision = policy_decision(POLICY_PERMITTED);
    }
    TRY(policy_close_variants(a, rows, LEN(rows), nothing));
    assert_true(rows[0].is_included && rows[0].is_variant && rows[1].is_included);
    TRY(policy_names_make(a, rows, LEN(rows), nothing, key, &names));
    assert_int_equal(names.n, 2);
    assert_false(str_eq(names.items[1].as, ids[1]));
    return ERR_OK;
}

// A note about two objects, of which one goes under another name or not at all.
static void what_keeps_its_references_is_renamed_and_never_cut(void **state)
{
    static const struct str ids[] = {STR_INIT("t--00"), STR_INIT("t--01"), STR_INIT("t--02")};
    static const struct {
        const char *why;
        unsigned role;
        bool is_there, keeps_refs;
        enum policy_why want;
    } cases[] = {
        {"renamed", STIX_REF_LIST, true, true, POLICY_PERMITTED},
        {"cut, when it may be", STIX_REF_LIST, false, false, POLICY_PERMITTED},
        {"held, when not", STIX_REF_LIST, false, true, POLICY_NEEDS_REDACTION},
        {"an end", STIX_REF_END, false, true, POLICY_END_WITHHELD},
    };
    struct arena request;
    arena_init(&request, MIB);
    for (size_t i = 0; i < LEN(cases); i++) {
        const struct stix_ref refs[] = {{ids[1], STIX_REF_LIST}, {ids[2], cases[i].role}};
        const struct policy_need need = {ids + 1, 2};
        struct policy_candidate rows[] = {{.id = ids[0],
                                              .refs = refs,
                                              .n_refs = 2,
                                              .needs = &need,
                                              .n_needs = 1,
                                              .keeps_refs = cases[i].keeps_refs},
            {.id = ids[1]}, {.id = ids[2], .is_variant = true}};
        for (size_t k = 0; k < LEN(rows); k++) {
            rows[k].may_vary = true;
            rows[k].decision = policy_decision(POLICY_PERMITTED);
        }
        if (!cases[i].is_there)
            rows[2].decision = policy_decision(POLICY_TLP_REACH);
        CHECK_ERR(cases[i].why,
            policy_close_variants(&request, rows, LEN(rows), (struct policy_held){0}), ERR_OK);
        CHECK(cases[i].why, rows[0].decision.why == cases[i].want);
        CHECK(cases[i].why, rows[0].is_variant == (cases[i].want == POLICY_PERMITTED));
    }
    arena_release(&request);
}

static void variants_are_closed_and_named_within_any_memory(void **state)
{
    enum err e = ERR_LIMIT;
    for (size_t limit = 0; e != ERR_OK && limit < 64 * KIB; limit += 8) {
        struct arena small;
        arena_init(&small, limit);
        e = close_and_name(&small);
        CHECK("limit", e == ERR_OK || e == ERR_LIMIT);
        arena_release(&small);
    }
    CHECK_ERR("at last", e, ERR_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(V1_H12_the_closure_obeys_the_decision),
        cmocka_unit_test(V1_P2_no_reference_leads_to_what_is_withheld),
        cmocka_unit_test(V1_P1_what_is_denied_leaves_no_trace),
        cmocka_unit_test(V2_P3_a_denial_more_never_permits),
        cmocka_unit_test(a_built_in_marking_is_always_good),
        cmocka_unit_test(a_full_arena_is_a_limit),
        cmocka_unit_test(what_keeps_its_references_is_renamed_and_never_cut),
        cmocka_unit_test(variants_are_closed_and_named_within_any_memory),
    };
    return RUN_TESTS(tests);
}
