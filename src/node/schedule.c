// SPDX-License-Identifier: Apache-2.0
#include "node/schedule.h"

#include "base/time.h"
#include "store/membership.h"
#include "store/principal.h"
#include "sys/clock.h"
#include "sys/log.h"
#include "sys/queue.h"

#include <pthread.h>

#define WAIT_US     (60 * US_PER_S)
#define MEMBERS_MAX 500 // of one transaction

struct schedule {
    struct store *store;
    struct queue *stop; // never holds anything: closed when it is time to end
    pthread_t thread;
};

struct expire {
    size_t n; // set by the work
};

static enum err expire_work(struct store_txn *t, void *context)
{
    struct expire *expire = context;
    int64_t now_us = clock_now_us();
    TRY(store_membership_expire(t, now_us, MEMBERS_MAX, &expire->n));
    const struct store_audit event = {.at_us = now_us,
        .action = STR("membership.expire"),
        .target = STR(""),
        .detail = STR("")};
    return expire->n ? store_audit_add(t, &event) : ERR_OK;
}

static void expire_members(struct schedule *s)
{
    struct expire expire = {.n = MEMBERS_MAX};
    enum err e = ERR_OK;
    while (e == ERR_OK && expire.n == MEMBERS_MAX && !queue_is_closed(s->stop))
        e = store_write(s->store, expire_work, &expire, STORE_BULK);
    if (e != ERR_OK)
        log_warn("schedule.fail", "err=%s", err_name(e));
}

static void *run(void *context)
{
    struct schedule *s = context;
    while (!queue_is_closed(s->stop)) {
        expire_members(s);
        queue_pop(s->stop, WAIT_US);
    }
    return NULL;
}

struct schedule *schedule_start(struct arena *a, struct store *store)
{
    struct schedule *s = NEW(a, struct schedule);
    if (!s)
        return NULL;
    s->store = store;
    s->stop = queue_new(1);
    if (pthread_create(&s->thread, NULL, run, s) == 0)
        return s;
    queue_free(s->stop);
    return NULL;
}

void schedule_stop(struct schedule *s)
{
    if (!s)
        return;
    queue_close(s->stop);
    pthread_join(s->thread, NULL);
    queue_free(s->stop);
}
