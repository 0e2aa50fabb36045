// SPDX-License-Identifier: Apache-2.0
// Values of withheld objects in what is to go.
#include "base/limits.h"
#include "policy/leak.h"
#include "test.h"

static const struct str values[] = {STR_INIT("evil.example"), STR_INIT("evil.example.com"),
    STR_INIT("evil.example.de"), STR_INIT("203.0.113.7"), STR_INIT("2001:db8::7"),
    STR_INIT("http://evil.example/A?b=C"), STR_INIT("d41d8cd98f00b204e9800998ecf8427e"),
    STR_INIT("Ivan@Mail.Example"), STR_INIT("홍길동"), STR_INIT("4766"), STR_INIT("abc"),
    STR_INIT("C:\\Windows\\Temp\\x.exe")};

#define D(text) "{\"description\":\"" text "\"}"

// why, object, what is found
static const struct {
    const char *why;
    struct str object;
    const char *property, *value;
} rows[] = {
    {"exact", STR_INIT(D("seen at 203.0.113.7 today")), "description", "203.0.113.7"},
    {"at the end of a sentence", STR_INIT(D("See 203.0.113.7.")), "description", "203.0.113.7"},
    {"another address", STR_INIT(D("203.0.113.77 and 1203.0.113.7")), NULL, NULL},
    {"defanged", STR_INIT(D("203[.]0[.]113(.)7")), "description", "203.0.113.7"},
    {"defanged in words", STR_INIT(D("evil[dot]example")), "description", "evil.example"},
    {"in another case", STR_INIT(D("EVIL.Example")), "description", "evil.example"},
    {"a name below it", STR_INIT(D("c2.evil.example")), "description", "evil.example"},
    {"a name that ends like it", STR_INIT(D("notevil.example")), NULL, NULL},
    {"the longer of two", STR_INIT(D("x evil.example.com")), "description", "evil.example.com"},
    {"the shorter when the longer does not end", STR_INIT(D("x evil.example.den")),
        "description", "evil.example"},
    {"a defanged address of a page", STR_INIT(D("go to hxxp://evil[.]example/a?B=c")),
        "description", "http://evil.example/A?b=C"},
    {"mail", STR_INIT(D("ivan[at]mail[.]example")), "description", "Ivan@Mail.Example"},
    {"Korean with a particle behind it", STR_INIT(D("홍길동이 보냄")), "description", "홍길동"},
    {"Korean in decomposed form",
        STR_INIT(D("\u1112\u1169\u11bc\u1100\u1175\u11af\u1103\u1169\u11bc")), "description",
        "홍길동"},
    {"escaped", STR_INIT(D("\\u0065vil.example")), "description", "evil.example"},
    {"a path", STR_INIT(D("c:\\\\windows\\\\temp\\\\X.EXE ran")), "description",
        "C:\\Windows\\Temp\\x.exe"},
    {"too short to be looked for", STR_INIT(D("abc")), NULL, NULL},
    {"a number within another word", STR_INIT(D("AS4766")), NULL, NULL},
    {"name", STR_INIT("{\"name\":\"evil.example\"}"), "name", "evil.example"},
    {"pattern", STR_INIT("{\"pattern\":\"[ipv4-addr:value = '203.0.113.7']\"}"), "pattern",
        "203.0.113.7"},
    {"external reference",
        STR_INIT("{\"external_references\":[{\"source_name\":\"x\",\"url\":"
                 "\"https://evil.example/\"}]}"),
        "external_references", "evil.example"},
    {"content, abstract, explanation", STR_INIT("{\"abstract\":\"evil.example\"}"), "abstract",
        "evil.example"},
    {"not looked at", STR_INIT("{\"value\":\"evil.example\",\"id\":\"x\"}"), NULL, NULL},
    {"not a text", STR_INIT("{\"description\":4766}"), NULL, NULL},
    {"nothing", STR_INIT("{}"), NULL, NULL},
};

static enum err scan(struct arena *a, struct str object, struct policy_leak *out)
{
    struct policy_leaks leaks;
    struct json root;
    TRY(policy_leaks_prepare(a, values, LEN(values), &leaks));
    TRY(json_parse(a, object, &root, NULL));
    return policy_leak_scan(a, &leaks, root, out);
}

static void values_are_found_in_any_form(void **state)
{
    struct arena request;
    arena_init(&request, 4 * MIB);
    for (size_t i = 0; i < LEN(rows); i++) {
        struct policy_leak leak;
        CHECK_ERR(rows[i].why, scan(&request, rows[i].object, &leak), ERR_OK);
        CHECK(rows[i].why, leak.is_found == (rows[i].value != NULL));
        CHECK_STR(rows[i].why, leak.property, str_of(rows[i].property));
        CHECK_STR(rows[i].why, leak.value, str_of(rows[i].value));
    }
    arena_release(&request);
}

static uint32_t chance = 1;

static size_t below(size_t n)
{
    chance = chance * 1664525u + 1013904223u;
    return (chance >> 8) % n;
}

static struct str letters(struct arena *a, size_t n)
{
    char *text = NEW_N(a, char, n + 1);
    assert_non_null(text);
    for (size_t i = 0; i < n; i++)
        text[i] = "ab. "[below(4)];
    return str_trim((struct str){text, n});
}

static bool is_word(char c)
{
    return c == 'a' || c == 'b';
}

static bool oracle(struct str text, struct str value)
{
    for (size_t at = 0; at + value.len <= text.len; at++) {
        size_t end = at + value.len;
        bool begins = at == 0 || !is_word(value.ptr[0]) || !is_word(text.ptr[at - 1]);
        bool ends = end == text.len || !is_word(text.ptr[end - 1]) || !is_word(text.ptr[end]);
        if (begins && ends && memcmp(text.ptr + at, value.ptr, value.len) == 0)
            return true;
    }
    return false;
}

static void a_naive_search_finds_the_same(void **state)
{
    struct arena request;
    arena_init(&request, 16 * MIB);
    for (int round = 0; round < 20000; round++) {
        struct arena_mark mark = arena_mark(&request);
        struct str some[6], text = letters(&request, below(60));
        struct policy_leaks leaks;
        struct policy_leak leak;
        struct json root;
        bool want = false;
        for (size_t i = 0; i < LEN(some); i++) {
            some[i] = letters(&request, 1 + below(9));
            want = want || (some[i].len >= POLICY_LEAK_BYTES_MIN && oracle(text, some[i]));
        }
        struct buf b = buf_in(&request, KIB);
        buf_put(&b, STR("{\"name\":\""));
        buf_put(&b, text);
        buf_put(&b, STR("\"}"));
        CHECK_ERR("values", policy_leaks_prepare(&request, some, LEN(some), &leaks), ERR_OK);
        CHECK_ERR("json", json_parse(&request, buf_str(&b), &root, NULL), ERR_OK);
        CHECK_ERR("scan", policy_leak_scan(&request, &leaks, root, &leak), ERR_OK);
        if (leak.is_found != want)
            fail_msg("\"%.*s\"", STR_ARG(text));
        arena_rewind(&request, mark);
    }
    arena_release(&request);
}

static void only_an_officer_lifts_it(void **state)
{
    struct policy_facts facts = {0};
    const struct policy_decision permitted = policy_decision(POLICY_PERMITTED);
    assert_int_equal(policy_leak_decide(permitted, &facts, true).why, POLICY_NAMES_WITHHELD);
    assert_int_equal(policy_leak_decide(permitted, &facts, false).why, POLICY_PERMITTED);
    struct policy_decision home = policy_decision(POLICY_RETURNED);
    assert_int_equal(policy_leak_decide(home, &facts, true).why, POLICY_RETURNED);
    struct policy_decision denied = policy_decision(POLICY_NOFORN);
    assert_int_equal(policy_leak_decide(denied, &facts, true).why, POLICY_NOFORN);
    facts.n_approvers = 1;
    assert_int_equal(policy_leak_decide(permitted, &facts, true).why, POLICY_PERMITTED);
}

static void a_full_arena_is_a_limit(void **state)
{
    enum err e = ERR_LIMIT;
    for (size_t limit = 0; e != ERR_OK && limit < 256 * KIB; limit += 32) {
        struct arena small;
        struct policy_leak leak;
        arena_init(&small, limit);
        e = scan(&small, rows[3].object, &leak);
        CHECK("limit", e == ERR_OK || e == ERR_LIMIT);
        arena_release(&small);
    }
    CHECK_ERR("at last", e, ERR_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_found_in_any_form),
        cmocka_unit_test(a_naive_search_finds_the_same),
        cmocka_unit_test(only_an_officer_lifts_it),
        cmocka_unit_test(a_full_arena_is_a_limit),
    };
    return RUN_TESTS(tests);
}
