// SPDX-License-Identifier: Apache-2.0
// Answers that have no end yet. One that has nothing to send leaves the daemon (it is
// suspended) and waits in a list; a thread of the server asks each of them, ten times a second,
// whether there is something now. Whoever holds a request holds its source: the daemon's thread
// while it sends, this one while it waits.
#include "base/time.h"
#include "http/server_priv.h"
#include "sys/clock.h"

#include <poll.h>

#define STEP_US (US_PER_S / 10)

// From the daemon's thread, within the reader: takes the request out of it.
bool http_stream_wait(struct http_request *r)
{
    struct http_server *s = r->listener->server;
    pthread_mutex_lock(&s->streams_lock);
    bool is_stopping = atomic_load(&s->is_stopping);
    if (!is_stopping) {
        MHD_suspend_connection(r->connection);
        r->next_waiting = s->streams;
        s->streams = r;
    }
    pthread_mutex_unlock(&s->streams_lock);
    return !is_stopping;
}

static struct http_request *take_all(struct http_server *s)
{
    pthread_mutex_lock(&s->streams_lock);
    struct http_request *all = s->streams;
    s->streams = NULL;
    pthread_mutex_unlock(&s->streams_lock);
    return all;
}

static void put_back(struct http_server *s, struct http_request *r)
{
    pthread_mutex_lock(&s->streams_lock);
    r->next_waiting = s->streams;
    s->streams = r;
    pthread_mutex_unlock(&s->streams_lock);
}

// The daemon does not look at what is suspended: that the client has gone is seen here.
static bool is_gone(const struct http_request *r)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(r->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct pollfd fd = {.fd = info ? info->connect_fd : -1, .events = POLLRDHUP};
    return poll(&fd, 1, 0) == 1 && (fd.revents & (POLLRDHUP | POLLHUP | POLLERR));
}

static void look(struct http_server *s)
{
    struct http_request *next;
    for (struct http_request *r = take_all(s); r; r = next) {
        const struct http_source *source = &r->answer.source;
        next = r->next_waiting;
        r->is_gone = is_gone(r);
        if (r->is_gone || atomic_load(&s->is_stopping) || source->is_ready(source->state))
            MHD_resume_connection(r->connection); // from here on the request is not ours
        else
            put_back(s, r);
    }
}

void *http_stream_work(void *ctx)
{
    struct http_server *s = ctx;
    while (!atomic_load(&s->is_stopping)) {
        look(s);
        clock_sleep_us(STEP_US);
    }
    look(s); // nobody comes any more
    return NULL;
}
