// SPDX-License-Identifier: Apache-2.0
// The store, for the files of this folder.
#pragma once

#include "db/db.h"
#include "store/destroyed_priv.h"
#include "store/store.h"
#include "sys/queue.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#define STORE_READERS_MAX 64u

struct store_txn {
    struct store *store;
    struct db *db;
};

// One call of store_write; it stands on its caller's stack until it is answered.
struct store_job {
    store_work work;
    void *context;
    enum store_priority priority;
    enum err answer;
    sem_t is_answered;
    struct store_job *next;
};

struct store_jobs {
    struct store_job *first;
    struct store_job *last;
};

// The writer's own: no other thread reads or writes it.
struct store_writer {
    struct store_txn txn;
    struct store_jobs waiting[STORE_BULK + 1];
    int64_t others_began_us; // 0: nothing but urgent work has run in this group
    int64_t look_next_us;    // when work under way looks at the queue again
    size_t members_n;        // begun in this group
    bool has_erased;         // in this group
};

struct store {
    struct arena arena; // holds this struct
    atomic_bool is_readonly;
    atomic_uint_fast64_t changes; // commits that were tried

    struct queue *work; // of struct store_job, from every thread
    struct store_writer writer;
    struct store_destroyed destroyed; // the writer's, once it runs
    pthread_t writer_thread;

    struct queue *free_readers; // of struct store_txn
    struct store_txn readers[STORE_READERS_MAX];
    unsigned readers_n;

    pthread_mutex_t connection_lock; // who holds it uses `checkpointer`
    struct db *checkpointer;
    pthread_t checkpoint_thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int64_t log_bytes;    // guarded by lock
    bool is_in_group;     // guarded by lock: the writer has a transaction
    bool wants_exclusive; // guarded by lock: the writer must not begin one
    bool wants_truncate;  // guarded by lock
    bool is_closing;      // guarded by lock
};

// "Bngs", in the file's header: what `file` and we know a store by.
#define STORE_APPLICATION_ID 1114531699
enum err store_migrate(struct db *db, struct fault *fault) MUST_USE;
int64_t store_schema_newest(void); // of this program

void *store_writer_run(void *store);
// The engine met a full disk, an I/O error or damage. Says so once.
void store_fail(struct store *s, const struct db *db);

void *store_checkpoint_run(void *store);
// Around each group of the writer.
void store_group_enter(struct store *s);
void store_group_leave(struct store *s, bool has_erased);
// The writer has had nothing to do for a while.
void store_is_idle(struct store *s);
