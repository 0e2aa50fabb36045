// SPDX-License-Identifier: Apache-2.0
// Group commit: the writer takes what waits, runs each member under a savepoint, commits once
// and then answers all. Urgent members overtake; bulk members look up from their work.
#include "store/store_priv.h"

#include "base/time.h"
#include "sys/clock.h"
#include "sys/log.h"

#include <assert.h>

#define SHARED_MAX_US \
    (20 * US_PER_MS) // of a group with several members, or urgent work waiting
#define ALONE_MAX_US (500 * US_PER_MS) // of one member: a large one touches an index page once
#define LOOK_US      US_PER_MS
#define IDLE_US      (2 * US_PER_S)
#define FOR_EVER_US  (-1)

static void append(struct store_jobs *list, struct store_job *m)
{
    m->next = NULL;
    if (list->last)
        list->last->next = m;
    else
        list->first = m;
    list->last = m;
}

static struct store_job *take_first(struct store_jobs *list)
{
    struct store_job *m = list->first;
    if (m)
        list->first = m->next;
    if (!list->first)
        list->last = NULL;
    return m;
}

static void answer(struct store_job *m, enum err e)
{
    m->answer = e;
    sem_post(&m->is_answered); // the member is gone after this
}

static void answer_all(struct store_jobs *list, enum err e)
{
    struct store_job *m;
    while ((m = take_first(list)))
        answer(m, e);
}

// Sorts what is in the queue into the lists. False when nothing came.
static bool look(struct store *s, int64_t wait_us)
{
    struct store_job *m = queue_pop(s->work, wait_us);
    bool has_come = m;
    for (; m; m = queue_pop(s->work, 0))
        append(&s->writer.waiting[m->priority], m);
    return has_come;
}

// Urgent work is never held back by this; the clock starts with the first other work.
static bool is_spent(const struct store_writer *w, bool is_shared, int64_t now_us)
{
    if (!w->others_began_us)
        return false;
    bool is_awaited = is_shared || w->waiting[STORE_URGENT].first;
    return now_us - w->others_began_us >= (is_awaited ? SHARED_MAX_US : ALONE_MAX_US);
}

bool store_should_yield(struct store_txn *t)
{
    struct store *s = t->store;
    int64_t now_us = clock_monotonic_us();
    if (now_us >= s->writer.look_next_us) {
        look(s, 0);
        s->writer.look_next_us = now_us + LOOK_US;
    }
    return is_spent(&s->writer, s->writer.members_n > 1, now_us);
}

// NULL when the group is complete.
static struct store_job *next_member(struct store *s)
{
    struct store_writer *w = &s->writer;
    look(s, 0);
    struct store_job *m = take_first(&w->waiting[STORE_URGENT]);
    if (m)
        return m;
    int64_t now_us = clock_monotonic_us();
    if (is_spent(w, w->members_n > 0, now_us))
        return NULL;
    m = take_first(&w->waiting[STORE_NORMAL]);
    if (!m)
        m = take_first(&w->waiting[STORE_BULK]);
    if (m && !w->others_began_us)
        w->others_began_us = now_us;
    return m;
}

void store_fail(struct store *s, const struct db *db)
{
    if (!atomic_exchange(&s->is_readonly, true))
        log_error("store.readonly", "why=\"%s\"", db_failure(db));
}

// The first member of a group needs no savepoint: its transaction can be begun again. A
// savepoint keeps a copy of each page that changes, which a large import would pay with memory.
static enum err run_first(struct store *s, struct store_job *m)
{
    struct db *db = s->writer.txn.db;
    enum err e = m->work(&s->writer.txn, m->context);
    if (e == ERR_OK || db_has_failed(db))
        return e;
    db_rollback(db);
    return e;
}

static enum err run_next(struct store *s, struct store_job *m)
{
    struct db *db = s->writer.txn.db;
    TRY(db_savepoint(db));
    enum err e = m->work(&s->writer.txn, m->context);
    if (db_has_failed(db))
        return e;
    if (e == ERR_OK)
        return db_savepoint_release(db);
    enum err undone = db_savepoint_rollback(db);
    return undone == ERR_OK ? e : undone;
}

// What was destroyed is listed before the commit, never after it.
static enum err commit(struct store *s, enum err e)
{
    struct db *db = s->writer.txn.db;
    if (e == ERR_OK && s->writer.has_erased)
        e = store_destroyed_note(&s->destroyed, db);
    if (e == ERR_OK)
        e = db_commit(db);
    atomic_fetch_add(&s->changes, 1);
    db_rollback(db);
    if (e == ERR_OK && s->writer.has_erased)
        e = store_destroyed_committed(&s->destroyed, db);
    return db_has_failed(db) ? ERR_IO : e;
}

// A group that cannot commit as one: each alone, with its own answer.
static void run_one_by_one(struct store *s, struct store_jobs *group)
{
    struct db *db = s->writer.txn.db;
    struct store_job *m;
    while (!db_has_failed(db) && (m = take_first(group))) {
        enum err e = db_begin_write(db);
        if (e == ERR_OK)
            e = commit(s, m->work(&s->writer.txn, m->context));
        answer(m, e);
    }
}

static enum err run_together(struct store *s, struct store_jobs *group)
{
    struct db *db = s->writer.txn.db;
    enum err e = db_begin_write(db);
    struct store_job *m;
    while (e == ERR_OK && !db_has_failed(db) && (m = next_member(s))) {
        bool is_first = s->writer.members_n++ == 0;
        m->answer = is_first ? run_first(s, m) : run_next(s, m);
        append(group, m);
        if (!db_in_transaction(db) && !db_has_failed(db))
            e = db_begin_write(db);
    }
    return commit(s, e);
}

static void answer_group(struct store_jobs *group)
{
    struct store_job *m;
    while ((m = take_first(group)))
        answer(m, m->answer);
}

static void answer_waiting(struct store_writer *w, enum err e)
{
    for (size_t i = 0; i < LEN(w->waiting); i++)
        answer_all(&w->waiting[i], e);
}

static void run_group(struct store *s)
{
    struct store_writer *w = &s->writer;
    struct store_jobs group = {0};
    w->others_began_us = w->look_next_us = 0;
    w->members_n = 0;
    w->has_erased = false;
    store_group_enter(s);
    enum err e = run_together(s, &group);
    if (e != ERR_OK && !db_has_failed(w->txn.db)) {
        if (!group.first) // another program holds the file
            answer_waiting(w, e);
        run_one_by_one(s, &group);
    }
    store_group_leave(s, w->has_erased);
    if (db_has_failed(w->txn.db)) {
        store_fail(s, w->txn.db);
        answer_all(&group, ERR_IO);
    }
    answer_group(&group);
}

static bool has_waiting(const struct store_writer *w)
{
    return w->waiting[STORE_URGENT].first || w->waiting[STORE_NORMAL].first ||
           w->waiting[STORE_BULK].first;
}

void *store_writer_run(void *store)
{
    struct store *s = store;
    struct store_writer *w = &s->writer;
    for (;;) {
        if (!has_waiting(w) && !look(s, IDLE_US)) {
            db_shrink(w->txn.db);
            store_is_idle(s);
            if (!look(s, FOR_EVER_US))
                return NULL; // closed, and all is answered
        }
        if (atomic_load(&s->is_readonly))
            answer_waiting(w, ERR_IO);
        else
            run_group(s);
    }
}

enum err store_write(
    struct store *s, store_work work, void *context, enum store_priority priority)
{
    if (atomic_load(&s->is_readonly))
        return ERR_IO;
    assert(!pthread_equal(pthread_self(), s->writer_thread) && "work inside work");
    struct store_job m = {.work = work,
        .context = context,
        .priority = priority == STORE_FLASH ? STORE_URGENT : priority};
    sem_init(&m.is_answered, 0, 0);
    bool is_taken = queue_push(s->work, &m);
    assert(is_taken && "the store is closed");
    while (sem_wait(&m.is_answered) != 0)
        continue; // a signal
    sem_destroy(&m.is_answered);
    return m.answer;
}
