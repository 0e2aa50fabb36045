// SPDX-License-Identifier: Apache-2.0
#include "base/reader.h"
#include "base/utf8.h"
#include "test.h"

static void slices_stay_inside(void **state)
{
    struct str s = STR("key=value=more");
    CHECK_STR("from past the end", str_from(s, 99), STR(""));
    CHECK_STR("to past the end", str_to(s, 99), s);
    struct str rest = s;
    CHECK_STR("cut", str_cut(&rest, '='), STR("key"));
    CHECK_STR("rest", rest, STR("value=more"));
    CHECK_STR("cut without the byte", str_cut(&rest, '!'), STR("value=more"));
    CHECK_STR("rest is empty", rest, STR(""));
    CHECK_STR("trim", str_trim(STR(" \t a b\r\n")), STR("a b"));
    assert_true(str_starts(s, STR("key")) && !str_starts(STR("k"), STR("key")));
    assert_true(str_ends(s, STR("more")) && !str_ends(STR("e"), STR("more")));
    assert_true(str_cmp(STR("a"), STR("ab")) < 0 && str_cmp(STR("b"), STR("ab")) > 0);
    assert_int_equal(str_find(s, STR("value")), 4);
    assert_int_equal(str_find(s, STR("absent")), s.len);
}

static void decimal_is_strict(void **state)
{
    static const struct {
        struct str text;
        enum err want;
        uint64_t value;
    } rows[] = {
        {STR_INIT("0"), ERR_OK, 0},
        {STR_INIT("9223372036854775807"), ERR_OK, INT64_MAX},
        {STR_INIT("9223372036854775808"), ERR_INVALID, 0},
        {STR_INIT("01"), ERR_INVALID, 0},
        {STR_INIT(""), ERR_INVALID, 0},
        {STR_INIT("+1"), ERR_INVALID, 0},
        {STR_INIT("1 "), ERR_INVALID, 0},
    };
    for (size_t i = 0; i < LEN(rows); i++) {
        uint64_t value = 0;
        CHECK_ERR(rows[i].text.ptr, str_to_u64(rows[i].text, &value), rows[i].want);
        assert_int_equal(value, rows[i].value);
    }
}

static void utf8_refuses_what_unicode_refuses(void **state)
{
    static const struct {
        const char *why;
        struct str text;
        size_t want;
    } rows[] = {
        {"ascii", STR_INIT("plain text of some length"), 25},
        {"Korean", STR_INIT("\xEB\xB4\x89\xEC\x88\x98"), 6},
        {"four bytes", STR_INIT("\xF0\x9F\x94\xA5"), 4},
        {"last code point", STR_INIT("\xF4\x8F\xBF\xBF"), 4},
        {"above the last", STR_INIT("ab\xF4\x90\x80\x80"), 2},
        {"surrogate", STR_INIT("\xED\xA0\x80"), 0},
        {"overlong two", STR_INIT("\xC1\xBF"), 0},
        {"overlong three", STR_INIT("\xE0\x9F\xBF"), 0},
        {"overlong four", STR_INIT("\xF0\x8F\xBF\xBF"), 0},
        {"cut short", STR_INIT("12345678\xE2\x82"), 8},
        {"lone continuation", STR_INIT("123456789\x80"), 9},
        {"bad third", STR_INIT("\xE2\x82\x41"), 0},
    };
    for (size_t i = 0; i < LEN(rows); i++)
        CHECK(rows[i].why, utf8_invalid_at(rows[i].text) == rows[i].want);
}

static void utf8_decodes_what_it_encodes(void **state)
{
    struct arena a;
    arena_init(&a, 1 << 20);
    for (uint32_t c = 0; c <= 0x10FFFF; c += c < 0x11000 ? 1 : 97) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        struct arena_mark mark = arena_mark(&a);
        struct buf b = buf_in(&a, 8);
        utf8_put(&b, c);
        size_t at = 0;
        assert_int_equal(utf8_invalid_at(buf_str(&b)), b.len);
        assert_int_equal(utf8_next(buf_str(&b), &at), c);
        assert_int_equal(at, b.len);
        arena_rewind(&a, mark);
    }
    arena_release(&a);
}

static void reader_fails_on_short_and_leftover(void **state)
{
    struct reader r = reader_of(STR("\x01\x02\x03\x04\x00\x00\x00\x02hiline\nx"));
    assert_int_equal(read_u8(&r), 1);
    assert_int_equal(read_u16be(&r), 0x0203);
    assert_int_equal(read_u8(&r), 4);
    CHECK_STR("block", read_block(&r, 2), STR("hi"));
    CHECK_STR("line", read_line(&r), STR("line"));
    assert_false(reader_at_end(&r));
    struct reader leftover = r;
    CHECK_ERR("leftover", read_end(&leftover), ERR_INVALID);
    assert_int_equal(read_u16be(&r), 0);
    CHECK_ERR("short", read_end(&r), ERR_INVALID);
    r = reader_of(STR("\x00\x00\x00\x03"
                      "abc"));
    CHECK_STR("block over its maximum", read_block(&r, 2), STR(""));
    r = reader_of(STR("no newline"));
    CHECK_STR("line without newline", read_line(&r), STR(""));
    CHECK_ERR("is an error", read_end(&r), ERR_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slices_stay_inside),
        cmocka_unit_test(decimal_is_strict),
        cmocka_unit_test(utf8_refuses_what_unicode_refuses),
        cmocka_unit_test(utf8_decodes_what_it_encodes),
        cmocka_unit_test(reader_fails_on_short_and_leftover),
    };
    return RUN_TESTS(tests);
}
