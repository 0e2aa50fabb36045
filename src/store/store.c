// SPDX-License-Identifier: Apache-2.0
#include "store/store_priv.h"

#include "base/limits.h"

#include <assert.h>

#define READERS_DEFAULT         4u
#define READ_CACHE_KIB_DEFAULT  2048u
#define WRITE_CACHE_KIB_DEFAULT (64 * 1024u)
#define CHECKPOINT_CACHE_KIB    64u
#define WAITING_MAX             1024u // members in the queue; more callers wait for room
#define BUSY_MS                 5000u // another program has the file
#define CHECKPOINT_BUSY_MS      100u  // a reader has the log, and the writer is kept out

static unsigned or_default(unsigned given, unsigned usual)
{
    return given ? given : usual;
}

static enum err open_writer(
    struct store *s, const struct store_config *config, struct fault *fault)
{
    struct db_config c = {
        .path = config->path,
        .mode = DB_CREATE,
        .cache_kib = or_default(config->write_cache_kib, WRITE_CACHE_KIB_DEFAULT),
        .busy_ms = BUSY_MS,
    };
    s->writer.txn.store = s;
    fault_set(fault, ERR_OK, 0, "the file cannot be opened as a database");
    TRY(db_open(&c, &s->writer.txn.db));
    TRY(store_migrate(s->writer.txn.db, fault));
    return config->destroyed_path ? store_destroyed_open(&s->destroyed, &s->writer.txn,
                                        config->destroyed_path, fault)
                                  : ERR_OK;
}

static enum err open_others(struct store *s, const struct store_config *config)
{
    struct db_config c = {
        .path = config->path,
        .mode = DB_WRITE,
        .cache_kib = CHECKPOINT_CACHE_KIB,
        .busy_ms = CHECKPOINT_BUSY_MS,
    };
    TRY(db_open(&c, &s->checkpointer));
    c.mode = DB_READ;
    c.cache_kib = or_default(config->read_cache_kib, READ_CACHE_KIB_DEFAULT);
    c.busy_ms = BUSY_MS;
    unsigned n = or_default(config->readers, READERS_DEFAULT);
    n = n < STORE_READERS_MAX ? n : STORE_READERS_MAX;
    for (; s->readers_n < n; s->readers_n++) {
        struct store_txn *t = &s->readers[s->readers_n];
        t->store = s;
        TRY(db_open(&c, &t->db));
    }
    return ERR_OK;
}

static void start(struct store *s)
{
    s->work = queue_new(WAITING_MAX);
    s->free_readers = queue_new(s->readers_n);
    for (unsigned i = 0; i < s->readers_n; i++) {
        bool is_taken = queue_push(s->free_readers, &s->readers[i]);
        assert(is_taken);
    }
    pthread_mutex_init(&s->lock, NULL);
    pthread_mutex_init(&s->connection_lock, NULL);
    pthread_cond_init(&s->changed, NULL);
    s->wants_truncate = true; // what a crash left in the log, erased bytes perhaps
    int e = pthread_create(&s->writer_thread, NULL, store_writer_run, s);
    e |= pthread_create(&s->checkpoint_thread, NULL, store_checkpoint_run, s);
    assert(e == 0 && "no thread to be had");
}

static void release(struct store *s)
{
    for (unsigned i = 0; i < STORE_READERS_MAX; i++)
        db_close(s->readers[i].db);
    db_close(s->checkpointer);
    store_destroyed_close(&s->destroyed);
    db_close(s->writer.txn.db);
    struct arena arena = s->arena;
    arena_release(&arena);
}

enum err store_open(const struct store_config *config, struct store **out, struct fault *fault)
{
    struct arena arena;
    arena_init(&arena, sizeof(struct store) + 4 * KIB);
    struct store *s = NEW(&arena, struct store);
    if (!s)
        return ERR_LIMIT;
    s->arena = arena;
    enum err e = open_writer(s, config, fault);
    if (e == ERR_OK)
        e = open_others(s, config);
    if (e != ERR_OK) {
        release(s);
        return e;
    }
    start(s);
    fault_set(fault, ERR_OK, 0, NULL);
    *out = s;
    return ERR_OK;
}

static void stop(struct store *s)
{
    queue_close(s->work);
    pthread_join(s->writer_thread, NULL);
    pthread_mutex_lock(&s->lock);
    s->is_closing = true;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->checkpoint_thread, NULL);
    queue_close(s->free_readers);
    while (queue_pop(s->free_readers, 0))
        continue;
    queue_free(s->free_readers);
    queue_free(s->work);
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->connection_lock);
    pthread_mutex_destroy(&s->lock);
}

void store_close(struct store *s)
{
    if (!s)
        return;
    stop(s);
    release(s);
}

uint64_t store_changes(struct store *s)
{
    return atomic_load(&s->changes);
}

bool store_is_readonly(struct store *s)
{
    return atomic_load(&s->is_readonly);
}
