// SPDX-License-Identifier: Apache-2.0
// A store in a folder of its own, and objects made of a number.
#pragma once

#include "test.h"

#include "base/limits.h"
#include "hash/hash.h"
#include "store/handling.h"
#include "store/object.h"

#include <unistd.h>

struct fixture {
    char folder[32];
    char path[64];
    struct store *store;
    struct arena arena;
};

static inline void fixture_open(struct fixture *f)
{
    struct store_config config = {.path = f->path, .write_cache_kib = 4096};
    struct fault fault = {0};
    CHECK_ERR("open", store_open(&config, &f->store, &fault), ERR_OK);
}

static inline void fixture_begin(struct fixture *f)
{
    *f = (struct fixture){.folder = "/tmp/bongsu-store-XXXXXX"};
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->path, sizeof f->path, "%s/store.db", f->folder);
    arena_init(&f->arena, 64 * MIB);
}

static inline void fixture_end(struct fixture *f)
{
    store_close(f->store);
    arena_release(&f->arena);
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < LEN(ends); i++) {
        char path[80];
        snprintf(path, sizeof path, "%s%s", f->path, ends[i]);
        unlink(path);
    }
    rmdir(f->folder);
}

static inline int set_up(void **state)
{
    static struct fixture f;
    fixture_begin(&f);
    fixture_open(&f);
    *state = &f;
    return 0;
}

static inline int tear_down(void **state)
{
    fixture_end(*state);
    return 0;
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

struct put {
    struct store_object_in in;
    struct store_put_result out;
};

static inline enum err put_work(struct store_txn *t, void *context)
{
    struct put *p = context;
    return store_object_put(t, &p->in, &p->out);
}

// A versioned object; its digest is that of its bytes.
static inline struct put put_of(
    const char *id, int64_t version_us, const char *source, const char *bytes)
{
    struct put p = {
        .in =
            {
                .id = str_of(id),
                .type = STR("indicator"),
                .source = str_of(source),
                .originator = str_of(source),
                .bytes = str_of(bytes),
                .handling = STR("{\"tlp\":\"GREEN\"}"),
                .version_us = version_us,
                .received_us = 1000,
                .has_version = true,
            },
    };
    hash_sha256(p.in.bytes, p.in.digest);
    return p;
}

static inline struct store_put_result put(struct fixture *f, struct put p)
{
    CHECK_ERR("put", store_write(f->store, put_work, &p, STORE_NORMAL), ERR_OK);
    return p.out;
}

static inline struct store_txn *read_begin(struct fixture *f)
{
    struct store_txn *t = NULL;
    CHECK_ERR("read", store_read_begin(f->store, &t), ERR_OK);
    return t;
}

static inline struct store_counts counts(struct fixture *f)
{
    struct store_counts c = {0};
    struct store_txn *t = read_begin(f);
    CHECK_ERR("count", store_count(t, &c), ERR_OK);
    store_read_end(t);
    return c;
}
