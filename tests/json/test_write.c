// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include "json/json.h"
#include "json/write.h"

static struct arena arena;

static int setup(void **state)
{
    arena_init(&arena, 1 << 20);
    return 0;
}

static int teardown(void **state)
{
    arena_release(&arena);
    return 0;
}

static void places_commas_and_colons(void **state)
{
    struct buf b = buf_in(&arena, 1000);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, STR("a"), STR("b"));
    json_put_key(&o, STR("list"));
    json_begin_array(&o);
    json_begin_array(&o);
    json_end_array(&o);
    json_put_int(&o, -5);
    json_put_null(&o);
    json_put_bool(&o, true);
    json_begin_object(&o);
    json_end_object(&o);
    json_put_string(&o, STR(""));
    json_end_array(&o);
    json_member_int(&o, STR("n"), INT64_MIN);
    json_member_bool(&o, STR("no"), false);
    json_member_raw(&o, STR("raw"), STR("[1, 2]"));
    json_end_object(&o);
    CHECK_STR("whole", buf_str(&b),
        STR("{\"a\":\"b\",\"list\":[[],-5,null,true,{},\"\"],\"n\":-9223372036854775808,"
            "\"no\":false,\"raw\":[1, 2]}"));
}

static void escapes_only_what_must_be(void **state)
{
    struct buf b = buf_in(&arena, 1000);
    struct json_out o = json_out(&b);
    json_put_string(
        &o, STR("\"\\/\b\t\n\f\r\x01\x1F\x7F\0 봉수 0123456789 \xF0\x9F\x94\xA5<>&'"));
    CHECK_STR("escapes", buf_str(&b),
        STR("\"\\\"\\\\/\\b\\t\\n\\f\\r\\u0001\\u001f\x7F\\u0000 봉수 0123456789 "
            "\xF0\x9F\x94\xA5<>&'\""));
}

static void reads_back_what_it_wrote(void **state)
{
    char text[3] = {0};
    for (unsigned c = 0; c < 0x80; c++) {
        text[1] = (char)c;
        struct buf b = buf_in(&arena, 1000);
        struct json_out o = json_out(&b);
        json_put_string(&o, (struct str){text, 3});
        struct json v;
        CHECK_ERR("written", json_parse(&arena, buf_str(&b), &v, NULL), ERR_OK);
        CHECK("written", json_is_string(v, (struct str){text, 3}));
    }
}

static void keeps_the_error_of_the_buffer(void **state)
{
    struct buf b = buf_in(&arena, 4);
    struct json_out o = json_out(&b);
    json_put_string(&o, STR("abcd"));
    json_put_null(&o);
    struct str text;
    CHECK_ERR("too small", buf_end(&b, &text), ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(places_commas_and_colons, setup, teardown),
        cmocka_unit_test_setup_teardown(escapes_only_what_must_be, setup, teardown),
        cmocka_unit_test_setup_teardown(reads_back_what_it_wrote, setup, teardown),
        cmocka_unit_test_setup_teardown(keeps_the_error_of_the_buffer, setup, teardown),
    };
    return RUN_TESTS(tests);
}
