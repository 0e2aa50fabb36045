// SPDX-License-Identifier: Apache-2.0
#include "fixture.h"

#include "base/hex.h"
#include "base/time.h"
#include "ledger/approval.h"

#define ORDER "{\"act\":\"release\",\"to\":\"kr\",\"v\":1}"

static struct ledger_approval made(struct arena *a)
{
    struct pair officer = pair_make(a, LEDGER_TYPE_NOTE, "o", 1);
    struct ledger_approval approval = {.at_us = INT64_C(1763920800) * US_PER_S,
        .digest = ledger_order_digest(STR(ORDER)),
        .to = STR("kr")};
    assert_int_equal(ledger_approval_sign(a, &approval, &officer.secret), ERR_OK);
    sign_key_release(&officer.secret);
    return approval;
}

static void an_approval_is_printed_and_parsed_and_verified(void **state)
{
    struct arena *a = *state;
    struct pair officer = pair_make(a, LEDGER_TYPE_NOTE, "o", 1),
                other = pair_make(a, LEDGER_TYPE_NOTE, "o", 2);
    struct ledger_approval approval = made(a), back;
    struct buf b = buf_in(a, LEDGER_APPROVAL_BYTES_MAX);
    ledger_approval_put(&b, &approval);
    assert_int_equal(ledger_approval_parse(a, buf_str(&b), &back, NULL), ERR_OK);
    assert_int_equal(ledger_approval_verify(&back, officer.secret.public_key), ERR_OK);
    assert_int_equal(ledger_approval_verify(&back, other.secret.public_key), ERR_CORRUPT);
    sign_key_release(&officer.secret);
    sign_key_release(&other.secret);
}

// The digest and the signed message by another implementation (Python, hashlib).
static void the_digests_are_those_of_the_format(void **state)
{
    struct arena *a = *state;
    struct ledger_hash digest = ledger_order_digest(STR(ORDER));
    struct buf hex = buf_in(a, 64);
    ledger_hash_put_hex(&hex, &digest);
    CHECK_STR("order", buf_str(&hex),
        STR("97e40dfaa557fed6be85e6b4ac24a71eba12cfe0bbe15f3401c5fce3f0c6ef7b"));
    CHECK_STR("signature", made(a).signature,
        STR("NSNFxnIkmwoAXt+/50KQk0/vcMmQPj2jy98aANxygQr5cHHxAfDc5X8+ih3AG5qsyj/vcLymRe6S/"
            "71xv3ANAQ=="));
    CHECK_STR("key id", made(a).key_id, STR("3702a186abb4a27f39e119b2ca4f4b3e"));
}

static void whatever_was_signed_cannot_be_changed(void **state)
{
    struct arena *a = *state;
    struct pair officer = pair_make(a, LEDGER_TYPE_NOTE, "o", 1);
    struct ledger_approval later = made(a), elsewhere = made(a), another = made(a);
    later.at_us++;
    elsewhere.to = STR("jp");
    another.digest.bytes[0] ^= 1;
    const unsigned char *key = officer.secret.public_key;
    CHECK_ERR("time", ledger_approval_verify(&later, key), ERR_CORRUPT);
    CHECK_ERR("recipient", ledger_approval_verify(&elsewhere, key), ERR_CORRUPT);
    CHECK_ERR("digest", ledger_approval_verify(&another, key), ERR_CORRUPT);
    sign_key_release(&officer.secret);
}

#define HEX64 "0000000000000000000000000000000000000000000000000000000000000000"
#define KID   "00000000000000000000000000000000"
#define TEXT(at, kid, kind, rest)                                                      \
    "{\"at\":\"" at "\",\"digest\":\"" HEX64 "\",\"kid\":\"" kid "\",\"kind\":\"" kind \
    "\",\"s\":\"AAAA\",\"to\":\"kr\"" rest "}"
#define AT "2026-11-23T18:00:00.000000Z"

static void anything_else_is_refused_with_its_code(void **state)
{
    struct arena *a = *state;
    static const struct {
        const char *why;
        struct str text;
        enum ledger_code code;
    } cases[] = {
        {"whole", STR_INIT(TEXT(AT, KID, "ed25519", ",\"v\":1")), LEDGER_CODE_OK},
        {"empty", STR_INIT(""), LEDGER_CODE_PARSE},
        {"a list", STR_INIT("[]"), LEDGER_CODE_FIELD},
        {"not canonical", STR_INIT("{ \"v\":1}"), LEDGER_CODE_CANON},
        {"no version", STR_INIT(TEXT(AT, KID, "ed25519", "")), LEDGER_CODE_FIELD},
        {"another member", STR_INIT(TEXT(AT, KID, "ed25519", ",\"v\":1,\"w\":1")),
            LEDGER_CODE_UNKNOWN_FIELD},
        {"another kind", STR_INIT(TEXT(AT, KID, "ml-dsa", ",\"v\":1")), LEDGER_CODE_FIELD},
        {"short key id", STR_INIT(TEXT(AT, "00", "ed25519", ",\"v\":1")), LEDGER_CODE_FIELD},
        {"time without a fraction",
            STR_INIT(TEXT("2026-11-23T18:00:00Z", KID, "ed25519", ",\"v\":1")),
            LEDGER_CODE_FIELD},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct ledger_approval approval;
        struct ledger_fault fault = {0};
        enum err e = ledger_approval_parse(a, cases[i].text, &approval, &fault);
        CHECK(cases[i].why, fault.code == cases[i].code);
        CHECK(cases[i].why, (e == ERR_OK) == (cases[i].code == LEDGER_CODE_OK));
    }
}

static void a_small_arena_gives_a_limit_and_nothing_else(void **state)
{
    enum err e = ERR_LIMIT;
    (void)state;
    for (size_t limit = 0; e != ERR_OK; limit += 64) {
        struct arena small;
        struct ledger_approval approval;
        arena_init(&small, limit);
        e = ledger_approval_parse(
            &small, STR(TEXT(AT, KID, "ed25519", ",\"v\":1")), &approval, NULL);
        assert_true(e == ERR_OK || e == ERR_LIMIT);
        arena_release(&small);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_approval_is_printed_and_parsed_and_verified),
        TEST(the_digests_are_those_of_the_format),
        TEST(whatever_was_signed_cannot_be_changed),
        TEST(anything_else_is_refused_with_its_code),
        cmocka_unit_test(a_small_arena_gives_a_limit_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
