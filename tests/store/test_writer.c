// SPDX-License-Identifier: Apache-2.0
#include "fixture.h"

#include "db/db.h"
#include "store/principal.h"
#include "sys/clock.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/wait.h>

// One caller on a thread of its own.
struct caller {
    struct fixture *f;
    store_work work;
    enum store_priority priority;
    enum err answer;
    int64_t took_us;
    pthread_t thread;
    struct put put;
};

static void *call(void *context)
{
    struct caller *c = context;
    int64_t began_us = clock_monotonic_us();
    c->answer = store_write(c->f->store, c->work, &c->put, c->priority);
    c->took_us = clock_monotonic_us() - began_us;
    return NULL;
}

static void start(struct caller *c)
{
    assert_int_equal(pthread_create(&c->thread, NULL, call, c), 0);
}

// Keeps the writer until the flag is set, so that the callers after it form one group.
static atomic_bool is_held;

static enum err hold_work(struct store_txn *t, void *context)
{
    while (atomic_load(&is_held))
        clock_sleep_us(200);
    return ERR_OK;
}

static struct caller hold(struct fixture *f)
{
    atomic_store(&is_held, true);
    return (struct caller){.f = f, .work = hold_work, .priority = STORE_NORMAL};
}

static enum err failing_work(struct store_txn *t, void *context)
{
    TRY(put_work(t, context));
    return ERR_DENIED;
}

static enum err conflicting_work(struct store_txn *t, void *context)
{
    TRY(put_work(t, context));
    struct store_principal p = {.name = STR("taken")};
    int64_t id;
    TRY(store_principal_add(t, &p, &id));
    return store_principal_add(t, &p, &id);
}

static void test_bad_member_does_not_harm_the_others(void **state)
{
    struct fixture *f = *state;
    struct caller first = hold(f), callers[12];
    char ids[12][8];
    start(&first);
    for (size_t i = 0; i < LEN(callers); i++) {
        snprintf(ids[i], sizeof ids[i], "x--%zu", i);
        callers[i] = (struct caller){.f = f,
            .work = i % 4 == 1   ? failing_work
                    : i % 4 == 2 ? conflicting_work
                                 : put_work,
            .priority = STORE_NORMAL,
            .put = put_of(ids[i], 1, "gb", ids[i])};
        start(&callers[i]);
    }
    clock_sleep_us(20000);
    atomic_store(&is_held, false);
    pthread_join(first.thread, NULL);
    for (size_t i = 0; i < LEN(callers); i++) {
        pthread_join(callers[i].thread, NULL);
        CHECK_ERR(ids[i], callers[i].answer,
            i % 4 == 1   ? ERR_DENIED
            : i % 4 == 2 ? ERR_CONFLICT
                         : ERR_OK);
        struct store_objects rows;
        struct store_txn *t = read_begin(f);
        CHECK_ERR(ids[i], store_objects_by_id(t, &f->arena, str_of(ids[i]), &rows), ERR_OK);
        CHECK(ids[i], rows.n == (callers[i].answer == ERR_OK));
        store_read_end(t);
    }
    assert_false(store_is_readonly(f->store));
}

static enum err hold_and_fail_work(struct store_txn *t, void *context)
{
    TRY(hold_work(t, context));
    return failing_work(t, context);
}

// The first of a group is undone in another way than those after it.
static void test_bad_first_member_does_not_harm_the_others(void **state)
{
    struct fixture *f = *state;
    atomic_store(&is_held, true);
    struct caller first = {.f = f, .work = hold_and_fail_work, .priority = STORE_NORMAL};
    struct caller second = {.f = f, .work = put_work, .priority = STORE_NORMAL};
    first.put = put_of("x--1", 1, "gb", "undone");
    second.put = put_of("x--2", 1, "gb", "kept");
    start(&first);
    clock_sleep_us(5000);
    start(&second);
    clock_sleep_us(5000);
    atomic_store(&is_held, false);
    pthread_join(first.thread, NULL);
    pthread_join(second.thread, NULL);
    CHECK_ERR("first", first.answer, ERR_DENIED);
    CHECK_ERR("second", second.answer, ERR_OK);
    assert_int_equal(counts(f).objects, 1);
    call(&first);
    CHECK_ERR("alone", first.answer, ERR_DENIED);
    assert_int_equal(counts(f).objects, 1);
}

// Work of many small steps that looks up, as an import does.
static atomic_int steps;

static enum err bulk_work(struct store_txn *t, void *context)
{
    int64_t until_us = clock_monotonic_us() + 2000000;
    while (!store_should_yield(t) && clock_monotonic_us() < until_us)
        clock_sleep_us(100);
    atomic_fetch_add(&steps, 1);
    return put_work(t, context);
}

static void test_urgent_work_overtakes_bulk_work(void **state)
{
    struct fixture *f = *state;
    struct caller bulk[4], urgent = {.f = f, .work = put_work, .priority = STORE_URGENT};
    char ids[4][8];
    for (size_t i = 0; i < LEN(bulk); i++) {
        snprintf(ids[i], sizeof ids[i], "x--%zu", i);
        bulk[i] = (struct caller){.f = f,
            .work = bulk_work,
            .priority = STORE_BULK,
            .put = put_of(ids[i], 1, "gb", ids[i])};
        start(&bulk[i]);
    }
    clock_sleep_us(50000); // the first of them is at work, and beyond its 20 ms
    urgent.put = put_of("urgent--1", 1, "gb", "urgent");
    call(&urgent);
    int before = atomic_load(&steps);
    CHECK_ERR("urgent", urgent.answer, ERR_OK);
    assert_true(before <= 1);
    assert_true(urgent.took_us < 250000);
    for (size_t i = 0; i < LEN(bulk); i++) {
        pthread_join(bulk[i].thread, NULL);
        CHECK_ERR("bulk", bulk[i].answer, ERR_OK);
    }
    assert_int_equal(counts(f).objects, 5);
}

static enum err audit_work(struct store_txn *t, void *context)
{
    struct put *p = context;
    struct store_audit event = {.action = p->in.id};
    return store_audit_add(t, &event);
}

// A trigger makes one action violate a foreign key that is checked at the commit only.
static void poison(struct fixture *f)
{
    struct db *db;
    struct db_config config = {
        .path = f->path, .mode = DB_WRITE, .cache_kib = 64, .busy_ms = 5000};
    CHECK_ERR("open", db_open(&config, &db), ERR_OK);
    CHECK_ERR("trigger",
        db_script(db, "CREATE TABLE parent (id INTEGER PRIMARY KEY) STRICT;"
                      "CREATE TABLE child (id INTEGER REFERENCES parent (id)"
                      " DEFERRABLE INITIALLY DEFERRED) STRICT;"
                      "CREATE TRIGGER poison AFTER INSERT ON audit WHEN new.action = 'poison'"
                      " BEGIN INSERT INTO child VALUES (1); END;"),
        ERR_OK);
    db_close(db);
}

static void test_group_that_cannot_commit_is_tried_one_by_one(void **state)
{
    struct fixture *f = *state;
    poison(f);
    struct caller first = hold(f), callers[5];
    start(&first);
    for (size_t i = 0; i < LEN(callers); i++) {
        callers[i] = (struct caller){.f = f, .work = audit_work, .priority = STORE_NORMAL};
        callers[i].put.in.id = i == 2 ? STR("poison") : STR("good");
        start(&callers[i]);
    }
    clock_sleep_us(20000);
    atomic_store(&is_held, false);
    pthread_join(first.thread, NULL);
    CHECK_ERR("holder", first.answer, ERR_OK);
    for (size_t i = 0; i < LEN(callers); i++) {
        pthread_join(callers[i].thread, NULL);
        CHECK_ERR("caller", callers[i].answer, i == 2 ? ERR_CONFLICT : ERR_OK);
    }
    assert_int_equal(counts(f).audit_events, 4);
    assert_false(store_is_readonly(f->store));
}

// What a child found, as its exit code.
enum { FULL_AS_WANTED, FULL_NEVER_MET, FULL_OTHER_ERROR, FULL_NOT_READONLY, FULL_NOT_READABLE };

static int fill_the_disk(const char *path)
{
    struct rlimit limit = {.rlim_cur = 3 * MIB, .rlim_max = 3 * MIB};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    struct fixture f = {0};
    struct store_config config = {.path = path, .write_cache_kib = 1024};
    if (store_open(&config, &f.store, NULL) != ERR_OK)
        return FULL_OTHER_ERROR;
    static char big[100001];
    memset(big, 'x', sizeof big - 1);
    char id[24];
    enum err e = ERR_OK;
    for (int i = 0; e == ERR_OK && i < 200; i++) {
        snprintf(id, sizeof id, "x--%d", i);
        struct put p = put_of(id, 1, "gb", big);
        e = store_write(f.store, put_work, &p, STORE_NORMAL);
        if (e == ERR_OK && write(1, "", 1) != 1) // one byte per acknowledged object
            return FULL_OTHER_ERROR;
    }
    if (e != ERR_IO)
        return e == ERR_OK ? FULL_NEVER_MET : FULL_OTHER_ERROR;
    struct put p = put_of("later", 1, "gb", "small");
    if (!store_is_readonly(f.store) ||
        store_write(f.store, put_work, &p, STORE_URGENT) != ERR_IO)
        return FULL_NOT_READONLY;
    struct store_txn *t;
    struct store_counts c;
    if (store_read_begin(f.store, &t) != ERR_OK || store_count(t, &c) != ERR_OK)
        return FULL_NOT_READABLE;
    store_read_end(t);
    store_close(f.store);
    return FULL_AS_WANTED;
}

static void test_S1_full_disk_fails_all_and_turns_the_store_readonly(void **state)
{
    struct fixture f;
    fixture_begin(&f);
    int acknowledged[2];
    assert_int_equal(pipe(acknowledged), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(acknowledged[1], 1);
        _exit(fill_the_disk(f.path));
    }
    close(acknowledged[1]);
    char bytes[512];
    int64_t n = 0;
    for (ssize_t got; (got = read(acknowledged[0], bytes, sizeof bytes)) > 0;)
        n += got;
    close(acknowledged[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), FULL_AS_WANTED);
    fixture_open(&f); // there is room again
    assert_true(n > 0);
    struct store_txn *t = read_begin(&f);
    struct store_objects rows;
    struct store_filter filter = {.limit = 1000};
    CHECK_ERR("rows", store_objects_after(t, &f.arena, &filter, &rows), ERR_OK);
    assert_true(rows.n == (size_t)n || rows.n == (size_t)n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        struct str whole;
        CHECK_ERR("bytes", store_object_bytes(t, &f.arena, rows.items[i].seq, &whole), ERR_OK);
        assert_int_equal(whole.len, 100000);
    }
    store_read_end(t);
    fixture_end(&f);
}

static void *write_many(void *context)
{
    struct caller *c = context;
    for (int i = 0; i < 100 && c->answer == ERR_OK; i++) {
        char id[32];
        snprintf(id, sizeof id, "x--%d-%d", (int)c->took_us, i);
        c->put = put_of(id, 1, "gb", id);
        c->answer = store_write(c->f->store, put_work, &c->put, (enum store_priority)(i % 3));
        struct store_txn *t = read_begin(c->f);
        struct store_object row;
        struct arena a;
        arena_init(&a, 64 * KIB);
        if (store_object_get(t, &a, c->put.out.seq, &row) != ERR_OK)
            c->answer = ERR_NOT_FOUND; // what was answered must be seen
        arena_release(&a);
        store_read_end(t);
    }
    return NULL;
}

static void test_many_threads_write_and_read(void **state)
{
    struct fixture *f = *state;
    struct caller callers[8];
    for (size_t i = 0; i < LEN(callers); i++) {
        callers[i] = (struct caller){.f = f, .took_us = (int64_t)i};
        assert_int_equal(pthread_create(&callers[i].thread, NULL, write_many, &callers[i]), 0);
    }
    for (int i = 0; i < 20; i++) {
        enum err e = store_checkpoint(f->store);
        assert_true(e == ERR_OK || e == ERR_BUSY);
    }
    for (size_t i = 0; i < LEN(callers); i++) {
        pthread_join(callers[i].thread, NULL);
        CHECK_ERR("caller", callers[i].answer, ERR_OK);
    }
    assert_int_equal(counts(f).objects, 800);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(test_bad_member_does_not_harm_the_others),
        WITH_STORE(test_bad_first_member_does_not_harm_the_others),
        WITH_STORE(test_urgent_work_overtakes_bulk_work),
        WITH_STORE(test_group_that_cannot_commit_is_tried_one_by_one),
        cmocka_unit_test(test_S1_full_disk_fails_all_and_turns_the_store_readonly),
        WITH_STORE(test_many_threads_write_and_read),
    };
    return RUN_TESTS(tests);
}
