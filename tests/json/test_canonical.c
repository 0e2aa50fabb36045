// SPDX-License-Identifier: Apache-2.0
// RFC 8785: its own examples, the order of keys, numbers, and texts that claim to be canonical.
#include "test.h"

#include "json/canonical.h"

#include <string.h>

static struct arena arena;

static int setup(void **state)
{
    arena_init(&arena, 64 << 20);
    return 0;
}

static int teardown(void **state)
{
    arena_release(&arena);
    return 0;
}

struct row {
    const char *why;
    struct str text, want;
};

static void check_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct json v;
        struct str got;
        CHECK_ERR(rows[i].why, json_parse(&arena, rows[i].text, &v, NULL), ERR_OK);
        CHECK_ERR(rows[i].why, json_canonical(&arena, v, &got), ERR_OK);
        CHECK_STR(rows[i].why, got, rows[i].want);
    }
}

static void gives_the_text_of_rfc_8785(void **state)
{
    static const struct row rows[] = {
        {"section 3.2.2",
            STR_INIT(
                "{\n  \"numbers\": [333333333.33333329, 1E30, 4.50, 2e-3, "
                "0.000000000000000000000000001],\n"
                "  \"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\",\n"
                "  \"literals\": [null, true, false]\n}"),
            STR_INIT("{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,"
                     "0.002,1e-27],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}")},
        {"section 3.2.3",
            STR_INIT("{\n  \"\\u20ac\": \"Euro Sign\",\n  \"\\r\": \"Carriage Return\",\n"
                     "  \"\\ufb33\": \"Hebrew Letter Dalet With Dagesh\",\n  \"1\": \"One\",\n"
                     "  \"\\ud83d\\ude00\": \"Emoji: Grinning Face\",\n  \"\\u0080\": "
                     "\"Control\",\n"
                     "  \"\\u00f6\": \"Latin Small Letter O With Diaeresis\"\n}"),
            STR_INIT("{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xC2\x80\":\"Control\","
                     "\"\xC3\xB6\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\","
                     "\"\xF0\x9F\x98\x80\":\"Emoji: Grinning Face\","
                     "\"\xEF\xAC\xB3\":\"Hebrew Letter Dalet With Dagesh\"}")},
    };
    check_rows(rows, sizeof rows / sizeof *rows);
}

static void orders_keys_by_utf16(void **state)
{
    static const struct row rows[] = {
        {"in order", STR_INIT("{\"a\" : 1, \"b\" : 2}"), STR_INIT("{\"a\":1,\"b\":2}")},
        {"not in order", STR_INIT("{\"b\":1,\"a\":2}"), STR_INIT("{\"a\":2,\"b\":1}")},
        {"a prefix first", STR_INIT("{\"aa\":1,\"a\":2,\"\":3}"),
            STR_INIT("{\"\":3,\"a\":2,\"aa\":1}")},
        {"NUL behind the end", STR_INIT("{\"a\\u0000\":1,\"a\":2}"),
            STR_INIT("{\"a\":2,\"a\\u0000\":1}")},
        {"differ behind eight bytes", STR_INIT("{\"created_by_ref\":1,\"created_at\":2}"),
            STR_INIT("{\"created_at\":2,\"created_by_ref\":1}")},
        {"capitals first", STR_INIT("{\"a\":1,\"Z\":2}"), STR_INIT("{\"Z\":2,\"a\":1}")},
        {"above U+FFFF before U+E000",
            STR_INIT("{\"\xEE\x80\x80\":1,\"\xF0\x90\x80\x80\":2,\"\xED\x9F\xBF\":3}"),
            STR_INIT("{\"\xED\x9F\xBF\":3,\"\xF0\x90\x80\x80\":2,\"\xEE\x80\x80\":1}")},
        {"the same far in",
            STR_INIT("{\"long-key\xEF\xBF\xBF\":1,\"long-key\xF4\x8F\xBF\xBF\":2}"),
            STR_INIT("{\"long-key\xF4\x8F\xBF\xBF\":2,\"long-key\xEF\xBF\xBF\":1}")},
        {"an escape sorts as its character", STR_INIT("{\"\\u0062\":1,\"a\":2}"),
            STR_INIT("{\"a\":2,\"b\":1}")},
        {"planes against the private area",
            STR_INIT("{\"\xEE\x80\x80\":1,\"\xF3\x80\x80\x80\":2,\"\xEF\x80\x80\":3,"
                     "\"\xF4\x80\x80\x80\":4}"),
            STR_INIT("{\"\xF3\x80\x80\x80\":2,\"\xF4\x80\x80\x80\":4,"
                     "\"\xEE\x80\x80\":1,\"\xEF\x80\x80\":3}")},
        {"escaped keys by what they mean", STR_INIT("{\"b\":1,\"\\u0061\":2,\"\\u00e9\":3}"),
            STR_INIT("{\"a\":2,\"b\":1,\"é\":3}")},
        {"inside of what moves",
            STR_INIT("{\"z\":{\"y\":[{\"b\":1,\"a\":{}}],\"x\":[]},\"a\":{\"c\":1,\"d\":2}}"),
            STR_INIT("{\"a\":{\"c\":1,\"d\":2},\"z\":{\"x\":[],\"y\":[{\"a\":{},\"b\":1}]}}")},
        {"scalar", STR_INIT(" \"a\" "), STR_INIT("\"a\"")},
        {"empty", STR_INIT("[ { } , [ ] ]"), STR_INIT("[{},[]]")},
    };
    check_rows(rows, sizeof rows / sizeof *rows);
}

static void orders_many_keys(void **state)
{
    struct buf b = buf_in(&arena, 1 << 20), want = buf_in(&arena, 1 << 20);
    for (unsigned i = 0; i < 1000; i++) { // 7919 and 1000 have no common divisor
        buf_put(&b, i ? STR(",\"k") : STR("{\"k"));
        buf_put_u64(&b, 10000 + i * 7919 % 1000);
        buf_put(&b, STR("\":0"));
        buf_put(&want, i ? STR(",\"k") : STR("{\"k"));
        buf_put_u64(&want, 10000 + i);
        buf_put(&want, STR("\":0"));
    }
    buf_put_byte(&b, '}');
    buf_put_byte(&want, '}');
    const struct row row = {"thousand", buf_str(&b), buf_str(&want)};
    check_rows(&row, 1);
}

static void writes_numbers_like_ecmascript(void **state)
{
    static const struct row rows[] = {
        {"one", STR_INIT("1.0"), STR_INIT("1")},
        {"minus zero", STR_INIT("-0"), STR_INIT("0")},
        {"minus zero with a point", STR_INIT("-0.0e5"), STR_INIT("0")},
        {"tenth", STR_INIT("0.1"), STR_INIT("0.1")},
        {"1e21", STR_INIT("1000000000000000000000"), STR_INIT("1e+21")},
        {"below 1e21", STR_INIT("999999999999999900000"), STR_INIT("999999999999999900000")},
        {"1e20", STR_INIT("1e20"), STR_INIT("100000000000000000000")},
        {"1e-7", STR_INIT("1e-07"), STR_INIT("1e-7")},
        {"1e-6", STR_INIT("0.000001"), STR_INIT("0.000001")},
        {"-1.5e-7", STR_INIT("-15e-8"), STR_INIT("-1.5e-7")},
        {"rounded text", STR_INIT("333333333.33333329"), STR_INIT("333333333.3333333")},
        {"2^-44", STR_INIT("5.6843418860808015e-14"), STR_INIT("5.684341886080802e-14")},
        {"smallest", STR_INIT("5e-324"), STR_INIT("5e-324")},
        {"half of the smallest is even", STR_INIT("2.4703282292062327e-324"), STR_INIT("0")},
        {"above half of the smallest", STR_INIT("2.4703282292062328e-324"), STR_INIT("5e-324")},
        {"below all", STR_INIT("1e-999999999999"), STR_INIT("0")},
        {"largest", STR_INIT("1.7976931348623157e308"), STR_INIT("1.7976931348623157e+308")},
        {"rounds to the largest", STR_INIT("1.7976931348623158e308"),
            STR_INIT("1.7976931348623157e+308")},
        {"largest subnormal", STR_INIT("2.225073858507201e-308"),
            STR_INIT("2.225073858507201e-308")},
        {"smallest normal", STR_INIT("2.2250738585072014e-308"),
            STR_INIT("2.2250738585072014e-308")},
        {"2^53", STR_INIT("9007199254740992"), STR_INIT("9007199254740992")},
        {"2^53 + 1 is a tie", STR_INIT("9007199254740993"), STR_INIT("9007199254740992")},
        {"above the tie", STR_INIT("9007199254740993.00000000000000000000000000000000000001"),
            STR_INIT("9007199254740994")},
        {"fifteen digits", STR_INIT("-99999999999999"), STR_INIT("-99999999999999")},
        {"1e23", STR_INIT("1e23"), STR_INIT("1e+23")},
        {"zeros before the exponent", STR_INIT("1000000e-6"), STR_INIT("1")},
        {"RFC 8785 appendix B", STR_INIT("[9.999999999999997e22,-1.7976931348623157e308]"),
            STR_INIT("[9.999999999999997e+22,-1.7976931348623157e+308]")},
    };
    check_rows(rows, sizeof rows / sizeof *rows);
}

// RFC 8785 appendix B, as bit patterns.
static void prints_the_doubles_of_appendix_b(void **state)
{
    static const struct {
        uint64_t bits;
        const char *want; // NULL: refused
    } cases[] = {
        {0x0000000000000000, "0"},
        {0x8000000000000000, "0"},
        {0x0000000000000001, "5e-324"},
        {0x8000000000000001, "-5e-324"},
        {0x7fefffffffffffff, "1.7976931348623157e+308"},
        {0xffefffffffffffff, "-1.7976931348623157e+308"},
        {0x4340000000000000, "9007199254740992"},
        {0xc340000000000000, "-9007199254740992"},
        {0x4430000000000000, "295147905179352830000"},
        {0x7fffffffffffffff, NULL},
        {0x7ff0000000000000, NULL},
        {0x44b52d02c7e14af5, "9.999999999999997e+22"},
        {0x44b52d02c7e14af6, "1e+23"},
        {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
        {0x444b1ae4d6e2ef4e, "999999999999999700000"},
        {0x444b1ae4d6e2ef4f, "999999999999999900000"},
        {0x444b1ae4d6e2ef50, "1e+21"},
        {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
        {0x3eb0c6f7a0b5ed8d, "0.000001"},
        {0x41b3de4355555553, "333333333.3333332"},
        {0x41b3de4355555554, "333333333.33333325"},
        {0x41b3de4355555555, "333333333.3333333"},
        {0x41b3de4355555556, "333333333.3333334"},
        {0x41b3de4355555557, "333333333.33333343"},
        {0xbecbf647612f3696, "-0.0000033333333333333333"},
        {0x43143ff3c1cb0959, "1424953923781206.2"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double value;
        memcpy(&value, &cases[i].bits, sizeof value);
        struct buf b = buf_in(&arena, 100);
        const char *want = cases[i].want;
        CHECK_ERR("appendix B", json_number_put(&b, value), want ? ERR_OK : ERR_INVALID);
        CHECK_STR("appendix B", buf_str(&b), str_of(want));
    }
}

static void refuses_numbers_that_a_double_cannot_hold(void **state)
{
    static const struct str texts[] = {STR_INIT("1e400"), STR_INIT("[1.7976931348623159e308]"),
        STR_INIT("{\"a\":-1e999999999999999999}")};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct json v;
        struct str got = STR("kept");
        CHECK_ERR(texts[i].ptr, json_parse(&arena, texts[i], &v, NULL), ERR_OK);
        CHECK_ERR(texts[i].ptr, json_canonical(&arena, v, &got), ERR_INVALID);
        CHECK_STR(texts[i].ptr, got, STR("kept"));
    }
}

static void knows_its_own_form(void **state)
{
    static const struct {
        const char *why;
        struct str text;
        enum err want;
        size_t at;
    } cases[] = {
        {"canonical", STR_INIT("{\"a\":[1,-2,null],\"b\":\"봉수\\n\"}"), ERR_OK, 0},
        {"blank in front", STR_INIT(" {}"), ERR_INVALID, 0},
        {"blank behind", STR_INIT("{}\n"), ERR_INVALID, 2},
        {"blank inside", STR_INIT("{\"a\": 1}"), ERR_INVALID, 5},
        {"keys not in order", STR_INIT("{\"b\":1,\"a\":1}"), ERR_INVALID, 2},
        {"needless escape", STR_INIT("[\"\\/\"]"), ERR_INVALID, 2},
        {"capital hexadecimal", STR_INIT("[\"\\u001F\"]"), ERR_INVALID, 7},
        {"fraction", STR_INIT("[1,1.5]"), ERR_INVALID, 3},
        {"exponent", STR_INIT("[1e2]"), ERR_INVALID, 1},
        {"minus zero", STR_INIT("[-0]"), ERR_INVALID, 1},
        {"2^53", STR_INIT("[9007199254740991,9007199254740992]"), ERR_INVALID, 18},
        {"not JSON", STR_INIT("[1,]"), ERR_INVALID, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct json v = {0};
        struct fault fault = {0};
        CHECK_ERR(cases[i].why, json_canonical_check(&arena, cases[i].text, &v, &fault),
            cases[i].want);
        CHECK(cases[i].why, fault.at == cases[i].at);
        CHECK(cases[i].why, (v.node != NULL) == (cases[i].want == ERR_OK));
    }
}

static void says_when_there_is_no_room(void **state)
{
    struct buf b = buf_in(&arena, 1 << 20);
    for (unsigned i = 500; i-- > 0;) {
        buf_put(&b, i == 499 ? STR("{\"k") : STR(",\"k"));
        buf_put_u64(&b, i);
        buf_put(&b, STR("\":\"\\u000a\""));
    }
    buf_put_byte(&b, '}');
    struct json v;
    CHECK_ERR("parse", json_parse(&arena, buf_str(&b), &v, NULL), ERR_OK);
    enum err e = ERR_LIMIT;
    size_t failures = 0;
    for (size_t limit = 0; e != ERR_OK; limit += 512) {
        struct arena small;
        arena_init(&small, limit);
        struct str text;
        e = json_canonical(&small, v, &text);
        assert_true(e == ERR_OK || e == ERR_LIMIT);
        failures += e == ERR_LIMIT;
        arena_release(&small);
    }
    assert_true(failures > 40);
    struct buf tight = buf_in(&arena, 100);
    CHECK_ERR("buffer", json_canonical_put(&arena, v, &tight), ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(gives_the_text_of_rfc_8785, setup, teardown),
        cmocka_unit_test_setup_teardown(orders_keys_by_utf16, setup, teardown),
        cmocka_unit_test_setup_teardown(orders_many_keys, setup, teardown),
        cmocka_unit_test_setup_teardown(writes_numbers_like_ecmascript, setup, teardown),
        cmocka_unit_test_setup_teardown(prints_the_doubles_of_appendix_b, setup, teardown),
        cmocka_unit_test_setup_teardown(
            refuses_numbers_that_a_double_cannot_hold, setup, teardown),
        cmocka_unit_test_setup_teardown(knows_its_own_form, setup, teardown),
        cmocka_unit_test_setup_teardown(says_when_there_is_no_room, setup, teardown),
    };
    return RUN_TESTS(tests);
}
