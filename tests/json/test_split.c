// SPDX-License-Identifier: Apache-2.0
// What the splitter hands out, with positions, whatever the chunks.
#include "test.h"

#include "base/limits.h"
#include "json/json.h"
#include "json/split.h"

#include <string.h>

#define ELEMENT_BYTES_MAX 60

static struct arena arena;

static int setup(void **state)
{
    arena_init(&arena, 64 * MIB);
    return 0;
}

static int teardown(void **state)
{
    arena_release(&arena);
    return 0;
}

// "3:{}\n" for an element at 3; at the end "ok", or the error with its position.
static struct str split(struct str text, size_t chunk_bytes, const char **why)
{
    struct buf log = buf_in(&arena, 16 * MIB);
    struct arena own;
    arena_init(&own, 16 * MIB);
    struct json_splitter *s;
    CHECK_ERR("new", json_splitter_new(&own, ELEMENT_BYTES_MAX, &s), ERR_OK);
    enum json_split got = JSON_SPLIT_MORE;
    for (size_t at = 0; at < text.len && got != JSON_SPLIT_FAILED; at += chunk_bytes) {
        // A copy that is gone after the chunk: what was handed out earlier must not be needed.
        struct str chunk = str_to(str_from(text, at), chunk_bytes);
        char *copy = test_malloc(chunk.len);
        memcpy(copy, chunk.ptr, chunk.len);
        json_splitter_feed(s, (struct str){copy, chunk.len});
        struct str element;
        uint64_t position;
        while ((got = json_splitter_next(s, &element, &position)) == JSON_SPLIT_ELEMENT) {
            buf_put_u64(&log, position);
            buf_put_byte(&log, ':');
            buf_put(&log, element);
            buf_put_byte(&log, '\n');
        }
        test_free(copy);
    }
    struct fault fault = {0};
    enum err e = json_splitter_end(s, &fault);
    assert_true(e != ERR_OK || got == JSON_SPLIT_MORE);
    buf_put(&log, e == ERR_OK ? STR("ok") : str_of(err_name(e)));
    if (e != ERR_OK) {
        buf_put_byte(&log, ' ');
        buf_put_u64(&log, fault.at);
    }
    *why = e == ERR_OK ? "" : fault.why;
    arena_release(&own);
    return buf_str(&log);
}

struct row {
    const char *why;
    struct str text, want;
};

static void check_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *whole_why, *why;
        struct str got = split(rows[i].text, rows[i].text.len + 1, &whole_why);
        CHECK_STR(rows[i].why, got, rows[i].want);
        for (size_t bytes = 1; bytes <= 64; bytes++) {
            struct arena_mark mark = arena_mark(&arena);
            CHECK_STR(rows[i].why, split(rows[i].text, bytes, &why), rows[i].want);
            CHECK(rows[i].why, strcmp(why, whole_why) == 0);
            arena_rewind(&arena, mark);
        }
    }
}

static void hands_out_elements_with_positions(void **state)
{
    static const struct row rows[] = {
        {"bundle", STR_INIT("{\"type\":\"bundle\",\"objects\":[{\"a\":1}, {\"b\":\"]}\"}]}"),
            STR_INIT("28:{\"a\":1}\n37:{\"b\":\"]}\"}\nok")},
        {"objects first",
            STR_INIT("{\"objects\":[{}],\"more\":true,\"x\":[{\"objects\":[1]}]}\n"),
            STR_INIT("12:{}\nok")},
        {"blanks everywhere", STR_INIT(" { \"objects\" : [ {} , { } ] , \"x\" : 1 } "),
            STR_INIT("17:{}\n22:{ }\nok")},
        {"escaped name", STR_INIT("{\"\\u006fbject\\u0073\":[{}]}"), STR_INIT("22:{}\nok")},
        {"empty bundle", STR_INIT("{\"objects\":[]}"), STR_INIT("ok")},
        {"any other object", STR_INIT(" {\"type\":\"x\",\"object\":[{}]} "),
            STR_INIT("1:{\"type\":\"x\",\"object\":[{}]}\nok")},
        {"objects further in is not ours", STR_INIT("{\"a\":{\"objects\":[{}]}}"),
            STR_INIT("0:{\"a\":{\"objects\":[{}]}}\nok")},
        {"objects that is no array", STR_INIT("{\"objects\":{\"a\":[1]}}"),
            STR_INIT("0:{\"objects\":{\"a\":[1]}}\nok")},
        {"objects as a value", STR_INIT("{\"a\":\"objects\",\"b\":[1]}"),
            STR_INIT("0:{\"a\":\"objects\",\"b\":[1]}\nok")},
        {"empty object", STR_INIT("{}"), STR_INIT("0:{}\nok")},
        {"array", STR_INIT("[{\"objects\":[1]},[2,[3]],\"a]\\\"\",-4e5,null,{}]"),
            STR_INIT(
                "1:{\"objects\":[1]}\n17:[2,[3]]\n25:\"a]\\\"\"\n32:-4e5\n37:null\n42:{}\nok")},
        {"empty array", STR_INIT("[ ]"), STR_INIT("ok")},
        {"JSON lines", STR_INIT("{\"a\":1}\n{\"b\":[{}]}\r\n\n[{}]{\"objects\":[1 ]}"),
            STR_INIT("0:{\"a\":1}\n8:{\"b\":[{}]}\n22:{}\n37:1\nok")},
        {"an array behind a bundle", STR_INIT("{\"objects\":[1]} [2]"),
            STR_INIT("12:1\n17:2\nok")},
        {"escapes in strings", STR_INIT("[\"\\\\\",\"\\\\\\\"]\",{\"\\\"}\":\"{\\\\\"}]"),
            STR_INIT("1:\"\\\\\"\n6:\"\\\\\\\"]\"\n14:{\"\\\"}\":\"{\\\\\"}\nok")},
        {"an element's inside is not judged", STR_INIT("[tru,{\"a\" 1,},{\"\xFF\":01}]"),
            STR_INIT("1:tru\n5:{\"a\" 1,}\n14:{\"\xFF\":01}\nok")},
        {"as long as may be",
            STR_INIT("[\"3456789012345678901234567890123456789012345678901234567890\",1]"),
            STR_INIT("1:\"3456789012345678901234567890123456789012345678901234567890\"\n"
                     "62:1\nok")},
        {"one byte too long",
            STR_INIT("[\"34567890123456789012345678901234567890123456789012345678901\",1]"),
            STR_INIT("LIMIT 1")},
        {"Korean", STR_INIT("{\"objects\":[{\"이름\":\"봉수\"}]}"),
            STR_INIT("12:{\"이름\":\"봉수\"}\nok")},
    };
    check_rows(rows, sizeof rows / sizeof *rows);
}

static void refuses_what_is_wrong_around_elements(void **state)
{
    static const struct row rows[] = {
        {"nothing", STR_INIT(""), STR_INIT("INVALID 0")},
        {"blanks", STR_INIT(" \n"), STR_INIT("INVALID 2")},
        {"byte order mark", STR_INIT("\xEF\xBB\xBF{}"), STR_INIT("INVALID 0")},
        {"scalar", STR_INIT("{} 1"), STR_INIT("0:{}\nINVALID 3")},
        {"comma between documents", STR_INIT("{},{}"), STR_INIT("0:{}\nINVALID 2")},
        {"bracket too many", STR_INIT("[]]"), STR_INIT("INVALID 2")},
        {"array not closed", STR_INIT("[1,2"), STR_INIT("1:1\nINVALID 4")},
        {"object not closed", STR_INIT("{\"a\":[]"), STR_INIT("INVALID 7")},
        {"element not closed", STR_INIT("{\"objects\":[{\"a\""), STR_INIT("INVALID 16")},
        {"envelope not closed", STR_INIT("{\"objects\":[]"), STR_INIT("INVALID 13")},
        {"string not closed", STR_INIT("[\"a]"), STR_INIT("INVALID 4")},
        {"leading comma", STR_INIT("[,1]"), STR_INIT("INVALID 1")},
        {"trailing comma", STR_INIT("[1,]"), STR_INIT("1:1\nINVALID 3")},
        {"colon between items", STR_INIT("[1:2]"), STR_INIT("1:1\nINVALID 2")},
        {"no comma", STR_INIT("[{} {}]"), STR_INIT("1:{}\nINVALID 4")},
        {"array closed as an object", STR_INIT("[{}}"), STR_INIT("1:{}\nINVALID 3")},
        {"wrong bracket inside", STR_INIT("[{\"a\":[1}]"), STR_INIT("INVALID 8")},
        {"wrong bracket of the object", STR_INIT("{\"a\":1]"), STR_INIT("INVALID 6")},
        {"wrong bracket of the envelope", STR_INIT("{\"objects\":[1]]"),
            STR_INIT("12:1\nINVALID 14")},
        {"envelope refused before its elements", STR_INIT("{\"a\" 1,\"objects\":[1]}"),
            STR_INIT("INVALID 5")},
        {"no comma before objects: the reader's", STR_INIT("{\"a\":1 \"objects\":[1]}"),
            STR_INIT("0:{\"a\":1 \"objects\":[1]}\nok")},
        {"no colon: the reader's", STR_INIT("{\"objects\" [1]}"),
            STR_INIT("0:{\"objects\" [1]}\nok")},
        {"envelope refused behind its elements", STR_INIT("{\"objects\":[1,2],\"a\":tru}"),
            STR_INIT("12:1\n14:2\nINVALID 24")},
        {"trailing comma of the envelope", STR_INIT("{\"objects\":[1],}"),
            STR_INIT("12:1\nINVALID 15")},
        {"objects twice", STR_INIT("{\"objects\":[1],\"a\":2,\"objects\":[3]}"),
            STR_INIT("12:1\nINVALID 21")},
        {"objects twice, escaped", STR_INIT("{\"objects\":[],\"\\u006fbjects\":[3]}"),
            STR_INIT("INVALID 14")},
        {"objects twice, first no array", STR_INIT("{\"objects\":1,\"objects\":[3]}"),
            STR_INIT("INVALID 13")},
        {"another key twice", STR_INIT("{\"id\":1,\"objects\":[1],\"id\":2}"),
            STR_INIT("19:1\nINVALID 22")},
        {"bad UTF-8 in the envelope", STR_INIT("{\"\xFF\":1,\"objects\":[1]}"),
            STR_INIT("INVALID 2")},
        {"bad escape in a key is the reader's", STR_INIT("{\"\\u00\":[1]}"),
            STR_INIT("0:{\"\\u00\":[1]}\nok")},
        {"element too long",
            STR_INIT("[{\"a\":\"345678901234567890123456789012345678901234567890123456\"}]"),
            STR_INIT("LIMIT 1")},
        {"object too long",
            STR_INIT("{\"a\":\"34567890123456789012345678901234567890123456789012345678\",[}"),
            STR_INIT("LIMIT 0")},
        {"a fault behind the limit",
            STR_INIT("[[\"34567890123456789012345678901234567890123456789012345678901234\"}]"),
            STR_INIT("LIMIT 1")},
        {"faults stay", STR_INIT("[1}[2]"), STR_INIT("1:1\nINVALID 2")},
    };
    check_rows(rows, sizeof rows / sizeof *rows);
}

static struct str repeat(struct str before, struct str part, size_t n, struct str after)
{
    struct buf b = buf_in(&arena, 8 * MIB);
    buf_put(&b, before);
    for (size_t i = 0; i < n; i++)
        buf_put(&b, part);
    buf_put(&b, after);
    return buf_str(&b);
}

// The last line of the log.
static struct str last_line(struct str log)
{
    while (str_index(log, '\n') < log.len)
        str_cut(&log, '\n');
    return log;
}

static void holds_the_limits(void **state)
{
    const char *why;
    struct str none = STR("");
    struct str half = repeat(none, STR("["), 30, repeat(none, STR("]"), 30, none));
    CHECK_STR("as deep as fits", last_line(split(half, 1000, &why)), STR("ok"));
    struct str around =
        repeat(STR("{\"objects\":[],\"a\":\""), STR("12345678"), MIB / 8, STR("\"}"));
    for (size_t bytes = 1000; bytes < 4 * MIB; bytes *= 8)
        CHECK_STR("long envelope", split(around, bytes, &why), STR("LIMIT 0"));
    around = repeat(STR("{\"objects\":[],\"a\":\""), STR("12345678"), MIB / 8 - 10, STR("\"}"));
    CHECK_STR("long enough envelope", split(around, 100000, &why), STR("ok"));
    struct str deep = repeat(STR("{\"objects\":[],\"a\":"), STR("["), JSON_DEPTH_MAX, none);
    CHECK_STR("deep envelope", split(deep, 7, &why), STR("LIMIT 81"));
}

static void limits_the_depth_of_an_element(void **state)
{
    for (size_t depth = JSON_DEPTH_MAX - 1; depth <= JSON_DEPTH_MAX + 1; depth++) {
        struct str text = repeat(STR("["), STR("["), depth, STR(""));
        text = repeat(text, STR("]"), depth, STR("]"));
        struct json_splitter *s;
        CHECK_ERR("new", json_splitter_new(&arena, 1000, &s), ERR_OK);
        json_splitter_feed(s, text);
        struct str element;
        uint64_t at;
        enum json_split got = json_splitter_next(s, &element, &at);
        assert_int_equal(got, depth <= JSON_DEPTH_MAX ? JSON_SPLIT_ELEMENT : JSON_SPLIT_FAILED);
        struct fault fault = {0};
        if (depth > JSON_DEPTH_MAX) {
            CHECK_ERR("depth", json_splitter_fault(s, &fault), ERR_LIMIT);
            assert_int_equal(fault.at, JSON_DEPTH_MAX + 1);
            continue;
        }
        struct json v; // the reader takes what the splitter lets through
        CHECK_ERR("depth", json_parse(&arena, element, &v, NULL), ERR_OK);
    }
}

static void limits_what_is_before_the_elements(void **state)
{
    for (size_t more = 0; more < 2; more++) {
        struct str text = repeat(
            STR("{\"a\":\""), STR("12345678"), MIB / 8 - 3 + more, STR("\",\"objects\":[1"));
        struct json_splitter *s;
        CHECK_ERR("new", json_splitter_new(&arena, 4 * MIB, &s), ERR_OK);
        json_splitter_feed(s, text);
        struct str element;
        uint64_t at;
        enum json_split got = json_splitter_next(s, &element, &at);
        assert_int_equal(got, more ? JSON_SPLIT_FAILED : JSON_SPLIT_MORE);
        struct fault fault = {0};
        CHECK_ERR("before", json_splitter_fault(s, &fault), more ? ERR_LIMIT : ERR_OK);
        assert_int_equal(fault.at, 0);
    }
}

static const struct str enveloped =
    STR_INIT("{\"a\":1,\"objects\":[{\"b\":2}, 3],\"c\":4} {\"objects\":[]}");

static const struct {
    enum json_split what;
    struct str text;
} handed_out[] = {
    {JSON_SPLIT_ELEMENT, STR_INIT("{\"b\":2}")},
    {JSON_SPLIT_ELEMENT, STR_INIT("3")},
    {JSON_SPLIT_ENVELOPE, STR_INIT("{\"a\":1,\"objects\":null,\"c\":4}")},
    {JSON_SPLIT_ENVELOPE, STR_INIT("{\"objects\":null}")},
};

static void take_handed_out(struct json_splitter *s, size_t *n)
{
    struct str got;
    uint64_t position;
    enum json_split what;
    while ((what = json_splitter_next(s, &got, &position)) != JSON_SPLIT_MORE) {
        assert_true(*n < LEN(handed_out));
        assert_int_equal(what, handed_out[*n].what);
        CHECK_STR("text", got, handed_out[*n].text);
        CHECK("in a bundle", json_splitter_in_bundle(s) == (*n < 2));
        if (*n == 2) // of "c", behind the array
            assert_int_equal(json_splitter_envelope_at(s, 21), 29);
        ++*n;
    }
}

static void hands_out_envelopes_on_demand(void **state)
{
    for (size_t chunk = 1; chunk <= enveloped.len; chunk++) {
        struct arena own;
        struct json_splitter *s;
        size_t n = 0;
        arena_init(&own, MIB);
        CHECK_ERR("new", json_splitter_new(&own, 1000, &s), ERR_OK);
        json_splitter_want_envelopes(s);
        for (size_t at = 0; at < enveloped.len; at += chunk) {
            json_splitter_feed(s, str_to(str_from(enveloped, at), chunk));
            take_handed_out(s, &n);
        }
        CHECK_ERR("end", json_splitter_end(s, NULL), ERR_OK);
        assert_int_equal(n, LEN(handed_out));
        arena_release(&own);
    }
}

static void says_when_the_arena_is_too_small(void **state)
{
    struct str text =
        repeat(STR("{\"id\":\"x\",\"objects\":[\""), STR("12345678"), 4000, STR("\"]}"));
    enum err e = ERR_LIMIT;
    size_t failures = 0;
    for (size_t limit = 0; e != ERR_OK; limit += 1024) {
        struct arena small;
        arena_init(&small, limit);
        struct json_splitter *s;
        e = json_splitter_new(&small, 100000, &s);
        for (size_t at = 0; e == ERR_OK && at < text.len; at += 1000) {
            json_splitter_feed(s, str_to(str_from(text, at), 1000));
            struct str element;
            uint64_t position;
            while (json_splitter_next(s, &element, &position) == JSON_SPLIT_ELEMENT)
                ;
            e = json_splitter_fault(s, NULL);
        }
        if (e == ERR_OK)
            e = json_splitter_end(s, NULL);
        assert_true(e == ERR_OK || e == ERR_LIMIT);
        failures += e == ERR_LIMIT;
        arena_release(&small);
    }
    assert_true(failures > 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(hands_out_elements_with_positions, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_what_is_wrong_around_elements, setup, teardown),
        cmocka_unit_test_setup_teardown(holds_the_limits, setup, teardown),
        cmocka_unit_test_setup_teardown(limits_the_depth_of_an_element, setup, teardown),
        cmocka_unit_test_setup_teardown(limits_what_is_before_the_elements, setup, teardown),
        cmocka_unit_test(hands_out_envelopes_on_demand),
        cmocka_unit_test_setup_teardown(says_when_the_arena_is_too_small, setup, teardown),
    };
    return RUN_TESTS(tests);
}
