// SPDX-License-Identifier: Apache-2.0
#include "base/buf.h"
#include "base/limits.h"
#include "http/target.h"
#include "test.h"

static const struct {
    const char *why;
    struct str text;
    enum err want;
    struct str path;
    struct str parameters; // name=value; of each, decoded
    size_t at;             // of the fault
} cases[] = {
    {"root", STR_INIT("/"), ERR_OK, STR_INIT("/"), STR_INIT(""), 0},
    {"a trailing slash", STR_INIT("/a/b/"), ERR_OK, STR_INIT("/a/b/"), STR_INIT(""), 0},
    {"escapes", STR_INIT("/%41%c3%A9"), ERR_OK, STR_INIT("/A\xc3\xa9"), STR_INIT(""), 0},
    {"a plus in a path is a plus", STR_INIT("/a+b"), ERR_OK, STR_INIT("/a+b"), STR_INIT(""), 0},
    {"an empty query", STR_INIT("/a?"), ERR_OK, STR_INIT("/a"), STR_INIT(""), 0},
    {"parameters", STR_INIT("/a?b=1&c=%2f+x&d"), ERR_OK, STR_INIT("/a"),
        STR_INIT("b=1;c=/ x;d=;"), 0},
    {"a value with an equals sign", STR_INIT("/a?b=c=d"), ERR_OK, STR_INIT("/a"),
        STR_INIT("b=c=d;"), 0},
    {"a question mark in a query", STR_INIT("/a?b=?"), ERR_OK, STR_INIT("/a"), STR_INIT("b=?;"),
        0},

    {"empty", STR_INIT(""), ERR_INVALID, STR_INIT(""), STR_INIT(""), 0},
    {"absolute form", STR_INIT("http://a/"), ERR_INVALID, STR_INIT(""), STR_INIT(""), 0},
    {"a cut escape", STR_INIT("/a%4"), ERR_INVALID, STR_INIT(""), STR_INIT(""), 2},
    {"a bad escape", STR_INIT("/a%4g"), ERR_INVALID, STR_INIT(""), STR_INIT(""), 2},
    {"an escaped slash", STR_INIT("/a%2fb"), ERR_INVALID, STR_INIT(""), STR_INIT(""), 2},
    {"an escaped NUL", STR_INIT("/a%00"), ERR_INVALID, STR_INIT(""), STR_INIT(""), 4},
    {"an escaped line feed in a query", STR_INIT("/a?b=%0a"), ERR_INVALID, STR_INIT(""),
        STR_INIT(""), 7},
    {"an escaped byte that is not UTF-8", STR_INIT("/%ff"), ERR_INVALID, STR_INIT(""),
        STR_INIT(""), 0},
    {"a raw byte above ASCII", STR_INIT("/\xc3\xa9"), ERR_INVALID, STR_INIT(""), STR_INIT(""),
        1},
    {"a blank", STR_INIT("/a b"), ERR_INVALID, STR_INIT(""), STR_INIT(""), 2},
    {"a fragment", STR_INIT("/a#b"), ERR_INVALID, STR_INIT(""), STR_INIT(""), 2},
    {"a dot segment", STR_INIT("/a/./b"), ERR_INVALID, STR_INIT(""), STR_INIT(""), 3},
    {"an escaped dot segment", STR_INIT("/a/%2e%2E"), ERR_INVALID, STR_INIT(""), STR_INIT(""),
        3},
    {"an empty segment", STR_INIT("//a"), ERR_INVALID, STR_INIT(""), STR_INIT(""), 1},
    {"a parameter twice", STR_INIT("/a?b=1&b=1"), ERR_INVALID, STR_INIT(""), STR_INIT(""), 7},
    {"a parameter twice, once escaped", STR_INIT("/a?b=1&%62=2"), ERR_INVALID, STR_INIT(""),
        STR_INIT(""), 7},
    {"a parameter without a name", STR_INIT("/a?=1"), ERR_INVALID, STR_INIT(""), STR_INIT(""),
        3},
    {"an empty parameter", STR_INIT("/a?b=1&&c=2"), ERR_INVALID, STR_INIT(""), STR_INIT(""), 7},
};

static void a_target_is_decoded_once_or_refused(void **state)
{
    for (size_t i = 0; i < LEN(cases); i++) {
        struct arena scratch;
        arena_init(&scratch, 64 * KIB);
        struct http_target t = {0};
        struct fault fault = {0};
        CHECK_ERR(cases[i].why, http_target_parse(&scratch, cases[i].text, &t, &fault),
            cases[i].want);
        if (cases[i].want == ERR_OK) {
            struct buf b = buf_in(&scratch, 1000);
            for (size_t k = 0; k < t.n_parameters; k++) {
                buf_put(&b, t.parameters[k].name);
                buf_put_byte(&b, '=');
                buf_put(&b, t.parameters[k].value);
                buf_put_byte(&b, ';');
            }
            CHECK_STR(cases[i].why, t.path, cases[i].path);
            CHECK_STR(cases[i].why, buf_str(&b), cases[i].parameters);
        } else {
            CHECK(cases[i].why, fault.at == cases[i].at && fault.why);
        }
        arena_release(&scratch);
    }
}

static void what_is_escaped_is_read_back(void **state)
{
    struct arena scratch;
    arena_init(&scratch, 64 * KIB);
    struct str escaped;
    assert_int_equal(
        http_target_escape(&scratch, STR("a/b ~\xeb\xb4\x89&=+%"), &escaped), ERR_OK);
    CHECK_STR("escaped", escaped, STR("a%2Fb%20~%EB%B4%89%26%3D%2B%25"));
    struct buf b = buf_in(&scratch, 1000);
    buf_put(&b, STR("/?v="));
    buf_put(&b, escaped);
    struct http_target t;
    assert_int_equal(http_target_parse(&scratch, buf_str(&b), &t, NULL), ERR_OK);
    CHECK_STR("read back", t.parameters[0].value, STR("a/b ~\xeb\xb4\x89&=+%"));
    arena_release(&scratch);
}

static void a_full_arena_or_query_is_a_limit(void **state)
{
    enum err e = ERR_LIMIT;
    for (size_t limit = 0; e != ERR_OK; limit += 8) {
        struct arena scratch;
        arena_init(&scratch, limit);
        struct http_target t;
        e = http_target_parse(&scratch, STR("/a/b?c=d&e=f"), &t, NULL);
        assert_true(e == ERR_OK || e == ERR_LIMIT);
        arena_release(&scratch);
    }
    struct arena scratch;
    arena_init(&scratch, 64 * KIB);
    struct buf b = buf_in(&scratch, KIB);
    buf_put(&b, STR("/?"));
    for (unsigned i = 0; i <= HTTP_PARAMETERS_MAX; i++) {
        buf_put_u64(&b, i);
        buf_put_byte(&b, '&');
    }
    struct http_target t;
    CHECK_ERR("parameters", http_target_parse(&scratch, buf_str(&b), &t, NULL), ERR_LIMIT);
    arena_release(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_target_is_decoded_once_or_refused),
        cmocka_unit_test(what_is_escaped_is_read_back),
        cmocka_unit_test(a_full_arena_or_query_is_a_limit),
    };
    return RUN_TESTS(tests);
}
