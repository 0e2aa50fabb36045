// SPDX-License-Identifier: Apache-2.0
// Answers without an end: what is given to them arrives, in order, at every client; clients
// that leave are seen to have left; a stop ends them all.
#include "world.h"

#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>

#define CLIENTS 24
#define NUMBERS 200

static atomic_uint given;  // numbers that the sources may send
static atomic_uint opened; // sources
static atomic_uint closed;

// Sends the numbers from 1 on, a line each.
struct counter {
    unsigned sent;
    char text[32];
    size_t len, at;
};

static bool counter_is_ready(void *state)
{
    struct counter *c = state;
    if (c->at == c->len && c->sent < atomic_load(&given)) {
        c->len = (size_t)snprintf(c->text, sizeof c->text, "%u\n", ++c->sent);
        c->at = 0;
    }
    return c->at < c->len;
}

static ptrdiff_t counter_read(void *state, uint64_t at, char *out, size_t n)
{
    struct counter *c = state;
    if (!counter_is_ready(c))
        return HTTP_SOURCE_WAITS;
    size_t taken = c->len - c->at < n ? c->len - c->at : n;
    memcpy(out, c->text + c->at, taken);
    c->at += taken;
    return (ptrdiff_t)taken;
}

static void counter_close(void *state)
{
    atomic_fetch_add(&closed, 1);
}

static void route(void *ctx, struct http_request *r, struct http_plan *plan)
{
    *plan = (struct http_plan){HTTP_BODY_NONE, 0, true};
}

static void run(void *ctx, struct http_request *r)
{
    struct counter *c = NEW(http_request_arena(r), struct counter);
    const struct http_source source = {.state = c,
        .read = counter_read,
        .close = counter_close,
        .is_ready = counter_is_ready,
        .bytes = HTTP_BYTES_UNKNOWN};
    atomic_fetch_add(&opened, 1);
    http_answer_source(r, 200, TEXT, &source);
}

static int reset(void **state)
{
    atomic_store(&given, 0);
    atomic_store(&opened, 0);
    atomic_store(&closed, 0);
    return w.server ? 0 : start(state);
}

struct listener_of {
    struct http_client *client;
    atomic_uint last; // number that came
    unsigned number;  // the one that is being read
    unsigned until;   // the listener leaves then; 0: never
    bool is_wrong;
};

static bool take(void *state, struct str piece)
{
    struct listener_of *l = state;
    for (size_t i = 0; i < piece.len; i++) {
        if (piece.ptr[i] != '\n') {
            l->number = 10 * l->number + (unsigned)(piece.ptr[i] - '0');
            continue;
        }
        l->is_wrong |= l->number != l->last + 1;
        l->last = l->number;
        l->number = 0;
    }
    return l->until == 0 || l->last < l->until;
}

static void *listen_on(void *state)
{
    struct listener_of *l = state;
    struct arena scratch;
    arena_init(&scratch, 256 * KIB);
    const struct http_call call = {.method = HTTP_GET,
        .target = STR("/numbers"),
        .timeout_ms = 60000,
        .answer_bytes_max = UINT64_MAX,
        .sink = take,
        .sink_state = l};
    struct http_reply reply;
    struct http_failure failure;
    (void)!http_client_send(l->client, &scratch, &call, &reply, &failure);
    http_client_close(l->client);
    arena_release(&scratch);
    return NULL;
}

static void wait_for(atomic_uint *what, unsigned n)
{
    for (unsigned i = 0; i < 10000 && atomic_load(what) < n; i++)
        clock_sleep_us(US_PER_MS);
    assert_int_equal(atomic_load(what), n);
}

// Half of the clients leave at some number, half stay until the server stops.
static void every_client_gets_every_number_in_order(void **state)
{
    static struct listener_of listeners[CLIENTS];
    pthread_t threads[CLIENTS];
    for (unsigned i = 0; i < CLIENTS; i++) {
        listeners[i] =
            (struct listener_of){.client = i % 4 < 2 ? node_client() : local_client(),
                .until = i % 2 ? 10 * (i + 1) / 2 : 0};
        assert_int_equal(pthread_create(&threads[i], NULL, listen_on, &listeners[i]), 0);
    }
    wait_for(&opened, CLIENTS);
    for (unsigned i = 0; i < NUMBERS; i++) {
        atomic_fetch_add(&given, 1);
        clock_sleep_us(US_PER_MS);
    }
    wait_for(&closed, CLIENTS / 2);
    for (unsigned i = 0; i < CLIENTS; i += 2)
        wait_for(&listeners[i].last, NUMBERS);
    stop(state);
    assert_int_equal(atomic_load(&closed), CLIENTS);
    for (unsigned i = 0; i < CLIENTS; i++) {
        pthread_join(threads[i], NULL);
        assert_false(listeners[i].is_wrong);
        assert_true(listeners[i].last >= (i % 2 ? listeners[i].until : NUMBERS));
    }
}

// The daemon does not look at what waits: that nobody listens any more is seen all the same.
static void a_client_that_leaves_a_silent_stream_is_seen_to_be_gone(void **state)
{
    static const char request[] = "GET /numbers HTTP/1.1\r\nHost: a\r\n\r\n";
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, w.socket_path, strlen(w.socket_path));
    for (unsigned i = 0; i < 20; i++) {
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
        assert_int_equal(file_write_fd(fd, STR(request)), ERR_OK);
        wait_for(&opened, i + 1);
        close(fd);
    }
    wait_for(&closed, 20);
}

static void a_stop_ends_streams_that_are_silent(void **state)
{
    static struct listener_of listeners[4];
    pthread_t threads[4];
    for (size_t i = 0; i < LEN(threads); i++) {
        listeners[i] = (struct listener_of){.client = i % 2 ? node_client() : local_client()};
        assert_int_equal(pthread_create(&threads[i], NULL, listen_on, &listeners[i]), 0);
    }
    wait_for(&opened, LEN(threads));
    int64_t begun_us = clock_monotonic_us();
    stop(state);
    assert_true(clock_monotonic_us() - begun_us < 4 * US_PER_S); // not the grace of answers
    for (size_t i = 0; i < LEN(threads); i++)
        pthread_join(threads[i], NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_client_gets_every_number_in_order, reset),
        cmocka_unit_test_setup(a_client_that_leaves_a_silent_stream_is_seen_to_be_gone, reset),
        cmocka_unit_test_setup(a_stop_ends_streams_that_are_silent, reset),
    };
    return cmocka_run_group_tests(tests, world_make, world_end);
}
