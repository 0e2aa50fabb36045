// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include "crypto/keyfile.h"

#define SEED "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="

static void what_is_printed_is_parsed(void **state)
{
    unsigned char seed[32];
    for (size_t i = 0; i < sizeof seed; i++)
        seed[i] = (unsigned char)(i + 1);
    struct secret file;
    struct keyfile key;
    assert_int_equal(
        keyfile_print(STR("log"), STR("node.kr.example/live/ledger/gb/1"), seed, &file),
        ERR_OK);
    CHECK_STR("text", secret_str(&file),
        STR("bongsu-key ed25519 log node.kr.example/live/ledger/gb/1 " SEED "\n"));
    assert_int_equal(keyfile_parse(secret_str(&file), &key, NULL), ERR_OK);
    CHECK_STR("role", key.role, STR("log"));
    CHECK_STR("name", key.name, STR("node.kr.example/live/ledger/gb/1"));
    assert_memory_equal(key.key.secret.bytes, seed, sizeof seed);
    sign_key_release(&key.key);
    assert_null(key.key.secret.bytes);
    secret_release(&file);
    assert_null(file.bytes);
}

static void anything_else_is_refused_with_its_position(void **state)
{
    static const struct {
        const char *why;
        struct str text;
        size_t at;
    } cases[] = {
        {"empty", STR_INIT(""), 0},
        {"other magic", STR_INIT("key ed25519 log n " SEED "\n"), 0},
        {"other algorithm", STR_INIT("bongsu-key rsa log n " SEED "\n"), 0},
        {"no newline", STR_INIT("bongsu-key ed25519 log n " SEED), 69},
        {"empty role", STR_INIT("bongsu-key ed25519  n " SEED "\n"), 19},
        {"control in the role", STR_INIT("bongsu-key ed25519 l\tg n " SEED "\n"), 19},
        {"no name", STR_INIT("bongsu-key ed25519 log\n"), 23},
        {"newline in the name", STR_INIT("bongsu-key ed25519 log n\n " SEED "\n"), 23},
        {"short seed", STR_INIT("bongsu-key ed25519 log n AQID\n"), 25},
        {"word behind the seed", STR_INIT("bongsu-key ed25519 log n " SEED " x\n"), 25},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct keyfile key = {0};
        struct fault fault = {0};
        CHECK_ERR(cases[i].why, keyfile_parse(cases[i].text, &key, &fault), ERR_INVALID);
        CHECK(cases[i].why, fault.at == cases[i].at && fault.why);
        CHECK(cases[i].why, !key.key.secret.bytes);
    }
}

static void a_name_that_does_not_fit_the_line_is_not_printed(void **state)
{
    unsigned char seed[32] = {0};
    struct secret file = {0};
    assert_int_equal(keyfile_print(STR("log"), STR("two words"), seed, &file), ERR_INVALID);
    assert_int_equal(keyfile_print(STR(""), STR("name"), seed, &file), ERR_INVALID);
    assert_null(file.bytes);
}

static int start(void **state)
{
    return sign_init();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_printed_is_parsed),
        cmocka_unit_test(anything_else_is_refused_with_its_position),
        cmocka_unit_test(a_name_that_does_not_fit_the_line_is_not_printed),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
