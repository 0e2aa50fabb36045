// SPDX-License-Identifier: Apache-2.0
#include "data.h"
#include "stix/pattern.h"
#include "test.h"
#include "json/json.h"

// What is printed for a pattern; an empty want means that it is refused, at `at`.
static const struct {
    const char *why;
    struct str text, want;
    size_t at;
} cases[] = {
    {"one comparison", STR_INIT("[file:size=1]"), STR_INIT("[file:size = 1]"), 0},
    {"other spellings", STR_INIT("[a:b==+1 OR a:b<>h'FF']"),
        STR_INIT("[a:b = 1 OR a:b != h'ff']"), 0},
    {"comments", STR_INIT("[a:b /* x ] */ = 1] // end"), STR_INIT("[a:b = 1]"), 0},
    {"blanks of Unicode", STR_INIT("\xc2\xa0[a:b\xe3\x80\x80= 1\xe2\x80\xa8]"),
        STR_INIT("[a:b = 1]"), 0},
    {"precedence is kept", STR_INIT("[a:b=1 AND (a:b=2 OR a:c=3)]"),
        STR_INIT("[a:b = 1 AND (a:b = 2 OR a:c = 3)]"), 0},
    {"NOT", STR_INIT("[a:b NOT IN ('x','y') OR NOT EXISTS a:c]"),
        STR_INIT("[a:b NOT IN ('x', 'y') OR NOT EXISTS a:c]"), 0},
    {"empty set", STR_INIT("[a:b IN ()]"), STR_INIT("[a:b IN ()]"), 0},
    {"path", STR_INIT("[a-b:'x.y'.z[*].q[-1]['1']=1.5]"), STR_INIT(""), 22},
    {"steps", STR_INIT("[a-b:'x.y'.z[*].q[-1].'AND' = .5]"),
        STR_INIT("[a-b:'x.y'.z[*].q[-1].'AND' = .5]"), 0},
    {"escapes", STR_INIT("[a:b = 'it\\'s \\\\ x']"), STR_INIT("[a:b = 'it\\'s \\\\ x']"), 0},
    {"base64 over lines", STR_INIT("[a:b = b'AA\nAA']"), STR_INIT("[a:b = b'AAAA']"), 0},
    {"qualifiers", STR_INIT("([a:b=1] FOLLOWEDBY [a:b=2] REPEATS 2 TIMES)WITHIN 0.5 SECONDS"),
        STR_INIT("([a:b = 1] FOLLOWEDBY [a:b = 2] REPEATS 2 TIMES) WITHIN 0.5 SECONDS"), 0},
    {"no word boundary needed", STR_INIT("[a:b MATCHES'x'OR a:c IN(1,2)]"),
        STR_INIT("[a:b MATCHES 'x' OR a:c IN (1, 2)]"), 0},
    {"no brackets", STR_INIT("a:b = 1"), STR_INIT(""), 0},
    {"keyword as a property", STR_INIT("[a:AND = 1]"), STR_INIT(""), 3},
    {"hyphen in a property", STR_INIT("[a:b-c = 1]"), STR_INIT(""), 4},
    {"other escape", STR_INIT("[a:b = '\\n']"), STR_INIT(""), 9},
    {"string without end", STR_INIT("[a:b = 'x]"), STR_INIT(""), 7},
    {"comment without end", STR_INIT("[a:b /* = 1]"), STR_INIT(""), 5},
    {"mixed set", STR_INIT("[a:b IN (1, 'x')]"), STR_INIT(""), 15},
    {"order of booleans", STR_INIT("[a:b < true]"), STR_INIT(""), 7},
    {"LIKE a number", STR_INIT("[a:b LIKE 1]"), STR_INIT(""), 10},
    {"leading zero", STR_INIT("[a:b = 01]"), STR_INIT(""), 7},
    {"odd hexadecimal", STR_INIT("[a:b = h'abc']"), STR_INIT(""), 7},
    {"WITHIN nothing", STR_INIT("[a:b = 1] WITHIN 0 SECONDS"), STR_INIT(""), 18},
    {"WITHIN 0.0", STR_INIT("[a:b = 1] WITHIN 0.0 SECONDS"), STR_INIT(""), 20},
    {"REPEATS nothing", STR_INIT("[a:b = 1] REPEATS 0 TIMES"), STR_INIT(""), 19},
    {"REPEATS too often", STR_INIT("[a:b = 1] REPEATS 1000001 TIMES"), STR_INIT(""), 25},
    {"START as a string",
        STR_INIT("[a:b = 1] START '2016-06-01T00:00:00Z' STOP "
                 "'2017-06-01T00:00:00Z'"),
        STR_INIT(""), 16},
    {"minutes", STR_INIT("[a:b = 1] WITHIN 5 MINUTES"), STR_INIT(""), 19},
    {"two of a kind", STR_INIT("[a:b = 1] WITHIN 1 SECONDS WITHIN 1 SECONDS"), STR_INIT(""),
        33},
    {"two of a kind on a group",
        STR_INIT("([a:b = 1]) WITHIN 1 SECONDS REPEATS 2 TIMES WITHIN 2 SECONDS"),
        STR_INIT("(([a:b = 1]) WITHIN 1 SECONDS REPEATS 2 TIMES) WITHIN 2 SECONDS"), 0},
    {"hash of another length", STR_INIT("[file:hashes.MD5 = 'f00']"), STR_INIT(""), 17},
    {"text behind", STR_INIT("[a:b = 1] x"), STR_INIT(""), 10},
    {"NUL", STR_INIT("[a:b = 1]\0"), STR_INIT(""), 9},
    {"not UTF-8", STR_INIT("[a:b = '\xff']"), STR_INIT(""), 8},
    {"empty", STR_INIT(""), STR_INIT(""), 0},
};

static void check_printed(struct arena *a, const struct stix_node *pattern, struct str want)
{
    struct buf b = buf_in(a, MIB);
    stix_pattern_put(&b, pattern);
    CHECK_STR("printed", buf_str(&b), want);
}

static void patterns_are_parsed_and_printed(void **state)
{
    struct arena request;
    arena_init(&request, MIB);
    for (size_t i = 0; i < LEN(cases); i++) {
        const struct stix_node *pattern, *again;
        struct fault fault = {0};
        bool ok = cases[i].want.len > 0;
        CHECK_ERR(cases[i].why, stix_pattern_parse(&request, cases[i].text, &pattern, &fault),
            ok ? ERR_OK : ERR_INVALID);
        if (!ok) {
            CHECK(cases[i].why, fault.why);
            if (fault.at != cases[i].at)
                fail_msg("%s: at %zu, want %zu", cases[i].why, fault.at, cases[i].at);
            continue;
        }
        check_printed(&request, pattern, cases[i].want);
        CHECK_ERR(
            cases[i].why, stix_pattern_parse(&request, cases[i].want, &again, NULL), ERR_OK);
        check_printed(&request, again, cases[i].want);
    }
    arena_release(&request);
}

static void nesting_has_a_limit(void **state)
{
    struct arena request;
    arena_init(&request, MIB);
    for (unsigned depth = STIX_PATTERN_DEPTH_MAX; depth <= STIX_PATTERN_DEPTH_MAX + 1;
         depth++) {
        for (int inside = 0; inside < 2; inside++) {
            struct buf b = buf_in(&request, MIB);
            for (unsigned i = 0; i < depth; i++)
                buf_put(&b, inside && i == 0 ? STR("[(") : STR("("));
            buf_put(&b, inside ? STR("a:b=1") : STR("[a:b=1]"));
            for (unsigned i = 0; i < depth; i++)
                buf_put(&b, inside && i == depth - 1 ? STR(")]") : STR(")"));
            const struct stix_node *pattern;
            CHECK_ERR("depth", stix_pattern_parse(&request, buf_str(&b), &pattern, NULL),
                depth <= STIX_PATTERN_DEPTH_MAX ? ERR_OK : ERR_INVALID);
        }
    }
    arena_release(&request);
}

static void equality_atoms_are_found_and_negated_ones_are_not(void **state)
{
    static const struct {
        struct str type, path, text;
    } want[] = {
        {STR_INIT("file"), STR_INIT("hashes.MD5"),
            STR_INIT("cead3f77f6cda6ec00f57d76c9a6879f")},
        {STR_INIT("ipv4-addr"), STR_INIT("value"), STR_INIT("1.2.3.4")},
        {STR_INIT("ipv4-addr"), STR_INIT("value"), STR_INIT("1.2.3.5")},
        {STR_INIT("domain-name"), STR_INIT("resolves_to_refs.value"), STR_INIT("it's")},
    };
    struct arena request;
    arena_init(&request, MIB);
    const struct stix_node *pattern;
    CHECK_ERR("parse",
        stix_pattern_parse(&request,
            STR("[file:hashes.MD5 = 'cead3f77f6cda6ec00f57d76c9a6879f' AND file:size > 3] "
                "FOLLOWEDBY ([ipv4-addr:value IN ('1.2.3.4', '1.2.3.5')] OR "
                "[a:b != 'no' OR a:b NOT = 'no' OR a:c LIKE 'no' OR (a:d NOT IN ('no') OR "
                "domain-name:resolves_to_refs[*].value = 'it\\'s')])"),
            &pattern, NULL),
        ERR_OK);
    struct stix_atom *atoms;
    size_t n;
    CHECK_ERR("atoms", stix_pattern_atoms(&request, pattern, &atoms, &n), ERR_OK);
    assert_int_equal(n, LEN(want));
    for (size_t i = 0; i < n; i++) {
        CHECK_STR("type", atoms[i].type, want[i].type);
        CHECK_STR("path", atoms[i].path, want[i].path);
        CHECK_STR("text", atoms[i].constant.text, want[i].text);
    }
    arena_release(&request);
}

static void a_full_arena_is_a_limit(void **state)
{
    for (size_t limit = 0; limit < 1 << 18; limit += 256) {
        struct arena small;
        arena_init(&small, limit);
        const struct stix_node *pattern;
        struct stix_atom *atoms;
        size_t n;
        enum err e = stix_pattern_parse(&small,
            STR("([a:b.c = 'x\\'y'] AND [a:b IN (1,2,3,4,5)]) REPEATS 2 TIMES"), &pattern,
            NULL);
        if (e == ERR_OK)
            e = stix_pattern_atoms(&small, pattern, &atoms, &n);
        arena_release(&small);
        if (e == ERR_OK)
            return;
        CHECK_ERR("below the need", e, ERR_LIMIT);
    }
    fail();
}

// A case is a pattern, or a list of a pattern and what the published validator says of it.
static size_t judge_cases(struct arena *a, struct json list, bool must_pass)
{
    size_t judged = 0;
    for (struct json_iter it = json_iter(list); json_next(&it); judged++) {
        struct json first = it.value;
        if (json_is(it.value, JSON_ARRAY)) {
            struct json_iter inner = json_iter(it.value);
            assert_true(json_next(&inner));
            first = inner.value;
        }
        struct str text;
        const struct stix_node *pattern;
        struct fault fault = {0};
        CHECK_ERR("case", json_string(a, first, &text), ERR_OK);
        bool passes = stix_pattern_parse(a, text, &pattern, &fault) == ERR_OK;
        if (passes != must_pass)
            fail_msg(
                "%.*s: %s at %zu", STR_ARG(text), passes ? "accepted" : fault.why, fault.at);
    }
    return judged;
}

static void published_cases_are_judged_rightly(void **state)
{
    static const struct {
        const char *file;
        size_t pass, fail;
    } files[] = {
        {DATA_DIR "/stix/patterns/v21_validator_cases.json", 26 + 11 + 23, 17 + 10},
        {DATA_DIR "/stix/patterns/v20_validator_cases.json", 23 + 11 + 24, 14 + 10},
    };
    static const struct {
        struct str name;
        bool must_pass;
    } lists[] = {{STR_INIT("PASS_CASES"), true}, {STR_INIT("TIMESTAMP_PASS_CASES"), true},
        {STR_INIT("SPEC_EXAMPLES"), true}, {STR_INIT("FAIL_CASES"), false},
        {STR_INIT("TIMESTAMP_FAIL_CASES"), false}};
    DATA_OR_RETURN();
    struct arena request;
    arena_init(&request, 64 * MIB);
    for (size_t f = 0; f < LEN(files); f++) {
        struct json root, list;
        size_t n[2] = {0, 0};
        CHECK_ERR(files[f].file,
            json_parse(&request, data_read(&request, files[f].file), &root, NULL), ERR_OK);
        for (size_t i = 0; i < LEN(lists); i++) {
            assert_true(json_get(root, lists[i].name, &list));
            n[lists[i].must_pass] += judge_cases(&request, list, lists[i].must_pass);
        }
        assert_int_equal(n[1], files[f].pass);
        assert_int_equal(n[0], files[f].fail);
    }
    arena_release(&request);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_are_parsed_and_printed),
        cmocka_unit_test(nesting_has_a_limit),
        cmocka_unit_test(equality_atoms_are_found_and_negated_ones_are_not),
        cmocka_unit_test(a_full_arena_is_a_limit),
        cmocka_unit_test(published_cases_are_judged_rightly),
    };
    return RUN_TESTS(tests);
}
