// SPDX-License-Identifier: Apache-2.0
// Reading values out of a parsed document.
#include "test.h"

#include "json/json.h"

static struct arena arena;

static int setup(void **state)
{
    arena_init(&arena, 1 << 20);
    return 0;
}

static int teardown(void **state)
{
    arena_release(&arena);
    return 0;
}

static struct json parse(struct str text)
{
    struct json v;
    CHECK_ERR(text.ptr, json_parse(&arena, text, &v, NULL), ERR_OK);
    return v;
}

static void finds_members_by_decoded_key(void **state)
{
    struct json v =
        parse(STR("{\"a\":{\"x\":[1,2]},\"\\u0062\":\"c\",\"\\n\\uD83D\\uDD25\":3}"));
    struct json member;
    assert_int_equal(json_len(v), 3);
    assert_true(json_get(v, STR("a"), &member));
    CHECK_STR("object", json_span(member), STR("{\"x\":[1,2]}"));
    assert_int_equal(json_at(member), 5);
    assert_true(json_get(v, STR("b"), &member));
    CHECK_STR("behind an object", json_span(member), STR("\"c\""));
    assert_true(json_get(v, STR("\n\xF0\x9F\x94\xA5"), &member));
    CHECK_STR("escaped key", json_span(member), STR("3"));
    assert_false(json_get(v, STR("x"), &member)); // is further in
    assert_false(json_get(v, STR("\n"), &member));
    assert_false(json_get(v, STR(""), &member));
    assert_false(json_get(member, STR("a"), &member)); // a number
}

static void iterates_in_document_order(void **state)
{
    struct json v = parse(STR("{ \"z\" : [] , \"a\\/\" : {\"q\":[[]]} , \"m\" : null }"));
    static const struct str keys[] = {STR_INIT("z"), STR_INIT("a\\/"), STR_INIT("m")};
    static const struct str decoded[] = {STR_INIT("z"), STR_INIT("a/"), STR_INIT("m")};
    static const struct str values[] = {
        STR_INIT("[]"), STR_INIT("{\"q\":[[]]}"), STR_INIT("null")};
    size_t n = 0;
    for (struct json_iter it = json_iter(v); json_next(&it); n++) {
        struct str key;
        CHECK_STR("key", it.key, keys[n]);
        CHECK_ERR("key", json_key(&arena, &it, &key), ERR_OK);
        CHECK_STR("decoded key", key, decoded[n]);
        CHECK_STR("value", json_span(it.value), values[n]);
        assert_true(it.key_has_escape == (n == 1));
    }
    assert_int_equal(n, 3);
    v = parse(STR("[1,[2],\"3\"]"));
    static const struct str items[] = {STR_INIT("1"), STR_INIT("[2]"), STR_INIT("\"3\"")};
    n = 0;
    for (struct json_iter it = json_iter(v); json_next(&it); n++)
        CHECK_STR("item", json_span(it.value), items[n]);
    assert_int_equal(n, 3);
    struct json_iter none = json_iter(parse(STR("\"[1]\"")));
    assert_false(json_next(&none));
}

static void decodes_strings(void **state)
{
    static const struct {
        const char *why;
        struct str text, want;
    } cases[] = {
        {"plain", STR_INIT("\"abc\""), STR_INIT("abc")},
        {"empty", STR_INIT("\"\""), STR_INIT("")},
        {"all short escapes", STR_INIT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""),
            STR_INIT("\"\\/\b\f\n\r\t")},
        {"NUL", STR_INIT("\"a\\u0000b\""), STR_INIT("a\0b")},
        {"two bytes", STR_INIT("\"\\u00e9\\u07FF\""), STR_INIT("\xC3\xA9\xDF\xBF")},
        {"three bytes", STR_INIT("\"\\uBD09수\""), STR_INIT("봉수")},
        {"four bytes", STR_INIT("\"\\uD83D\\udd25\\uDBFF\\uDFFF\""),
            STR_INIT("\xF0\x9F\x94\xA5\xF4\x8F\xBF\xBF")},
        {"escape is escaped", STR_INIT("\"\\\\u0041\""), STR_INIT("\\u0041")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct json v = parse(cases[i].text);
        struct str got;
        CHECK_ERR(cases[i].why, json_string(&arena, v, &got), ERR_OK);
        CHECK_STR(cases[i].why, got, cases[i].want);
        CHECK(cases[i].why, json_is_string(v, cases[i].want));
        CHECK(cases[i].why, !json_is_string(v, STR("abd")));
    }
    struct str got = STR("kept");
    CHECK_ERR("number", json_string(&arena, parse(STR("1")), &got), ERR_INVALID);
    CHECK_STR("number", got, STR("kept"));
    assert_false(json_is_string(parse(STR("\"\\n\"")), STR("\n\n")));
    assert_false(json_is_string(parse(STR("1")), STR("1")));
}

static void slices_strings_without_escapes(void **state)
{
    struct str text = STR("[\"봉수\"]"), got;
    struct json_iter it = json_iter(parse(text));
    assert_true(json_next(&it));
    CHECK_ERR("slice", json_string(&arena, it.value, &got), ERR_OK);
    assert_ptr_equal(got.ptr, text.ptr + 2);
}

static void says_when_the_arena_has_no_room_to_decode(void **state)
{
    struct json v = parse(STR("{\"\\n\":\"\\t\"}"));
    struct arena none;
    arena_init(&none, 0);
    struct json_iter it = json_iter(v);
    assert_true(json_next(&it));
    struct str got = STR("kept");
    CHECK_ERR("key", json_key(&none, &it, &got), ERR_LIMIT);
    CHECK_ERR("string", json_string(&none, it.value, &got), ERR_LIMIT);
    CHECK_STR("unwritten", got, STR("kept"));
}

static void reads_integers_within_2_to_53(void **state)
{
    static const struct {
        struct str text;
        enum err want;
        int64_t value;
    } cases[] = {
        {STR_INIT("0"), ERR_OK, 0},
        {STR_INIT("-0"), ERR_OK, 0},
        {STR_INIT("-12"), ERR_OK, -12},
        {STR_INIT("9007199254740991"), ERR_OK, 9007199254740991},
        {STR_INIT("-9007199254740991"), ERR_OK, -9007199254740991},
        {STR_INIT("9007199254740992"), ERR_INVALID, 0},
        {STR_INIT("-9007199254740992"), ERR_INVALID, 0},
        {STR_INIT("18446744073709551617"), ERR_INVALID, 0},
        {STR_INIT("1.0"), ERR_INVALID, 0},
        {STR_INIT("1e2"), ERR_INVALID, 0},
        {STR_INIT("\"1\""), ERR_INVALID, 0},
        {STR_INIT("true"), ERR_INVALID, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t n = 0;
        CHECK_ERR(cases[i].text.ptr, json_int(parse(cases[i].text), &n), cases[i].want);
        CHECK(cases[i].text.ptr, n == cases[i].value);
    }
}

static void reads_booleans(void **state)
{
    bool value = false;
    assert_true(json_bool(parse(STR("true")), &value) && value);
    assert_true(json_bool(parse(STR("false")), &value) && !value);
    assert_false(json_bool(parse(STR("null")), &value));
    assert_false(json_bool(parse(STR("\"true\"")), &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(finds_members_by_decoded_key, setup, teardown),
        cmocka_unit_test_setup_teardown(iterates_in_document_order, setup, teardown),
        cmocka_unit_test_setup_teardown(decodes_strings, setup, teardown),
        cmocka_unit_test_setup_teardown(slices_strings_without_escapes, setup, teardown),
        cmocka_unit_test_setup_teardown(
            says_when_the_arena_has_no_room_to_decode, setup, teardown),
        cmocka_unit_test_setup_teardown(reads_integers_within_2_to_53, setup, teardown),
        cmocka_unit_test_setup_teardown(reads_booleans, setup, teardown),
    };
    return RUN_TESTS(tests);
}
