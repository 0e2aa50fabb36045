// SPDX-License-Identifier: Apache-2.0
// The index against a slow list of what each row holds.
#include "fixture.h"

#include "store/check.h"
#include "store/text.h"

#define ROWS    2500 // two full blocks and a part of one
#define NUMBERS 40
#define EACH    12

static uint64_t chance(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 33;
}

// Spread over all parts; the first are in most rows, the last in few.
static uint32_t number_of(size_t i)
{
    return (uint32_t)(i * UINT32_C(107374182) + 7);
}

struct world {
    bool holds[ROWS + 1][NUMBERS];
    uint64_t seed;
    uint32_t last; // row put
};

static enum err put_all(struct store_txn *t, void *context)
{
    struct world *w = context;
    *w = (struct world){.seed = 5};
    for (int row = 1; row <= ROWS; row++) {
        char id[80];
        uint32_t numbers[EACH];
        snprintf(id, sizeof id, "indicator--%08x-0000-4000-8000-000000000000", (unsigned)row);
        for (size_t i = 0; i < EACH; i++) {
            uint64_t n = chance(&w->seed) % NUMBERS * (chance(&w->seed) % NUMBERS) / NUMBERS;
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
        size_t and = chance(&w->seed) % NUMBERS;
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
        for (int row = ROWS; row >= 1; row--) {
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
    for (int row = 3; row <= ROWS; row += 97) {
        TRY(store_object_destroy(t, row, 9, STR("{}")));
        memset(w->holds[row], 0, sizeof w->holds[row]);
    }
    return ERR_OK;
}

static void test_rows_are_those_of_a_slow_list(void **state)
{
    struct fixture *f = *state;
    static struct world w;
    CHECK_ERR("put", store_write(f->store, put_all, &w, STORE_NORMAL), ERR_OK);
    compare(f, &w);
    CHECK_ERR("destroy", store_write(f->store, destroy_some, &w, STORE_NORMAL), ERR_OK);
    compare(f, &w);
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
    return store_object_tighten(t, ROWS, &to);
}

static void test_marking_follows_the_handling(void **state)
{
    struct fixture *f = *state;
    static struct world w;
    CHECK_ERR("put", store_write(f->store, put_all, &w, STORE_NORMAL), ERR_OK);
    assert_int_equal(marked(f, "red"), 0);
    assert_int_equal(marked(f, "green"), ROWS);
    CHECK_ERR("tighten", store_write(f->store, tighten_some, NULL, STORE_NORMAL), ERR_OK);
    assert_int_equal(marked(f, "red"), 2);
    assert_int_equal(marked(f, "green"), ROWS - 2);
    compare(f, &w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(test_rows_are_those_of_a_slow_list),
        WITH_STORE(test_marking_follows_the_handling),
    };
    return RUN_TESTS(tests);
}
