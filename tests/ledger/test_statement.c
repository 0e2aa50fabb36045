// SPDX-License-Identifier: Apache-2.0
#include "fixture.h"

#include "ledger/statement.h"

#define FROM  INT64_C(1795456800000000)
#define UNTIL INT64_C(1826992800000000)

static struct ledger_statement log_statement(const struct pair *log)
{
    return (struct ledger_statement){.act = LEDGER_ADD,
        .role = LEDGER_LOG_KEY,
        .node = STR("node.gb.example"),
        .realm = STR("live"),
        .reason = STR("routine"),
        .key = log->key,
        .has_key = true,
        .from_us = FROM,
        .not_after_us = UNTIL};
}

static void a_statement_comes_back_and_only_unchanged(void **state)
{
    struct pair root = pair_make(*state, LEDGER_TYPE_NOTE, "node.gb.example/root", 1);
    struct pair log = pair_make(*state, LEDGER_TYPE_NOTE, GB_LOG, 2);
    struct ledger_statement s = log_statement(&log), back;
    struct str note = STR("");
    assert_int_equal(ledger_statement_sign(*state, &s, &root.key, &root.secret, &note), ERR_OK);
    assert_int_equal(ledger_statement_open(*state, note, &root.key, &back, NULL), ERR_OK);
    assert_int_equal(back.role, LEDGER_LOG_KEY);
    assert_true(ledger_key_eq(&back.key, &log.key));
    CHECK_STR("reason", back.reason, STR("routine"));
    assert_true(back.from_us == FROM && back.not_after_us == UNTIL);
    char *copy = NEW_N(*state, char, note.len);
    for (size_t at = 0; at < note.len; at++) {
        memcpy(copy, note.ptr, note.len);
        copy[at] ^= 1;
        struct str changed = {copy, note.len};
        if (ledger_statement_open(*state, changed, &root.key, &back, NULL) == ERR_OK)
            fail_msg("byte %zu may be changed", at);
    }
    sign_key_release(&root.secret);
    sign_key_release(&log.secret);
}

static void only_the_root_of_its_node_speaks(void **state)
{
    struct pair root = pair_make(*state, LEDGER_TYPE_NOTE, "node.gb.example/root", 1);
    struct pair forged = pair_make(*state, LEDGER_TYPE_NOTE, "node.gb.example/root", 3);
    struct pair theirs = pair_make(*state, LEDGER_TYPE_NOTE, "node.kr.example/root", 4);
    struct pair log = pair_make(*state, LEDGER_TYPE_NOTE, GB_LOG, 2);
    struct ledger_statement s = log_statement(&log), back;
    struct ledger_fault fault = {0};
    struct str note = STR("");
    assert_int_equal(
        ledger_statement_sign(*state, &s, &forged.key, &forged.secret, &note), ERR_OK);
    assert_int_equal(ledger_statement_open(*state, note, &root.key, &back, &fault), ERR_DENIED);
    assert_int_equal(fault.code, LEDGER_CODE_KEY);
    assert_int_equal(ledger_statement_read(*state, note, &back, NULL), ERR_OK);
    assert_int_equal(
        ledger_statement_sign(*state, &s, &theirs.key, &theirs.secret, &note), ERR_INVALID);
    assert_int_equal(
        ledger_statement_sign(*state, &s, &root.key, &log.secret, &note), ERR_INVALID);
    sign_key_release(&root.secret);
    sign_key_release(&forged.secret);
    sign_key_release(&theirs.secret);
    sign_key_release(&log.secret);
}

static void a_role_takes_only_keys_of_its_name_and_type(void **state)
{
    static const struct {
        const char *why;
        enum ledger_role role;
        uint8_t type;
        const char *key, *name;
        enum err want;
    } cases[] = {
        {"log", LEDGER_LOG_KEY, 1, GB_LOG, "", ERR_OK},
        {"log of another epoch", LEDGER_LOG_KEY, 1, "node.gb.example/live/ledger/kr/2", "",
            ERR_OK},
        {"epoch 0", LEDGER_LOG_KEY, 1, "node.gb.example/live/ledger/kr/0", "", ERR_INVALID},
        {"R1 log of another realm", LEDGER_LOG_KEY, 1, "node.gb.example/drill/ledger/kr/1", "",
            ERR_INVALID},
        {"log of another node", LEDGER_LOG_KEY, 1, KR_LOG, "", ERR_INVALID},
        {"log with a cosigner's type", LEDGER_LOG_KEY, 4, GB_LOG, "", ERR_INVALID},
        {"cosign", LEDGER_COSIGN_KEY, 4, GB_SIGN, "", ERR_OK},
        {"cosign with a note's type", LEDGER_COSIGN_KEY, 1, GB_SIGN, "", ERR_INVALID},
        {"refusal", LEDGER_REFUSAL_KEY, 1, "node.gb.example/live/refusal", "", ERR_OK},
        {"refusal named cosign", LEDGER_REFUSAL_KEY, 1, GB_SIGN, "", ERR_INVALID},
        {"root", LEDGER_PARTY_KEY, 1, "node.gb.example/root", "", ERR_OK},
        {"officer", LEDGER_OFFICER_KEY, 1, "node.gb.example/live/officer/a1", "Kim", ERR_OK},
        {"officer without a person", LEDGER_OFFICER_KEY, 1, "node.gb.example/live/officer/a1",
            "", ERR_INVALID},
        {"officer without a tail", LEDGER_OFFICER_KEY, 1, "node.gb.example/live/officer/",
            "Kim", ERR_INVALID},
        {"officer named otherwise", LEDGER_OFFICER_KEY, 1, "node.gb.example/live/officerx/a",
            "Kim", ERR_INVALID},
        {"a person for a log", LEDGER_LOG_KEY, 1, GB_LOG, "Kim", ERR_INVALID},
        {"a vkey for TLS", LEDGER_TLS_KEY, 1, GB_LOG, "", ERR_INVALID},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct pair key = pair_make(*state, cases[i].type, cases[i].key, 9);
        struct ledger_statement s = log_statement(&key), back;
        struct buf b = buf_in(*state, 4096);
        s.role = cases[i].role;
        s.name = str_of(cases[i].name);
        ledger_statement_put(&b, &s);
        CHECK_ERR(cases[i].why, ledger_statement_parse(*state, buf_str(&b), &back, NULL),
            cases[i].want);
        sign_key_release(&key.secret);
    }
}

static void a_tls_key_is_its_pin(void **state)
{
    struct ledger_statement s = {.role = LEDGER_TLS_KEY,
        .act = LEDGER_RETIRE,
        .node = STR("node.gb.example"),
        .realm = STR("live"),
        .reason = STR("routine"),
        .has_spki = true,
        .from_us = FROM,
        .not_after_us = UNTIL};
    struct ledger_statement back;
    struct buf b = buf_in(*state, 4096), backwards = buf_in(*state, 4096);
    s.spki.bytes[0] = 7;
    ledger_statement_put(&b, &s);
    assert_int_equal(ledger_statement_parse(*state, buf_str(&b), &back, NULL), ERR_OK);
    assert_true(ledger_hash_eq(&back.spki, &s.spki) && !back.has_key);
    s.not_after_us = FROM - 1;
    ledger_statement_put(&backwards, &s);
    assert_int_equal(
        ledger_statement_parse(*state, buf_str(&backwards), &back, NULL), ERR_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_statement_comes_back_and_only_unchanged),
        TEST(only_the_root_of_its_node_speaks),
        TEST(a_role_takes_only_keys_of_its_name_and_type),
        TEST(a_tls_key_is_its_pin),
    };
    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
