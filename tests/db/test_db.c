// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include "base/limits.h"
#include "db/db.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
    char folder[32];
    char path[48];
    struct db *db;
};

static int set_up(void **state)
{
    static struct fixture f;
    f = (struct fixture){.folder = "/tmp/bongsu-db-XXXXXX"};
    assert_non_null(mkdtemp(f.folder));
    snprintf(f.path, sizeof f.path, "%s/a.db", f.folder);
    struct db_config config = {.path = f.path, .mode = DB_CREATE, .cache_kib = 1024};
    CHECK_ERR("create", db_open(&config, &f.db), ERR_OK);
    CHECK_ERR("table",
        db_script(f.db, "CREATE TABLE t (k INTEGER PRIMARY KEY, v BLOB UNIQUE) STRICT;"),
        ERR_OK);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    db_close(f->db);
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < LEN(ends); i++) {
        char path[64];
        snprintf(path, sizeof path, "%s%s", f->path, ends[i]);
        unlink(path);
    }
    rmdir(f->folder);
    return 0;
}

static enum err put(struct db *db, struct str v)
{
    struct db_query q = db_query(db, "INSERT INTO t (v) VALUES (?)");
    db_bind_blob(&q, v);
    return db_run(&q);
}

static int64_t count(struct db *db)
{
    struct db_query q = db_query(db, "SELECT count(*) FROM t");
    int64_t n = db_one(&q) ? db_int(&q, 0) : -1;
    CHECK_ERR("count", db_end(&q), ERR_OK);
    return n;
}

static struct db *open_again(struct fixture *f, enum db_mode mode)
{
    struct db *db = NULL;
    struct db_config config = {.path = f->path, .mode = mode, .cache_kib = 64};
    CHECK_ERR("open again", db_open(&config, &db), ERR_OK);
    return db;
}

static void test_values_come_back_as_bound(void **state)
{
    struct fixture *f = *state;
    struct arena a;
    arena_init(&a, MIB);
    struct db_query q = db_query(f->db, "SELECT ?, ?, ?, ?, ?");
    db_bind_int(&q, INT64_MIN);
    db_bind_text(&q, STR("봉\0수"));
    db_bind_blob(&q, (struct str){0});
    db_bind_null(&q);
    db_bind_blob(&q, STR("12345678"));
    assert_true(db_one(&q));
    assert_true(db_int(&q, 0) == INT64_MIN);
    CHECK_STR("text with NUL", db_text(&q, 1), STR("봉\0수"));
    assert_false(db_is_null(&q, 2));
    assert_true(db_is_null(&q, 3));
    unsigned char eight[8];
    db_blob_exact(&q, 4, eight, sizeof eight);
    assert_memory_equal(eight, "12345678", 8);
    CHECK_STR("copy", db_copy(&q, 4, &a), STR("12345678"));
    CHECK_ERR("end", db_end(&q), ERR_OK);
    arena_release(&a);
}

static void test_errors_name_what_the_caller_can_do(void **state)
{
    struct fixture *f = *state;
    CHECK_ERR("first", put(f->db, STR("one")), ERR_OK);
    CHECK_ERR("unique", put(f->db, STR("one")), ERR_CONFLICT);
    struct db_query q = db_query(f->db, "SELECT v FROM t WHERE k = ?");
    db_bind_int(&q, 99);
    assert_false(db_one(&q));
    CHECK_ERR("no row", db_end(&q), ERR_NOT_FOUND);
    q = db_query(f->db, "SELECT v FROM t WHERE k = ?");
    db_bind_int(&q, 1);
    assert_true(db_one(&q));
    unsigned char four[4];
    db_blob_exact(&q, 0, four, sizeof four);
    CHECK_ERR("other length", db_end(&q), ERR_CORRUPT);
    struct arena tiny;
    arena_init(&tiny, 8);
    q = db_query(f->db, "SELECT v FROM t WHERE k = ?");
    db_bind_int(&q, 1);
    assert_true(db_one(&q));
    db_copy(&q, 0, &tiny);
    CHECK_ERR("small arena", db_end(&q), ERR_LIMIT);
    arena_release(&tiny);
    assert_false(db_has_failed(f->db));
}

static void test_readers_cannot_write_and_writers_wait(void **state)
{
    struct fixture *f = *state;
    struct db *reader = open_again(f, DB_READ), *second = open_again(f, DB_WRITE);
    CHECK_ERR("write by a reader", put(reader, STR("x")), ERR_DENIED);
    assert_false(db_has_failed(reader));
    CHECK_ERR("begin", db_begin_write(f->db), ERR_OK);
    CHECK_ERR("second writer", db_begin_write(second), ERR_BUSY);
    CHECK_ERR("put", put(f->db, STR("x")), ERR_OK);
    assert_int_equal(count(reader), 0);
    CHECK_ERR("commit", db_commit(f->db), ERR_OK);
    assert_int_equal(count(reader), 1);
    db_close(reader);
    db_close(second);
}

static void test_savepoint_undoes_its_part_only(void **state)
{
    struct fixture *f = *state;
    CHECK_ERR("begin", db_begin_write(f->db), ERR_OK);
    CHECK_ERR("put", put(f->db, STR("kept")), ERR_OK);
    CHECK_ERR("savepoint", db_savepoint(f->db), ERR_OK);
    CHECK_ERR("put", put(f->db, STR("undone")), ERR_OK);
    CHECK_ERR("undo", db_savepoint_rollback(f->db), ERR_OK);
    CHECK_ERR("commit", db_commit(f->db), ERR_OK);
    assert_int_equal(count(f->db), 1);
    CHECK_ERR("begin", db_begin_write(f->db), ERR_OK);
    CHECK_ERR("put", put(f->db, STR("undone")), ERR_OK);
    db_rollback(f->db);
    assert_false(db_in_transaction(f->db));
    assert_int_equal(count(f->db), 1);
}

static void test_snapshot_does_not_move(void **state)
{
    struct fixture *f = *state;
    struct db *reader = open_again(f, DB_READ);
    CHECK_ERR("begin", db_begin_read(reader), ERR_OK);
    assert_int_equal(count(reader), 0);
    CHECK_ERR("put", put(f->db, STR("later")), ERR_OK);
    assert_int_equal(count(reader), 0);
    db_rollback(reader);
    assert_int_equal(count(reader), 1);
    db_close(reader);
}

static void test_log_is_emptied_unless_a_reader_holds_it(void **state)
{
    struct fixture *f = *state;
    struct db *reader = open_again(f, DB_READ);
    CHECK_ERR("put", put(f->db, STR("one")), ERR_OK);
    assert_true(db_log_bytes(f->db) > 0);
    CHECK_ERR("begin", db_begin_read(reader), ERR_OK);
    assert_int_equal(count(reader), 1);
    CHECK_ERR("put", put(f->db, STR("two")), ERR_OK);
    CHECK_ERR("held", db_checkpoint(f->db, DB_CHECKPOINT_TRUNCATE), ERR_BUSY);
    db_rollback(reader);
    CHECK_ERR("free", db_checkpoint(f->db, DB_CHECKPOINT_TRUNCATE), ERR_OK);
    char wal[64];
    snprintf(wal, sizeof wal, "%s-wal", f->path);
    struct stat st;
    assert_int_equal(stat(wal, &st), 0);
    assert_int_equal(st.st_size, 0);
    db_close(reader);
}

static void test_file_is_private_and_other_files_are_refused(void **state)
{
    struct fixture *f = *state;
    struct stat st;
    assert_int_equal(stat(f->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    struct db *db = NULL;
    struct db_config config = {.path = "/tmp/bongsu-none/a.db", .mode = DB_WRITE};
    CHECK_ERR("missing", db_open(&config, &db), ERR_NOT_FOUND);
    config.mode = DB_CREATE;
    CHECK_ERR("missing folder", db_open(&config, &db), ERR_IO);
    char path[64];
    snprintf(path, sizeof path, "%s/text", f->folder);
    int fd = open(path, O_CREAT | O_WRONLY, 0600);
    for (int i = 0; i < 200; i++)
        assert_int_equal(write(fd, "this is no database\n", 20), 20);
    close(fd);
    config.path = path;
    CHECK_ERR("text file", db_open(&config, &db), ERR_CORRUPT);
    assert_null(db);
    unlink(path);
}

static void test_full_file_is_a_failure_that_stays(void **state)
{
    struct fixture *f = *state;
    CHECK_ERR("limit", db_script(f->db, "PRAGMA max_page_count=8"), ERR_OK);
    static char big[200000];
    CHECK_ERR("begin", db_begin_write(f->db), ERR_OK);
    CHECK_ERR("over the limit", put(f->db, (struct str){big, sizeof big}), ERR_IO);
    assert_true(db_has_failed(f->db));
    assert_non_null(db_failure(f->db));
    db_rollback(f->db);
    assert_int_equal(count(f->db), 0);
}

int main(void)
{
#define WITH_DB(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        WITH_DB(test_values_come_back_as_bound),
        WITH_DB(test_errors_name_what_the_caller_can_do),
        WITH_DB(test_readers_cannot_write_and_writers_wait),
        WITH_DB(test_savepoint_undoes_its_part_only),
        WITH_DB(test_snapshot_does_not_move),
        WITH_DB(test_log_is_emptied_unless_a_reader_holds_it),
        WITH_DB(test_file_is_private_and_other_files_are_refused),
        WITH_DB(test_full_file_is_a_failure_that_stays),
    };
    return RUN_TESTS(tests);
}
