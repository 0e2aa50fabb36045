// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "http/gate.h"
#include "test.h"

#define HEADERS_PER_ROW 4

// clang-format off
#define PAIR(name, value) {STR_INIT(name), STR_INIT(value)}
// clang-format on
#define HOST    PAIR("Host", "a")
#define LENGTH  PAIR("Content-Length", "5")
#define CHUNKED PAIR("Transfer-Encoding", "chunked")

struct row {
    const char *why;
    const char *method;
    struct http_pair headers[HEADERS_PER_ROW];
    unsigned status; // 0: passes
    uint64_t body_bytes;
};

static const struct row rows[] = {
    {"plain GET", "GET", {HOST}, 0, 0},
    {"GET with a zero length", "GET", {HOST, PAIR("Content-Length", "0")}, 0, 0},
    {"DELETE with a zero length", "DELETE", {HOST, PAIR("content-length", "0")}, 0, 0},
    {"POST with a length", "POST", {HOST, LENGTH}, 0, 5},
    {"POST with a zero length", "POST", {HOST, PAIR("Content-Length", "0")}, 0, 0},
    {"PUT in chunks, any case", "PUT", {HOST, PAIR("transfer-encoding", "Chunked")}, 0,
        HTTP_BODY_CHUNKED},
    {"PATCH with a length", "PATCH", {LENGTH, HOST}, 0, 5},
    {"a tab and text above ASCII in a value", "GET", {HOST, PAIR("X-A", "a\tb \xc3\xa9")}, 0,
        0},
    {"a name that a framing name begins with", "GET", {HOST, PAIR("Content-Len", "5")}, 0, 0},

    {"length and encoding", "POST", {HOST, LENGTH, CHUNKED}, 400, 0},
    {"encoding and length", "POST", {HOST, CHUNKED, LENGTH}, 400, 0},
    {"two equal lengths", "POST", {HOST, LENGTH, LENGTH}, 400, 0},
    {"two lengths", "POST", {HOST, LENGTH, PAIR("Content-Length", "6")}, 400, 0},
    {"two zero lengths on GET", "GET",
        {HOST, PAIR("Content-Length", "0"), PAIR("Content-Length", "0")}, 400, 0},
    {"two encodings", "POST", {HOST, CHUNKED, CHUNKED}, 400, 0},
    {"identity", "POST", {HOST, PAIR("Transfer-Encoding", "identity")}, 400, 0},
    {"a list of encodings", "POST", {HOST, PAIR("Transfer-Encoding", "gzip, chunked")}, 400, 0},
    {"chunked with a parameter", "POST", {HOST, PAIR("Transfer-Encoding", "chunked;q=1")}, 400,
        0},
    {"a space before the colon", "POST", {HOST, LENGTH, PAIR("Content-Length ", "36")}, 400, 0},
    {"a folded length", "POST", {HOST, LENGTH, PAIR("Content-Length36", "x")}, 400, 0},
    {"a folded encoding", "POST", {HOST, LENGTH, PAIR("transfer-encodingchunked", "x")}, 400,
        0},
    {"a packed body", "POST", {HOST, LENGTH, PAIR("content-encoding", "gzip")}, 415, 0},
    {"a name longer than Host", "GET", {HOST, PAIR("Hostname", "x")}, 400, 0},
    {"an empty value", "GET", {HOST, PAIR("X-A", "")}, 400, 0},
    {"a bare carriage return", "GET", {HOST, PAIR("X-A", "a\rb")}, 400, 0},
    {"a line feed", "GET", {HOST, PAIR("X-A", "a\nb")}, 400, 0},
    {"a NUL", "GET", {HOST, PAIR("X-A", "a\0b")}, 400, 0},
    {"a DEL", "GET", {HOST, PAIR("X-A", "a\x7f")}, 400, 0},
    {"a leading space in a name", "GET", {HOST, PAIR(" X-A", "a")}, 400, 0},
    {"a NUL in a name", "GET", {HOST, PAIR("X\0A", "a")}, 400, 0},
    {"a name above ASCII", "GET", {HOST, PAIR("X\xc3\xa9", "a")}, 400, 0},
    {"no Host", "GET", {PAIR("X-A", "a")}, 400, 0},
    {"two Hosts", "GET", {HOST, HOST}, 400, 0},
    {"POST without framing", "POST", {HOST}, 411, 0},
    {"PUT without framing", "PUT", {HOST}, 411, 0},
    {"PATCH without framing", "PATCH", {HOST}, 411, 0},
    {"GET with a length", "GET", {HOST, LENGTH}, 400, 0},
    {"GET with a long zero", "GET", {HOST, PAIR("Content-Length", "00")}, 400, 0},
    {"GET in chunks", "GET", {HOST, CHUNKED}, 400, 0},
    {"DELETE with a length", "DELETE", {HOST, LENGTH}, 400, 0},
    {"HEAD in chunks", "HEAD", {HOST, CHUNKED}, 400, 0},
    {"a sign", "POST", {HOST, PAIR("Content-Length", "+5")}, 400, 0},
    {"a list of lengths", "POST", {HOST, PAIR("Content-Length", "5, 5")}, 400, 0},
    {"hexadecimal", "POST", {HOST, PAIR("Content-Length", "0x5")}, 400, 0},
    {"over 2^63", "POST", {HOST, PAIR("Content-Length", "9223372036854775808")}, 400, 0},
    {"a method with a space", "GE T", {HOST}, 400, 0},
};

static enum err check(const struct http_head *head, struct http_framing *out, unsigned *status)
{
    const char *why = NULL;
    enum err e = http_gate_check(head, out, status, &why);
    assert_true((e == ERR_OK) == (why == NULL));
    return e;
}

static void doubtful_framing_is_refused(void **state)
{
    for (size_t i = 0; i < LEN(rows); i++) {
        const struct row *row = &rows[i];
        struct http_head head = {str_of(row->method), STR("HTTP/1.1"), row->headers, 0};
        while (head.n < HEADERS_PER_ROW && row->headers[head.n].name.len)
            head.n++;
        struct http_framing framing = {.body_bytes = 77};
        unsigned status = 0;
        enum err e = check(&head, &framing, &status);
        CHECK_ERR(row->why, e, row->status ? ERR_INVALID : ERR_OK);
        CHECK(row->why, !row->status || status == row->status);
        CHECK(row->why, framing.body_bytes == (row->status ? 77 : row->body_bytes));
        CHECK(row->why, row->status || framing.has_body == (row->body_bytes > 0));
    }
}

static void every_version_but_1_1_is_refused(void **state)
{
    static const char *const versions[] = {"HTTP/1.0", "HTTP/1.9", "HTTP/2.0", "http/1.1", ""};
    static const struct http_pair headers[] = {HOST};
    for (size_t i = 0; i < LEN(versions); i++) {
        struct http_head head = {STR("GET"), str_of(versions[i]), headers, 1};
        struct http_framing framing;
        unsigned status;
        CHECK_ERR(versions[i], check(&head, &framing, &status), ERR_INVALID);
    }
}

static void too_many_headers_are_refused(void **state)
{
    struct http_pair headers[HTTP_HEADERS_MAX + 1] = {HOST};
    for (size_t i = 1; i < LEN(headers); i++)
        headers[i] = (struct http_pair){STR("X-A"), STR("a")};
    struct http_head head = {STR("GET"), STR("HTTP/1.1"), headers, HTTP_HEADERS_MAX};
    struct http_framing framing;
    unsigned status;
    CHECK_ERR("at the limit", check(&head, &framing, &status), ERR_OK);
    head.n++;
    CHECK_ERR("one more", check(&head, &framing, &status), ERR_INVALID);
    assert_int_equal(status, 431);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doubtful_framing_is_refused),
        cmocka_unit_test(every_version_but_1_1_is_refused),
        cmocka_unit_test(too_many_headers_are_refused),
    };
    return RUN_TESTS(tests);
}
