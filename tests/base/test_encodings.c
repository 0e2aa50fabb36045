// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"
#include "base/hex.h"
#include "base/uuid.h"
#include "test.h"

static void hex_is_strict(void **state)
{
    unsigned char out[3] = {0};
    CHECK_ERR("lower", hex_parse(STR("00a1ff"), false, out, 3), ERR_OK);
    assert_memory_equal(out, "\x00\xa1\xff", 3);
    CHECK_ERR("upper", hex_parse(STR("00A1ff"), false, out, 3), ERR_INVALID);
    CHECK_ERR("upper allowed", hex_parse(STR("00A1ff"), true, out, 3), ERR_OK);
    CHECK_ERR("odd", hex_parse(STR("00a1f"), true, out, 3), ERR_INVALID);
    CHECK_ERR("long", hex_parse(STR("00a1ff00"), true, out, 3), ERR_INVALID);
    CHECK_ERR("not hex", hex_parse(STR("00a1fg"), true, out, 3), ERR_INVALID);
}

static void base64_round_trips_and_is_strict(void **state)
{
    // RFC 4648 section 10
    static const struct {
        struct str plain, coded;
    } rows[] = {
        {STR_INIT(""), STR_INIT("")},
        {STR_INIT("f"), STR_INIT("Zg==")},
        {STR_INIT("fo"), STR_INIT("Zm8=")},
        {STR_INIT("foo"), STR_INIT("Zm9v")},
        {STR_INIT("foob"), STR_INIT("Zm9vYg==")},
        {STR_INIT("fooba"), STR_INIT("Zm9vYmE=")},
        {STR_INIT("foobar"), STR_INIT("Zm9vYmFy")},
        {STR_INIT("\xFB\xFF\xFE"), STR_INIT("+//+")},
    };
    static const struct str bad[] = {STR_INIT("Zg"), STR_INIT("Zg="), STR_INIT("Zh=="),
        STR_INIT("Zm9="), STR_INIT("Zg==Zg=="), STR_INIT("Z==="), STR_INIT("Zm 9"),
        STR_INIT("===="), STR_INIT("Zm-v")};
    struct arena a;
    arena_init(&a, 1 << 16);
    for (size_t i = 0; i < LEN(rows); i++) {
        struct buf b = buf_in(&a, 100);
        base64_put(&b, rows[i].plain);
        CHECK_STR("encode", buf_str(&b), rows[i].coded);
        struct str back;
        CHECK_ERR("decode", base64_parse(&a, rows[i].coded, &back), ERR_OK);
        CHECK_STR("decode", back, rows[i].plain);
    }
    for (size_t i = 0; i < LEN(bad); i++) {
        struct str out;
        CHECK_ERR(bad[i].ptr, base64_parse(&a, bad[i], &out), ERR_INVALID);
    }
    unsigned char three[3];
    CHECK_ERR("exact", base64_parse_exact(STR("Zm9v"), three, 3), ERR_OK);
    CHECK_ERR("not exact", base64_parse_exact(STR("Zm8="), three, 3), ERR_INVALID);
    arena_release(&a);
}

static void uuid_is_lower_case_text(void **state)
{
    static const struct {
        const char *why;
        struct str text;
        enum err want;
    } rows[] = {
        {"plain", STR_INIT("8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"), ERR_OK},
        {"upper case", STR_INIT("8E2E2D2B-17d4-4cbf-938f-98ee46b3cd3f"), ERR_INVALID},
        {"no hyphen", STR_INIT("8e2e2d2b017d4-4cbf-938f-98ee46b3cd3f"), ERR_INVALID},
        {"short", STR_INIT("8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3"), ERR_INVALID},
        {"long", STR_INIT("8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f0"), ERR_INVALID},
        {"braces", STR_INIT("{e2e2d2b-17d4-4cbf-938f-98ee46b3cd3}"), ERR_INVALID},
    };
    struct arena a;
    arena_init(&a, 1 << 16);
    for (size_t i = 0; i < LEN(rows); i++) {
        unsigned char uuid[UUID_BYTES];
        CHECK_ERR(rows[i].why, uuid_parse(rows[i].text, uuid), rows[i].want);
        if (rows[i].want != ERR_OK)
            continue;
        struct buf b = buf_in(&a, 36);
        uuid_put(&b, uuid);
        CHECK_STR("prints what it parsed", buf_str(&b), rows[i].text);
    }
    unsigned char seven[UUID_BYTES];
    // RFC 9562 appendix A.6: 2022-02-22T19:22:22Z
    uuid_v7(seven, INT64_C(1645557742000) * 1000,
        (const unsigned char *)"\x0C\xC3\x18\xC4\xDC\x0C\x0C\x07\x39\x8F");
    struct buf b = buf_in(&a, 36);
    uuid_put(&b, seven);
    CHECK_STR("version 7", buf_str(&b), STR("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"));
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hex_is_strict),
        cmocka_unit_test(base64_round_trips_and_is_strict),
        cmocka_unit_test(uuid_is_lower_case_text),
    };
    return RUN_TESTS(tests);
}
