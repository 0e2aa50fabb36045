// SPDX-License-Identifier: Apache-2.0
// Jobs: many at once, without their client, and while the server stops.
#include "world.h"

#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>

#define CLIENTS     48 // each with a connection that ends beside the next: below the limit
#define CALLS_EACH  4
#define SLOW_JOB_US (300 * US_PER_MS)
#define LARGE_BYTES (8 * MIB)

static atomic_uint calls_seen; // of slow jobs
static atomic_uint jobs_begun;
static atomic_uint jobs_done;

static void route(void *ctx, struct http_request *r, struct http_plan *plan)
{
    atomic_fetch_add(&calls_seen, str_eq(http_request_path(r), STR("/slow")));
    *plan = (struct http_plan){HTTP_BODY_MEMORY, 1000, true};
}

static ptrdiff_t zeros_read(void *state, uint64_t at, char *out, size_t n)
{
    size_t left = (size_t)(LARGE_BYTES - at);
    n = n < left ? n : left;
    memset(out, 0, n);
    return (ptrdiff_t)n;
}

static void run(void *ctx, struct http_request *r)
{
    bool is_slow = str_eq(http_request_path(r), STR("/slow"));
    if (is_slow) {
        atomic_fetch_add(&jobs_begun, 1);
        clock_sleep_us(SLOW_JOB_US);
    }
    struct http_source zeros = {NULL, zeros_read, NULL, LARGE_BYTES, NULL};
    if (str_eq(http_request_path(r), STR("/large")))
        http_answer_source(r, 200, TEXT, &zeros);
    else
        http_answer(r, 200, TEXT, http_request_body(r));
    if (is_slow)
        atomic_fetch_add(&jobs_done, 1);
}

static int start_again(void **state)
{
    atomic_store(&calls_seen, 0);
    atomic_store(&jobs_begun, 0);
    atomic_store(&jobs_done, 0);
    return start(state);
}

struct caller {
    struct http_client *client;
    unsigned n_right;
};

static bool is_answered(struct caller *caller, unsigned number)
{
    struct arena scratch;
    arena_init(&scratch, 256 * KIB);
    char text[32];
    snprintf(text, sizeof text, "%p %u", (void *)caller, number);
    struct http_call call = {.method = HTTP_POST, .target = STR("/job"), .body = str_of(text)};
    struct http_reply reply;
    struct http_failure failure = {.text = STR("another answer")};
    bool is_right =
        http_client_send(caller->client, &scratch, &call, &reply, &failure) == ERR_OK &&
        reply.status == 200 && str_eq(reply.body, str_of(text));
    if (!is_right)
        print_error("call %u: %.*s\n", number, STR_ARG(failure.text));
    arena_release(&scratch);
    return is_right;
}

static void *call_often(void *state)
{
    struct caller *caller = state;
    for (unsigned i = 0; i < CALLS_EACH; i++)
        caller->n_right += is_answered(caller, i);
    return NULL;
}

static void many_clients_each_get_the_answer_of_their_own_job(void **state)
{
    static struct caller callers[CLIENTS];
    pthread_t threads[CLIENTS];
    for (size_t i = 0; i < CLIENTS; i++) {
        callers[i] = (struct caller){i % 2 ? node_client() : local_client(), 0};
        assert_int_equal(pthread_create(&threads[i], NULL, call_often, &callers[i]), 0);
    }
    for (size_t i = 0; i < CLIENTS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(callers[i].n_right, CALLS_EACH);
        http_client_close(callers[i].client);
    }
}

// A job is begun by a client that does not wait for its answer.
static void begin_and_leave(unsigned n)
{
    static const char request[] =
        "POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx";
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, w.socket_path, strlen(w.socket_path));
    unsigned before = atomic_load(&jobs_begun);
    for (unsigned i = 0; i < n; i++) {
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
        assert_int_equal(file_write_fd(fd, STR(request)), ERR_OK);
        while (atomic_load(&jobs_begun) == before + i)
            clock_sleep_us(US_PER_MS);
        close(fd);
    }
}

static void a_client_that_leaves_does_not_end_its_job(void **state)
{
    begin_and_leave(3);
    stop(state);
    assert_int_equal(atomic_load(&jobs_done), 3);
    assert_int_equal(start_again(state), 0);
}

static void *call_slow(void *state)
{
    struct caller *caller = state;
    struct arena scratch;
    arena_init(&scratch, 256 * KIB);
    struct http_call call = {.method = HTTP_POST, .target = STR("/slow"), .body = STR("x")};
    struct http_reply reply;
    struct http_failure failure;
    caller->n_right =
        http_client_send(caller->client, &scratch, &call, &reply, &failure) == ERR_OK &&
        (reply.status == 200 || reply.status == 503);
    arena_release(&scratch);
    return NULL;
}

static void a_stop_waits_for_jobs_and_their_answers(void **state)
{
    struct caller callers[6]; // two more than workers, so that some wait in the queue
    pthread_t threads[LEN(callers)];
    for (size_t i = 0; i < LEN(callers); i++) {
        callers[i] = (struct caller){i % 2 ? node_client() : local_client(), 0};
        assert_int_equal(pthread_create(&threads[i], NULL, call_slow, &callers[i]), 0);
    }
    while (atomic_load(&calls_seen) < LEN(callers))
        clock_sleep_us(US_PER_MS);
    clock_sleep_us(SLOW_JOB_US / 10); // the last one's body
    stop(state);
    assert_int_equal(atomic_load(&jobs_done), LEN(callers));
    for (size_t i = 0; i < LEN(callers); i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(callers[i].n_right, 1);
        http_client_close(callers[i].client);
    }
    assert_int_equal(start_again(state), 0);
}

static atomic_uint pieces_taken;

static bool take_slowly(void *state, struct str piece)
{
    atomic_fetch_add(&pieces_taken, 1);
    clock_sleep_us(US_PER_MS);
    return true;
}

static void *call_large(void *state)
{
    struct caller *caller = state;
    struct arena scratch;
    arena_init(&scratch, 256 * KIB);
    struct http_call call = {.method = HTTP_GET,
        .target = STR("/large"),
        .answer_bytes_max = LARGE_BYTES,
        .sink = take_slowly};
    struct http_reply reply;
    struct http_failure failure;
    caller->n_right =
        http_client_send(caller->client, &scratch, &call, &reply, &failure) == ERR_OK &&
        reply.body_bytes == LARGE_BYTES;
    atomic_fetch_add(&pieces_taken, 1); // nobody waits for what has failed
    arena_release(&scratch);
    return NULL;
}

static void a_stop_lets_a_long_answer_end(void **state)
{
    struct caller caller = {node_client(), 0};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, call_large, &caller), 0);
    while (atomic_load(&pieces_taken) == 0)
        clock_sleep_us(US_PER_MS);
    stop(state);
    pthread_join(thread, NULL);
    assert_int_equal(caller.n_right, 1);
    http_client_close(caller.client);
    assert_int_equal(start_again(state), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_clients_each_get_the_answer_of_their_own_job),
        cmocka_unit_test(a_client_that_leaves_does_not_end_its_job),
        cmocka_unit_test(a_stop_waits_for_jobs_and_their_answers),
        cmocka_unit_test(a_stop_lets_a_long_answer_end),
    };
    return cmocka_run_group_tests(tests, world_make, world_end);
}
