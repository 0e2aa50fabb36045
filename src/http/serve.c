// SPDX-License-Identifier: Apache-2.0
// What the daemon calls, and the workers. A job runs between suspend and resume; while it does,
// the daemon leaves the connection and the request alone. A request is released in one place,
// completed(), which also runs when the client has gone away.
#include "http/server_priv.h"
#include "sys/queue.h"

#include <unistd.h>

void *http_serve_begin(void *ctx, const char *target, struct MHD_Connection *connection)
{
    const struct listener *listener = ctx;
    struct http_server *s = listener->server;
    struct arena arena;
    arena_init(&arena, s->request_bytes_max);
    struct http_request *r = NEW(&arena, struct http_request);
    if (!r || str_copy(&arena, str_of(target), &r->target_text) != ERR_OK) {
        arena_release(&arena);
        return NULL;
    }
    r->arena = arena;
    r->listener = listener;
    r->connection = connection;
    r->body_fd = r->answer.fd = -1;
    atomic_fetch_add(&s->n_requests, 1);
    return r;
}

static void run(struct http_request *r)
{
    const struct http_handler *handler = &r->listener->server->handler;
    handler->run(handler->ctx, r);
    if (r->answer.kind == ANSWER_NONE)
        http_answer_error(r, 500, "system", STR("the route gave no answer"));
}

static void job_start(struct http_request *r)
{
    // Suspended before it is pushed: the worker's resume must come second.
    MHD_suspend_connection(r->connection);
    if (queue_push(r->listener->server->jobs, r))
        return;
    r->answer.closes = true;
    http_answer_error(r, 503, "stopping", STR("the server is stopping"));
    MHD_resume_connection(r->connection);
}

void *http_serve_work(void *ctx)
{
    struct http_server *s = ctx;
    for (;;) {
        struct http_request *r = queue_pop(s->jobs, -1);
        if (!r)
            return NULL;
        run(r);
        MHD_resume_connection(r->connection); // from here on the request is not ours
    }
}

// The whole request is there. False when it waits for its job.
static bool complete(struct http_request *r)
{
    if (r->answer.kind == ANSWER_NONE)
        http_request_body_end(r);
    if (r->answer.kind != ANSWER_NONE)
        return true;
    if (r->plan.is_job) {
        job_start(r);
        return false;
    }
    run(r);
    return true;
}

// NOLINTNEXTLINE(readability-function-size)
enum MHD_Result http_serve_access(void *ctx, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *data, size_t *data_bytes,
    void **request)
{
    struct http_request *r = *request;
    (void)ctx, (void)connection, (void)url; // the request has its own, and the raw target
    if (!r)
        return MHD_NO;
    if (!r->is_begun) {
        r->is_begun = true;
        http_request_begin(r, str_of(method), str_of(version));
        // An answer before the whole request is there ends the connection, so one without a
        // body is answered in the next call.
        bool is_over = r->answer.kind != ANSWER_NONE && !r->is_discarding &&
                       (r->framing.has_body || r->answer.closes);
        return is_over ? http_answer_queue(r) : MHD_YES;
    }
    if (*data_bytes) {
        bool is_taken = http_request_take(r, (struct str){data, *data_bytes});
        *data_bytes = 0;
        return is_taken ? MHD_YES : MHD_NO;
    }
    return complete(r) ? http_answer_queue(r) : MHD_YES;
}

void http_serve_completed(void *ctx, struct MHD_Connection *connection, void **request,
    enum MHD_RequestTerminationCode why)
{
    struct http_request *r = *request;
    (void)ctx, (void)connection, (void)why;
    if (!r)
        return;
    *request = NULL;
    struct http_server *s = r->listener->server;
    if (s->handler.end && r->state)
        s->handler.end(s->handler.ctx, r);
    http_answer_reset(r);
    if (r->body_fd >= 0)
        close(r->body_fd);
    struct arena arena = r->arena; // it holds the request too
    arena_release(&arena);
    atomic_fetch_sub(&s->n_requests, 1);
}
