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

#define ANY(id, p) \
    M(UUID) ",\"extensions\":{\"" id "\":{\"extension_type\":\"property-extension\"," p "}}}"
#define IEP(p) ANY("extension-definition--762e2e97-ee51-43e5-a9ea-165fbb862c4a", p)
#define ACS_ID "extension-definition--3a65884d-005a-4290-8335-cb2d778a83ce"
#define ACS_HEAD                                                         \
    "\"identifier\":\"i\","                                              \
    "\"create_date_time\":\"2020-01-01T00:00:00Z\","                     \
    "\"responsible_entity_custodian\":\"USA.DHS\",\"policy_reference\":" \
    "\"urn:isa:policy:acs:ns:v3.0?privdefault=deny&sharedefault=deny\""
#define ACS(controls, more) \
    ANY(ACS_ID, ACS_HEAD ",\"control_set\":{\"classification\":" controls "}" more)
#define SHARE(effect, scope) \
    ",\"further_sharing\":[{\"rule_effect\":\"" effect "\",\"sharing_scope\":[" scope "]}]"
#define MAY(effect)                                                                  \
    ",\"access_privilege\":[{\"privilege_action\":\"DSPLY\",\"privilege_scope\":{}," \
    "\"rule_effect\":\"" effect "\"}]"

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
    {"a community in four letters", STR_INIT(OURS(",\"permitted_nationalities\":[\"FVEY\"]")),
        STIX_MARKING_RELEASABILITY, 0},
    {"two national markings", STR_INIT(OURS(",\"national_marking\":[\"A\",\"B\"]")),
        STIX_MARKING_RELEASABILITY, 0},
    {"a national marking that is no text", STR_INIT(OURS(",\"national_marking\":1")),
        STIX_MARKING_UNKNOWN, 0},
    {"SECRET", STR_INIT(OURS(",\"national_marking\":\"UK SECRET\"")), STIX_MARKING_ABOVE, 0},
    {"IEP", STR_INIT(IEP("\"tlp\":\"amber\"")), STIX_MARKING_IEP, 0},
    {"IEP of an unknown colour", STR_INIT(IEP("\"tlp\":\"amber+strict\"")),
        STIX_MARKING_UNKNOWN, 0},
    {"IEP of an unknown action", STR_INIT(IEP("\"permitted_actions\":\"all\"")),
        STIX_MARKING_UNKNOWN, 0},
    {"IEP of an unknown duty", STR_INIT(IEP("\"unmodified_resale\":\"must\"")),
        STIX_MARKING_UNKNOWN, 0},
    {"IEP of an unknown property", STR_INIT(IEP("\"x\":1")), STIX_MARKING_UNKNOWN, 0},
    {"IEP with the same under both names",
        STR_INIT(IEP("\"attribution\":\"may\",\"provider_attribution\":\"must-not\"")),
        STIX_MARKING_UNKNOWN, 0},
    {"IEP with an end that is no time", STR_INIT(IEP("\"end_date\":\"never\"")),
        STIX_MARKING_UNKNOWN, 0},
    {"ACS", STR_INIT(ACS("\"U\"", "")), STIX_MARKING_ACS, 0},
    {"ACS of a secret", STR_INIT(ACS("\"S\"", "")), STIX_MARKING_ABOVE, 0},
    {"ACS of a top secret with what is unknown", STR_INIT(ACS("\"TS\"", ",\"x\":1")),
        STIX_MARKING_ABOVE, 0},
    {"ACS of no known classification", STR_INIT(ACS("\"R\"", "")), STIX_MARKING_UNKNOWN, 0},
    {"ACS with a privilege permitted", STR_INIT(ACS("\"U\"", MAY("permit"))), STIX_MARKING_ACS,
        0},
    {"ACS with a privilege denied", STR_INIT(ACS("\"U\"", MAY("deny"))), STIX_MARKING_UNKNOWN,
        0},
    {"ACS with sharing denied", STR_INIT(ACS("\"U\"", SHARE("deny", "\"SECTOR\""))),
        STIX_MARKING_UNKNOWN, 0},
    {"ACS for organisations",
        STR_INIT(ACS("\"U\",\"permitted_organizations\":[\"USA.DOD\"]", "")),
        STIX_MARKING_UNKNOWN, 0},
    {"ACS without its identifier",
        STR_INIT(ANY(ACS_ID, "\"control_set\":{\"classification\":\"U\"}")),
        STIX_MARKING_UNKNOWN, 0},
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

static void an_exchange_policy_is_read_whole(void **state)
{
    struct arena request;
    arena_init(&request, MIB);
    struct stix_marking m;
    read_marking(&request,
        STR(IEP("\"name\":\"n\",\"tlp\":\"amber\",\"attribution\":\"must-not\","
                "\"permitted_actions\":\"internally-visible-actions\","
                "\"unmodified_resale\":\"must-not\",\"encrypt_in_transit\":\"must\","
                "\"affected_party_notifications\":\"must-not\","
                "\"start_date\":\"2026-01-01T00:00:00Z\",\"end_date\":"
                "\"2027-01-01T00:00:00Z\"")),
        &m);
    static const struct str want[] = {STR_INIT("IEP-ENCRYPT"), STR_INIT("IEP-NOATTRIBUTION"),
        STR_INIT("IEP-NONOTIFY"), STR_INIT("IEP-NORESALE"), STR_INIT("IEP-PA-2")};
    assert_true(m.has_tlp && m.tlp == STIX_TLP_AMBER_STRICT);
    assert_true(m.has_embargo && m.has_expiry && m.embargo_us < m.expiry_us);
    assert_int_equal(m.n_caveats, LEN(want));
    for (size_t i = 0; i < LEN(want); i++)
        CHECK_STR("sorted", m.caveats[i], want[i]);
    read_marking(&request,
        STR(IEP("\"permitted_actions\":\"externally-visible-direct-actions\","
                "\"end_date\":null,\"provider_attribution\":\"must\"")),
        &m);
    assert_true(!m.has_tlp && !m.has_expiry && m.n_caveats == 0);
    arena_release(&request);
}

static void access_control_denies_by_default(void **state)
{
    struct arena request;
    arena_init(&request, MIB);
    struct stix_marking m;
    read_marking(&request,
        STR(ACS("\"U\",\"permitted_nationalities\":[\"USA\",\"GBR\"],"
                "\"formal_determination\":[\"NF\",\"AIS\"]",
            SHARE("permit", "\"SECTOR\""))),
        &m);
    assert_int_equal(m.kind, STIX_MARKING_ACS);
    assert_true(m.is_orcon && m.is_noforn && !m.has_tlp && m.n_relto == 2);
    read_marking(&request, STR(ACS("\"U\"", SHARE("permit", "\"FOREIGNGOV\""))), &m);
    assert_true(!m.is_orcon && !m.is_noforn && !m.has_relto);
    arena_release(&request);
}

static void what_is_above_the_ceiling_is_told(void **state)
{
    static const struct {
        struct str text;
        bool above;
    } rows[] = {{STR_INIT("UK OFFICIAL-SENSITIVE"), false}, {STR_INIT("OFFICIAL"), false},
        {STR_INIT("UK SECRET"), true}, {STR_INIT("Top Secret//NF"), true},
        {STR_INIT("TOP  SECRET"), true}, {STR_INIT("TS//SI"), true},
        {STR_INIT("CONFIDENTIAL"), true}, {STR_INIT("SECRETARIAT COPY"), false},
        {STR_INIT("PROJECTS"), false}, {STR_INIT("Ⅲ급 비밀"), true}, {STR_INIT("III급"), true},
        {STR_INIT("2 급"), true}, {STR_INIT("군사기밀"), true}, {STR_INIT("대외비"), true},
        {STR_INIT("취급주의"), false}, {STR_INIT("긴급"), false}, {STR_INIT("공개"), false},
        {STR_INIT(""), false}};
    for (size_t i = 0; i < LEN(rows); i++)
        CHECK(rows[i].text.ptr, stix_national_is_above(rows[i].text) == rows[i].above);
}

static void a_full_arena_is_a_limit(void **state)
{
    for (size_t i = 0; i < LEN(cases); i++) {
        struct arena whole;
        struct stix_object o;
        struct stix_problem problem;
        enum err e = ERR_LIMIT;
        arena_init(&whole, MIB);
        CHECK_ERR("object", stix_object_read(&whole, cases[i].text, &o, &problem), ERR_OK);
        for (size_t limit = 0; e != ERR_OK && limit < 64 * KIB; limit += 8) {
            struct arena small;
            struct stix_marking m;
            arena_init(&small, limit);
            e = stix_marking_read(&small, &o, &m);
            CHECK(cases[i].why, e == ERR_LIMIT || (e == ERR_OK && m.kind == cases[i].kind));
            arena_release(&small);
        }
        CHECK_ERR(cases[i].why, e, ERR_OK);
        arena_release(&whole);
    }
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
        cmocka_unit_test(an_exchange_policy_is_read_whole),
        cmocka_unit_test(access_control_denies_by_default),
        cmocka_unit_test(what_is_above_the_ceiling_is_told),
        cmocka_unit_test(a_full_arena_is_a_limit),
        cmocka_unit_test(releasability_is_read_whole),
        cmocka_unit_test(what_is_built_in_is_valid_and_reads_as_itself),
    };
    return RUN_TESTS(tests);
}
