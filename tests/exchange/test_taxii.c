// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include "base/limits.h"
#include "exchange/taxii.h"

static void TAXII_T2_T3_what_an_accept_header_lets_be_sent(void **state)
{
    static const struct {
        const char *accept;
        bool want;
    } rows[] = {
        {"", true},
        {"  ", true},
        {"*/*", true},
        {"application/*", true},
        {"application/taxii+json", true},
        {"application/taxii+json;version=2.1", true},
        {"application/taxii+json; version=2.1", true},
        {"application/taxii+json;version=\"2.1\"", true},
        {"Application/TAXII+json ; Version=2.1 ; q=1", true},
        {"text/html,application/taxii+json;version=2.1;q=0.001", true},
        {"text/html;x=\"a,b\",*/*;q=0.1", true},
        {"application/taxii+json;version=2.0, application/taxii+json;version=2.1", true},
        {"application/taxii+json;version=2.0", false},
        {"application/taxii+json;version=2.1;q=0", false},
        {"application/taxii+json;version=2.1;q=0.000, */*;q=1", false},
        {"*/*;q=0", false},
        {"application/json", false},
        {"application/taxii+jsonx", false},
        {"application/vnd.oasis.taxii+json", false},
        {"application/taxii+json;version=2.1;profile=x", false},
        {"text/*", false},
        {",,,", false},
        {";;;", false},
        {"\"", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(rows[i].accept, taxii_accepts(str_of(rows[i].accept)) == rows[i].want);
}

static void TAXII_T3_what_a_post_has_to_be(void **state)
{
    static const struct {
        const char *type;
        bool want;
    } rows[] = {
        {"application/taxii+json;version=2.1", true},
        {"application/taxii+json", true},
        {"application/taxii+json; version=2.1; charset=UTF-8", true},
        {"", false},
        {"application/json", false},
        {"application/taxii+json;version=2.0", false},
        {"application/taxii+json;version=", true},
        {"application/stix+json;version=2.1", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(rows[i].type, taxii_is_content_type(str_of(rows[i].type)) == rows[i].want);
}

static enum err read(struct arena *a, struct taxii_query query, struct taxii_filter *out)
{
    const char *why;
    enum err e = taxii_filter_read(a, &query, 100, out, &why);
    CHECK("an error says why", why[0]);
    return e;
}

static void TAXII_F2_F4_P1_filters_are_read_or_refused(void **state)
{
    static const struct {
        const char *why, *limit, *added_after, *id, *type, *version, *spec;
        enum err want;
    } rows[] = {
        {"nothing", "", "", "", "", "", "", ERR_OK},
        {"all", "7", "2020-01-01T00:00:00Z", "a,b", "x,y", "last,first,all", "2.1", ERR_OK},
        {"zero", "0", "", "", "", "", "", ERR_INVALID},
        {"negative", "-1", "", "", "", "", "", ERR_INVALID},
        {"a word", "x", "", "", "", "", "", ERR_INVALID},
        {"a fraction", "1.0", "", "", "", "", "", ERR_INVALID},
        {"huge", "18446744073709551616", "", "", "", "", "", ERR_INVALID},
        {"an offset", "", "2020-01-01T00:00:00+00:00", "", "", "", "", ERR_INVALID},
        {"lower case", "", "2020-01-01t00:00:00z", "", "", "", "", ERR_INVALID},
        {"an empty item", "", "", "a,,b", "", "", "", ERR_INVALID},
        {"an empty end", "", "", "", "a,", "", "", ERR_INVALID},
        {"an empty start", "", "", "", "", ",last", "", ERR_INVALID},
        {"an unknown word", "", "", "", "", "newest", "", ERR_INVALID},
        {"case counts", "", "", "", "", "LAST", "", ERR_INVALID},
    };
    (void)state;
    struct arena a;
    arena_init(&a, 64 * MIB);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct taxii_filter f;
        struct taxii_query q = {.limit = str_of(rows[i].limit),
            .added_after = str_of(rows[i].added_after),
            .id = str_of(rows[i].id),
            .type = str_of(rows[i].type),
            .version = str_of(rows[i].version),
            .spec_version = str_of(rows[i].spec)};
        CHECK_ERR(rows[i].why, read(&a, q, &f), rows[i].want);
    }
    arena_release(&a);
}

static void TAXII_F4_what_a_filter_says(void **state)
{
    struct arena a;
    struct taxii_filter f;
    (void)state;
    arena_init(&a, 64 * MIB);
    assert_int_equal(read(&a, (struct taxii_query){0}, &f), ERR_OK);
    assert_true(f.wants_last && !f.wants_first && !f.wants_all && !f.is_empty);
    assert_int_equal(f.limit, 100);
    const struct taxii_query q = {.limit = STR("5000"),
        .id = STR("a--1,b\"2"),
        .type = STR("indicator,tool"),
        .version = STR("1970-01-01T00:00:01Z,first"),
        .spec_version = STR("2.0")};
    assert_int_equal(read(&a, q, &f), ERR_OK);
    assert_true(f.wants_first && !f.wants_last && f.is_empty);
    assert_int_equal(f.limit, 100);
    CHECK_STR("ids", f.ids, STR("[\"a--1\",\"b\\\"2\"]"));
    CHECK_STR("types", f.types, STR("[\"indicator\",\"tool\"]"));
    CHECK_STR("versions", f.versions, STR(",1000000,"));
    arena_release(&a);
}

static const unsigned char key[TAXII_CURSOR_KEY_BYTES] = {1, 2, 3};

static void TAXII_P2_a_cursor_holds_for_what_it_was_made_for(void **state)
{
    struct arena a;
    const struct taxii_query query = {.type = STR("tool")},
                             other = {.type = STR("tool"), .id = STR("x")};
    const struct taxii_scope scope = {.recipient = STR("gb/a"),
        .collection = STR("c"),
        .endpoint = STR("objects"),
        .query = &query,
        .key = key};
    const struct taxii_cursor cursor = {.seq = 17, .until = INT64_MAX};
    struct taxii_cursor back;
    (void)state;
    arena_init(&a, MIB);
    struct buf b = buf_in(&a, KIB);
    taxii_cursor_put(&b, &scope, &cursor);
    assert_int_equal(taxii_cursor_read(buf_str(&b), &scope, &back), ERR_OK);
    assert_true(back.seq == cursor.seq && back.until == cursor.until);
    struct taxii_scope wrong[5] = {scope, scope, scope, scope, scope};
    static const unsigned char other_key[TAXII_CURSOR_KEY_BYTES] = {1, 2, 4};
    wrong[0].recipient = STR("gb/b");
    wrong[1].collection = STR("d");
    wrong[2].endpoint = STR("manifest");
    wrong[3].query = &other;
    wrong[4].key = other_key;
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(taxii_cursor_read(buf_str(&b), &wrong[i], &back), ERR_INVALID);
    for (size_t i = 0; i < b.len; i++) {
        b.ptr[i] ^= 1;
        assert_int_equal(taxii_cursor_read(buf_str(&b), &scope, &back), ERR_INVALID);
        b.ptr[i] ^= 1;
    }
    const struct taxii_cursor beyond = {.seq = UINT64_MAX, .until = 1};
    struct buf large = buf_in(&a, KIB);
    taxii_cursor_put(&large, &scope, &beyond);
    assert_int_equal(taxii_cursor_read(buf_str(&large), &scope, &back), ERR_INVALID);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(TAXII_T2_T3_what_an_accept_header_lets_be_sent),
        cmocka_unit_test(TAXII_T3_what_a_post_has_to_be),
        cmocka_unit_test(TAXII_F2_F4_P1_filters_are_read_or_refused),
        cmocka_unit_test(TAXII_F4_what_a_filter_says),
        cmocka_unit_test(TAXII_P2_a_cursor_holds_for_what_it_was_made_for),
    };
    return RUN_TESTS(tests);
}
