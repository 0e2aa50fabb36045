// SPDX-License-Identifier: Apache-2.0
#define BANNED_EXCEPT_SYSTEM // a queue lives as long as its process and outlives every arena
#include "sys/queue.h"

#include "base/banned.h"
#include "base/time.h"

#include <pthread.h>

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t has_message;
    pthread_cond_t has_room;
    size_t capacity;
    size_t first;   // guarded by lock
    size_t n;       // guarded by lock
    bool is_closed; // guarded by lock
    void *messages[];
};

struct queue *queue_new(size_t capacity)
{
    struct queue *q = calloc(1, sizeof *q + capacity * sizeof q->messages[0]);
    if (!q)
        abort();
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->has_message, &attr);
    pthread_cond_init(&q->has_room, &attr);
    pthread_condattr_destroy(&attr);
    q->capacity = capacity;
    return q;
}

void queue_free(struct queue *q)
{
    if (!q)
        return;
    pthread_cond_destroy(&q->has_message);
    pthread_cond_destroy(&q->has_room);
    pthread_mutex_destroy(&q->lock);
    free(q);
}

bool queue_push(struct queue *q, void *message)
{
    pthread_mutex_lock(&q->lock);
    while (q->n == q->capacity && !q->is_closed)
        pthread_cond_wait(&q->has_room, &q->lock);
    bool taken = !q->is_closed;
    if (taken) {
        q->messages[(q->first + q->n++) % q->capacity] = message;
        pthread_cond_signal(&q->has_message);
    }
    pthread_mutex_unlock(&q->lock);
    return taken;
}

// False when the time is over.
static bool wait_for_message(struct queue *q, int64_t wait_us, const struct timespec *until)
{
    if (wait_us < 0)
        return pthread_cond_wait(&q->has_message, &q->lock) == 0;
    return pthread_cond_timedwait(&q->has_message, &q->lock, until) == 0;
}

void *queue_pop(struct queue *q, int64_t wait_us)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    if (wait_us > 0) {
        int64_t ns = until.tv_nsec + wait_us % US_PER_S * 1000;
        until.tv_sec += wait_us / US_PER_S + ns / 1000000000;
        until.tv_nsec = ns % 1000000000;
    }
    void *message = NULL;
    pthread_mutex_lock(&q->lock);
    while (q->n == 0 && !q->is_closed)
        if (!wait_for_message(q, wait_us, &until))
            break;
    if (q->n) {
        message = q->messages[q->first];
        q->first = (q->first + 1) % q->capacity;
        q->n--;
        pthread_cond_signal(&q->has_room);
    }
    pthread_mutex_unlock(&q->lock);
    return message;
}

void queue_close(struct queue *q)
{
    pthread_mutex_lock(&q->lock);
    q->is_closed = true;
    pthread_cond_broadcast(&q->has_message);
    pthread_cond_broadcast(&q->has_room);
    pthread_mutex_unlock(&q->lock);
}

bool queue_is_closed(struct queue *q)
{
    pthread_mutex_lock(&q->lock);
    bool is_closed = q->is_closed;
    pthread_mutex_unlock(&q->lock);
    return is_closed;
}
