// SPDX-License-Identifier: Apache-2.0
// Labels of what is made from other objects.
#include "base/limits.h"
#include "policy/decide.h"
#include "policy/derive.h"
#include "test.h"

static const struct str gbr_kor[] = {STR_INIT("GBR"), STR_INIT("KOR")};
static const struct str kor_usa[] = {STR_INIT("KOR"), STR_INIT("USA")};
static const struct str jpn[] = {STR_INIT("JPN")};

#define OF(party, level) .originator = STR_INIT(party), .tlp = STIX_TLP_##level
#define TO(list)         .has_relto = true, .relto = list, .n_relto = LEN(list)

static const struct row {
    const char *why;
    struct handling own, inputs[2], want;
    const char *caveats[2];
    struct str home;
} rows[] = {
    {"H9 the highest of all", {OF("gb", GREEN)}, {{OF("gb", RED)}, {OF("gb", CLEAR)}},
        {OF("gb", RED)}, {NULL}, STR_INIT("")},
    {"H9 no list is wider than its inputs", {OF("gb", GREEN)},
        {{OF("gb", GREEN), TO(gbr_kor)}, {OF("gb", GREEN), TO(kor_usa)}},
        {OF("gb", GREEN), .has_relto = true, .relto = gbr_kor + 1, .n_relto = 1}, {NULL},
        STR_INIT("")},
    {"H4 H9 nothing in common is nobody", {OF("gb", GREEN)},
        {{OF("gb", GREEN), TO(gbr_kor)}, {OF("gb", GREEN), TO(jpn)}},
        {OF("gb", GREEN), .has_relto = true}, {NULL}, STR_INIT("")},
    {"H11 another party's keeps its say", {OF("gb", GREEN)},
        {{OF("us", AMBER)}, {OF("kr", GREEN), .is_orcon = true}},
        {OF("gb", AMBER), .is_orcon = true}, {"ORIG:kr", "ORIG:us"}, STR_INIT("")},
    {"what is CLEAR needs no grant", {OF("gb", GREEN)}, {{OF("us", CLEAR)}, {OF("gb", CLEAR)}},
        {OF("gb", GREEN)}, {NULL}, STR_INIT("")},
    {"unless it is under originator control", {OF("gb", GREEN)},
        {{OF("us", CLEAR), .is_orcon = true}, {OF("gb", CLEAR)}},
        {OF("gb", GREEN), .is_orcon = true}, {"ORIG:us", NULL}, STR_INIT("")},
    {"a sighting goes home under its author's label alone", {OF("gb", GREEN)},
        {{OF("us", RED), .is_noforn = true}, {OF("gb", CLEAR)}}, {OF("gb", GREEN)}, {NULL},
        STR_INIT("us")},
    {"and keeps what others say", {OF("gb", GREEN)}, {{OF("us", RED)}, {OF("kr", AMBER)}},
        {OF("gb", AMBER)}, {"ORIG:kr", NULL}, STR_INIT("us")},
    {"the latest embargo and the earliest expiry",
        {OF("gb", CLEAR), .has_embargo = true, .embargo_us = 5},
        {{OF("gb", CLEAR), .has_embargo = true, .embargo_us = 7},
            {OF("gb", CLEAR), .has_expiry = true, .expiry_us = 9}},
        {OF("gb", CLEAR), .has_embargo = true, .embargo_us = 7, .has_expiry = true,
            .expiry_us = 9},
        {NULL}, STR_INIT("")},
};

static void V2_H9_H11_a_derived_label_is_the_fold_of_its_inputs(void **state)
{
    struct arena request;
    arena_init(&request, MIB);
    for (size_t i = 0; i < LEN(rows); i++) {
        struct policy_inputs inputs = {rows[i].inputs, 2};
        struct handling got, want = rows[i].want;
        struct str caveats[2];
        for (; want.n_cav < 2 && rows[i].caveats[want.n_cav]; want.n_cav++)
            caveats[want.n_cav] = str_of(rows[i].caveats[want.n_cav]);
        want.cav = caveats;
        CHECK_ERR(rows[i].why,
            policy_derive(&request, &rows[i].own, inputs, rows[i].home, &got), ERR_OK);
        CHECK(rows[i].why, policy_handling_equal(&got, &want));
    }
    arena_release(&request);
}

// What is made of what was made keeps the first party's say.
static void consent_is_inherited(void **state)
{
    static const struct handling first = {OF("us", AMBER)}, own = {OF("gb", GREEN)};
    struct arena request;
    struct handling once, twice;
    arena_init(&request, MIB);
    struct policy_inputs of_first = {&first, 1}, of_once = {&once, 1};
    struct str nobody = STR("");
    CHECK_ERR("once", policy_derive(&request, &own, of_first, nobody, &once), ERR_OK);
    once.originator = STR("kr");
    CHECK_ERR("twice", policy_derive(&request, &own, of_once, nobody, &twice), ERR_OK);
    assert_int_equal(twice.n_cav, 2);
    CHECK_STR("by whom it came", twice.cav[0], STR("ORIG:kr"));
    CHECK_STR("from whom it is", twice.cav[1], STR("ORIG:us"));
    arena_release(&request);
}

static void a_full_arena_is_a_limit(void **state)
{
    struct policy_inputs inputs = {rows[3].inputs, 2};
    enum err e = ERR_LIMIT;
    for (size_t limit = 0; e != ERR_OK && limit < 64 * KIB; limit += 8) {
        struct arena small;
        struct handling got;
        arena_init(&small, limit);
        e = policy_derive(&small, &rows[3].own, inputs, rows[3].home, &got);
        CHECK("limit", e == ERR_OK || e == ERR_LIMIT);
        arena_release(&small);
    }
    CHECK_ERR("at last", e, ERR_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(V2_H9_H11_a_derived_label_is_the_fold_of_its_inputs),
        cmocka_unit_test(consent_is_inherited),
        cmocka_unit_test(a_full_arena_is_a_limit),
    };
    return RUN_TESTS(tests);
}
