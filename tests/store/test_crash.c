// SPDX-License-Identifier: Apache-2.0
// A child that acknowledges over a pipe is killed at random points.
#include "fixture.h"

#include "sys/clock.h"
#include "sys/random.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

#define ROUNDS       20
#define NUMBERS_MAX  200000
#define WRITERS      3
#define BULK_EACH    16
#define NUMBERS_EACH (NUMBERS_MAX / (ROUNDS * WRITERS))
#define BODY_BYTES   6000

struct writer {
    struct store *store;
    int acknowledged;
    unsigned next; // the numbers of a writer are its own
    unsigned end;
    pthread_t thread;
};

// The body of an object follows from its number, so that a torn one is seen.
static void object_of(unsigned number, char id[static 24], char body[static BODY_BYTES + 1])
{
    snprintf(id, 24, "x--%u", number);
    for (size_t i = 0; i < BODY_BYTES; i++)
        body[i] = (char)('a' + (number * 31 + i * i) % 26);
    body[BODY_BYTES] = 0;
}

static enum err put_number(struct store_txn *t, unsigned number)
{
    char id[24], body[BODY_BYTES + 1];
    object_of(number, id, body);
    struct put p = put_of(id, 1, "gb", body);
    struct str key = str_of(id);
    p.in.values = p.in.refs = &key;
    p.in.values_n = p.in.refs_n = 1;
    return put_work(t, &p);
}

static enum err one_work(struct store_txn *t, void *context)
{
    const struct writer *w = context;
    return put_number(t, w->next);
}

static enum err bulk_work(struct store_txn *t, void *context)
{
    const struct writer *w = context;
    for (unsigned i = 0; i < BULK_EACH; i++)
        TRY(put_number(t, w->next + i));
    return ERR_OK;
}

static void *write_and_acknowledge(void *context)
{
    struct writer *w = context;
    for (unsigned turn = 0; w->next + BULK_EACH < w->end; turn++) {
        bool is_bulk = turn % 4 == 0;
        uint32_t range[2] = {w->next, is_bulk ? BULK_EACH : 1};
        if (store_write(w->store, is_bulk ? bulk_work : one_work, w,
                is_bulk ? STORE_BULK : STORE_URGENT) != ERR_OK ||
            write(w->acknowledged, range, sizeof range) != sizeof range)
            _exit(1);
        w->next += range[1];
    }
    return NULL;
}

static void run_child(const char *path, unsigned round, int acknowledged)
{
    struct store *store;
    struct store_config config = {.path = path, .write_cache_kib = 512};
    if (store_open(&config, &store, NULL) != ERR_OK)
        _exit(1);
    struct writer writers[WRITERS];
    for (unsigned i = 0; i < WRITERS; i++) {
        unsigned first = (round * WRITERS + i) * NUMBERS_EACH;
        writers[i] = (struct writer){.store = store,
            .acknowledged = acknowledged,
            .next = first,
            .end = first + NUMBERS_EACH};
        pthread_create(&writers[i].thread, NULL, write_and_acknowledge, &writers[i]);
    }
    for (;;)
        pause();
}

static bool is_acknowledged[NUMBERS_MAX];

static void read_acknowledged(int fd)
{
    uint32_t range[2];
    while (read(fd, range, sizeof range) == sizeof range)
        for (uint32_t i = 0; i < range[1]; i++)
            is_acknowledged[range[0] + i] = true;
}

static void kill_at_random(struct fixture *f, unsigned round)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        run_child(f->path, round, ends[1]);
    }
    close(ends[1]);
    uint32_t chance;
    random_fill(&chance, sizeof chance);
    clock_sleep_us(15000 + chance % 120000);
    kill(child, SIGKILL);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    read_acknowledged(ends[0]);
    close(ends[0]);
}

static void check_whole(struct store_txn *t, struct arena *a, const struct store_object *row)
{
    unsigned char digest[SHA256_BYTES];
    struct str bytes;
    struct store_seqs seqs;
    CHECK_ERR("bytes", store_object_bytes(t, a, row->seq, &bytes), ERR_OK);
    hash_sha256(bytes, digest);
    assert_memory_equal(digest, row->digest, sizeof digest);
    CHECK_ERR("value", store_value_postings(t, a, row->id, &seqs), ERR_OK);
    assert_int_equal(seqs.n, 1);
    CHECK_ERR("reference", store_refs_to(t, a, row->id, &seqs), ERR_OK);
    assert_int_equal(seqs.n, 1);
}

static size_t check_all(struct fixture *f)
{
    static bool is_there[NUMBERS_MAX];
    memset(is_there, 0, sizeof is_there);
    struct store_txn *t = read_begin(f);
    struct store_filter filter = {.limit = 500};
    struct store_objects page;
    size_t acknowledged = 0;
    do {
        struct arena_mark mark = arena_mark(&f->arena);
        CHECK_ERR("page", store_objects_after(t, &f->arena, &filter, &page), ERR_OK);
        for (size_t i = 0; i < page.n; i++) {
            uint64_t number;
            CHECK_ERR("id", str_to_u64(str_from(page.items[i].id, 3), &number), ERR_OK);
            is_there[number] = true;
            check_whole(t, &f->arena, &page.items[i]);
            filter.after = page.items[i].seq;
        }
        arena_rewind(&f->arena, mark);
    } while (page.n);
    store_read_end(t);
    for (size_t i = 0; i < NUMBERS_MAX; i++) {
        assert_true(!is_acknowledged[i] || is_there[i]);
        acknowledged += is_acknowledged[i];
    }
    return acknowledged;
}

static void test_S1_acknowledged_survives_kill_and_the_rest_is_whole_or_absent(void **state)
{
    struct fixture f;
    fixture_begin(&f);
    size_t acknowledged = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        kill_at_random(&f, round);
        fixture_open(&f);
        acknowledged = check_all(&f);
        store_close(f.store);
        f.store = NULL;
    }
    assert_true(acknowledged > ROUNDS);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_S1_acknowledged_survives_kill_and_the_rest_is_whole_or_absent),
    };
    return RUN_TESTS(tests);
}
