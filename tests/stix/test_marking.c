// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "stix/marking.h"
#include "test.h"

#define UUID "8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"
#define M(id)                                                                     \
    "{\"type\":\"marking-definition\",\"spec_version\":\"2.1\",\"id\":\"marking-" \
    "definition--" id "\",\"created\":\"2022-10-01T00:00:00.000Z\""
#define OLD(id)                                                                   \
    "{\"type\":\"marking-definition\",\"spec_version\":\"2.1\",\"id\":\"marking-" \
    "definition--" id "\",\"created\":\"2017-01-20T00:00:00.000Z\""
#define GREEN2  "bab4a63c-aed9-4cf5-a766-dfca5abac2bb"
#define AMBER1  "f88d31f6-486f-44da-b317-01333bde0b82"
#define EXT2    "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
#define TLP2(w) "\"" EXT2 "\":{\"extension_type\":\"property-extension\",\"tlp_2_0\":\"" w "\"}"
#define OURS(p)                                        \
    M(UUID)                                            \
    ",\"extensions\":{\"" STIX_RELEASABILITY_EXTENSION \
    "\":{\"extension_type\":\"property-extension\"" p "}}}"

static const struct {
    const char *why;
    struct str text;
    enum stix_marking_kind kind;
    enum stix_tlp tlp;
} cases[] = {
    {"TLP 2.0",
        STR_INIT(M(GREEN2) ",\"name\":\"TLP:GREEN\",\"extensions\":{" TLP2("green") "}}"),
        STIX_MARKING_TLP, STIX_TLP_GREEN},
    {"without its name", STR_INIT(M(GREEN2) ",\"extensions\":{" TLP2("green") "}}"),
        STIX_MARKING_TLP, STIX_TLP_GREEN},
    {"TLP 1 AMBER reaches as far as AMBER+STRICT",
        STR_INIT(
            OLD(AMBER1) ",\"definition_type\":\"tlp\",\"definition\":{\"tlp\":\"amber\"}}"),
        STIX_MARKING_TLP, STIX_TLP_AMBER_STRICT},
    {"H15 another level under a pinned id",
        STR_INIT(M(GREEN2) ",\"extensions\":{" TLP2("clear") "}}"), STIX_MARKING_FORGED, 0},
    {"another date", STR_INIT(OLD(GREEN2) ",\"extensions\":{" TLP2("green") "}}"),
        STIX_MARKING_FORGED, 0},
    {"another name",
        STR_INIT(M(GREEN2) ",\"name\":\"TLP:CLEAR\",\"extensions\":{" TLP2("green") "}}"),
        STIX_MARKING_FORGED, 0},
    {"something more", STR_INIT(M(GREEN2) ",\"extensions\":{" TLP2("green") "},\"x\":1}"),
        STIX_MARKING_FORGED, 0},
    {"H15 both encodings",
        STR_INIT(M(GREEN2) ",\"definition_type\":\"tlp\",\"definition\":{\"tlp\":\"green\"},"
                           "\"extensions\":{" TLP2("green") "}}"),
        STIX_MARKING_FORGED, 0},
    {"a statement under a pinned id",
        STR_INIT(OLD(AMBER1) ",\"definition_type\":\"statement\",\"definition\":{"
                             "\"statement\":\"x\"}}"),
        STIX_MARKING_FORGED, 0},
    {"H15 TLP 2.0 under another id", STR_INIT(M(UUID) ",\"extensions\":{" TLP2("green") "}}"),
        STIX_MARKING_FORGED, 0},
    {"H15 invented extension id",
        STR_INIT(M(UUID) ",\"extensions\":{\"extension-definition--60477d8d-78ac-4c5e-8d5e-"
                         "000000000000\":{\"extension_type\":\"property-extension\","
                         "\"tlp_2_0\":\"green\"}}}"),
        STIX_MARKING_FORGED, 0},
    {"TLP 1 under another id",
        STR_INIT(OLD(UUID) ",\"definition_type\":\"tlp\",\"definition\":{\"tlp\":\"amber\"}}"),
        STIX_MARKING_FORGED, 0},
    {"H15 definition_type TLP:AMBER",
        STR_INIT(OLD(UUID) ",\"definition_type\":\"TLP:AMBER\",\"definition\":{\"x\":\"y\"}}"),
        STIX_MARKING_FORGED, 0},
    {"a statement named like TLP",
        STR_INIT(M(UUID) ",\"name\":\" tlp: green\",\"definition_type\":\"statement\","
                         "\"definition\":{\"statement\":\"x\"}}"),
        STIX_MARKING_FORGED, 0},
    {"a statement",
        STR_INIT(M(UUID) ",\"name\":\"Tlps\",\"definition_type\":\"statement\","
                         "\"definition\":{\"statement\":\"x\"}}"),
        STIX_MARKING_STATEMENT, 0},
    {"a statement with more",
        STR_INIT(M(UUID) ",\"definition_type\":\"statement\","
                         "\"definition\":{\"statement\":\"x\",\"secret\":true}}"),
        STIX_MARKING_UNKNOWN, 0},
    {"another scheme",
        STR_INIT(M(UUID) ",\"definition_type\":\"iep\",\"definition\":{\"x\":\"y\"}}"),
        STIX_MARKING_UNKNOWN, 0},
    {"another extension",
        STR_INIT(M(UUID) ",\"extensions\":{\"extension-definition--" UUID
                         "\":{\"extension_type\":\"property-extension\"}}}"),
        STIX_MARKING_UNKNOWN, 0},
    {"releasability", STR_INIT(OURS("")), STIX_MARKING_RELEASABILITY, 0},
    {"releasability with more", STR_INIT(OURS(",\"x\":1")), STIX_MARKING_UNKNOWN, 0},
    {"a country in two letters", STR_INIT(OURS(",\"permitted_nationalities\":[\"KR\"]")),
        STIX_MARKING_UNKNOWN, 0},
    {"a determination that is not known",
        STR_INIT(OURS(",\"formal_determination\":[\"NF\",\"PUBREL\"]")), STIX_MARKING_UNKNOWN,
        0},
    {"an embargo that is no time", STR_INIT(OURS(",\"embargo_until\":\"later\"")),
        STIX_MARKING_UNKNOWN, 0},
};

static void read_marking(struct arena *a, struct str text, struct stix_marking *out)
{
    struct stix_object o;
    struct stix_problem problem = {0};
    enum err e = stix_object_read(a, text, &o, &problem);
    CHECK_ERR(problem.why ? problem.why : "object", e, ERR_OK);
    CHECK_ERR("marking", stix_marking_read(a, &o, out), ERR_OK);
}

static void markings_are_told_apart(void **state)
{
    struct arena request;
    arena_init(&request, 4 * MIB);
    for (size_t i = 0; i < LEN(cases); i++) {
        struct stix_marking m;
        read_marking(&request, cases[i].text, &m);
        if (m.kind != cases[i].kind)
            fail_msg("%s: kind %d: %s", cases[i].why, (int)m.kind, m.why ? m.why : "");
        CHECK(cases[i].why, m.kind != STIX_MARKING_TLP || m.tlp == cases[i].tlp);
        CHECK(cases[i].why, (m.kind >= STIX_MARKING_UNKNOWN) == (m.why != NULL));
    }
    arena_release(&request);
}

static void releasability_is_read_whole(void **state)
{
    struct arena request;
    arena_init(&request, MIB);
    struct stix_marking m;
    read_marking(&request,
        STR(OURS(",\"permitted_nationalities\":[\"KOR\",\"GBR\",\"KOR\"],"
                 "\"formal_determination\":[\"NF\"],\"orcon\":true,\"caveats\":[\"B\",\"A\"],"
                 "\"national_marking\":\"UK OFFICIAL-SENSITIVE\","
                 "\"embargo_until\":\"2026-01-01T00:00:00Z\","
                 "\"expires\":\"2027-01-01T00:00:00Z\"")),
        &m);
    assert_int_equal(m.kind, STIX_MARKING_RELEASABILITY);
    assert_int_equal(m.n_relto, 2);
    CHECK_STR("sorted", m.relto[0], STR("GBR"));
    CHECK_STR("once", m.relto[1], STR("KOR"));
    assert_true(m.has_relto && m.is_noforn && m.is_orcon && m.has_embargo && m.has_expiry);
    assert_int_equal(m.n_caveats, 2);
    CHECK_STR("caveat", m.caveats[0], STR("A"));
    CHECK_STR("national", m.national[0], STR("UK OFFICIAL-SENSITIVE"));
    assert_true(m.embargo_us < m.expiry_us);
    arena_release(&request);
}

static void what_is_built_in_is_valid_and_reads_as_itself(void **state)
{
    struct arena request;
    arena_init(&request, MIB);
    size_t n = 0, tlp = 0;
    for (; stix_builtin(n).len; n++) {
        struct stix_object o;
        struct stix_problem problem = {0};
        enum err e = stix_object_read(&request, stix_builtin(n), &o, &problem);
        CHECK_ERR(problem.why ? problem.why : "object", e, ERR_OK);
        CHECK("known", stix_is_builtin(o.id.text));
        struct stix_marking m, by_id;
        if (!str_eq(o.id.type, STR("marking-definition")))
            continue;
        CHECK_ERR("read", stix_marking_read(&request, &o, &m), ERR_OK);
        CHECK_ERR("by id", stix_marking_pinned(o.id.text, &by_id), ERR_OK);
        assert_int_equal(m.kind, STIX_MARKING_TLP);
        assert_int_equal(m.tlp, by_id.tlp);
        tlp++;
    }
    assert_int_equal(n, 11);
    assert_int_equal(tlp, 9);
    struct stix_marking m;
    CHECK_ERR(
        "other", stix_marking_pinned(STR("marking-definition--" UUID), &m), ERR_NOT_FOUND);
    arena_release(&request);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markings_are_told_apart),
        cmocka_unit_test(releasability_is_read_whole),
        cmocka_unit_test(what_is_built_in_is_valid_and_reads_as_itself),
    };
    return RUN_TESTS(tests);
}
