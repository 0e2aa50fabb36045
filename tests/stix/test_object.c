// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "stix/object.h"
#include "test.h"

#define UUID    "8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"
#define AT      "\"created\":\"2016-04-06T20:03:48.000Z\",\"modified\":\"2016-04-06T20:03:48.000Z\""
#define HEAD(t) "{\"type\":\"" t "\",\"spec_version\":\"2.1\",\"id\":\"" t "--" UUID "\"," AT
#define SCO(t)  "{\"type\":\"" t "\",\"id\":\"" t "--" UUID "\""
#define TOOL    HEAD("tool") ",\"name\":\"VNC\""

// A NULL rule means that the object is accepted.
static const struct {
    const char *why;
    struct str text;
    const char *rule, *path;
} cases[] = {
    {"plain", STR_INIT(TOOL "}"), NULL, NULL},
    {"unknown property", STR_INIT(TOOL ",\"foo\":{\"bar\":[1]}}"), NULL, NULL},
    {"null in an unknown property", STR_INIT(TOOL ",\"foo\":null}"), NULL, NULL},
    {"unknown type", STR_INIT(HEAD("attack-asset") "}"), NULL, NULL},
    {"custom type", STR_INIT(HEAD("x-mitre-tactic") "}"), NULL, NULL},
    {"observable", STR_INIT(SCO("url") ",\"value\":\"http://a.b/\"}"), NULL, NULL},
    {"revoked", STR_INIT(TOOL ",\"revoked\":true}"), NULL, NULL},
    {"not JSON", STR_INIT(TOOL), "JSON", ""},
    {"duplicate key", STR_INIT(TOOL ",\"name\":\"x\"}"), "JSON", ""},
    {"a list", STR_INIT("[]"), "JSON", ""},
    {"no type", STR_INIT("{}"), "STIX-3.2-required", "type"},
    {"type is a number", STR_INIT("{\"type\":1}"), "STIX-2.15-string", "type"},
    {"bad type", STR_INIT("{\"type\":\"A\"}"), "STIX-3.1-type", "type"},
    {"a bundle", STR_INIT("{\"type\":\"bundle\",\"id\":\"bundle--" UUID "\"}"), "STIX-8-bundle",
        "type"},
    {"no id", STR_INIT("{\"type\":\"tool\"}"), "STIX-3.2-required", "id"},
    {"id of another type",
        STR_INIT("{\"type\":\"tool\",\"spec_version\":\"2.1\",\"id\":\"malware--" UUID "\"}"),
        "STIX-3.2-id", "id"},
    {"upper-case id",
        STR_INIT("{\"type\":\"tool\",\"id\":\"tool--8E2E2D2B-17D4-4CBF-938F-"
                 "98EE46B3CD3F\"}"),
        "STIX-2.9-identifier", "id"},
    {"STIX 2.0 by absence",
        STR_INIT("{\"type\":\"tool\",\"id\":\"tool--" UUID "\"," AT ",\"name\":\"x\"}"),
        "STIX-3.2-stix-2.0", ""},
    {"STIX 2.0 custom",
        STR_INIT("{\"type\":\"x-mitre-tactic\",\"id\":\"x-mitre-tactic--" UUID "\"," AT "}"),
        "STIX-3.2-stix-2.0", ""},
    {"STIX 2.0 by name",
        STR_INIT("{\"type\":\"tool\",\"spec_version\":\"2.0\",\"id\":\"tool--" UUID "\"}"),
        "STIX-3.2-stix-2.0", "spec_version"},
    {"no name", STR_INIT(HEAD("tool") "}"), "STIX-3.2-required", "name"},
    {"no modified",
        STR_INIT("{\"type\":\"tool\",\"spec_version\":\"2.1\",\"id\":\"tool--" UUID
                 "\",\"name\":\"x\",\"created\":\"2016-04-06T20:03:48.000Z\"}"),
        "STIX-3.2-required", "modified"},
    {"modified before created",
        STR_INIT("{\"type\":\"tool\",\"spec_version\":\"2.1\",\"id\":\"tool--" UUID
                 "\",\"name\":\"x\",\"created\":\"2016-04-06T20:03:48.000Z\","
                 "\"modified\":\"2016-04-06T20:03:47.999Z\"}"),
        "STIX-3.6-modified", "modified"},
    {"no such date",
        STR_INIT("{\"type\":\"tool\",\"spec_version\":\"2.1\",\"id\":\"tool--" UUID
                 "\",\"name\":\"x\",\"created\":\"2016-02-30T20:03:48Z\"}"),
        "STIX-2.16-timestamp", "created"},
    {"name is a number", STR_INIT(HEAD("tool") ",\"name\":1}"), "STIX-2.15-string", "name"},
    {"empty list", STR_INIT(TOOL ",\"labels\":[]}"), "STIX-2.12-list", "labels"},
    {"empty list in the depth",
        STR_INIT(TOOL ",\"external_references\":[{\"source_name\":\"a\",\"url\":\"b:c\","
                      "\"z\":[]}]}"),
        "STIX-2.12-list", "external_references[0].z"},
    {"empty list in an unknown property", STR_INIT(TOOL ",\"x\":[{\"y\":[]}]}"), NULL, NULL},
    {"empty unknown reference", STR_INIT(TOOL ",\"x_ref\":\"\"}"), NULL, NULL},
    {"no list", STR_INIT(TOOL ",\"labels\":\"a\"}"), "STIX-2.12-list", "labels"},
    {"label is a number", STR_INIT(TOOL ",\"labels\":[\"a\",1]}"), "STIX-2.15-string",
        "labels[1]"},
    {"confidence", STR_INIT(TOOL ",\"confidence\":101}"), "STIX-3.2-confidence", "confidence"},
    {"confidence with a point", STR_INIT(TOOL ",\"confidence\":50.0}"), "STIX-2.10-integer",
        "confidence"},
    {"marking of a wrong type",
        STR_INIT(TOOL ",\"object_marking_refs\":[\"marking-definition--" UUID
                      "\",\"identity--" UUID "\"]}"),
        "STIX-2.9-target", "object_marking_refs[1]"},
    {"creator of a wrong type", STR_INIT(TOOL ",\"created_by_ref\":\"tool--" UUID "\"}"),
        "STIX-2.9-target", "created_by_ref"},
    {"unknown reference that is none", STR_INIT(TOOL ",\"x\":[{\"a_ref\":\"nobody\"}]}"),
        "STIX-2.9-identifier", "x[0].a_ref"},
    {"upper-case reference in the depth",
        STR_INIT(TOOL ",\"x\":{\"a_refs\":[\"tool--8E2E2D2B-17D4-4CBF-938F-98EE46B3CD3F\"]}}"),
        "STIX-2.9-identifier", "x.a_refs[0]"},
    {"relationship to a marking",
        STR_INIT(
            HEAD("relationship") ",\"relationship_type\":\"uses\",\"source_ref\":\"tool--" UUID
                                 "\",\"target_ref\":\"marking-definition--" UUID "\"}"),
        "STIX-2.9-target", "target_ref"},
    {"relationship to a custom type",
        STR_INIT(
            HEAD("relationship") ",\"relationship_type\":\"uses\",\"source_ref\":\"tool--" UUID
                                 "\",\"target_ref\":\"x-thing--" UUID "\"}"),
        NULL, NULL},
    {"granular without selectors", STR_INIT(TOOL ",\"granular_markings\":[{\"lang\":\"ko\"}]}"),
        "STIX-3.2-required", "granular_markings[0].selectors"},
    {"granular with both",
        STR_INIT(TOOL ",\"granular_markings\":[{\"lang\":\"ko\",\"marking_ref\":"
                      "\"marking-definition--" UUID "\",\"selectors\":[\"name\"]}]}"),
        "STIX-7.2.3-granular-marking", "granular_markings[0].lang"},
    {"external reference", STR_INIT(TOOL ",\"external_references\":[{\"source_name\":\"a\"}]}"),
        "STIX-2.5-external-reference", "external_references[0].description"},
    {"valid_until is valid_from",
        STR_INIT(HEAD("indicator") ",\"pattern\":\"[a:b = 1]\",\"pattern_type\":\"stix\","
                                   "\"valid_from\":\"2016-04-06T20:03:48Z\","
                                   "\"valid_until\":\"2016-04-06T20:03:48.000Z\"}"),
        "STIX-4.7-valid-until", "valid_until"},
    {"file of nothing", STR_INIT(SCO("file") ",\"size\":1}"), "STIX-6.7-file", "hashes"},
    {"both payload and url",
        STR_INIT(SCO("artifact") ",\"payload_bin\":\"AA==\",\"url\":\"http://a.b/\","
                                 "\"hashes\":{\"MD5\":\"00000000000000000000000000000000\"}}"),
        "STIX-6.1-payload", "url"},
    {"payload is not base64", STR_INIT(SCO("artifact") ",\"payload_bin\":\"AA=\"}"),
        "STIX-2.1-binary", "payload_bin"},
    {"marking without a definition",
        STR_INIT("{\"type\":\"marking-definition\",\"spec_version\":\"2.1\","
                 "\"id\":\"marking-definition--" UUID "\","
                 "\"created\":\"2016-04-06T20:03:48.000Z\"}"),
        "STIX-7.2.1-definition", "definition_type"},
};

static void objects_are_judged_with_rule_and_path(void **state)
{
    struct arena request;
    arena_init(&request, 4 * MIB);
    for (size_t i = 0; i < LEN(cases); i++) {
        struct stix_object o;
        struct stix_problem problem = {0};
        enum err e = stix_object_read(&request, cases[i].text, &o, &problem);
        if (!cases[i].rule) {
            if (e != ERR_OK)
                fail_msg("%s: %s: %s", cases[i].why, problem.rule, problem.why);
            continue;
        }
        CHECK_ERR(cases[i].why, e, ERR_INVALID);
        CHECK_STR(cases[i].why, str_of(problem.rule), str_of(cases[i].rule));
        CHECK_STR(cases[i].why, problem.path, str_of(cases[i].path));
        CHECK(cases[i].why, problem.why && problem.at <= cases[i].text.len);
    }
    arena_release(&request);
}

static void stix_2_0_is_refused_by_its_name(void **state)
{
    struct arena request;
    arena_init(&request, MIB);
    struct stix_object o;
    struct stix_problem problem = {0};
    enum err e = stix_object_read(&request,
        STR("{\"type\":\"tool\",\"id\":\"tool--" UUID "\"," AT ",\"name\":\"x\"}"), &o,
        &problem);
    CHECK_ERR("2.0", e, ERR_INVALID);
    CHECK("names 2.0", str_find(str_of(problem.why), STR("2.0")) < str_of(problem.why).len);
    arena_release(&request);
}

static void kinds_and_versions_are_read(void **state)
{
    static const struct {
        struct str text;
        enum stix_kind kind;
        bool is_custom, has_version;
    } rows[] = {
        {STR_INIT(TOOL "}"), STIX_SDO, false, true},
        {STR_INIT(SCO("mutex") ",\"name\":\"a\"}"), STIX_SCO, false, false},
        {STR_INIT(HEAD("x-a-b") "}"), STIX_SDO, true, true},
        {STR_INIT(SCO("x-a-b") ",\"spec_version\":\"2.1\"}"), STIX_SCO, true, false},
        {STR_INIT(HEAD("x-a-b") ",\"extensions\":{\"extension-definition--" UUID
                                "\":{\"extension_type\":\"new-sro\"}}}"),
            STIX_SRO, true, true},
        {STR_INIT("{\"type\":\"marking-definition\",\"spec_version\":\"2.1\",\"id\":"
                  "\"marking-definition--" UUID "\",\"created\":\"2016-04-06T20:03:48.000Z\","
                  "\"definition_type\":\"statement\",\"definition\":{\"statement\":\"x\"}}"),
            STIX_META, false, true},
    };
    struct arena request;
    arena_init(&request, MIB);
    for (size_t i = 0; i < LEN(rows); i++) {
        struct stix_object o;
        struct stix_problem problem = {0};
        enum err e = stix_object_read(&request, rows[i].text, &o, &problem);
        CHECK_ERR(problem.why ? problem.why : "row", e, ERR_OK);
        assert_int_equal(o.kind, rows[i].kind);
        assert_int_equal(o.is_custom, rows[i].is_custom);
        assert_int_equal(o.has_version, rows[i].has_version);
        if (o.has_version)
            assert_true(o.version_us == INT64_C(1459973028000000));
    }
    arena_release(&request);
}

#define ID_A "tool--00000000-0000-4000-8000-00000000000a"
#define ID_B "file--00000000-0000-4000-8000-00000000000b"
#define ID_M "marking-definition--00000000-0000-4000-8000-00000000000c"
#define ID_I "identity--00000000-0000-4000-8000-00000000000d"

static void references_are_found_at_every_depth_once(void **state)
{
    static const struct stix_ref want[] = {
        {STR_INIT(ID_B), STIX_REF_LIST | STIX_REF_SINGLE},
        {STR_INIT(ID_I), STIX_REF_CREATOR},
        {STR_INIT(ID_M), STIX_REF_MARKING},
        {STR_INIT(ID_A), STIX_REF_LIST},
    };
    struct arena request;
    arena_init(&request, MIB);
    struct stix_object o;
    struct stix_problem problem = {0};
    enum err e = stix_object_read(&request,
        STR(HEAD("report") ",\"name\":\"x\",\"published\":\"2016-04-06T20:03:48Z\","
                           "\"created_by_ref\":\"" ID_I "\",\"object_refs\":[\"" ID_A
                           "\",\"" ID_B "\",\"" ID_A "\"],\"object_marking_refs\":[\"" ID_M
                           "\"],\"granular_markings\":[{\"selectors\":[\"name\"],"
                           "\"marking_ref\":\"" ID_M "\"}],\"extensions\":{"
                           "\"extension-definition--" UUID
                           "\":{\"extension_type\":\"property-extension\",\"deep\":[{\"a_ref\":"
                           "\"" ID_B "\"}]}}}"),
        &o, &problem);
    CHECK_ERR(problem.why ? problem.why : "report", e, ERR_OK);
    assert_int_equal(o.n_refs, LEN(want));
    for (size_t i = 0; i < LEN(want); i++) {
        CHECK_STR("id", o.refs[i].id, want[i].id);
        assert_int_equal(o.refs[i].roles, want[i].roles);
    }
    assert_int_equal(o.n_granular, 1);
    CHECK_STR("granular", o.granular[0].marking_ref, STR(ID_M));
    CHECK_STR("creator", o.created_by_ref, STR(ID_I));
    arena_release(&request);
}

#define INDICATOR(pattern)                                                \
    HEAD("indicator")                                                     \
    ",\"pattern_type\":\"stix\",\"valid_from\":\"2016-04-06T20:03:48Z\"," \
    "\"pattern\":\"" pattern "\"}"

static const struct {
    const char *why;
    struct str text;
    struct str keys[4]; // sorted; the first empty one ends them
    bool is_unread;
} valued[] = {
    {"address", STR_INIT(SCO("ipv4-addr") ",\"value\":\"1.2.3.4/32\"}"),
        {STR_INIT("ip:1.2.3.4")}, false},
    {"file",
        STR_INIT(
            SCO("file") ",\"name\":\"A.exe\",\"size\":3,\"hashes\":{\"MD5\":"
                        "\"CEAD3F77F6CDA6EC00F57D76C9A6879F\"},\"extensions\":{\"ntfs-ext\":{"
                        "\"alternate_data_streams\":[{\"name\":\"s\",\"hashes\":{\"MD5\":"
                        "\"AB12AB12AB12AB12AB12AB12AB12AB12\"}}]}}}"),
        {STR_INIT("file:a.exe"), STR_INIT("hash:ab12ab12ab12ab12ab12ab12ab12ab12"),
            STR_INIT("hash:cead3f77f6cda6ec00f57d76c9a6879f")},
        false},
    {"AS", STR_INIT(SCO("autonomous-system") ",\"number\":15139}"), {STR_INIT("asn:15139")},
        false},
    {"custom observable", STR_INIT(SCO("x-wallet") ",\"value\":\"1KFHE7w8BhaENAswwryaoccDb\"}"),
        {STR_INIT("text:1KFHE7w8BhaENAswwryaoccDb")}, false},
    {"pattern",
        STR_INIT(INDICATOR("[domain-name:value = 'B.example' OR ipv4-addr:value IN "
                           "('1.2.3.4')] AND [url:value LIKE 'no']")),
        {STR_INIT("domain:b.example"), STR_INIT("ip:1.2.3.4")}, false},
    {"the same twice", STR_INIT(INDICATOR("[url:value = 'http://A' OR url:value='http://a/']")),
        {STR_INIT("url:http://a/")}, false},
    {"a pattern of a later language",
        STR_INIT(INDICATOR("[url:value ~ 1]\",\"pattern_version\":\"9.0")), {STR_INIT("")},
        true},
    {"no value", STR_INIT(TOOL "}"), {STR_INIT("")}, false},
    {"inline observables of STIX 2.0",
        STR_INIT(
            HEAD("observed-data") ",\"first_observed\":\"2016-04-06T20:03:48Z\","
                                  "\"last_observed\":\"2016-04-06T20:03:48Z\",\"number_"
                                  "observed\":1,\"objects\":{"
                                  "\"0\":{\"type\":\"domain-name\",\"value\":\"a.b\","
                                  "\"resolves_to_refs\":[\"1\"]},"
                                  "\"1\":{\"type\":\"ipv4-addr\",\"value\":\"1.2.3.4\"}}}"),
        {STR_INIT("domain:a.b"), STR_INIT("ip:1.2.3.4")}, false},
};

static void values_to_look_for_are_collected(void **state)
{
    struct arena request;
    arena_init(&request, 4 * MIB);
    for (size_t i = 0; i < LEN(valued); i++) {
        struct stix_object o;
        struct stix_problem problem = {0};
        CHECK_ERR(
            valued[i].why, stix_object_read(&request, valued[i].text, &o, &problem), ERR_OK);
        size_t n = 0;
        for (; n < LEN(valued[i].keys) && valued[i].keys[n].len; n++) {
            CHECK(valued[i].why, n < o.n_values);
            CHECK_STR(valued[i].why, o.values[n], valued[i].keys[n]);
        }
        CHECK(valued[i].why, n == o.n_values);
        CHECK(valued[i].why, o.is_pattern_unread == valued[i].is_unread);
    }
    arena_release(&request);
}

static void equal_objects_have_equal_digests(void **state)
{
    static const struct str same[] = {
        STR_INIT(SCO("mutex") ",\"name\":\"a\"}"),
        STR_INIT("{ \"name\" : \"\\u0061\", \"id\":\"mutex--" UUID "\",\n\"type\":\"mutex\"}"),
    };
    unsigned char digests[3][SHA256_BYTES];
    struct arena request;
    arena_init(&request, MIB);
    struct stix_object o;
    struct stix_problem problem = {0};
    for (size_t i = 0; i < LEN(same); i++) {
        CHECK_ERR("same", stix_object_read(&request, same[i], &o, &problem), ERR_OK);
        CHECK_ERR("digest", stix_digest(&request, o.root, digests[i]), ERR_OK);
    }
    CHECK_ERR("other",
        stix_object_read(&request, STR(SCO("mutex") ",\"name\":\"A\"}"), &o, &problem), ERR_OK);
    CHECK_ERR("digest", stix_digest(&request, o.root, digests[2]), ERR_OK);
    assert_memory_equal(digests[0], digests[1], SHA256_BYTES);
    assert_memory_not_equal(digests[0], digests[2], SHA256_BYTES);
    arena_release(&request);
}

static void a_full_arena_is_a_limit(void **state)
{
    for (size_t limit = 0; limit < 1 << 20; limit += 1024) {
        struct arena small;
        arena_init(&small, limit);
        struct stix_object o;
        struct stix_problem problem = {0};
        unsigned char digest[SHA256_BYTES];
        enum err e = stix_object_read(
            &small, STR(INDICATOR("[domain-name:value = '\xed\x95\x9c.kr']")), &o, &problem);
        if (e == ERR_OK)
            e = stix_digest(&small, o.root, digest);
        arena_release(&small);
        if (e == ERR_OK)
            return;
        CHECK_ERR(problem.why ? problem.why : "below the need", e, ERR_LIMIT);
    }
    fail();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_judged_with_rule_and_path),
        cmocka_unit_test(stix_2_0_is_refused_by_its_name),
        cmocka_unit_test(kinds_and_versions_are_read),
        cmocka_unit_test(references_are_found_at_every_depth_once),
        cmocka_unit_test(values_to_look_for_are_collected),
        cmocka_unit_test(equal_objects_have_equal_digests),
        cmocka_unit_test(a_full_arena_is_a_limit),
    };
    return RUN_TESTS(tests);
}
