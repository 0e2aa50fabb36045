// SPDX-License-Identifier: Apache-2.0
#include "fixture.h"

#include "ledger/keyring.h"

#define FROM  INT64_C(1795456800000000)
#define UNTIL INT64_C(1826992800000000)

struct world {
    struct arena *a;
    struct pair root, log, cosign, refusal, log2, log3, cosign2, forged;
    struct ledger_agreement agreement;
    struct ledger_keyring ring;
};

static struct world world_make(struct arena *a)
{
    struct world w = {.a = a,
        .root = pair_make(a, LEDGER_TYPE_NOTE, "node.gb.example/root", 1),
        .log = pair_make(a, LEDGER_TYPE_NOTE, GB_LOG, 2),
        .cosign = pair_make(a, LEDGER_TYPE_COSIGNATURE, GB_SIGN, 3),
        .refusal = pair_make(a, LEDGER_TYPE_NOTE, "node.gb.example/live/refusal", 4),
        .log2 = pair_make(a, LEDGER_TYPE_NOTE, GB_LOG, 5),
        .log3 = pair_make(a, LEDGER_TYPE_NOTE, GB_LOG, 6),
        .cosign2 = pair_make(a, LEDGER_TYPE_COSIGNATURE, GB_SIGN, 7),
        .forged = pair_make(a, LEDGER_TYPE_NOTE, "node.gb.example/root", 8)};
    w.agreement = (struct ledger_agreement){.realm = STR("live"), .not_after_us = UNTIL};
    w.agreement.parties[0] = (struct ledger_party){.id = STR("gb"),
        .node = STR("node.gb.example"),
        .root = w.root.key,
        .log = w.log.key,
        .cosign = w.cosign.key,
        .refusal = w.refusal.key};
    w.agreement.parties[1].id = STR("kr");
    assert_int_equal(ledger_keyring_start(a, &w.agreement, STR("gb"), &w.ring), ERR_OK);
    return w;
}

static struct ledger_statement statement(enum ledger_role role, const struct pair *key)
{
    struct ledger_statement s = {.role = role,
        .node = STR("node.gb.example"),
        .realm = STR("live"),
        .reason = STR("routine"),
        .from_us = FROM,
        .not_after_us = UNTIL,
        .has_spki = !key,
        .has_key = key};
    if (key)
        s.key = key->key;
    return s;
}

static enum err take(struct world *w, const struct pair *root, const struct ledger_statement *s,
    uint64_t index, uint64_t peer_size)
{
    struct ledger_entry entry = {
        .kind = LEDGER_KEY_CHANGE, .sequence = index, .peer = {.size = peer_size}};
    assert_int_equal(
        ledger_statement_sign(w->a, s, &root->key, &root->secret, &entry.key_change.note),
        ERR_OK);
    struct ledger_fault fault = {0};
    enum err e = ledger_keyring_take(w->a, &w->ring, &entry, &fault);
    if (e != ERR_OK)
        assert_int_equal(fault.code, LEDGER_CODE_KEY);
    return e;
}

static enum ledger_code opened(struct world *w, const struct pair *log, uint64_t size)
{
    const struct ledger_head head = {.size = size};
    struct ledger_checkpoint c;
    struct ledger_fault fault = {0};
    enum err e =
        ledger_keyring_open(w->a, &w->ring, checkpoint_make(w->a, log, &head), &c, &fault);
    return e == ERR_OK ? LEDGER_CODE_OK : fault.code;
}

static void SV6_a_checkpoint_is_signed_by_the_key_of_its_size(void **state)
{
    struct world w = world_make(*state);
    struct ledger_statement second = statement(LEDGER_LOG_KEY, &w.log2);
    struct ledger_statement third = statement(LEDGER_LOG_KEY, &w.log3);
    assert_int_equal(opened(&w, &w.log, 1000), LEDGER_CODE_OK);
    assert_int_equal(opened(&w, &w.log2, 1000), LEDGER_CODE_CP_SIG); // nobody's yet
    assert_int_equal(take(&w, &w.root, &second, 10, 0), ERR_OK);
    assert_int_equal(take(&w, &w.root, &third, 20, 0), ERR_OK);
    const struct {
        uint64_t size;
        const struct pair *by;
    } right[] = {{0, &w.log}, {10, &w.log}, {11, &w.log2}, {20, &w.log2}, {21, &w.log3},
        {1000, &w.log3}};
    const struct pair *all[] = {&w.log, &w.log2, &w.log3};
    for (size_t i = 0; i < LEN(right); i++)
        for (size_t j = 0; j < LEN(all); j++)
            assert_int_equal(opened(&w, all[j], right[i].size),
                all[j] == right[i].by ? LEDGER_CODE_OK : LEDGER_CODE_KEY);
}

static void SV6_a_cosignature_is_by_the_key_of_the_size_that_was_seen(void **state)
{
    struct world w = world_make(*state);
    struct ledger_statement second = statement(LEDGER_COSIGN_KEY, &w.cosign2);
    struct pair theirs = pair_make(*state, LEDGER_TYPE_NOTE, KR_LOG, 30);
    assert_int_equal(take(&w, &w.root, &second, 3, 50), ERR_OK);
    static const struct {
        uint64_t size;
        bool by_second;
        enum err want;
    } cases[] = {{49, false, ERR_OK}, {50, false, ERR_OK}, {51, false, ERR_DENIED},
        {49, true, ERR_DENIED}, {50, true, ERR_OK}, {51, true, ERR_OK}};
    for (size_t i = 0; i < LEN(cases); i++) {
        const struct ledger_head head = {.size = cases[i].size};
        struct ledger_note note;
        uint64_t at = 0;
        struct str text = cosign(*state, checkpoint_make(*state, &theirs, &head),
            cases[i].by_second ? &w.cosign2 : &w.cosign, 1700000000);
        assert_int_equal(ledger_note_parse(*state, text, &note, NULL), ERR_OK);
        assert_int_equal(
            ledger_keyring_cosigned(*state, &w.ring, &note, cases[i].size, &at), cases[i].want);
        assert_true(cases[i].want != ERR_OK || at == 1700000000);
    }
}

static void what_the_root_has_not_said_changes_nothing(void **state)
{
    struct world w = world_make(*state);
    struct ledger_statement s = statement(LEDGER_LOG_KEY, &w.log2);
    struct ledger_statement twice = statement(LEDGER_LOG_KEY, &w.cosign2);
    assert_int_equal(take(&w, &w.forged, &s, 10, 0), ERR_DENIED);
    s.act = LEDGER_RETIRE;
    assert_int_equal(take(&w, &w.root, &s, 10, 0), ERR_DENIED);
    s.act = LEDGER_ADD;
    struct pair drill =
        pair_make(*state, LEDGER_TYPE_NOTE, "node.gb.example/drill/ledger/kr/1", 9);
    struct ledger_statement realm = statement(LEDGER_LOG_KEY, &drill);
    realm.realm = STR("drill");
    assert_int_equal(take(&w, &w.root, &realm, 10, 0), ERR_DENIED); // R1
    struct pair epoch =
        pair_make(*state, LEDGER_TYPE_NOTE, "node.gb.example/live/ledger/kr/2", 9);
    struct ledger_statement other = statement(LEDGER_LOG_KEY, &epoch);
    assert_int_equal(take(&w, &w.root, &other, 10, 0), ERR_DENIED); // another log's
    assert_int_equal(opened(&w, &w.log, 1000), LEDGER_CODE_OK);
    assert_int_equal(take(&w, &w.root, &s, 10, 0), ERR_OK);
    assert_int_equal(take(&w, &w.root, &s, 10, 0), ERR_OK); // the same entry again
    assert_int_equal(take(&w, &w.root, &s, 11, 0), ERR_DENIED);
    twice.role = LEDGER_LOG_KEY;
    twice.key = w.log.key; // back to the first
    assert_int_equal(take(&w, &w.root, &twice, 12, 0), ERR_DENIED);
}

static void two_pins_count_until_one_is_retired(void **state)
{
    struct world w = world_make(*state);
    struct ledger_statement s = statement(LEDGER_TLS_KEY, NULL);
    const struct ledger_hash first = {{0}};
    s.act = LEDGER_RETIRE;
    assert_int_equal(take(&w, &w.root, &s, 1, 0), ERR_DENIED); // the only one
    s.act = LEDGER_ADD;
    s.spki.bytes[0] = 1;
    assert_int_equal(take(&w, &w.root, &s, 2, 0), ERR_OK);
    assert_true(ledger_keyring_has_pin(&w.ring, &first));
    assert_true(ledger_keyring_has_pin(&w.ring, &s.spki));
    s.act = LEDGER_REVOKE;
    s.spki = first;
    assert_int_equal(take(&w, &w.root, &s, 3, 0), ERR_OK);
    assert_false(ledger_keyring_has_pin(&w.ring, &first));
    s.act = LEDGER_ADD;
    assert_int_equal(take(&w, &w.root, &s, 4, 0), ERR_DENIED); // a pin never comes back
}

static void a_new_epoch_begins_with_its_key(void **state)
{
    struct world w = world_make(*state);
    struct pair next =
        pair_make(*state, LEDGER_TYPE_NOTE, "node.gb.example/live/ledger/kr/2", 9);
    struct ledger_statement s = statement(LEDGER_LOG_KEY, &next);
    s.reason = STR("epoch");
    assert_int_equal(ledger_keyring_begin(&w.ring, &s), ERR_OK);
    assert_int_equal(opened(&w, &next, 1), LEDGER_CODE_OK);
    assert_int_equal(opened(&w, &w.log, 1), LEDGER_CODE_CP_SIG);
    assert_int_equal(take(&w, &w.root, &s, 0, 0), ERR_OK);
    assert_int_equal(opened(&w, &next, 1), LEDGER_CODE_OK);
    assert_true(ledger_key_eq(ledger_keyring_now(&w.ring, LEDGER_COSIGN_KEY), &w.cosign.key));
}

static void only_an_agreement_of_the_keys_in_force_fits(void **state)
{
    struct world w = world_make(*state);
    struct ledger_statement s = statement(LEDGER_LOG_KEY, &w.log2);
    struct ledger_party party = w.agreement.parties[0];
    assert_true(ledger_keyring_fits(&w.ring, &party));
    assert_int_equal(take(&w, &w.root, &s, 10, 0), ERR_OK);
    assert_false(ledger_keyring_fits(&w.ring, &party));
    party.log = w.log2.key;
    assert_true(ledger_keyring_fits(&w.ring, &party));
    party.spki.bytes[0] = 1;
    assert_false(ledger_keyring_fits(&w.ring, &party));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(SV6_a_checkpoint_is_signed_by_the_key_of_its_size),
        TEST(SV6_a_cosignature_is_by_the_key_of_the_size_that_was_seen),
        TEST(what_the_root_has_not_said_changes_nothing),
        TEST(two_pins_count_until_one_is_retired),
        TEST(a_new_epoch_begins_with_its_key),
        TEST(only_an_agreement_of_the_keys_in_force_fits),
    };
    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
