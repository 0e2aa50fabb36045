// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"
#include "test.h"

static unsigned places(const char *text)
{
    unsigned found = 0;
    for (; *text; text++)
        if (text[0] == '{' && text[1] >= '1' && text[1] <= '4' && text[2] == '}')
            found |= 1u << (text[1] - '1');
    return found;
}

static void every_message_stands_in_both_languages_with_the_same_places(void **state)
{
    for (int id = MSG_NONE + 1; id < MSG_COUNT; id++) {
        const char *english = message_text(LANGUAGE_EN, (enum message_id)id);
        const char *korean = message_text(LANGUAGE_KO, (enum message_id)id);
        CHECK(english, *english && *korean);
        CHECK(english, places(english) == places(korean));
    }
}

static void places_are_filled_in_any_order(void **state)
{
    struct arena a;
    arena_init(&a, 1 << 16);
    const struct message message = {
        .id = MSG_RELEASED, .args = {STR("7"), STR("kr"), STR("2"), STR("1")}};
    struct buf b = buf_in(&a, 1000);
    message_put(&b, LANGUAGE_EN, &message);
    CHECK_STR(
        "English", buf_str(&b), STR("7 objects released to kr under 2 entries, 1 withheld"));
    arena_release(&a);
}

static void language_follows_the_name(void **state)
{
    static const struct {
        const char *name;
        enum language want;
    } rows[] = {{"ko", LANGUAGE_KO}, {"ko_KR.UTF-8", LANGUAGE_KO}, {"ko-KR", LANGUAGE_KO},
        {"kok_IN", LANGUAGE_EN}, {"en_GB", LANGUAGE_EN}, {"C", LANGUAGE_EN},
        {NULL, LANGUAGE_EN}};
    for (size_t i = 0; i < LEN(rows); i++)
        assert_int_equal(language_of(rows[i].name), rows[i].want);
}

static void every_error_has_its_exit_code(void **state)
{
    static const struct {
        enum err e;
        enum exit_code want;
    } rows[] = {{ERR_OK, EXIT_DONE}, {ERR_NOT_FOUND, EXIT_NO}, {ERR_DENIED, EXIT_REFUSED},
        {ERR_CONFLICT, EXIT_REFUSED}, {ERR_INVALID, EXIT_BAD_INPUT},
        {ERR_LIMIT, EXIT_BAD_INPUT}, {ERR_CORRUPT, EXIT_BAD_INPUT}, {ERR_BUSY, EXIT_SYSTEM},
        {ERR_IO, EXIT_SYSTEM}};
    assert_int_equal(LEN(rows), ERR_IO + 1);
    for (size_t i = 0; i < LEN(rows); i++)
        assert_int_equal(exit_code_of(rows[i].e), rows[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_message_stands_in_both_languages_with_the_same_places),
        cmocka_unit_test(places_are_filled_in_any_order),
        cmocka_unit_test(language_follows_the_name),
        cmocka_unit_test(every_error_has_its_exit_code),
    };
    return RUN_TESTS(tests);
}
