// SPDX-License-Identifier: Apache-2.0
#include "fixture.h"

#include "base/hex.h"
#include "hash/hash.h"
#include "ledger/witness.h"

#define ROOT_OF_3 "DtZQDM3J9ucaZjedv9E54/Em4Xh1jFPWurct7X10fUs="

static struct ledger_hash leaves[3];
static struct ledger_head heads[4];

static int start(void **state)
{
    leaves[0] = ledger_leaf_hash(STR("{\"k\":\"a\"}"));
    leaves[1] = ledger_leaf_hash(STR("{\"k\":\"b\"}"));
    leaves[2] = ledger_leaf_hash(STR("{\"k\":\"c\"}"));
    for (size_t n = 0; n < LEN(heads); n++)
        heads[n] = (struct ledger_head){n, ledger_root_of(leaves, n)};
    return sign_init();
}

static void text_is_three_lines(void **state)
{
    struct ledger_checkpoint c = {.origin = STR(KR_LOG), .head = heads[3]}, back;
    struct buf b = buf_in(*state, 1024);
    ledger_checkpoint_put(&b, &c);
    CHECK_STR("text", buf_str(&b), STR(KR_LOG "\n3\n" ROOT_OF_3 "\n"));
    assert_int_equal(ledger_checkpoint_parse(buf_str(&b), &back, NULL), ERR_OK);
    CHECK_STR("origin", back.origin, c.origin);
    assert_int_equal(back.head.size, 3);
    assert_true(ledger_hash_eq(&back.head.root, &c.head.root));
    assert_int_equal(back.extensions.len, 0);
}

static void malformed_texts_are_refused_with_their_position(void **state)
{
    static const struct {
        const char *why;
        struct str text;
        enum err want;
        size_t at;
    } cases[] = {
        {"extension kept", STR_INIT("o\n3\n" ROOT_OF_3 "\nmore\n"), ERR_OK, 0},
        {"empty", STR_INIT(""), ERR_INVALID, 0},
        {"empty origin", STR_INIT("\n3\n" ROOT_OF_3 "\n"), ERR_INVALID, 0},
        {"leading zero", STR_INIT("o\n03\n" ROOT_OF_3 "\n"), ERR_INVALID, 2},
        {"negative", STR_INIT("o\n-3\n" ROOT_OF_3 "\n"), ERR_INVALID, 2},
        {"size of 2^63", STR_INIT("o\n9223372036854775808\n" ROOT_OF_3 "\n"), ERR_INVALID, 2},
        {"short root", STR_INIT("o\n3\nDtZQ\n"), ERR_INVALID, 4},
        {"no newline", STR_INIT("o\n3\n" ROOT_OF_3), ERR_INVALID, 4},
        {"empty extension", STR_INIT("o\n3\n" ROOT_OF_3 "\n\n"), ERR_INVALID, 49},
        {"unfinished extension", STR_INIT("o\n3\n" ROOT_OF_3 "\nmore"), ERR_INVALID, 49},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct ledger_checkpoint c;
        struct fault fault = {0};
        CHECK_ERR(
            cases[i].why, ledger_checkpoint_parse(cases[i].text, &c, &fault), cases[i].want);
        CHECK(cases[i].why, fault.at == cases[i].at);
    }
}

static void a_signed_checkpoint_opens_with_its_log_key_only(void **state)
{
    struct pair kr = pair_make(*state, LEDGER_TYPE_NOTE, KR_LOG, 1);
    struct pair gb = pair_make(*state, LEDGER_TYPE_NOTE, GB_LOG, 2);
    struct pair imposter = pair_make(*state, LEDGER_TYPE_NOTE, KR_LOG, 3);
    struct str note = checkpoint_make(*state, &kr, &heads[3]);
    struct ledger_checkpoint c;
    assert_int_equal(ledger_checkpoint_open(*state, note, &kr.key, &c, NULL), ERR_OK);
    assert_int_equal(c.head.size, 3);
    assert_int_equal(ledger_checkpoint_open(*state, note, &gb.key, &c, NULL), ERR_NOT_FOUND);
    assert_int_equal(ledger_checkpoint_open(*state, note, &imposter.key, &c, NULL), ERR_DENIED);
    char *changed = NEW_N(*state, char, note.len);
    memcpy(changed, note.ptr, note.len);
    changed[sizeof KR_LOG] = '2'; // the size
    assert_int_equal(
        ledger_checkpoint_open(*state, (struct str){changed, note.len}, &kr.key, &c, NULL),
        ERR_CORRUPT);
    sign_key_release(&kr.secret);
    sign_key_release(&gb.secret);
    sign_key_release(&imposter.secret);
}

static void cosignatures_are_made_found_and_bound_to_time_and_text(void **state)
{
    struct pair kr = pair_make(*state, LEDGER_TYPE_NOTE, KR_LOG, 1);
    struct pair gb = pair_make(*state, LEDGER_TYPE_COSIGNATURE, GB_SIGN, 4);
    struct str note = checkpoint_make(*state, &kr, &heads[3]), lines;
    struct ledger_note parsed;
    uint64_t time_s = 0;
    assert_int_equal(ledger_note_parse(*state, note, &parsed, NULL), ERR_OK);
    assert_int_equal(ledger_cosignature_find(*state, &parsed, &gb.key, &time_s), ERR_NOT_FOUND);
    note = cosign(*state, cosign(*state, note, &gb, 1795456800), &gb, 1795456700);
    assert_int_equal(ledger_note_parse(*state, note, &parsed, NULL), ERR_OK);
    assert_int_equal(ledger_cosignature_find(*state, &parsed, &gb.key, &time_s), ERR_OK);
    assert_int_equal(time_s, 1795456800);
    assert_int_equal(ledger_cosignature_lines(*state, &parsed, &gb.key, &lines), ERR_OK);
    assert_int_equal(lines.len, 2 * parsed.signatures[1].line.len);

    // Another second, or another text, is another message.
    unsigned char *payload = NEW_N(*state, unsigned char, parsed.signatures[1].payload.len);
    memcpy(payload, parsed.signatures[1].payload.ptr, parsed.signatures[1].payload.len);
    payload[7] ^= 1;
    parsed.signatures[1].payload.ptr = (char *)payload;
    assert_int_equal(ledger_cosignature_find(*state, &parsed, &gb.key, &time_s), ERR_CORRUPT);
    assert_int_equal(ledger_note_parse(*state, note, &parsed, NULL), ERR_OK);
    parsed.text = STR(KR_LOG "\n4\n" ROOT_OF_3 "\n");
    assert_int_equal(ledger_cosignature_find(*state, &parsed, &gb.key, &time_s), ERR_CORRUPT);
    sign_key_release(&kr.secret);
    sign_key_release(&gb.secret);
}

// The bytes of the message, by hand: a verifier of our own notes must not depend on our code.
static void a_cosignature_signs_the_text_of_the_specification(void **state)
{
    struct pair gb = pair_make(*state, LEDGER_TYPE_COSIGNATURE, GB_SIGN, 4);
    struct str text = STR(KR_LOG "\n3\n" ROOT_OF_3 "\n");
    struct str message = STR("cosignature/v1\ntime 1795456800\n" KR_LOG "\n3\n" ROOT_OF_3 "\n");
    struct buf note = buf_in(*state, 1024);
    struct ledger_note parsed;
    buf_put(&note, text);
    buf_put_byte(&note, '\n');
    assert_int_equal(
        ledger_cosignature_put(*state, &note, &gb.key, &gb.secret, text, 1795456800), ERR_OK);
    assert_int_equal(ledger_note_parse(*state, buf_str(&note), &parsed, NULL), ERR_OK);
    struct str payload = parsed.signatures[0].payload;
    assert_int_equal(payload.len, 72);
    assert_memory_equal(payload.ptr, "\0\0\0\0\x6b\x04\x7f\x20", 8);
    assert_int_equal(
        sign_verify(gb.secret.public_key, message, (const unsigned char *)payload.ptr + 8),
        ERR_OK);
    sign_key_release(&gb.secret);
}

static void a_cosignature_has_a_time(void **state)
{
    struct pair gb = pair_make(*state, LEDGER_TYPE_COSIGNATURE, GB_SIGN, 4);
    struct str text = STR(KR_LOG "\n3\n" ROOT_OF_3 "\n");
    static const struct {
        uint64_t time_s;
        enum err want;
    } cases[] = {
        {1, ERR_OK}, {INT64_MAX, ERR_OK}, {0, ERR_CORRUPT}, {UINT64_C(1) << 63, ERR_CORRUPT}};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct buf message = buf_in(*state, KIB), payload = buf_in(*state, KIB);
        struct buf note = buf_in(*state, KIB);
        struct ledger_note parsed;
        unsigned char signature[SIGN_SIGNATURE_BYTES];
        uint64_t time_s;
        buf_put(&message, STR("cosignature/v1\ntime "));
        buf_put_u64(&message, cases[i].time_s);
        buf_put_byte(&message, '\n');
        buf_put(&message, text);
        sign_message(&gb.secret, buf_str(&message), signature);
        buf_put_u64be(&payload, cases[i].time_s);
        buf_put(&payload, (struct str){(char *)signature, sizeof signature});
        buf_put(&note, text);
        buf_put_byte(&note, '\n');
        ledger_signature_put(&note, &gb.key, buf_str(&payload));
        assert_int_equal(ledger_note_parse(*state, buf_str(&note), &parsed, NULL), ERR_OK);
        assert_int_equal(
            ledger_cosignature_find(*state, &parsed, &gb.key, &time_s), cases[i].want);
    }
    sign_key_release(&gb.secret);
}

static void advance_follows_the_table_of_add_checkpoint_L1(void **state)
{
    struct ledger_leaves all = {leaves, 3};
    struct ledger_reader r = ledger_leaves_reader(&all);
    struct ledger_head fork = heads[3], false_empty = {0, heads[3].root};
    fork.root.bytes[0] ^= 1;
    const struct {
        const char *why;
        struct ledger_head latest;
        uint64_t old_size;
        struct ledger_head next;
        uint64_t proof_from;
        enum ledger_verdict want;
    } cases[] = {
        {"growth", heads[1], 1, heads[3], 1, LEDGER_VERDICT_ADVANCE},
        {"first", heads[0], 0, heads[3], 0, LEDGER_VERDICT_ADVANCE},
        {"empty again", heads[0], 0, heads[0], 0, LEDGER_VERDICT_ADVANCE},
        {"same size again", heads[3], 3, heads[3], 3, LEDGER_VERDICT_ADVANCE},
        {"old above new SV14", heads[3], 3, heads[2], 0, LEDGER_VERDICT_OLD_AHEAD},
        {"old is not the latest SV10", heads[2], 1, heads[3], 1, LEDGER_VERDICT_OLD_DIFFERS},
        {"rollback SV2", heads[3], 2, heads[2], 2, LEDGER_VERDICT_OLD_DIFFERS},
        {"other root SV4 SV17", heads[3], 3, fork, 3, LEDGER_VERDICT_FORK},
        {"wrong proof SV1", heads[2], 2, fork, 2, LEDGER_VERDICT_BAD_PROOF},
        {"missing proof", heads[2], 2, heads[3], 3, LEDGER_VERDICT_BAD_PROOF},
        {"proof from nothing SV15", heads[0], 0, heads[3], 1, LEDGER_VERDICT_BAD_PROOF},
        {"proof of nothing", heads[3], 3, heads[3], 1, LEDGER_VERDICT_BAD_PROOF},
        {"empty tree with a root", heads[0], 0, false_empty, 0, LEDGER_VERDICT_FORK},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct ledger_proof proof;
        assert_int_equal(ledger_consistency_prove(&r, cases[i].proof_from, 3, &proof), ERR_OK);
        enum ledger_verdict got =
            ledger_advance_check(&cases[i].latest, cases[i].old_size, &cases[i].next, &proof);
        CHECK(cases[i].why, got == cases[i].want);
    }
}

static void submissions_get_the_status_of_the_protocol(void **state)
{
    struct pair kr = pair_make(*state, LEDGER_TYPE_NOTE, KR_LOG, 1);
    struct pair gb = pair_make(*state, LEDGER_TYPE_NOTE, GB_LOG, 2);
    struct pair kr_next = pair_make(*state, LEDGER_TYPE_NOTE, KR_LOG, 3);
    struct ledger_keyring_row rows[] = {
        {.role = LEDGER_LOG_KEY, .key = kr.key, .until = UINT64_MAX},
        {.role = LEDGER_LOG_KEY, .key = gb.key, .until = UINT64_MAX},
        {.role = LEDGER_LOG_KEY, .key = kr.key, .until = 2},
        {.role = LEDGER_LOG_KEY, .key = kr_next.key, .since = 3, .until = UINT64_MAX},
    };
    const struct ledger_keyring of_kr = {.rows = rows, .n = 1},
                                of_gb = {.rows = rows + 1, .n = 1},
                                changed_at_3 = {.rows = rows + 2, .n = 2};
    struct ledger_leaves all = {leaves, 3};
    struct ledger_reader r = ledger_leaves_reader(&all);
    struct ledger_add_checkpoint request = {.old_size = 2}, back;
    assert_int_equal(ledger_consistency_prove(&r, 2, 3, &request.proof), ERR_OK);
    request.note = checkpoint_make(*state, &kr, &heads[3]);
    struct buf b = buf_in(*state, 4096);
    ledger_add_checkpoint_put(&b, &request);
    struct str body = buf_str(&b);
    assert_int_equal(ledger_add_checkpoint_parse(body, &back, NULL), ERR_OK);
    assert_int_equal(back.proof.n, request.proof.n);
    CHECK_STR("note", back.note, request.note);

    char *changed = NEW_N(*state, char, body.len);
    memcpy(changed, body.ptr, body.len);
    changed[body.len - 5] = changed[body.len - 5] == 'A' ? 'B' : 'A'; // of the signature
    const struct {
        const char *why;
        struct str body;
        struct ledger_head latest;
        uint64_t held;
        const struct ledger_keyring *keys;
        unsigned want;
    } cases[] = {
        {"good", body, heads[2], 3, &of_kr, 200},
        {"not held SV16", body, heads[2], 2, &of_kr, 503},
        {"other latest", body, heads[1], 3, &of_kr, 409},
        {"unknown origin SV18", body, heads[2], 3, &of_gb, 404},
        {"a key that another has followed SV6", body, heads[2], 3, &changed_at_3, 403},
        {"bad signature", {changed, body.len}, heads[2], 3, &of_kr, 403},
        {"no body", STR_INIT(""), heads[2], 3, &of_kr, 400},
        {"no note", STR_INIT("old 2\n\n"), heads[2], 3, &of_kr, 400},
        {"bad hash", STR_INIT("old 2\nAAAA\n\nx"), heads[2], 3, &of_kr, 400},
        {"leading zero", STR_INIT("old 02\n\nx"), heads[2], 3, &of_kr, 400},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        enum ledger_verdict verdict = LEDGER_VERDICT_MALFORMED;
        struct ledger_checkpoint out = {0};
        struct ledger_witness witness = {cases[i].keys, cases[i].latest, cases[i].held};
        CHECK_ERR(cases[i].why,
            ledger_witness_check(*state, &witness, cases[i].body, &verdict, &out), ERR_OK);
        CHECK(cases[i].why, ledger_verdict_status(verdict) == cases[i].want);
        bool is_signed = cases[i].want == 200 || cases[i].want == 409 || cases[i].want == 503;
        CHECK(cases[i].why, (out.head.size == 3) == is_signed);
        CHECK(cases[i].why, (out.origin.len > 0) == is_signed);
    }
    sign_key_release(&kr_next.secret);
    sign_key_release(&kr.secret);
    sign_key_release(&gb.secret);
}

static void the_read_side_names_a_log_by_the_hash_of_its_origin(void **state)
{
    unsigned char digest[SHA256_BYTES];
    struct buf b = buf_in(*state, 64);
    hash_sha256(STR(KR_LOG), digest);
    hex_put(&b, digest, sizeof digest);
    CHECK_STR("hash", buf_str(&b),
        STR("09f44d4c8268afdc9eaa31d1c9c8c0a0de7ae4aa1a0ffe1132ccaf726debb4e3"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(text_is_three_lines),
        TEST(malformed_texts_are_refused_with_their_position),
        TEST(a_signed_checkpoint_opens_with_its_log_key_only),
        TEST(cosignatures_are_made_found_and_bound_to_time_and_text),
        TEST(a_cosignature_signs_the_text_of_the_specification),
        TEST(a_cosignature_has_a_time),
        TEST(advance_follows_the_table_of_add_checkpoint_L1),
        TEST(submissions_get_the_status_of_the_protocol),
        TEST(the_read_side_names_a_log_by_the_hash_of_its_origin),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
