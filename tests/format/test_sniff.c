// SPDX-License-Identifier: Apache-2.0
#include "format/sniff.h"
#include "test.h"

static const struct {
    const char *why;
    struct str text;
    enum format_kind want;
} known[] = {
    {"a bundle", STR_INIT(" {\"type\":\"bundle\",\"objects\":["), FORMAT_STIX21},
    {"an envelope", STR_INIT("{\"more\":true,\"objects\":[]}"), FORMAT_STIX21},
    {"a list of objects", STR_INIT("[{\"type\":\"url\"}]"), FORMAT_STIX21},
    {"lines of objects", STR_INIT("{\"id\":\"x\",\"type\":\"url\"}\n{\"type\":\"url\"}"),
        FORMAT_STIX21},
    {"a key with an escape in front", STR_INIT("{\"a\\\"b\":1,\"type\":\"url\"}"),
        FORMAT_STIX21},
    {"an event", STR_INIT("{\"Event\":{\"type\":1}}"), FORMAT_MISP},
    {"a list of events", STR_INIT("[{\"Event\":{}}]"), FORMAT_MISP},
    {"a response", STR_INIT("{\"response\" : [{\"Event\":{}}]}"), FORMAT_MISP},
    {"a table", STR_INIT("value,type\nx.example,domain\n"), FORMAT_CSV},
    {"a table with a mark in front", STR_INIT("\xef\xbb\xbfvalue,type\n"), FORMAT_CSV},
    {"a table with semicolons", STR_INIT("# x\n\nIndicator Type;Indicator\n"), FORMAT_CSV},
    {"a table in Korean", STR_INIT("유형,지표,비고\n"), FORMAT_CSV},
    {"Zeek", STR_INIT("#fields\tindicator\tindicator_type\n"), FORMAT_CSV},
    {"a column of hashes", STR_INIT("SHA-256,size\n"), FORMAT_CSV},
    {"a report", STR_INIT("On Monday, we saw evil[.]example.\n"), FORMAT_TEXT},
    {"a report that begins with a bracket", STR_INIT("[2026-01-01] seen\n"), FORMAT_TEXT},
    {"a list", STR_INIT("a.example\nb.example\n"), FORMAT_TEXT},
};

static const struct {
    const char *why;
    struct str text;
} unknown[] = {
    {"nothing", STR_INIT("")},
    {"blanks", STR_INIT(" \n\t")},
    {"zip", STR_INIT("PK\x03\x04")},
    {"PDF", STR_INIT("%PDF-1.7")},
    {"UTF-16", STR_INIT("\xff\xfe")},
    {"a NUL", STR_INIT("text\0text")},
    {"other JSON", STR_INIT("{\"a\":{\"type\":\"x\"}}")},
    {"two at once", STR_INIT("{\"type\":\"x\",\"Event\":{}}")},
    {"a list of texts", STR_INIT("[\"a.example\"]")},
    {"rows without a header", STR_INIT("a.example,1\nb.example,2\nc.example,3\nd,4\n")},
    {"a row in place of the header",
        STR_INIT("1.2.3.4,ip,x\n1.2.3.5,ip,x\n1.2.3.6,ip,y\n1,2,3\n")},
};

static void documents_are_known_by_their_first_bytes(void **state)
{
    for (size_t i = 0; i < LEN(known); i++) {
        enum format_kind kind = FORMAT_KINDS;
        struct fault fault = {0};
        CHECK_ERR(known[i].why, format_sniff(known[i].text, &kind, &fault), ERR_OK);
        CHECK_STR(known[i].why, format_kind_name(kind), format_kind_name(known[i].want));
    }
}

static void doubtful_documents_are_refused_with_a_reason(void **state)
{
    for (size_t i = 0; i < LEN(unknown); i++) {
        enum format_kind kind = FORMAT_KINDS;
        struct fault fault = {0};
        CHECK_ERR(unknown[i].why, format_sniff(unknown[i].text, &kind, &fault), ERR_INVALID);
        CHECK(unknown[i].why, fault.why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_are_known_by_their_first_bytes),
        cmocka_unit_test(doubtful_documents_are_refused_with_a_reason),
    };
    return RUN_TESTS(tests);
}
