// SPDX-License-Identifier: Apache-2.0
// What json_parse takes and refuses, and where it says that it stopped.
#include "test.h"

#include "base/limits.h"
#include "json/json.h"

#include <string.h>

#define ARENA_BYTES (512 * MIB)

static struct arena arena;

static int setup(void **state)
{
    arena_init(&arena, ARENA_BYTES);
    return 0;
}

static int teardown(void **state)
{
    arena_release(&arena);
    return 0;
}

static void accepts_json(void **state)
{
    static const struct {
        const char *why;
        struct str text;
        enum json_type type;
    } cases[] = {
        {"null", STR_INIT("null"), JSON_NULL},
        {"true", STR_INIT("true"), JSON_TRUE},
        {"false among blanks", STR_INIT(" \t\r\nfalse\n"), JSON_FALSE},
        {"zero", STR_INIT("0"), JSON_NUMBER},
        {"minus zero is text here", STR_INIT("-0"), JSON_NUMBER},
        {"fraction and exponent", STR_INIT("-12.50e+07"), JSON_NUMBER},
        {"more than a double holds", STR_INIT("1e400"), JSON_NUMBER},
        {"more digits than a double holds", STR_INIT("123456789012345678901234567890"),
            JSON_NUMBER},
        {"empty string", STR_INIT("\"\""), JSON_STRING},
        {"every escape", STR_INIT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u0000\""), JSON_STRING},
        {"surrogate pair", STR_INIT("\"\\uD83D\\uDD25\""), JSON_STRING},
        {"Korean", STR_INIT("\"봉수\""), JSON_STRING},
        {"four bytes and a byte behind", STR_INIT("\"\xF0\x9F\x94\xA5.\""), JSON_STRING},
        {"delete is no control character here", STR_INIT("\"\x7F\""), JSON_STRING},
        {"empty array", STR_INIT("[ ]"), JSON_ARRAY},
        {"empty object", STR_INIT("{ }"), JSON_OBJECT},
        {"nested", STR_INIT("[{\"a\":[1,{}]},[[]]]"), JSON_ARRAY},
        {"members of different objects", STR_INIT("{\"a\":{\"a\":1},\"b\":{\"a\":1}}"),
            JSON_OBJECT},
        {"keys that begin alike", STR_INIT("{\"x_mitre_version\":1,\"x_mitre_domains\":2}"),
            JSON_OBJECT},
        {"empty key", STR_INIT("{\"\":1,\" \":2}"), JSON_OBJECT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct json v;
        CHECK_ERR(cases[i].why, json_parse(&arena, cases[i].text, &v, NULL), ERR_OK);
        CHECK(cases[i].why, json_is(v, cases[i].type));
        CHECK_STR(cases[i].why, json_span(v), str_trim(cases[i].text));
    }
}

struct refused {
    const char *why;
    struct str text;
    size_t at;
};

// Each text is parsed alone and with every tail cut from a longer allocation's end, so that a
// read behind the end is seen by the sanitizer.
static void check_refused(const struct refused *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char *exact = test_malloc(cases[i].text.len + 1);
        memcpy(exact, cases[i].text.ptr, cases[i].text.len);
        struct json v;
        struct fault fault = {0};
        enum err e = json_parse(&arena, (struct str){exact, cases[i].text.len}, &v, &fault);
        test_free(exact);
        CHECK_ERR(cases[i].why, e, ERR_INVALID);
        CHECK(cases[i].why, fault.why);
        if (fault.at != cases[i].at)
            fail_msg("%s: fault at %zu (%s), want %zu", cases[i].why, fault.at, fault.why,
                cases[i].at);
    }
}

static void refuses_bad_structure(void **state)
{
    static const struct refused cases[] = {
        {"nothing", STR_INIT(""), 0},
        {"blanks only", STR_INIT(" \n"), 2},
        {"byte order mark", STR_INIT("\xEF\xBB\xBF{}"), 0},
        {"part of a byte order mark", STR_INIT("\xEF\xBB"), 0},
        {"two values", STR_INIT("1 2"), 2},
        {"bracket behind the value", STR_INIT("{}}"), 2},
        {"NUL behind the value", STR_INIT("{}\0"), 2},
        {"form feed is no blank", STR_INIT("[\f]"), 1},
        {"no-break space is no blank", STR_INIT("[\xC2\xA0]"), 1},
        {"word cut", STR_INIT("tru"), 3},
        {"word wrong", STR_INIT("[nulL]"), 4},
        {"word too long", STR_INIT("[trues]"), 5},
        {"capital word", STR_INIT("[True]"), 1},
        {"not a number", STR_INIT("NaN"), 0},
        {"array not closed", STR_INIT("[1"), 2},
        {"array ends with a comma", STR_INIT("[1,]"), 3},
        {"array begins with a comma", STR_INIT("[,1]"), 1},
        {"items without a comma", STR_INIT("[1 2]"), 3},
        {"array closed as an object", STR_INIT("[1}"), 2},
        {"object not closed", STR_INIT("{\"a\":1"), 6},
        {"object ends with a comma", STR_INIT("{\"a\":1,}"), 7},
        {"object closed as an array", STR_INIT("{\"a\":1]"), 6},
        {"object begins with a comma", STR_INIT("{,}"), 1},
        {"key without quotes", STR_INIT("{a:1}"), 1},
        {"key in single quotes", STR_INIT("{'a':1}"), 1},
        {"key is a number", STR_INIT("{1:1}"), 1},
        {"no colon", STR_INIT("{\"a\" 1}"), 5},
        {"no value", STR_INIT("{\"a\":}"), 5},
        {"colon in an array", STR_INIT("[\"a\":1]"), 4},
        {"key only", STR_INIT("{\"a\""), 4},
        {"comment", STR_INIT("[1/**/]"), 2},
    };
    check_refused(cases, sizeof cases / sizeof *cases);
}

static void refuses_bad_numbers(void **state)
{
    static const struct refused cases[] = {
        {"leading zero", STR_INIT("[01]"), 1},
        {"leading zero of a negative", STR_INIT("[-012]"), 2},
        {"two zeros", STR_INIT("00"), 0},
        {"plus", STR_INIT("+1"), 0},
        {"point first", STR_INIT(".5"), 0},
        {"point last", STR_INIT("[1.]"), 3},
        {"minus only", STR_INIT("-"), 1},
        {"minus point", STR_INIT("-.5"), 1},
        {"exponent cut", STR_INIT("1e"), 2},
        {"exponent sign only", STR_INIT("1e+"), 3},
        {"hexadecimal", STR_INIT("0x10"), 1},
        {"two points", STR_INIT("1.2.3"), 3},
        {"infinity", STR_INIT("-Infinity"), 1},
    };
    check_refused(cases, sizeof cases / sizeof *cases);
}

static void refuses_bad_strings(void **state)
{
    static const struct refused cases[] = {
        {"not closed", STR_INIT("\"abc"), 4},
        {"not closed, long", STR_INIT("\"0123456789abcdef0123456789"), 27},
        {"newline", STR_INIT("\"a\nb\""), 2},
        {"NUL", STR_INIT("\"\0\""), 1},
        {"last control character, far in", STR_INIT("\"0123456789abcdef0123\x1F\""), 21},
        {"unknown escape", STR_INIT("\"a\\x\""), 2},
        {"NUL as an escape", STR_INIT("\"\\\0\""), 1},
        {"escape cut", STR_INIT("\"\\"), 1},
        {"hexadecimal cut", STR_INIT("\"\\u12\""), 1},
        {"not hexadecimal", STR_INIT("\"\\u12g4\""), 1},
        {"high surrogate alone", STR_INIT("\"\\uD800\""), 1},
        {"high surrogate before a letter", STR_INIT("\".\\uD800a23456\""), 2},
        {"high surrogate twice", STR_INIT("\"\\uD800\\uD800\""), 1},
        {"low surrogate first", STR_INIT("\"\\uDC00\\uD800\""), 1},
        {"low surrogate after a pair", STR_INIT("\"\\uD83D\\uDD25\\uDD25\""), 13},
        {"continuation byte alone", STR_INIT("\"\x80\""), 1},
        {"overlong", STR_INIT("\"ab\xC0\xAF\""), 3},
        {"surrogate in UTF-8", STR_INIT("\"\xED\xA0\x80\""), 1},
        {"above U+10FFFF", STR_INIT("\"\xF4\x90\x80\x80\""), 1},
        {"cut by the quote", STR_INIT("\"\xE3\x85\""), 1},
        {"cut by the end", STR_INIT("\"a\xE3\x85"), 2},
        {"bad UTF-8 before a bad escape", STR_INIT("\"\xFF\\q\""), 1},
        {"bad escape before bad UTF-8", STR_INIT("\"\\q\xFF\""), 1},
        {"bad UTF-8 in a key", STR_INIT("{\"\xFF\":1}"), 2},
        {"bad UTF-8 outside strings", STR_INIT("[\xFF]"), 1},
    };
    check_refused(cases, sizeof cases / sizeof *cases);
}

static void refuses_duplicate_keys(void **state)
{
    static const struct refused cases[] = {
        {"the same", STR_INIT("{\"a\":1,\"a\":2}"), 7},
        {"the first repetition counts", STR_INIT("{\"b\":1,\"a\":1,\"a\":2,\"b\":1}"), 13},
        {"one escaped", STR_INIT("{\"a\":1,\"\\u0061\":2}"), 7},
        {"both escaped", STR_INIT("{\"\\n\":1,\"\\u000A\":2}"), 8},
        {"escaped slash", STR_INIT("{\"/\":1,\"\\/\":2}"), 7},
        {"pair and raw", STR_INIT("{\"\xF0\x9F\x94\xA5\":1,\"\\uD83D\\uDD25\":2}"), 10},
        {"empty", STR_INIT("{\"\":1,\"\":2}"), 6},
        {"inside", STR_INIT("[{\"a\":{\"b\":1,\"b\":2}}]"), 13},
        {"long", STR_INIT("{\"created_by_ref_x\":1,\"created_by_ref_x\":2}"), 22},
        {"before a later fault in the open object", STR_INIT("{\"a\":1,\"a\":[1,}"), 7},
        {"before a later fault outside", STR_INIT("{\"a\":1,\"a\":2,\"c\":{\"d\":1,\"d\":x"),
            7},
        {"value of the last key missing", STR_INIT("{\"a\":1,\"a\""), 7},
    };
    check_refused(cases, sizeof cases / sizeof *cases);
}

// n members "0":0, "1":0, ...; the last key is `last`.
static struct str object_of(size_t n, size_t last)
{
    struct buf b = buf_in(&arena, 16 * MIB);
    for (size_t i = 0; i < n; i++) {
        buf_put(&b, i ? STR(",\"k") : STR("{\"k"));
        buf_put_u64(&b, i + 1 < n ? i : last);
        buf_put(&b, STR("\":0"));
    }
    buf_put_byte(&b, '}');
    return buf_str(&b);
}

static void finds_duplicates_in_objects_of_any_size(void **state)
{
    for (size_t n = 2; n <= 70; n++)
        for (size_t last = 0; last < n; last++) {
            struct arena_mark mark = arena_mark(&arena);
            struct json v;
            struct fault fault;
            struct str text = object_of(n, last);
            enum err e = json_parse(&arena, text, &v, &fault);
            CHECK_ERR("members", e, last + 1 < n ? ERR_INVALID : ERR_OK);
            if (e == ERR_INVALID)
                assert_memory_equal(text.ptr + fault.at - 1, ",\"k", 3);
            if (e == ERR_INVALID)
                assert_int_equal(
                    str_find(str_from(text, fault.at), STR(",")), str_from(text, fault.at).len);
            arena_rewind(&arena, mark);
        }
}

static struct str repeat(struct str before, struct str part, size_t n, struct str after)
{
    struct buf b = buf_in(&arena, 256 * MIB);
    buf_put(&b, before);
    for (size_t i = 0; i < n; i++)
        buf_put(&b, part);
    buf_put(&b, after);
    return buf_str(&b);
}

static void holds_the_limits(void **state)
{
    struct str none = STR("");
    struct {
        const char *why;
        struct str text;
        enum err want;
        size_t at;
    } cases[] = {
        {"depth",
            repeat(
                repeat(none, STR("["), JSON_DEPTH_MAX, none), STR("]"), JSON_DEPTH_MAX, none),
            ERR_OK, 0},
        {"over the depth", repeat(none, STR("["), JSON_DEPTH_MAX + 1, none), ERR_LIMIT,
            JSON_DEPTH_MAX},
        {"depth of objects", repeat(none, STR("{\"a\":"), 100000, none), ERR_LIMIT,
            5 * JSON_DEPTH_MAX},
        {"number", repeat(none, STR("1"), JSON_NUMBER_BYTES_MAX, none), ERR_OK, 0},
        {"over the number", repeat(STR("["), STR("1"), JSON_NUMBER_BYTES_MAX + 1, STR("]")),
            ERR_LIMIT, 1},
        {"string", repeat(STR("\""), STR("12345678"), JSON_STRING_BYTES_MAX / 8, STR("\"")),
            ERR_OK, 0},
        {"over the string",
            repeat(STR("\"1"), STR("12345678"), JSON_STRING_BYTES_MAX / 8, STR("\"")),
            ERR_LIMIT, 0},
        {"values", repeat(STR("[0"), STR(",0"), JSON_NODES_MAX - 2, STR("]")), ERR_OK, 0},
        {"over the values", repeat(STR("[0"), STR(",0"), JSON_NODES_MAX - 1, STR("]")),
            ERR_LIMIT, 2 * (JSON_NODES_MAX - 1) + 1},
        {"members", object_of(JSON_KEYS_MAX, JSON_KEYS_MAX), ERR_OK, 0},
        {"over the members", object_of(JSON_KEYS_MAX + 1, JSON_KEYS_MAX), ERR_LIMIT,
            str_find(object_of(JSON_KEYS_MAX + 1, 9999), STR("\"k9999"))},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct json v;
        struct fault fault = {0};
        CHECK_ERR(cases[i].why, json_parse(&arena, cases[i].text, &v, &fault), cases[i].want);
        if (fault.at != cases[i].at)
            fail_msg("%s: at %zu, want %zu", cases[i].why, fault.at, cases[i].at);
    }
}

static void says_when_the_arena_is_too_small(void **state)
{
    struct str text = object_of(300, 300);
    enum err e = ERR_LIMIT;
    size_t failures = 0;
    for (size_t limit = 0; e != ERR_OK; limit += 256) {
        struct arena small;
        arena_init(&small, limit);
        struct json v;
        e = json_parse(&small, text, &v, NULL);
        assert_true(e == ERR_OK || e == ERR_LIMIT);
        failures += e == ERR_LIMIT;
        arena_release(&small);
    }
    assert_true(failures > 40); // nodes and the sorted keys both
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(accepts_json, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_bad_structure, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_bad_numbers, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_bad_strings, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_duplicate_keys, setup, teardown),
        cmocka_unit_test_setup_teardown(
            finds_duplicates_in_objects_of_any_size, setup, teardown),
        cmocka_unit_test_setup_teardown(holds_the_limits, setup, teardown),
        cmocka_unit_test_setup_teardown(says_when_the_arena_is_too_small, setup, teardown),
    };
    return RUN_TESTS(tests);
}
