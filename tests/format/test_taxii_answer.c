// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "format/misp_manifest.h"
#include "format/taxii_find.h"
#include "test.h"

static struct arena scratch;

static int begin(void **state)
{
    arena_init(&scratch, 64 * MIB);
    return 0;
}

static int end(void **state)
{
    arena_release(&scratch);
    return 0;
}

static const struct {
    const char *why;
    struct str text;
    enum err want;
    bool more;
    struct str next;
} envelopes[] = {
    {"nothing", STR_INIT("{}"), ERR_OK, false, STR_INIT("")},
    {"more", STR_INIT("{\"more\":true,\"next\":\"a\\u0062\"}"), ERR_OK, true, STR_INIT("ab")},
    {"nulls and unknown members", STR_INIT("{\"more\":null,\"next\":null,\"x_a\":[]}"), ERR_OK,
        false, STR_INIT("")},
    {"a number for a flag", STR_INIT("{\"more\":1}"), ERR_INVALID, false, STR_INIT("")},
    {"a number for a text", STR_INIT("{\"next\":1}"), ERR_INVALID, false, STR_INIT("")},
    {"a list", STR_INIT("[]"), ERR_INVALID, false, STR_INIT("")},
    {"cut off", STR_INIT("{\"more\":tr"), ERR_INVALID, false, STR_INIT("")},
};

static void TAXII_C7_T8_envelopes(void **state)
{
    for (size_t i = 0; i < LEN(envelopes); i++) {
        struct taxii_envelope got;
        struct fault fault = {0};
        CHECK_ERR(envelopes[i].why,
            taxii_envelope_read(&scratch, envelopes[i].text, &got, &fault), envelopes[i].want);
        CHECK(envelopes[i].why, envelopes[i].want == ERR_OK || fault.why);
        if (envelopes[i].want != ERR_OK)
            continue;
        CHECK(envelopes[i].why, got.more == envelopes[i].more);
        CHECK_STR(envelopes[i].why, got.next, envelopes[i].next);
    }
}

static void TAXII_C3_status(void **state)
{
    struct taxii_status got;
    struct fault fault = {0};
    assert_int_equal(taxii_status_read(&scratch,
                         STR("{\"id\":\"s\",\"status\":\"complete\",\"total_count\":3,"
                             "\"success_count\":2,\"failure_count\":1,\"failures\":[{\"id\":"
                             "\"x\",\"message\":\"m\",\"x\":1}]}"),
                         &got, &fault),
        ERR_OK);
    assert_true(got.is_complete && got.total == 3 && got.successes == 2 && got.n == 1);
    assert_true(str_eq(got.items[0].message, STR("m")));
    const struct str bad[] = {STR("{}"), STR("{\"status\":\"done\"}"),
        STR("{\"status\":\"pending\",\"total_count\":-1}"),
        STR("{\"status\":\"pending\",\"failures\":[1]}")};
    for (size_t i = 0; i < LEN(bad); i++)
        assert_int_equal(taxii_status_read(&scratch, bad[i], &got, &fault), ERR_INVALID);
}

static void TAXII_P3_later(void **state)
{
    const struct {
        const char *why;
        struct str a, b;
        bool want;
    } cases[] = {
        {"a second", STR("2026-01-01T00:00:01Z"), STR("2026-01-01T00:00:00Z"), true},
        {"before", STR("2026-01-01T00:00:00Z"), STR("2026-01-01T00:00:01Z"), false},
        {"the same", STR("2026-01-01T00:00:00Z"), STR("2026-01-01T00:00:00Z"), false},
        {"the same, written otherwise", STR("2026-01-01T00:00:00.000Z"),
            STR("2026-01-01T00:00:00Z"), false},
        {"a nanosecond", STR("2026-01-01T00:00:00.000000002Z"),
            STR("2026-01-01T00:00:00.000000001Z"), true},
        {"no time", STR("soon"), STR("2026-01-01T00:00:00Z"), false},
    };
    for (size_t i = 0; i < LEN(cases); i++)
        CHECK(cases[i].why, taxii_is_later(cases[i].a, cases[i].b) == cases[i].want);
}

// A server of three answers.
static enum err answer(void *ctx, struct str target, struct str *body)
{
    if (str_eq(target, STR("/d/")))
        *body = STR("{\"title\":\"d\",\"api_roots\":[\"/r\"]}");
    else if (str_eq(target, STR("/r")))
        *body = STR("{\"versions\":[\"application/taxii+json;version=2.1\"],"
                    "\"max_content_length\":9}");
    else if (str_eq(target, STR("/r/collections/")))
        *body = *(const struct str *)ctx;
    else
        return ERR_NOT_FOUND;
    return ERR_OK;
}

static enum err resolve(void *ctx, struct str reference, struct str *target, const char **why)
{
    *target = reference;
    return ERR_OK;
}

static void TAXII_C1_collections_are_found(void **state)
{
    static const struct str two =
        STR_INIT("{\"collections\":[{\"id\":\"1\",\"alias\":\"a\",\"title\":\"T\"},"
                 "{\"id\":\"2\",\"title\":\"T\"},{\"id\":\"a\",\"title\":\"U\"}]}");
    static const struct str one = STR_INIT("{\"collections\":[{\"id\":\"7\"}]}");
    static const struct str strange = STR_INIT("{\"collections\":[{\"id\":\"../x\"}]}");
    const struct {
        const char *why;
        struct str answer, target, name;
        enum err want;
        struct str objects;
    } cases[] = {
        {"by id before alias", two, STR("/d/"), STR("a"), ERR_OK,
            STR("/r/collections/a/objects/")},
        {"by title", two, STR("/r"), STR("U"), ERR_OK, STR("/r/collections/a/objects/")},
        {"two titles", two, STR("/r"), STR("T"), ERR_CONFLICT, STR("")},
        {"not there", two, STR("/r"), STR("V"), ERR_NOT_FOUND, STR("")},
        {"not said", two, STR("/r"), STR(""), ERR_NOT_FOUND, STR("")},
        {"the only one", one, STR("/r"), STR(""), ERR_OK, STR("/r/collections/7/objects/")},
        {"an id that leaves", strange, STR("/r"), STR(""), ERR_INVALID, STR("")},
        {"nobody there", one, STR("/x"), STR(""), ERR_NOT_FOUND, STR("")},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct str body = cases[i].answer;
        const struct taxii_server server = {.ask = answer, .resolve = resolve, .ctx = &body};
        struct taxii_found found;
        struct taxii_lost lost;
        CHECK_ERR(cases[i].why,
            taxii_find(&scratch, &server, cases[i].target, cases[i].name, &found, &lost),
            cases[i].want);
        if (cases[i].want == ERR_OK)
            CHECK_STR(cases[i].why, found.objects, cases[i].objects);
    }
}

#define UUID "5a8b1e5c-0000-4000-8000-000000000000"

static void manifests(void **state)
{
    const struct {
        const char *why;
        struct str text;
        size_t items;
        enum err want;
    } cases[] = {
        {"none", STR("{}"), 0, ERR_NOT_FOUND},
        {"text and number",
            STR("{\"" UUID "\":{\"timestamp\":\"1\"},\"" UUID "\":{\"timestamp\":2}}\n"), 2,
            ERR_NOT_FOUND},
        {"braces in texts", STR("{\"" UUID "\":{\"a\":\"}\\\"{\",\"timestamp\":1}}"), 1,
            ERR_NOT_FOUND},
        {"nothing", STR(""), 0, ERR_INVALID},
        {"a list", STR("[]"), 0, ERR_INVALID},
        {"no uuid", STR("{\"../x\":{\"timestamp\":1}}"), 0, ERR_INVALID},
        {"no time", STR("{\"" UUID "\":{}}"), 0, ERR_INVALID},
        {"a time before all", STR("{\"" UUID "\":{\"timestamp\":-1}}"), 0, ERR_INVALID},
        {"cut off", STR("{\"" UUID "\":{\"timestamp\":1},"), 1, ERR_INVALID},
        {"more behind it", STR("{} {}"), 0, ERR_INVALID},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct misp_manifest m = misp_manifest_of(cases[i].text);
        struct misp_manifest_item item;
        struct fault fault = {0};
        size_t n = 0;
        enum err e;
        while ((e = misp_manifest_next(&m, &scratch, &item, &fault)) == ERR_OK)
            n++;
        CHECK_ERR(cases[i].why, e, cases[i].want);
        CHECK(cases[i].why, n == cases[i].items);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(TAXII_C7_T8_envelopes, begin, end),
        cmocka_unit_test_setup_teardown(TAXII_C3_status, begin, end),
        cmocka_unit_test_setup_teardown(TAXII_P3_later, begin, end),
        cmocka_unit_test_setup_teardown(TAXII_C1_collections_are_found, begin, end),
        cmocka_unit_test_setup_teardown(manifests, begin, end),
    };
    return RUN_TESTS(tests);
}
