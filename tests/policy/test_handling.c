// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "policy/handling.h"
#include "test.h"

#define BLOCK(cav, emb, nat, relto, tlp)                                              \
    "{\"cav\":" cav ",\"emb\":" emb ",\"exp\":null,\"nat\":" nat ",\"noforn\":false," \
    "\"orcon\":true,\"orig\":\"kr\",\"relto\":" relto ",\"tlp\":\"" tlp "\"}"

static const struct {
    const char *why;
    struct str text;
    enum err want;
} blocks[] = {
    {"plain", STR_INIT(BLOCK("[]", "null", "[]", "[\"GBR\",\"KOR\"]", "amber+strict")), ERR_OK},
    {"embargo",
        STR_INIT(BLOCK(
            "[\"A\",\"B\"]", "\"2026-11-23T18:00:00.000000Z\"", "[\"x\"]", "[]", "clear")),
        ERR_OK},
    {"H4 nobody", STR_INIT(BLOCK("[]", "null", "[]", "[\"ZZZ\"]", "red")), ERR_OK},
    {"nobody and someone", STR_INIT(BLOCK("[]", "null", "[]", "[\"GBR\",\"ZZZ\"]", "red")),
        ERR_INVALID},
    {"not sorted", STR_INIT(BLOCK("[]", "null", "[]", "[\"KOR\",\"GBR\"]", "red")),
        ERR_INVALID},
    {"twice", STR_INIT(BLOCK("[\"A\",\"A\"]", "null", "[]", "[]", "red")), ERR_INVALID},
    {"a community", STR_INIT(BLOCK("[]", "null", "[]", "[\"FVEY\",\"KOR\"]", "red")), ERR_OK},
    {"five letters", STR_INIT(BLOCK("[]", "null", "[]", "[\"FVEYS\"]", "red")), ERR_INVALID},
    {"lower case", STR_INIT(BLOCK("[]", "null", "[]", "[\"gbr\"]", "red")), ERR_INVALID},
    {"empty caveat", STR_INIT(BLOCK("[\"\"]", "null", "[]", "[]", "red")), ERR_INVALID},
    {"short fraction", STR_INIT(BLOCK("[]", "\"2026-11-23T18:00:00Z\"", "[]", "[]", "red")),
        ERR_INVALID},
    {"unknown level", STR_INIT(BLOCK("[]", "null", "[]", "[]", "white")), ERR_INVALID},
    {"blank", STR_INIT(" " BLOCK("[]", "null", "[]", "[]", "red")), ERR_INVALID},
    {"unknown member", STR_INIT("{\"a\":1}"), ERR_INVALID},
    {"members missing", STR_INIT("{\"tlp\":\"red\"}"), ERR_INVALID},
    {"a list", STR_INIT("[]"), ERR_INVALID},
    {"empty", STR_INIT(""), ERR_INVALID},
};

static void blocks_are_read_only_as_they_are_printed(void **state)
{
    struct arena request;
    arena_init(&request, MIB);
    for (size_t i = 0; i < LEN(blocks); i++) {
        struct handling h, again;
        struct fault fault = {0};
        CHECK_ERR(blocks[i].why, policy_handling_parse(&request, blocks[i].text, &h, &fault),
            blocks[i].want);
        if (blocks[i].want != ERR_OK) {
            CHECK(blocks[i].why, fault.why);
            continue;
        }
        struct buf b = buf_in(&request, 4 * KIB);
        policy_handling_put(&b, &h);
        CHECK_STR(blocks[i].why, buf_str(&b), blocks[i].text);
        CHECK_ERR(
            blocks[i].why, policy_handling_parse(&request, buf_str(&b), &again, NULL), ERR_OK);
        CHECK(blocks[i].why, policy_handling_equal(&h, &again));
    }
    arena_release(&request);
}

static const struct str nations[] = {STR_INIT("GBR"), STR_INIT("JPN"), STR_INIT("KOR")};

// Every text may be in a list or not, every flag set or not.
static struct handling handling_make(struct arena *a, unsigned bits)
{
    struct str *relto = NEW_N(a, struct str, 3), *cav = NEW_N(a, struct str, 3);
    struct handling h = {.tlp = (bits >> 3) % STIX_TLPS, .originator = STR("gb")};
    assert_non_null(relto);
    assert_non_null(cav);
    for (unsigned i = 0; i < 3; i++)
        if (bits >> i & 1) {
            relto[h.n_relto++] = nations[i];
            cav[h.n_cav++] = nations[2 - i];
        }
    if (h.n_cav == 2 || h.n_cav == 3) { // sorted
        struct str first = cav[0];
        cav[0] = cav[h.n_cav - 1];
        cav[h.n_cav - 1] = first;
    }
    h.has_relto = bits >> 6 & 1;
    h.n_relto = h.has_relto ? h.n_relto : 0;
    h.relto = relto;
    h.cav = cav;
    h.is_noforn = bits >> 7 & 1;
    h.is_orcon = bits >> 8 & 1;
    h.has_embargo = bits >> 9 & 1;
    h.embargo_us = bits >> 10 & 3;
    h.has_expiry = bits >> 12 & 1;
    h.expiry_us = bits >> 13 & 3;
    return h;
}

// Folding gives what is at least as strict as both (strictest wins), and nothing stricter than
// needed: folding again, or in the other order, changes nothing.
static void V2_the_strictest_wins(void **state)
{
    struct arena request;
    arena_init(&request, 64 * MIB);
    uint32_t chance = 1;
    for (int round = 0; round < 20000; round++) {
        struct arena_mark mark = arena_mark(&request);
        chance = chance * 1664525u + 1013904223u;
        struct handling a = handling_make(&request, chance >> 16);
        chance = chance * 1664525u + 1013904223u;
        struct handling b = handling_make(&request, chance >> 16), ab, ba, again;
        CHECK_ERR("fold", policy_handling_fold(&request, &a, &b, &ab), ERR_OK);
        CHECK_ERR("fold", policy_handling_fold(&request, &b, &a, &ba), ERR_OK);
        assert_true(policy_handling_covers(&ab, &a) && policy_handling_covers(&ab, &b));
        assert_true(policy_handling_equal(&ab, &ba));
        CHECK_ERR("fold", policy_handling_fold(&request, &ab, &b, &again), ERR_OK);
        assert_true(policy_handling_equal(&ab, &again));
        assert_true(policy_handling_covers(&a, &b) == policy_handling_equal(&ab, &a));
        arena_rewind(&request, mark);
    }
    arena_release(&request);
}

#define UUID "8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"
#define TOOL                                                                                \
    "{\"type\":\"tool\",\"spec_version\":\"2.1\",\"id\":\"tool--" UUID "\",\"name\":\"x\"," \
    "\"created\":\"2016-04-06T20:03:48.000Z\",\"modified\":\"2016-04-06T20:03:48.000Z\""
#define GREEN     "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"
#define GREEN1    "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"
#define AMBER     "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"
#define AMBER1    "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"
#define STATEMENT "marking-definition--00000000-0000-4000-8000-000000000001"
#define FORGED    "marking-definition--00000000-0000-4000-8000-000000000002"
#define ORCON     "marking-definition--00000000-0000-4000-8000-000000000003"
#define ABSENT    "marking-definition--00000000-0000-4000-8000-000000000004"
#define MARKED(a) TOOL ",\"object_marking_refs\":[\"" a "\"]"
#define PART(a)   ",\"granular_markings\":[{\"selectors\":[\"name\"],\"marking_ref\":\"" a "\"}]"

static const struct {
    const char *why;
    struct str text;
    enum policy_label_problem problem;
    enum stix_tlp row, want;
    bool is_orcon, stricter_part, in_bytes;
} labels[] = {
    {"no marking", STR_INIT(TOOL "}"), POLICY_LABEL_OK, STIX_TLP_AMBER, STIX_TLP_AMBER, false,
        false, false},
    {"no marking, CLEAR", STR_INIT(TOOL "}"), POLICY_LABEL_OK, STIX_TLP_CLEAR, STIX_TLP_CLEAR,
        false, false, true},
    {"own marking is stricter", STR_INIT(MARKED(AMBER) "}"), POLICY_LABEL_OK, STIX_TLP_GREEN,
        STIX_TLP_AMBER, false, false, true},
    {"row is stricter", STR_INIT(MARKED(GREEN) "}"), POLICY_LABEL_OK, STIX_TLP_RED,
        STIX_TLP_RED, false, false, false},
    {"the same level in both versions", STR_INIT(MARKED(GREEN "\",\"" GREEN1) "}"),
        POLICY_LABEL_OK, STIX_TLP_CLEAR, STIX_TLP_GREEN, false, false, true},
    {"a statement is neutral", STR_INIT(MARKED(STATEMENT) "}"), POLICY_LABEL_OK, STIX_TLP_GREEN,
        STIX_TLP_GREEN, false, false, false},
    {"originator control", STR_INIT(MARKED(ORCON) "}"), POLICY_LABEL_OK, STIX_TLP_CLEAR,
        STIX_TLP_CLEAR, true, false, true},
    {"H7 two levels", STR_INIT(MARKED(GREEN "\",\"" AMBER) "}"), POLICY_LABEL_CONTRADICTORY,
        STIX_TLP_CLEAR, STIX_TLP_AMBER, false, false, true},
    {"TLP 1 AMBER is not TLP 2.0 AMBER", STR_INIT(MARKED(AMBER1 "\",\"" AMBER) "}"),
        POLICY_LABEL_CONTRADICTORY, STIX_TLP_CLEAR, STIX_TLP_AMBER_STRICT, false, false, true},
    {"H13 a marking that is not held", STR_INIT(MARKED(ABSENT) "}"), POLICY_LABEL_UNKNOWN,
        STIX_TLP_CLEAR, STIX_TLP_CLEAR, false, false, true},
    {"H15 forged", STR_INIT(MARKED(FORGED) "}"), POLICY_LABEL_FORGED, STIX_TLP_CLEAR,
        STIX_TLP_CLEAR, false, false, true},
    {"H14 a stricter part", STR_INIT(MARKED(GREEN) PART(AMBER) "}"), POLICY_LABEL_OK,
        STIX_TLP_CLEAR, STIX_TLP_GREEN, false, true, true},
    {"a part that is not stricter", STR_INIT(MARKED(AMBER) PART(GREEN) "}"), POLICY_LABEL_OK,
        STIX_TLP_CLEAR, STIX_TLP_AMBER, false, false, true},
    {"a part of a marking that is not held", STR_INIT(TOOL PART(ABSENT) "}"),
        POLICY_LABEL_UNKNOWN, STIX_TLP_CLEAR, STIX_TLP_CLEAR, false, false, true},
    {"a language is no restriction",
        STR_INIT(TOOL ",\"granular_markings\":[{\"selectors\":[\"name\"],\"lang\":\"ko\"}]}"),
        POLICY_LABEL_OK, STIX_TLP_CLEAR, STIX_TLP_CLEAR, false, false, true},
    {"a forged marking itself",
        STR_INIT("{\"type\":\"marking-definition\",\"spec_version\":\"2.1\",\"id\":\"" GREEN
                 "\",\"created\":\"2022-10-01T00:00:00.000Z\",\"definition_type\":"
                 "\"statement\",\"definition\":{\"statement\":\"x\"}}"),
        POLICY_LABEL_FORGED, STIX_TLP_CLEAR, STIX_TLP_CLEAR, false, false, true},
};

static const struct policy_marking held_parts[] = {
    {STR_INIT(STATEMENT), {.kind = STIX_MARKING_STATEMENT}},
    {STR_INIT(ORCON), {.kind = STIX_MARKING_RELEASABILITY, .is_orcon = true}},
};
#define PARTS                                                             \
    ",\"labels\":[\"a\",\"b\"],\"granular_markings\":["                   \
    "{\"selectors\":[\"labels\"],\"marking_ref\":\"" GREEN "\"},"         \
    "{\"selectors\":[\"labels.[1]\"],\"marking_ref\":\"" ORCON "\"},"     \
    "{\"selectors\":[\"labels.[1]\"],\"marking_ref\":\"" STATEMENT "\"}," \
    "{\"selectors\":[\"name\"],\"lang\":\"ko\"}]}"

// selector, from its originator, level of the row, wanted
static const struct {
    const char *why;
    struct str selector;
    bool is_own;
    enum stix_tlp row, want;
    bool is_orcon;
} parts[] = {
    {"5.2 what is not marked is as the object", STR_INIT("name"), true, 0, STIX_TLP_AMBER,
        false},
    {"5.2 a looser part of its originator", STR_INIT("labels"), true, 0, STIX_TLP_GREEN, false},
    {"5.2 a looser part that another passed on", STR_INIT("labels"), false, 0, STIX_TLP_AMBER,
        false},
    {"5.2 a selector covers its children", STR_INIT("labels.[0]"), true, 0, STIX_TLP_GREEN,
        false},
    {"5.2 list and item", STR_INIT("labels.[1]"), true, 0, STIX_TLP_GREEN, true},
    {"5.2 the row's handling always counts", STR_INIT("labels"), true, STIX_TLP_RED,
        STIX_TLP_RED, false},
    {"a name that begins alike", STR_INIT("labels_x"), true, 0, STIX_TLP_AMBER, false},
};

static enum err part_label(struct arena *a, size_t i, struct handling *out)
{
    struct stix_object o;
    struct stix_problem problem = {0};
    struct policy_part part = {parts[i].selector, parts[i].is_own};
    struct handling row = {.tlp = parts[i].row, .originator = STR("kr")};
    TRY(stix_object_read(a, STR(MARKED(AMBER) PARTS), &o, &problem));
    return policy_effective_at(
        a, &o, (struct policy_markings){held_parts, LEN(held_parts)}, &row, part, out);
}

static void H14_each_part_has_its_label(void **state)
{
    for (size_t i = 0; i < LEN(parts); i++) {
        enum err e = ERR_LIMIT;
        for (size_t limit = 4 * KIB; e != ERR_OK && limit < MIB; limit += 64) {
            struct arena small;
            struct handling got;
            arena_init(&small, limit);
            e = part_label(&small, i, &got);
            CHECK(parts[i].why, e == ERR_OK || e == ERR_LIMIT);
            CHECK(parts[i].why, e != ERR_OK || got.tlp == parts[i].want);
            CHECK(parts[i].why, e != ERR_OK || got.is_orcon == parts[i].is_orcon);
            arena_release(&small);
        }
        CHECK_ERR(parts[i].why, e, ERR_OK);
    }
}

static void a_national_marking_above_the_ceiling_never_leaves(void **state)
{
    static const struct str secret[] = {STR_INIT("UK SECRET")};
    struct handling row = {.originator = STR("kr"), .nat = secret, .n_nat = 1};
    enum err e = ERR_LIMIT;
    struct arena whole;
    struct stix_object o;
    struct stix_problem problem;
    arena_init(&whole, MIB);
    CHECK_ERR("read", stix_object_read(&whole, STR(MARKED(GREEN) "}"), &o, &problem), ERR_OK);
    for (size_t limit = 0; e != ERR_OK && limit < 64 * KIB; limit += 8) {
        struct arena small;
        struct policy_label label;
        arena_init(&small, limit);
        e = policy_effective(&small, &o, (struct policy_markings){0}, &row, &label);
        CHECK("limit", e == ERR_LIMIT || label.problem == POLICY_LABEL_ABOVE);
        arena_release(&small);
    }
    CHECK_ERR("at last", e, ERR_OK);
    arena_release(&whole);
}

static void labels_fold_markings_and_row(void **state)
{
    static const struct policy_marking held[] = {
        {STR_INIT(STATEMENT), {.kind = STIX_MARKING_STATEMENT}},
        {STR_INIT(FORGED), {.kind = STIX_MARKING_FORGED}},
        {STR_INIT(ORCON), {.kind = STIX_MARKING_RELEASABILITY, .is_orcon = true}},
    };
    struct arena request;
    arena_init(&request, 4 * MIB);
    for (size_t i = 0; i < LEN(labels); i++) {
        struct stix_object o;
        struct stix_problem problem = {0};
        struct policy_label label;
        struct handling row = {.tlp = labels[i].row, .originator = STR("kr")};
        CHECK_ERR(
            labels[i].why, stix_object_read(&request, labels[i].text, &o, &problem), ERR_OK);
        CHECK_ERR(labels[i].why,
            policy_effective(
                &request, &o, (struct policy_markings){held, LEN(held)}, &row, &label),
            ERR_OK);
        CHECK(labels[i].why, label.problem == labels[i].problem);
        CHECK(labels[i].why, label.handling.tlp == labels[i].want);
        CHECK(labels[i].why, label.handling.is_orcon == labels[i].is_orcon);
        CHECK(labels[i].why, label.has_stricter_part == labels[i].stricter_part);
        CHECK(labels[i].why, label.is_in_bytes == labels[i].in_bytes);
        CHECK_STR(labels[i].why, label.handling.originator, STR("kr"));
    }
    arena_release(&request);
}

static void a_full_arena_is_a_limit(void **state)
{
    for (size_t limit = 0; limit < 1 << 18; limit += 256) {
        struct arena small;
        arena_init(&small, limit);
        struct handling h, folded;
        enum err e = policy_handling_parse(&small, blocks[1].text, &h, NULL);
        if (e == ERR_OK)
            e = policy_handling_fold(&small, &h, &h, &folded);
        arena_release(&small);
        if (e == ERR_OK)
            return;
        CHECK_ERR("below the need", e, ERR_LIMIT);
    }
    fail();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_read_only_as_they_are_printed),
        cmocka_unit_test(V2_the_strictest_wins),
        cmocka_unit_test(labels_fold_markings_and_row),
        cmocka_unit_test(H14_each_part_has_its_label),
        cmocka_unit_test(a_national_marking_above_the_ceiling_never_leaves),
        cmocka_unit_test(a_full_arena_is_a_limit),
    };
    return RUN_TESTS(tests);
}
