// SPDX-License-Identifier: Apache-2.0
#include "format/csv_in.h"
#include "format_sink.h"

static const struct {
    const char *why;
    struct str text, want;
} cases[] = {
    {"a row", STR_INIT("value,type\nevil[.]kr,domain\n"),
        STR_INIT("evil[.]kr,domain => domain:evil.kr\n")},
    {"no line end at the end", STR_INIT("value\n203.0.113.1"),
        STR_INIT("203.0.113.1 => ip:203.0.113.1\n")},
    {"CR LF", STR_INIT("value\r\n203.0.113.1\r\n"),
        STR_INIT("203.0.113.1\r => ip:203.0.113.1\n")},
    {"a quoted cell on two lines", STR_INIT("note,value\n\"a \"\"b\"\",\nc\",evil.kr\n"),
        STR_INIT("- dropped note\n\"a \"\"b\"\",\nc\",evil.kr => domain:evil.kr\n")},
    {"semicolons", STR_INIT("url;md5\nhxxp://evil.kr/;\n"),
        STR_INIT("hxxp://evil.kr/; => url:http://evil.kr/\n")},
    {"hashes of one file",
        STR_INIT("md5,sha1\nd41d8cd98f00b204e9800998ecf8427e,"
                 "da39a3ee5e6b4b0d3255bfef95601890afd80709\n"),
        STR_INIT("d41d8cd98f00b204e9800998ecf8427e,da39a3ee5e6b4b0d3255bfef95601890afd80709"
                 " => hash:d41d8cd98f00b204e9800998ecf8427e\n")},
    {"two files in one cell",
        STR_INIT("value\n\"d41d8cd98f00b204e9800998ecf8427e;"
                 "d41d8cd98f00b204e9800998ecf8427f\"\n"),
        STR_INIT("\"d41d8cd98f00b204e9800998ecf8427e;d41d8cd98f00b204e9800998ecf8427f\""
                 " => hash:d41d8cd98f00b204e9800998ecf8427e\n"
                 "\"d41d8cd98f00b204e9800998ecf8427e;d41d8cd98f00b204e9800998ecf8427f\""
                 " => hash:d41d8cd98f00b204e9800998ecf8427f\n")},
    {"Zeek",
        STR_INIT("#fields\tindicator\tindicator_type\tmeta.source\n#x\n"
                 "evil.kr\tIntel::DOMAIN\t-\n"),
        STR_INIT("- dropped meta.source\nevil.kr\tIntel::DOMAIN\t- => domain:evil.kr\n")},
    {"another type than it says", STR_INIT("value,type\nevil.kr,sha256\n"),
        STR_INIT("- refused \n")},
    {"a hash that is no file's",
        STR_INIT("value,type\n"
                 "d41d8cd98f00b204e9800998ecf8427e,ja3\n"),
        STR_INIT("- refused \n")},
    {"no value", STR_INIT("value,type\n,domain\n"), STR_INIT("- refused \n")},
    {"too many cells", STR_INIT("value\nevil.kr,x\n"), STR_INIT("- refused \n")},
    {"text behind a quote", STR_INIT("value\n\"evil.kr\"x\nevil.kr\n"),
        STR_INIT("- refused \nevil.kr => domain:evil.kr\n")},
    {"no level", STR_INIT("value,tlp\nevil.kr,secret\n"), STR_INIT("- refused tlp\n")},
};

static const struct str flawed[] = {STR_INIT(""), STR_INIT("# x\n"), STR_INIT("a,b\n1,2\n"),
    STR_INIT("value\n\"evil.kr"), STR_INIT("value\n\xff\n")};

static const struct format_about about = {.now_us = 1000000};

static void rows_become_observables(void **state)
{
    for (size_t i = 0; i < LEN(cases); i++) {
        struct lines l;
        struct format_sink sink = lines_begin(&l);
        struct fault fault = {0};
        CHECK_ERR(cases[i].why, format_csv_read(&l.arena, cases[i].text, &about, &sink, &fault),
            ERR_OK);
        CHECK_STR(cases[i].why, buf_str(&l.text), cases[i].want);
        arena_release(&l.arena);
    }
}

static void B1_tables_that_are_none_are_refused(void **state)
{
    for (size_t i = 0; i < LEN(flawed); i++) {
        struct lines l;
        struct format_sink sink = lines_begin(&l);
        struct fault fault = {0};
        CHECK_ERR(flawed[i].ptr, format_csv_read(&l.arena, flawed[i], &about, &sink, &fault),
            ERR_INVALID);
        CHECK("a reason", fault.why);
        arena_release(&l.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_become_observables),
        cmocka_unit_test(B1_tables_that_are_none_are_refused),
    };
    return RUN_TESTS(tests);
}
