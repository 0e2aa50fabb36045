// SPDX-License-Identifier: Apache-2.0
#include "fixture.h"

#include "base/hex.h"

#define FOO_VKEY "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
#define FOO_LINE                                                                    \
    "\xE2\x80\x94 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlT" \
    "gK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
#define FOO_TEXT "This is an example message.\n"

static void published_note_verifies(void **state)
{
    struct ledger_key key;
    struct ledger_note note;
    bool verified = false;
    assert_int_equal(ledger_key_parse(*state, STR(FOO_VKEY), &key), ERR_OK);
    assert_int_equal(
        ledger_note_parse(*state, STR(FOO_TEXT "\n" FOO_LINE), &note, NULL), ERR_OK);
    CHECK_STR("text", note.text, STR(FOO_TEXT));
    assert_int_equal(ledger_note_verify(*state, &note, &key, 1, &verified), ERR_OK);
    assert_true(verified);
    struct buf b = buf_in(*state, 200);
    ledger_key_put(&b, &key);
    CHECK_STR("vkey", buf_str(&b), STR(FOO_VKEY));
}

static void key_ids_are_those_of_the_reference(void **state)
{
    static const struct {
        uint8_t type;
        struct str name, public_key, vkey;
        uint32_t id;
    } cases[] = {
        {0x01, STR_INIT("node.kr.example/live/ledger/gb/1"),
            STR_INIT("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"),
            STR_INIT("node.kr.example/live/ledger/gb/1+39ce4063+AddamAGCsQq31Uv+08lkBzoO4XLz2qY"
                     "jJa8CGmj3B1Ea"),
            0x39ce4063},
        {0x04, STR_INIT("node.kr.example/live/cosign"),
            STR_INIT("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"),
            STR_INIT("node.kr.example/live/cosign+b9b99197+BD1AF8PoQ4lakrcKp00bfrycmCzPLsSWjMDN"
                     "VfEq9GYM"),
            0xb9b99197},
        {0x04, STR_INIT("node.kr.example/live/cosign"),
            STR_INIT("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"),
            STR_INIT("node.kr.example/live/cosign+12d5c9a6+BNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8C"
                     "Gmj3B1Ea"),
            0x12d5c9a6},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        unsigned char public_key[32];
        struct ledger_key key, parsed;
        assert_int_equal(hex_parse(cases[i].public_key, false, public_key, 32), ERR_OK);
        assert_int_equal(
            ledger_key_make(*state, cases[i].type, cases[i].name, public_key, &key), ERR_OK);
        assert_int_equal(key.id, cases[i].id);
        struct buf b = buf_in(*state, 200);
        ledger_key_put(&b, &key);
        CHECK_STR("vkey", buf_str(&b), cases[i].vkey);
        assert_int_equal(ledger_key_parse(*state, cases[i].vkey, &parsed), ERR_OK);
        assert_true(ledger_key_eq(&parsed, &key));
    }
}

static void malformed_keys_are_refused(void **state)
{
    static const char *const cases[] = {"", "example.com/foo", "example.com/foo+530d903a",
        "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+", "example.com/foo+530d903a+Aeky",
        "example.com/foo+530d903a+AOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "exam ple.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct ledger_key key;
        CHECK_ERR(cases[i], ledger_key_parse(*state, str_of(cases[i]), &key), ERR_INVALID);
    }
    static const char *const names[] = {
        "", "a b", "a+b", "a\xC2\xA0", "a\xE3\x80\x80z", "a\n", "\xFF", "a\x1F"};
    unsigned char public_key[32] = {1};
    for (size_t i = 0; i < LEN(names); i++) {
        struct ledger_key key;
        CHECK_ERR(names[i],
            ledger_key_make(*state, LEDGER_TYPE_NOTE, str_of(names[i]), public_key, &key),
            ERR_INVALID);
    }
}

static void the_last_empty_line_ends_the_text(void **state)
{
    struct ledger_note note;
    struct str text = STR("one\n\n\xE2\x80\x94 not a signature\n\n" FOO_LINE);
    assert_int_equal(ledger_note_parse(*state, text, &note, NULL), ERR_OK);
    CHECK_STR("text", note.text, STR("one\n\n\xE2\x80\x94 not a signature\n"));
    assert_int_equal(note.n_signatures, 1);
    CHECK_STR("line", note.signatures[0].line, STR(FOO_LINE));
}

static void malformed_notes_are_refused_with_their_position(void **state)
{
    static const struct {
        const char *why;
        struct str note;
        size_t at;
    } cases[] = {
        {"empty", STR_INIT(""), 0},
        {"no separator", STR_INIT("text\n" FOO_LINE), sizeof("text\n" FOO_LINE) - 1},
        {"no signature", STR_INIT("text\n\n"), 6},
        {"no newline at the end", STR_INIT("t\n\n\xE2\x80\x94 a AAAAAAA="), 17},
        {"hyphen for the dash", STR_INIT("t\n\n- a AAAAAAA=\n"), 3},
        {"no name", STR_INIT("t\n\n\xE2\x80\x94  AAAAAAA=\n"), 3},
        {"plus in the name", STR_INIT("t\n\n\xE2\x80\x94 a+b AAAAAAA=\n"), 3},
        {"id without signature", STR_INIT("t\n\n\xE2\x80\x94 a AAAAAA==\n"), 3},
        {"bad base64", STR_INIT("t\n\n\xE2\x80\x94 a AAAA*AA=\n"), 3},
        {"carriage return", STR_INIT("t\r\n\n\xE2\x80\x94 a AAAAAAA=\n"), 1},
        {"NUL", STR_INIT("t\0\n\n\xE2\x80\x94 a AAAAAAA=\n"), 1},
        {"not UTF-8", STR_INIT("t\xFF\n\n\xE2\x80\x94 a AAAAAAA=\n"), 1},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct ledger_note note;
        struct fault fault = {0};
        CHECK_ERR(
            cases[i].why, ledger_note_parse(*state, cases[i].note, &note, &fault), ERR_INVALID);
        CHECK(cases[i].why, fault.at == cases[i].at);
    }
}

static void limits_of_size_and_lines_hold(void **state)
{
    struct buf b = buf_in(*state, 2 * NOTE_BYTES_MAX);
    struct ledger_note note;
    buf_put(&b, STR("t\n\n"));
    for (size_t i = 0; i < NOTE_SIGNATURES_MAX; i++)
        buf_put(&b, STR("\xE2\x80\x94 a AAAAAAA=\n"));
    assert_int_equal(ledger_note_parse(*state, buf_str(&b), &note, NULL), ERR_OK);
    buf_put(&b, STR("\xE2\x80\x94 a AAAAAAA=\n"));
    assert_int_equal(ledger_note_parse(*state, buf_str(&b), &note, NULL), ERR_LIMIT);
    b = buf_in(*state, 2 * NOTE_BYTES_MAX);
    while (b.len <= NOTE_BYTES_MAX)
        buf_put(&b, STR("padding\n"));
    buf_put(&b, STR("\n\xE2\x80\x94 a AAAAAAA=\n"));
    assert_int_equal(ledger_note_parse(*state, buf_str(&b), &note, NULL), ERR_LIMIT);
}

// Unknown keys, the same name with another id, and 17 lines do no harm.
static void unknown_signatures_are_ignored_SV11(void **state)
{
    struct buf b = buf_in(*state, 64 * KIB);
    struct pair foreign = pair_make(*state, LEDGER_TYPE_NOTE, "example.com/foo", 9);
    buf_put(&b, STR(FOO_TEXT "\n"));
    for (size_t i = 0; i < 15; i++)
        buf_put(&b, STR("\xE2\x80\x94 unknown AAAAAAA=\n"));
    ledger_note_sign(&b, &foreign.key, &foreign.secret, STR("another text\n"));
    struct ledger_note note;
    struct ledger_key keys[2];
    bool verified[2] = {true, false};
    assert_int_equal(ledger_key_parse(*state, STR(FOO_VKEY), &keys[1]), ERR_OK);
    keys[0] = pair_make(*state, LEDGER_TYPE_NOTE, "other", 8).key;
    assert_int_equal(ledger_note_parse(*state, buf_str(&b), &note, NULL), ERR_OK);
    assert_int_equal(ledger_note_verify(*state, &note, keys, 2, verified), ERR_DENIED);
    buf_put(&b, STR(FOO_LINE));
    assert_int_equal(ledger_note_parse(*state, buf_str(&b), &note, NULL), ERR_OK);
    assert_int_equal(note.n_signatures, 17);
    assert_int_equal(ledger_note_verify(*state, &note, keys, 2, verified), ERR_OK);
    assert_false(verified[0]);
    assert_true(verified[1]);
}

static void a_wrong_signature_by_a_known_key_refuses_the_note_SV12(void **state)
{
    struct pair good = pair_make(*state, LEDGER_TYPE_NOTE, "good", 1);
    struct pair bad = pair_make(*state, LEDGER_TYPE_NOTE, "bad", 2);
    struct ledger_key keys[2] = {good.key, bad.key};
    struct buf b = buf_in(*state, 4096);
    buf_put(&b, STR("text\n\n"));
    ledger_note_sign(&b, &good.key, &good.secret, STR("text\n"));
    struct ledger_note note;
    assert_int_equal(ledger_note_parse(*state, buf_str(&b), &note, NULL), ERR_OK);
    assert_int_equal(ledger_note_verify(*state, &note, keys, 2, NULL), ERR_OK);
    ledger_note_sign(&b, &bad.key, &bad.secret, STR("other text\n"));
    assert_int_equal(ledger_note_parse(*state, buf_str(&b), &note, NULL), ERR_OK);
    assert_int_equal(ledger_note_verify(*state, &note, keys, 2, NULL), ERR_CORRUPT);
    assert_int_equal(ledger_note_verify(*state, &note, keys, 1, NULL), ERR_OK);
    // A payload of the wrong length is a wrong signature.
    b.len = 6;
    ledger_signature_put(&b, &good.key, STR("short"));
    assert_int_equal(ledger_note_parse(*state, buf_str(&b), &note, NULL), ERR_OK);
    assert_int_equal(ledger_note_verify(*state, &note, keys, 1, NULL), ERR_CORRUPT);
    sign_key_release(&good.secret);
    sign_key_release(&bad.secret);
}

static void a_line_is_added_once_and_only_a_line(void **state)
{
    struct str note = STR(FOO_TEXT "\n" FOO_LINE), line = STR("\xE2\x80\x94 a AAAAAAA=\n");
    struct str once, twice, none;
    assert_int_equal(ledger_note_add(*state, note, line, &once), ERR_OK);
    CHECK_STR("once", once, STR(FOO_TEXT "\n" FOO_LINE "\xE2\x80\x94 a AAAAAAA=\n"));
    assert_int_equal(ledger_note_add(*state, once, line, &twice), ERR_OK);
    CHECK_STR("twice", twice, once);
    static const char *const bad[] = {"", "\n", "text\n",
        "\xE2\x80\x94 a AAAAAAA=", "\xE2\x80\x94 a AAAAAAA=\n\xE2\x80\x94 b AAAAAAA=\n",
        "\n\xE2\x80\x94 a AAAAAAA=\n"};
    for (size_t i = 0; i < LEN(bad); i++)
        CHECK_ERR(bad[i], ledger_note_add(*state, note, str_of(bad[i]), &none), ERR_INVALID);
    assert_int_equal(ledger_note_add(*state, STR("no note"), line, &none), ERR_INVALID);
}

static void too_small_an_arena_is_a_limit(void **state)
{
    enum err e = ERR_LIMIT;
    for (size_t limit = 0; e != ERR_OK; limit += 64) {
        struct arena small;
        struct ledger_note note;
        struct ledger_key key;
        arena_init(&small, limit);
        e = ledger_note_parse(&small, STR(FOO_TEXT "\n" FOO_LINE), &note, NULL);
        if (e == ERR_OK)
            e = ledger_key_parse(&small, STR(FOO_VKEY), &key);
        assert_true(e == ERR_OK || e == ERR_LIMIT);
        arena_release(&small);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(published_note_verifies),
        TEST(key_ids_are_those_of_the_reference),
        TEST(malformed_keys_are_refused),
        TEST(the_last_empty_line_ends_the_text),
        TEST(malformed_notes_are_refused_with_their_position),
        TEST(limits_of_size_and_lines_hold),
        TEST(unknown_signatures_are_ignored_SV11),
        TEST(a_wrong_signature_by_a_known_key_refuses_the_note_SV12),
        TEST(a_line_is_added_once_and_only_a_line),
        TEST(too_small_an_arena_is_a_limit),
    };
    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
