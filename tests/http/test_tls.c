// SPDX-License-Identifier: Apache-2.0
#include "http/tls.h"

#include "base/hex.h"
#include "base/limits.h"
#include "base/time.h"
#include "test.h"

// Made by `openssl req -x509 -newkey ec`; the pin is the digest of its `openssl pkey -pubin`
// output.
static const char vector_pem[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBdzCCAR2gAwIBAgIUZnnG6dxYNyyBJ/S9p0BOuCPVb0kwCgYIKoZIzj0EAwIw\n"
    "ETEPMA0GA1UEAwwGdmVjdG9yMB4XDTI2MTEyMzIwNDUyOFoXDTM2MTEyMDIwNDUy\n"
    "OFowETEPMA0GA1UEAwwGdmVjdG9yMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n"
    "si0Di3j8iG+BaItNVMfU8WRAqUYr6WBzMD7KVSflkFIzGYmKOWT7cQ2gNrwFvM1X\n"
    "QgYuQiGsIk39LRMw69XTGKNTMFEwHQYDVR0OBBYEFE5Pb0YJCkHI37EpfFfKwdi+\n"
    "8zetMB8GA1UdIwQYMBaAFE5Pb0YJCkHI37EpfFfKwdi+8zetMA8GA1UdEwEB/wQF\n"
    "MAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAMUS34iH9ZfbVX00dKCP2M1JPrweaGL7\n"
    "KwYT/lq5mie/AiB9uLlovOxIkk9G7B7wOJUYaUyxgJTvHJJ/9K4jOo50zw==\n"
    "-----END CERTIFICATE-----\n";
static const char vector_pin[] =
    "df9e3f44685a6271884660154d069df5a0735b17813b3fcfc631ffecd67f09b4";

static int64_t at(const char *text)
{
    int64_t us = 0;
    assert_int_equal(time_parse(str_of(text), &us), ERR_OK);
    return us;
}

static void a_certificate_is_read_as_others_read_it(void **state)
{
    struct http_certificate c;
    unsigned char want[HTTP_PIN_BYTES];
    assert_int_equal(http_certificate_read(str_of(vector_pem), &c), ERR_OK);
    assert_int_equal(hex_parse(str_of(vector_pin), false, want, sizeof want), ERR_OK);
    assert_memory_equal(c.pin, want, sizeof want);
    assert_true(c.from_us == at("2026-11-23T20:45:28Z"));
    assert_true(c.until_us == at("2036-11-20T20:45:28Z"));
}

static void what_is_made_reads_back(void **state)
{
    struct arena scratch;
    arena_init(&scratch, 64 * KIB);
    int64_t from_us = at("2020-01-01T00:00:00.9Z"), until_us = at("2051-02-03T04:05:06Z");
    struct http_identity first, second;
    assert_int_equal(
        http_identity_make(&scratch, STR("gb.live"), from_us, until_us, &first), ERR_OK);
    assert_int_equal(
        http_identity_make(&scratch, STR("gb.live"), from_us, until_us, &second), ERR_OK);
    struct http_certificate a, b;
    assert_int_equal(http_certificate_read(first.certificate_pem, &a), ERR_OK);
    assert_int_equal(http_certificate_read(second.certificate_pem, &b), ERR_OK);
    assert_true(a.from_us == at("2020-01-01T00:00:00Z"));
    assert_true(a.until_us == until_us);
    assert_memory_not_equal(a.pin, b.pin, HTTP_PIN_BYTES);
    arena_release(&scratch);
}

static void a_wiped_key_is_gone(void **state)
{
    struct arena scratch;
    arena_init(&scratch, 64 * KIB);
    struct http_identity made;
    assert_int_equal(http_identity_make(&scratch, STR("kr"), 0, US_PER_S, &made), ERR_OK);
    const char *key = made.key_pem.ptr;
    assert_memory_equal(key, "-----BEGIN", 10);
    http_identity_wipe(&made);
    assert_int_equal(made.key_pem.len, 0);
    assert_memory_equal(key, "\0\0\0\0\0\0\0\0\0\0", 10);
    arena_release(&scratch);
}

static void bad_names_and_times_are_refused(void **state)
{
    static const struct {
        const char *why;
        struct str name;
        int64_t from_us;
        int64_t until_us;
    } cases[] = {
        {"an empty name", STR_INIT(""), 0, 1},
        {"a control character", STR_INIT("a\nb"), 0, 1},
        {"above ASCII", STR_INIT("b\xc3\xa9"), 0, 1},
        {"65 bytes",
            STR_INIT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), 0,
            1},
        {"ends before it begins", STR_INIT("a"), 2, 1},
        {"before 1970", STR_INIT("a"), -1, 1},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct arena scratch;
        arena_init(&scratch, 64 * KIB);
        struct http_identity made;
        CHECK_ERR(cases[i].why,
            http_identity_make(
                &scratch, cases[i].name, cases[i].from_us, cases[i].until_us, &made),
            ERR_INVALID);
        arena_release(&scratch);
    }
}

static void what_is_no_certificate_is_refused(void **state)
{
    struct http_certificate c;
    CHECK_ERR("empty", http_certificate_read(STR(""), &c), ERR_INVALID);
    CHECK_ERR("text", http_certificate_read(STR("certificate"), &c), ERR_INVALID);
    CHECK_ERR("a cut PEM",
        http_certificate_read(str_to(str_of(vector_pem), sizeof vector_pem / 2), &c),
        ERR_INVALID);
}

static void a_full_arena_is_a_limit(void **state)
{
    struct arena scratch;
    arena_init(&scratch, 256);
    struct http_identity made;
    CHECK_ERR("arena", http_identity_make(&scratch, STR("a"), 0, US_PER_S, &made), ERR_LIMIT);
    arena_release(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_certificate_is_read_as_others_read_it),
        cmocka_unit_test(what_is_made_reads_back),
        cmocka_unit_test(a_wiped_key_is_gone),
        cmocka_unit_test(bad_names_and_times_are_refused),
        cmocka_unit_test(what_is_no_certificate_is_refused),
        cmocka_unit_test(a_full_arena_is_a_limit),
    };
    return RUN_TESTS(tests);
}
