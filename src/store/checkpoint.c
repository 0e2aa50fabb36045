// SPDX-License-Identifier: Apache-2.0
// Moves the log into the file on a thread of its own. What fits beside the writer is moved
// passively; only the last part, which lets the log begin anew, keeps the writer between
// groups.
#include "store/store_priv.h"

#include "base/limits.h"
#include "sys/clock.h"

#define LOG_STEP_BYTES  (32 * MIB) // moved passively each time the log has grown by this
#define LOG_MAX_BYTES   (96 * MIB) // then it must begin anew
#define LOG_SMALL_BYTES (8 * MIB)  // moved at once by the idle store
#define RETRY_US        50000      // after a reader stood in the way

void store_group_enter(struct store *s)
{
    pthread_mutex_lock(&s->lock);
    while (s->wants_exclusive)
        pthread_cond_wait(&s->changed, &s->lock);
    s->is_in_group = true;
    pthread_mutex_unlock(&s->lock);
}

void store_group_leave(struct store *s, bool has_erased)
{
    pthread_mutex_lock(&s->lock);
    s->is_in_group = false;
    s->log_bytes = db_log_bytes(s->writer.txn.db);
    s->wants_truncate |= has_erased;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

void store_is_idle(struct store *s)
{
    pthread_mutex_lock(&s->lock);
    if (s->log_bytes > LOG_SMALL_BYTES)
        s->wants_truncate = true;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

static void keep_writer_out(struct store *s)
{
    pthread_mutex_lock(&s->lock);
    s->wants_exclusive = true;
    while (s->is_in_group)
        pthread_cond_wait(&s->changed, &s->lock);
    pthread_mutex_unlock(&s->lock);
}

static void let_writer_in(struct store *s, bool is_empty)
{
    pthread_mutex_lock(&s->lock);
    s->wants_exclusive = false;
    if (is_empty)
        s->log_bytes = 0;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

// The bulk of the log first, with the writer at work; then the rest, quickly, without it.
static enum err checkpoint(struct store *s, enum db_checkpoint how)
{
    pthread_mutex_lock(&s->connection_lock);
    struct db *db = s->checkpointer;
    enum err e = db_checkpoint(db, DB_CHECKPOINT_PASSIVE);
    if (how != DB_CHECKPOINT_PASSIVE && (e == ERR_OK || e == ERR_BUSY)) {
        keep_writer_out(s);
        e = db_checkpoint(db, how);
        let_writer_in(s, e == ERR_OK);
    }
    if (db_has_failed(db))
        store_fail(s, db);
    pthread_mutex_unlock(&s->connection_lock);
    return e;
}

enum err store_checkpoint(struct store *s)
{
    return checkpoint(s, DB_CHECKPOINT_TRUNCATE);
}

// Waits until there is something to do. False when the store closes.
static bool wait_for_need(struct store *s, int64_t moved_bytes, enum db_checkpoint *how)
{
    pthread_mutex_lock(&s->lock);
    while (!s->is_closing && !s->wants_truncate && s->log_bytes < LOG_MAX_BYTES &&
           s->log_bytes < moved_bytes + LOG_STEP_BYTES)
        pthread_cond_wait(&s->changed, &s->lock);
    bool goes_on = !s->is_closing;
    *how = s->wants_truncate               ? DB_CHECKPOINT_TRUNCATE
           : s->log_bytes >= LOG_MAX_BYTES ? DB_CHECKPOINT_RESTART
                                           : DB_CHECKPOINT_PASSIVE;
    s->wants_truncate = false;
    pthread_mutex_unlock(&s->lock);
    return goes_on;
}

static int64_t log_bytes(struct store *s)
{
    pthread_mutex_lock(&s->lock);
    int64_t bytes = s->log_bytes;
    pthread_mutex_unlock(&s->lock);
    return bytes;
}

static void want_truncate(struct store *s)
{
    pthread_mutex_lock(&s->lock);
    s->wants_truncate = true;
    pthread_mutex_unlock(&s->lock);
}

void *store_checkpoint_run(void *store)
{
    struct store *s = store;
    int64_t moved_bytes = 0;
    enum db_checkpoint how;
    while (wait_for_need(s, moved_bytes, &how)) {
        int64_t bytes = log_bytes(s);
        enum err e = checkpoint(s, how);
        moved_bytes = how == DB_CHECKPOINT_PASSIVE ? bytes : 0;
        if (e == ERR_OK || how == DB_CHECKPOINT_PASSIVE)
            continue;
        if (atomic_load(&s->is_readonly))
            return NULL; // an operator must act
        if (how == DB_CHECKPOINT_TRUNCATE)
            want_truncate(s);
        clock_sleep_us(RETRY_US);
    }
    return NULL;
}
