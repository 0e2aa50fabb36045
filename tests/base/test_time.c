// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"
#include "test.h"

static void time_parses_utc_only(void **state)
{
    static const struct {
        const char *why;
        struct str text;
        enum err want;
        int64_t us;
    } rows[] = {
        {"epoch", STR_INIT("1970-01-01T00:00:00Z"), ERR_OK, 0},
        {"milliseconds", STR_INIT("2023-03-29T12:00:00.250Z"), ERR_OK, 1680091200250000},
        {"one digit", STR_INIT("1970-01-01T00:00:00.1Z"), ERR_OK, 100000},
        {"nine digits are cut", STR_INIT("1970-01-01T00:00:00.123456789Z"), ERR_OK, 123456},
        {"before the epoch", STR_INIT("1969-12-31T23:59:59.5Z"), ERR_OK, -500000},
        {"leap day", STR_INIT("2024-02-29T00:00:00Z"), ERR_OK, 1709164800000000},
        {"leap second", STR_INIT("2016-12-31T23:59:60Z"), ERR_OK, 1483228800000000},
        {"no leap day", STR_INIT("2023-02-29T00:00:00Z"), ERR_INVALID, 0},
        {"century without", STR_INIT("1900-02-29T00:00:00Z"), ERR_INVALID, 0},
        {"offset", STR_INIT("2023-03-29T12:00:00+00:00"), ERR_INVALID, 0},
        {"no zone", STR_INIT("2023-03-29T12:00:00"), ERR_INVALID, 0},
        {"lower case", STR_INIT("2023-03-29t12:00:00z"), ERR_INVALID, 0},
        {"point without digits", STR_INIT("2023-03-29T12:00:00.Z"), ERR_INVALID, 0},
        {"month 13", STR_INIT("2023-13-29T12:00:00Z"), ERR_INVALID, 0},
        {"hour 24", STR_INIT("2023-03-29T24:00:00Z"), ERR_INVALID, 0},
        {"sign in year", STR_INIT("+023-03-29T12:00:00Z"), ERR_INVALID, 0},
        {"blank", STR_INIT("2023-03-29 12:00:00Z"), ERR_INVALID, 0},
        {"empty", STR_INIT(""), ERR_INVALID, 0},
    };
    for (size_t i = 0; i < LEN(rows); i++) {
        int64_t us = 0;
        CHECK_ERR(rows[i].why, time_parse(rows[i].text, &us), rows[i].want);
        CHECK(rows[i].why, us == rows[i].us);
    }
}

static void time_prints_what_it_parses(void **state)
{
    struct arena a;
    arena_init(&a, 1 << 20);
    int64_t first, last;
    CHECK_ERR("first", time_parse(STR("0000-01-01T00:00:00Z"), &first), ERR_OK);
    CHECK_ERR("last", time_parse(STR("9999-12-31T23:59:59.999999Z"), &last), ERR_OK);
    for (int64_t us = first; us < last; us += INT64_C(33333333333337)) {
        struct arena_mark mark = arena_mark(&a);
        struct buf b = buf_in(&a, 40);
        time_put(&b, us);
        int64_t back = 0;
        CHECK_ERR("round trip", time_parse(buf_str(&b), &back), ERR_OK);
        assert_int_equal(back, us);
        arena_rewind(&a, mark);
    }
    struct buf b = buf_in(&a, 40);
    time_put(&b, last);
    CHECK_STR("six digits", buf_str(&b), STR("9999-12-31T23:59:59.999999Z"));
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_parses_utc_only),
        cmocka_unit_test(time_prints_what_it_parses),
    };
    return RUN_TESTS(tests);
}
