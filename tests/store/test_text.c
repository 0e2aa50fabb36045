// SPDX-License-Identifier: Apache-2.0
// The index against a slow list of what each row holds.
#include "fixture.h"

#include "db/db.h"
#include "store/text.h"

// Full blocks, the first nodes above them, one of those half made, and a part of a block. The
// long suite has rows for a node of the level above, too: `test_store_text ROWS`.
#define ROWS_MAX 420000
static int rows = 40000;

#define COMMON  40
#define RARE    24 // some together in rows far from each other, some together in one part
#define NUMBERS (COMMON + RARE)
#define EACH    12

static uint64_t chance(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 33;
}

// Spread over all parts; the first are in most rows, the last in few. Of the rare ones four are
// neighbours, also in the smallest part.
static uint32_t number_of(size_t i)
{
    size_t first = i < COMMON ? i : i / 4 * 4;
    return (uint32_t)(first * UINT32_C(107374182) + 7 + (i - first));
}

struct world {
    bool holds[ROWS_MAX + 1][NUMBERS];
    uint64_t seed;
    uint32_t last; // row put
};
static struct world the_world;

static enum err put_all(struct store_txn *t, void *context)
{
    struct world *w = context;
    memset(w, 0, sizeof *w);
    w->seed = 5;
    for (int row = 1; row <= rows; row++) {
        char id[80];
        uint32_t numbers[EACH];
        uint64_t rare = chance(&w->seed) % 1000 ? RARE : chance(&w->seed) % RARE;
        snprintf(id, sizeof id, "indicator--%08x-0000-4000-8000-000000000000", (unsigned)row);
        for (size_t i = 0; i < EACH; i++) {
            uint64_t n = chance(&w->seed) % COMMON * (chance(&w->seed) % COMMON) / COMMON;
            if (i < 3 && rare < RARE)
                n = COMMON + (rare + i) % RARE;
            w->holds[row][n] = true;
            numbers[i] = number_of(n);
        }
        struct put p = put_of(id, 1, "gb", id);
        p.in.handling = STR("{\"tlp\":\"green\"}");
        p.in.numbers = numbers;
        p.in.numbers_n = EACH;
        TRY(store_object_put(t, &p.in, &p.out));
    }
    return ERR_OK;
}

static bool oracle(const struct world *w, int row, const size_t any[2], size_t and)
{
    return (w->holds[row][any[0]] || w->holds[row][any[1]]) && w->holds[row][and];
}

static void compare(struct fixture *f, struct world *w)
{
    for (int i = 0; i < 60; i++) {
        size_t any[2] = {chance(&w->seed) % NUMBERS, chance(&w->seed) % NUMBERS};
        size_t and = chance(&w->seed) % COMMON;
        if (i % 3) // two rare ones, or one beside a common one
            any[0] = COMMON + chance(&w->seed) % RARE;
        if (i % 3 == 1)
            any[1] = COMMON + chance(&w->seed) % RARE;
        uint32_t numbers[3] = {number_of(any[0]), number_of(any[1]), number_of(and)};
        struct store_numbers either[2] = {{&numbers[0], 1}, {&numbers[1], 1}};
        struct store_numbers both = {&numbers[2], 1};
        const struct store_any all[2] = {{either, 2}, {&both, 1}};
        const struct store_search search = {all, 2};
        struct arena_mark mark = arena_mark(&f->arena);
        struct store_txn *t = read_begin(f);
        struct store_found *found;
        CHECK_ERR("new", store_found_new(t, &f->arena, &search, &found), ERR_OK);
        int64_t seq = INT64_MAX;
        for (int row = rows; row >= 1; row--) {
            if (!oracle(w, row, any, and))
                continue;
            CHECK_ERR("next", store_found_next(found, seq, 1, &seq), ERR_OK);
            assert_int_equal(seq, row);
        }
        CHECK_ERR("end", store_found_next(found, seq, 1, &seq), ERR_OK);
        assert_int_equal(seq, 0);
        store_read_end(t);
        arena_rewind(&f->arena, mark);
    }
}

static enum err destroy_some(struct store_txn *t, void *context)
{
    struct world *w = context;
    for (int row = 3; row <= rows; row += 1 + rows / 400) {
        TRY(store_object_destroy(t, row, 9, STR("{}")));
        memset(w->holds[row], 0, sizeof w->holds[row]);
    }
    return ERR_OK;
}

static void test_rows_are_those_of_a_slow_list(void **state)
{
    struct fixture *f = *state;
    CHECK_ERR("put", store_write(f->store, put_all, &the_world, STORE_NORMAL), ERR_OK);
    compare(f, &the_world);
    CHECK_ERR("destroy", store_write(f->store, destroy_some, &the_world, STORE_NORMAL), ERR_OK);
    compare(f, &the_world);
}

#define GONE (COMMON + 5) // its bytes, 19 99 99 90, are in no list of rows

static enum err destroy_rare(struct store_txn *t, void *context)
{
    struct world *w = context;
    for (int row = 1; row <= rows; row++)
        if (w->holds[row][COMMON] || w->holds[row][GONE]) { // the last unit, and an early one
            TRY(store_object_destroy(t, row, 9, STR("{}")));
            memset(w->holds[row], 0, sizeof w->holds[row]);
        }
    return ERR_OK;
}

// What no row holds any more is in no part at any level: another search does not meet it.
static void S3_a_number_that_is_destroyed_is_at_no_level(void **state)
{
    struct fixture *f = *state;
    CHECK_ERR("put", store_write(f->store, put_all, &the_world, STORE_NORMAL), ERR_OK);
    CHECK_ERR("destroy", store_write(f->store, destroy_rare, &the_world, STORE_NORMAL), ERR_OK);
    compare(f, &the_world);
    store_close(f->store);
    f->store = NULL;
    struct db *db;
    const struct db_config config = {.path = f->path, .mode = DB_READ, .cache_kib = 64};
    CHECK_ERR("open", db_open(&config, &db), ERR_OK);
    struct db_query q = db_query(db, "SELECT count(*) FROM text_part WHERE instr(entries, ?)");
    uint32_t number = number_of(GONE);
    const char bytes[] = {
        (char)(number >> 24), (char)(number >> 16), (char)(number >> 8), (char)number};
    db_bind_blob(&q, (struct str){bytes, sizeof bytes});
    assert_true(db_one(&q));
    assert_int_equal(db_int(&q, 0), 0);
    CHECK_ERR("end", db_end(&q), ERR_OK);
    db_close(db);
    fixture_open(f);
}

// The table as it was before levels came.
static void make_old(struct fixture *f, const char *and)
{
    struct db *db;
    const struct db_config config = {.path = f->path, .mode = DB_WRITE, .cache_kib = 64};
    CHECK_ERR("open", db_open(&config, &db), ERR_OK);
    CHECK_ERR("old",
        db_script(db, "DELETE FROM text_part WHERE id >= 1 << 56;"
                      "CREATE TABLE parts AS SELECT (id >> 32 << 40) | (id & 4294967295) AS id,"
                      " entries FROM text_part; DELETE FROM text_part;"
                      "INSERT INTO text_part SELECT id, entries FROM parts; DROP TABLE parts;"
                      "PRAGMA user_version = 16"),
        ERR_OK);
    CHECK_ERR(and, db_script(db, and), ERR_OK);
    db_close(db);
}

static struct str all_parts(struct fixture *f)
{
    struct db *db;
    const struct db_config config = {.path = f->path, .mode = DB_READ, .cache_kib = 64};
    CHECK_ERR("open", db_open(&config, &db), ERR_OK);
    struct buf b = buf_in(&f->arena, 64 * MIB);
    struct db_query q = db_query(db, "SELECT id, entries FROM text_part ORDER BY id");
    while (db_next(&q)) {
        buf_put_i64(&b, db_int(&q, 0));
        buf_put(&b, db_blob(&q, 1));
    }
    CHECK_ERR("end", db_end(&q), ERR_OK);
    db_close(db);
    return buf_str(&b);
}

static size_t marked(struct fixture *f, const char *word)
{
    uint32_t number = store_mark_number(STORE_MARK_MARKING, str_of(word));
    struct store_numbers numbers = {&number, 1};
    const struct store_any all = {&numbers, 1};
    const struct store_search search = {&all, 1};
    struct store_txn *t = read_begin(f);
    struct store_found *found;
    int64_t seq = INT64_MAX;
    size_t n = 0;
    CHECK_ERR("new", store_found_new(t, &f->arena, &search, &found), ERR_OK);
    do {
        CHECK_ERR("next", store_found_next(found, seq, 1, &seq), ERR_OK);
        n += seq != 0;
    } while (seq);
    store_read_end(t);
    return n;
}

static enum err tighten_some(struct store_txn *t, void *context)
{
    (void)context;
    const struct store_tightening to = {
        .handling = STR("{\"tlp\":\"red\"}"), .why = STR("test"), .at_us = 5};
    TRY(store_object_tighten(t, 100, &to));
    return store_object_tighten(t, rows, &to);
}

// Levels that were kept exact while rows changed are those that are made anew of the blocks.
static void S3_an_older_index_gets_the_levels_that_were_kept(void **state)
{
    struct fixture *f = *state;
    CHECK_ERR("put", store_write(f->store, put_all, &the_world, STORE_NORMAL), ERR_OK);
    CHECK_ERR("destroy", store_write(f->store, destroy_some, &the_world, STORE_NORMAL), ERR_OK);
    CHECK_ERR("destroy", store_write(f->store, destroy_rare, &the_world, STORE_NORMAL), ERR_OK);
    CHECK_ERR("tighten", store_write(f->store, tighten_some, NULL, STORE_NORMAL), ERR_OK);
    store_close(f->store);
    f->store = NULL;
    struct str before = all_parts(f);
    make_old(f, "");
    assert_false(str_eq(all_parts(f), before));
    fixture_open(f);
    compare(f, &the_world);
    store_close(f->store);
    f->store = NULL;
    assert_true(str_eq(all_parts(f), before));
    fixture_open(f);
}

// Derived rows that cannot be read are no reason to refuse the store: it asks for a rebuild.
static void test_an_older_index_that_is_damaged_asks_for_a_rebuild(void **state)
{
    struct fixture *f = *state;
    CHECK_ERR("put", store_write(f->store, put_all, &the_world, STORE_NORMAL), ERR_OK);
    store_close(f->store);
    f->store = NULL;
    make_old(
        f, "UPDATE text_part SET entries = x'0000' WHERE id = (SELECT min(id) FROM text_part)");
    fixture_open(f);
    struct store_txn *t = read_begin(f);
    CHECK_ERR("form", store_text_check_form(t), ERR_CONFLICT);
    store_read_end(t);
}

static void test_marking_follows_the_handling(void **state)
{
    struct fixture *f = *state;
    CHECK_ERR("put", store_write(f->store, put_all, &the_world, STORE_NORMAL), ERR_OK);
    assert_int_equal(marked(f, "red"), 0);
    assert_int_equal(marked(f, "green"), rows);
    CHECK_ERR("tighten", store_write(f->store, tighten_some, NULL, STORE_NORMAL), ERR_OK);
    assert_int_equal(marked(f, "red"), 2);
    assert_int_equal(marked(f, "green"), rows - 2);
    compare(f, &the_world);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        rows = (int)strtol(argv[1], NULL, 10);
    rows = rows > 0 && rows <= ROWS_MAX ? rows : ROWS_MAX;
    const struct CMUnitTest tests[] = {
        WITH_STORE(test_rows_are_those_of_a_slow_list),
        WITH_STORE(S3_a_number_that_is_destroyed_is_at_no_level),
        WITH_STORE(S3_an_older_index_gets_the_levels_that_were_kept),
        WITH_STORE(test_an_older_index_that_is_damaged_asks_for_a_rebuild),
        WITH_STORE(test_marking_follows_the_handling),
    };
    return RUN_TESTS(tests);
}
