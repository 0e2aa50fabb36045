// SPDX-License-Identifier: Apache-2.0
#include "format/text_in.h"
#include "format_sink.h"

static const struct {
    const char *why;
    struct str text, want; // without the grouping
} cases[] = {
    {"an address", STR_INIT("at 203.0.113.7."), STR_INIT("203.0.113.7. => ip:203.0.113.7\n")},
    {"a port", STR_INIT("203.0.113.7:443"),
        STR_INIT("203.0.113.7:443 => ip:203.0.113.7\n- changed value\n")},
    {"a range", STR_INIT("198.51.100.0/24"),
        STR_INIT("198.51.100.0/24 => net:198.51.100.0/24\n")},
    {"IPv6", STR_INIT("(2001:DB8::1)"), STR_INIT("(2001:DB8::1) => ip:2001:db8::1\n")},
    {"defanged", STR_INIT("evil[.]example"),
        STR_INIT("evil[.]example => domain:evil.example\n")},
    {"defanged another way", STR_INIT("evil(.)example{.}org"),
        STR_INIT("evil(.)example{.}org => domain:evil.example.org\n")},
    {"a defanged URL", STR_INIT("<hxxps[://]evil[.]kr/a>"),
        STR_INIT("hxxps[://]evil[.]kr/a => url:https://evil.kr/a\n")},
    {"a link", STR_INIT("[here](https://evil.kr/a(b))."),
        STR_INIT("[here](https://evil.kr/a(b)). => url:https://evil.kr/a(b)\n")},
    {"a URL without a scheme", STR_INIT("evil.kr/gate"),
        STR_INIT("evil.kr/gate => url:http://evil.kr/gate\n- changed value\n")},
    {"a mail address", STR_INIT("bad[at]evil[.]kr"),
        STR_INIT("bad[at]evil[.]kr => email:bad@evil.kr\n")},
    {"letters of full width", STR_INIT("ｅｖｉｌ．ｋｒ"),
        STR_INIT("ｅｖｉｌ．ｋｒ => domain:evil.kr\n")},
    {"a Korean particle behind", STR_INIT("서버 evil.kr에서"),
        STR_INIT("evil.kr => domain:evil.kr\n")},
    {"a hash with its name", STR_INIT("MD5:D41D8CD98F00B204E9800998ECF8427E"),
        STR_INIT("MD5:D41D8CD98F00B204E9800998ECF8427E => "
                 "hash:d41d8cd98f00b204e9800998ecf8427e\n")},
    {"a CVE number", STR_INIT("cve-2024-12345,"),
        STR_INIT("cve-2024-12345 => vulnerability\n")},
    {"the same twice", STR_INIT("EVIL.kr evil[.]kr"), STR_INIT("EVIL.kr => domain:evil.kr\n")},
    {"a strange top level alone in its line", STR_INIT("x\nevil.bazar\n y.bazar z"),
        STR_INIT("evil.bazar => domain:evil.bazar\n")},
    {"a country code that ends file names, alone", STR_INIT("evil.md # seen"),
        STR_INIT("evil.md => domain:evil.md\n")},
    {"a file name, defanged", STR_INIT("it is evil[.]zip"),
        STR_INIT("evil[.]zip => domain:evil.zip\n")},
};

static const struct str nothing[] = {STR_INIT(""), STR_INIT("version 1.2.3.4"),
    STR_INIT("펌웨어 버전: 1.2.3.4 이상"), STR_INIT("빌드1.2.3.4"), STR_INIT("v1.2.3.4"),
    STR_INIT("2026.01.02 10:11:12"), STR_INIT("1.2.3.4.5"), STR_INIT("256.1.1.1"),
    STR_INIT("setup.exe"), STR_INIT("see README.md now"), STR_INIT("evil.dll"),
    STR_INIT("node.conf is"), STR_INIT("a.b"), STR_INIT("e.g. this"), STR_INIT("CVE-24-1"),
    STR_INIT("d41d8cd98f00b204e9800998ecf8427"), STR_INIT("@evil.kr"), STR_INIT("12:30:45")};

static const struct format_about about = {.name = STR_INIT("x"), .now_us = 1000000};

static void observables_are_found_and_refanged(void **state)
{
    for (size_t i = 0; i < LEN(cases); i++) {
        struct lines l;
        struct format_sink sink = lines_begin(&l);
        struct fault fault = {0};
        CHECK_ERR(cases[i].why,
            format_text_read(&l.arena, cases[i].text, &about, &sink, &fault), ERR_OK);
        struct str got = buf_str(&l.text);
        CHECK(cases[i].why, str_ends(got, STR(" => grouping\n")));
        CHECK_STR(cases[i].why, str_to(got, got.len - 13), cases[i].want);
        arena_release(&l.arena);
    }
}

static void what_only_looks_like_one_is_left(void **state)
{
    for (size_t i = 0; i < LEN(nothing); i++) {
        struct lines l;
        struct format_sink sink = lines_begin(&l);
        struct fault fault = {0};
        CHECK_ERR(nothing[i].ptr, format_text_read(&l.arena, nothing[i], &about, &sink, &fault),
            ERR_INVALID);
        CHECK_STR(nothing[i].ptr, buf_str(&l.text), STR(""));
        arena_release(&l.arena);
    }
}

// The same document at another time makes the same ids.
static void S2_ids_come_from_the_content(void **state)
{
    struct str first = {"", 0};
    struct lines l[2];
    for (size_t i = 0; i < 2; i++) {
        struct format_about later = about;
        struct format_sink sink = lines_begin(&l[i]);
        struct fault fault = {0};
        later.now_us += (int64_t)i * 1000000;
        CHECK_ERR("read",
            format_text_read(&l[i].arena, STR("evil.kr CVE-2024-12345"), &later, &sink, &fault),
            ERR_OK);
        first = i ? first : buf_str(&l[i].text);
        CHECK_STR("again", buf_str(&l[i].text), first);
    }
    arena_release(&l[0].arena);
    arena_release(&l[1].arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(observables_are_found_and_refanged),
        cmocka_unit_test(what_only_looks_like_one_is_left),
        cmocka_unit_test(S2_ids_come_from_the_content),
    };
    return RUN_TESTS(tests);
}
