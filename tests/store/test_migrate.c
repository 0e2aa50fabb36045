// SPDX-License-Identifier: Apache-2.0
#include "fixture.h"

#include "db/db.h"

static void script(struct fixture *f, const char *sql, enum err want)
{
    struct db *db;
    struct db_config config = {
        .path = f->path, .mode = DB_CREATE, .cache_kib = 64, .busy_ms = 5000};
    CHECK_ERR("open", db_open(&config, &db), ERR_OK);
    CHECK_ERR(sql, db_script(db, sql), want);
    db_close(db);
}

static enum err open_again(struct fixture *f, struct fault *fault)
{
    struct store_config config = {.path = f->path};
    return store_open(&config, &f->store, fault);
}

static void test_empty_file_gets_the_schema_and_keeps_its_rows(void **state)
{
    struct fixture f;
    fixture_begin(&f);
    script(&f, "SELECT 1", ERR_OK);
    fixture_open(&f);
    put(&f, put_of("x--1", 1, "gb", "one"));
    store_close(f.store);
    fixture_open(&f);
    assert_int_equal(counts(&f).objects, 1);
    fixture_end(&f);
}

static void test_newer_schema_is_refused_untouched(void **state)
{
    struct fixture *f = *state;
    store_close(f->store);
    f->store = NULL;
    script(f, "PRAGMA user_version = 1000", ERR_OK);
    struct fault fault = {0};
    CHECK_ERR("newer", open_again(f, &fault), ERR_DENIED);
    assert_int_equal(fault.at, 1000);
    assert_non_null(strstr(fault.why, "newer"));
    assert_null(f->store);
    script(f, "SELECT count(*) FROM object_version", ERR_OK);
}

static void test_other_database_is_refused(void **state)
{
    static const char *const others[] = {
        "CREATE TABLE notes (text TEXT)",
        "PRAGMA user_version = 1",
        "PRAGMA application_id = 7",
    };
    for (size_t i = 0; i < LEN(others); i++) {
        struct fixture f;
        fixture_begin(&f);
        script(&f, others[i], ERR_OK);
        struct fault fault = {0};
        CHECK_ERR(others[i], open_again(&f, &fault), ERR_CORRUPT);
        assert_non_null(fault.why);
        fixture_end(&f);
    }
}

static void test_path_that_cannot_be_made_is_an_answer(void **state)
{
    struct store *store = NULL;
    struct fault fault = {0};
    struct store_config config = {.path = "/tmp/bongsu-no-such-folder/store.db"};
    CHECK_ERR("folder", store_open(&config, &store, &fault), ERR_IO);
    assert_null(store);
    assert_non_null(fault.why);
}

static void test_truth_is_append_only_for_every_statement(void **state)
{
    struct fixture *f = *state;
    put(f, put_of("x--1", 1, "gb", "one"));
    put(f, put_of("x--1", 1, "gb", "other")); // leaves a handling event
    script(f,
        "INSERT INTO audit VALUES (1, 1, 1, 'a', 't', '');"
        "INSERT INTO log VALUES (1, 'o', 'p', 'kr', 1, 1, 0, x'');"
        "INSERT INTO ledger_entry VALUES (1, 0, x'00', x'00', 0)",
        ERR_OK);
    static const char *const refused[] = {
        "DELETE FROM object_version",
        "UPDATE object_version SET handling = ''",
        "DELETE FROM handling_event",
        "UPDATE handling_event SET kind = ''",
        "DELETE FROM audit",
        "UPDATE audit SET action = ''",
        "DELETE FROM ledger_entry",
        "UPDATE ledger_entry SET bytes = x''",
    };
    for (size_t i = 0; i < LEN(refused); i++)
        script(f, refused[i], ERR_CONFLICT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty_file_gets_the_schema_and_keeps_its_rows),
        WITH_STORE(test_newer_schema_is_refused_untouched),
        cmocka_unit_test(test_other_database_is_refused),
        cmocka_unit_test(test_path_that_cannot_be_made_is_an_answer),
        WITH_STORE(test_truth_is_append_only_for_every_statement),
    };
    return RUN_TESTS(tests);
}
