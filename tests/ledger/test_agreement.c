// SPDX-License-Identifier: Apache-2.0
#include "fixture.h"

#include "ledger/agreement.h"

#define NOT_AFTER INT64_C(1826992800000000)

struct side {
    struct pair root, log, cosign, refusal;
    struct ledger_offer offer;
};

static struct side side_make(struct arena *a, bool is_kr)
{
    unsigned char seed = is_kr ? 20 : 10;
    struct side s = {
        .root = pair_make(
            a, LEDGER_TYPE_NOTE, is_kr ? "node.kr.example/root" : "node.gb.example/root", seed),
        .log =
            pair_make(a, LEDGER_TYPE_NOTE, is_kr ? KR_LOG : GB_LOG, (unsigned char)(seed + 1)),
        .cosign = pair_make(
            a, LEDGER_TYPE_COSIGNATURE, is_kr ? KR_SIGN : GB_SIGN, (unsigned char)(seed + 2)),
        .refusal = pair_make(a, LEDGER_TYPE_NOTE,
            is_kr ? "node.kr.example/live/refusal" : "node.gb.example/live/refusal",
            (unsigned char)(seed + 3)),
    };
    s.offer = (struct ledger_offer){.realm = STR("live"),
        .url = is_kr ? STR("127.0.0.1:8443") : STR("127.0.0.1:8444"),
        .not_after_us = NOT_AFTER + is_kr,
        .party = {.id = is_kr ? STR("kr") : STR("gb"),
            .node = is_kr ? STR("node.kr.example") : STR("node.gb.example"),
            .country = is_kr ? STR("KOR") : STR("GBR"),
            .root = s.root.key,
            .log = s.log.key,
            .cosign = s.cosign.key,
            .refusal = s.refusal.key,
            .certificate = STR("\x30\x82")}};
    return s;
}

static void side_release(struct side *s)
{
    sign_key_release(&s->root.secret);
    sign_key_release(&s->log.secret);
    sign_key_release(&s->cosign.secret);
    sign_key_release(&s->refusal.secret);
}

static void an_offer_comes_back_and_only_unchanged(void **state)
{
    struct side kr = side_make(*state, true);
    struct str note;
    struct ledger_offer back;
    assert_int_equal(ledger_offer_sign(*state, &kr.offer, &kr.root.secret, &note), ERR_OK);
    assert_int_equal(ledger_offer_open(*state, note, &back, NULL), ERR_OK);
    CHECK_STR("party", back.party.id, STR("kr"));
    CHECK_STR("url", back.url, kr.offer.url);
    CHECK_STR("certificate", back.party.certificate, STR("\x30\x82"));
    assert_true(ledger_key_eq(&back.party.cosign, &kr.cosign.key));
    assert_int_equal(back.not_after_us, NOT_AFTER + 1);
    char *copy = NEW_N(*state, char, note.len);
    for (size_t at = 0; at < note.len; at++) {
        memcpy(copy, note.ptr, note.len);
        copy[at] ^= 1;
        assert_int_not_equal(
            ledger_offer_open(*state, (struct str){copy, note.len}, &back, NULL), ERR_OK);
    }
    assert_int_equal(ledger_offer_sign(*state, &kr.offer, &kr.log.secret, &note), ERR_INVALID);
    side_release(&kr);
}

static void an_offer_whose_parts_do_not_agree_is_not_made(void **state)
{
    struct side kr = side_make(*state, true), gb = side_make(*state, false);
    struct pair same = pair_make(*state, LEDGER_TYPE_NOTE, "node.kr.example/live/refusal", 21);
    struct pair cosigning =
        pair_make(*state, LEDGER_TYPE_COSIGNATURE, "node.kr.example/live/refusal", 29);
    struct ledger_offer wrong[11];
    for (size_t i = 0; i < LEN(wrong); i++)
        wrong[i] = kr.offer;
    wrong[0].party.id = STR("gb"); // its log would be for itself
    wrong[1].party.id = STR("KR");
    wrong[2].party.country = STR("kor");
    wrong[3].realm = STR("exercise-1"); // the keys are of `live`
    wrong[4].party.node = STR("node.jp.example");
    wrong[5].party.log = gb.log.key;
    wrong[6].party.cosign = gb.cosign.key;
    wrong[7].party.refusal = same.key; // the log's key in another role
    wrong[8].party.certificate = STR("");
    wrong[9].url = STR("");
    wrong[10].party.refusal = cosigning.key; // of the wrong type
    for (size_t i = 0; i < LEN(wrong); i++) {
        struct str note;
        enum err e = ledger_offer_sign(*state, &wrong[i], &kr.root.secret, &note);
        if (e != ERR_INVALID)
            fail_msg("case %zu: got %s", i, err_name(e));
    }
    sign_key_release(&same.secret);
    sign_key_release(&cosigning.secret);
    side_release(&kr);
    side_release(&gb);
}

static void a_node_name_has_no_slash(void **state)
{
    struct side kr = side_make(*state, true);
    const struct {
        struct ledger_key *key;
        struct pair *pair;
        const char *name;
    } renamed[] = {
        {&kr.offer.party.root, &kr.root, "node/x/root"},
        {&kr.offer.party.log, &kr.log, "node/x/live/ledger/gb/1"},
        {&kr.offer.party.cosign, &kr.cosign, "node/x/live/cosign"},
        {&kr.offer.party.refusal, &kr.refusal, "node/x/live/refusal"},
    };
    kr.offer.party.node = STR("node/x");
    for (size_t i = 0; i < LEN(renamed); i++)
        assert_int_equal(ledger_key_make(*state, renamed[i].key->type, str_of(renamed[i].name),
                             renamed[i].pair->secret.public_key, renamed[i].key),
            ERR_OK);
    struct str note;
    assert_int_equal(ledger_offer_sign(*state, &kr.offer, &kr.root.secret, &note), ERR_INVALID);
    side_release(&kr);
}

static void the_clock_of_a_text_has_bounds(void **state)
{
    struct side kr = side_make(*state, true), gb = side_make(*state, false);
    static const struct {
        const char *by;
        enum err want;
    } cases[] = {
        {"600", ERR_OK}, {"172800", ERR_OK}, {"599", ERR_INVALID}, {"172801", ERR_INVALID}};
    struct ledger_agreement made, back;
    assert_int_equal(ledger_agreement_build(*state, &kr.offer, &gb.offer, &made, NULL), ERR_OK);
    size_t at = str_find(made.text, STR("14400"));
    for (size_t i = 0; i < LEN(cases); i++) {
        struct buf b = buf_in(*state, AGREEMENT_BYTES_MAX);
        buf_put(&b, str_to(made.text, at));
        buf_put(&b, str_of(cases[i].by));
        buf_put(&b, str_from(made.text, at + 5));
        CHECK_ERR(cases[i].by, ledger_agreement_parse(*state, buf_str(&b), &back, NULL),
            cases[i].want);
    }
    side_release(&kr);
    side_release(&gb);
}

static void both_sides_build_the_same_bytes(void **state)
{
    struct side kr = side_make(*state, true), gb = side_make(*state, false);
    struct ledger_agreement one, two;
    assert_int_equal(ledger_agreement_build(*state, &kr.offer, &gb.offer, &one, NULL), ERR_OK);
    assert_int_equal(ledger_agreement_build(*state, &gb.offer, &kr.offer, &two, NULL), ERR_OK);
    CHECK_STR("text", one.text, two.text);
    assert_true(ledger_hash_eq(&one.digest, &two.digest));
    CHECK_STR("first", one.parties[0].id, STR("gb"));
    assert_int_equal(one.not_after_us, NOT_AFTER);
    assert_int_equal(one.stale_s, 14400);
    assert_int_equal(one.recall_s, 86400);
    assert_int_equal(one.receipt_alarm_s, 3600);
    CHECK_STR("purpose", one.purposes[0].name, STR("threat-intelligence"));
    CHECK_STR("other", ledger_agreement_other(&one, STR("kr"))->id, STR("gb"));
    CHECK_STR("party", ledger_agreement_party(&one, STR("kr"))->country, STR("KOR"));
    assert_null(ledger_agreement_party(&one, STR("jp")));
    assert_null(ledger_agreement_other(&one, STR("jp")));
    // The address is a hint and may change.
    gb.offer.url = STR("10.0.0.1:443");
    assert_int_equal(ledger_agreement_build(*state, &gb.offer, &kr.offer, &two, NULL), ERR_OK);
    assert_true(ledger_hash_eq(&one.digest, &two.digest));
    side_release(&kr);
    side_release(&gb);
}

static void offers_that_are_no_pair_make_no_agreement(void **state)
{
    struct side kr = side_make(*state, true), gb = side_make(*state, false);
    struct ledger_agreement out;
    struct ledger_fault fault = {0};
    assert_int_equal(
        ledger_agreement_build(*state, &kr.offer, &kr.offer, &out, &fault), ERR_INVALID);
    struct ledger_offer other = gb.offer;
    other.party.id = STR("jp"); // KR's log is for gb
    assert_int_equal(
        ledger_agreement_build(*state, &kr.offer, &other, &out, &fault), ERR_INVALID);
    other = gb.offer;
    other.realm = STR("exercise");
    assert_int_equal(
        ledger_agreement_build(*state, &kr.offer, &other, &out, &fault), ERR_INVALID);
    struct pair shared = pair_make(*state, LEDGER_TYPE_NOTE, GB_LOG, 21); // KR's log key
    other = gb.offer;
    other.party.log = shared.key;
    assert_int_equal(
        ledger_agreement_build(*state, &kr.offer, &other, &out, &fault), ERR_INVALID);
    sign_key_release(&shared.secret);
    side_release(&kr);
    side_release(&gb);
}

static void signatures_of_both_roots_are_told_apart(void **state)
{
    struct side kr = side_make(*state, true), gb = side_make(*state, false);
    struct ledger_agreement made, opened;
    assert_int_equal(ledger_agreement_build(*state, &kr.offer, &gb.offer, &made, NULL), ERR_OK);
    for (unsigned signers = 1; signers < 4; signers++) {
        struct buf lines = buf_in(*state, 4096), b = buf_in(*state, AGREEMENT_BYTES_MAX);
        if (signers & 1)
            assert_int_equal(
                ledger_agreement_sign(&lines, &made, &made.parties[0], &gb.root.secret),
                ERR_OK);
        if (signers & 2)
            assert_int_equal(
                ledger_agreement_sign(&lines, &made, &made.parties[1], &kr.root.secret),
                ERR_OK);
        ledger_agreement_put(&b, &made, buf_str(&lines));
        bool signed_by[2] = {false, false};
        assert_int_equal(
            ledger_agreement_open(*state, buf_str(&b), &opened, signed_by, NULL), ERR_OK);
        assert_int_equal(signed_by[0], signers & 1);
        assert_int_equal(signed_by[1], signers >> 1);
        assert_true(ledger_hash_eq(&opened.digest, &made.digest));
        size_t at = str_find(buf_str(&b), STR("14400"));
        b.ptr[at] = '2';
        assert_int_equal(
            ledger_agreement_open(*state, buf_str(&b), &opened, signed_by, NULL), ERR_CORRUPT);
    }
    struct buf line = buf_in(*state, 4096);
    assert_int_equal(
        ledger_agreement_sign(&line, &made, &made.parties[0], &kr.root.secret), ERR_INVALID);
    side_release(&kr);
    side_release(&gb);
}

static void too_small_an_arena_is_a_limit(void **state)
{
    struct side kr = side_make(*state, true), gb = side_make(*state, false);
    enum err e = ERR_LIMIT;
    for (size_t limit = 0; e != ERR_OK; limit += 256) {
        struct arena small;
        struct ledger_agreement made;
        arena_init(&small, limit);
        e = ledger_agreement_build(&small, &kr.offer, &gb.offer, &made, NULL);
        assert_true(e == ERR_OK || e == ERR_LIMIT);
        arena_release(&small);
    }
    side_release(&kr);
    side_release(&gb);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_offer_comes_back_and_only_unchanged),
        TEST(an_offer_whose_parts_do_not_agree_is_not_made),
        TEST(a_node_name_has_no_slash),
        TEST(the_clock_of_a_text_has_bounds),
        TEST(both_sides_build_the_same_bytes),
        TEST(offers_that_are_no_pair_make_no_agreement),
        TEST(signatures_of_both_roots_are_told_apart),
        TEST(too_small_an_arena_is_a_limit),
    };
    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
