// SPDX-License-Identifier: Apache-2.0
// Server and client together.
#include "world.h"

#define LARGE_BYTES (8 * MIB)
#define SLOW_JOB_US (300 * US_PER_MS)

static atomic_uint sources_closed;

static void route(void *ctx, struct http_request *r, struct http_plan *plan)
{
    struct str path = http_request_path(r);
    if (str_eq(path, STR("/echo")))
        *plan = (struct http_plan){HTTP_BODY_MEMORY, 1000, false};
    else if (str_eq(path, STR("/job")) || str_eq(path, STR("/slow")))
        *plan = (struct http_plan){HTTP_BODY_MEMORY, 1000, true};
    else if (str_eq(path, STR("/file")))
        *plan = (struct http_plan){HTTP_BODY_FILE, LARGE_BYTES, true};
    else if (str_eq(path, STR("/refused")))
        http_answer_error(r, 401, "token", STR("a token is needed"));
    http_request_set_state(r, ctx);
}

// Bytes that depend on their position, so that a lost or repeated piece is seen.
static ptrdiff_t pattern_read(void *state, uint64_t at, char *out, size_t n)
{
    uint64_t end = *(const uint64_t *)state;
    size_t i = 0;
    for (; i < n && at + i < end; i++)
        out[i] = (char)((at + i) * 31 >> 3);
    return (ptrdiff_t)i;
}

static ptrdiff_t broken_read(void *state, uint64_t at, char *out, size_t n)
{
    return at < 1000 ? pattern_read(state, at, out, n < 1000 ? n : 1000) : HTTP_SOURCE_FAILED;
}

static void source_close(void *state)
{
    atomic_fetch_add(&sources_closed, 1);
}

static uint64_t large_bytes = LARGE_BYTES;

static void answer_source(struct http_request *r)
{
    bool is_broken = str_eq(http_request_path(r), STR("/broken"));
    struct str ignored;
    bool is_chunked = http_request_parameter(r, STR("chunked"), &ignored);
    struct http_source source = {&large_bytes, is_broken ? broken_read : pattern_read,
        source_close, is_chunked ? HTTP_BYTES_UNKNOWN : large_bytes, NULL};
    http_answer_source(r, 200, TEXT, &source);
}

static void answer_file(struct http_request *r)
{
    int fd = dup(http_request_body_fd(r));
    http_answer_file(r, 200, STR("application/x-file"), fd, http_request_body_bytes(r));
}

static void run(void *ctx, struct http_request *r)
{
    struct str path = http_request_path(r), value;
    assert_ptr_equal(http_request_state(r), ctx);
    if (str_eq(path, STR("/slow")))
        clock_sleep_us(SLOW_JOB_US);
    if (str_eq(path, STR("/silent")))
        return;
    if (str_eq(path, STR("/large")) || str_eq(path, STR("/broken")))
        answer_source(r);
    else if (str_eq(path, STR("/file")))
        answer_file(r);
    else if (http_request_header(r, STR("x-test"), &value))
        http_answer(r, 200, TEXT, value);
    else
        http_answer(r, 200, TEXT, http_request_body(r));
}

static enum err ask(struct http_client *client, struct arena *a, const struct http_call *call,
    struct http_reply *reply)
{
    struct http_failure failure;
    enum err e = http_client_send(client, a, call, reply, &failure);
    if (e != ERR_OK)
        print_message("# %.*s\n", STR_ARG(failure.text));
    return e;
}

static void each_route_answers_on_both_listeners(void **state)
{
    static const struct {
        enum http_method method;
        const char *target;
        const char *body;
        unsigned status;
        const char *want;
    } cases[] = {
        {HTTP_GET, "/a", "", 200, ""},
        {HTTP_HEAD, "/a", "", 200, ""},
        {HTTP_DELETE, "/a", "", 200, ""},
        {HTTP_POST, "/echo", "body", 200, "body"},
        {HTTP_POST, "/echo", "", 200, ""},
        {HTTP_PUT, "/job", "body", 200, "body"},
        {HTTP_PATCH, "/file", "spooled", 200, "spooled"},
        {HTTP_GET, "/silent", "", 500,
            "{\"error\":{\"code\":\"system\",\"message\":\"the route gave no answer\"}}"},
        {HTTP_POST, "/refused", "body", 401,
            "{\"error\":{\"code\":\"token\",\"message\":\"a token is needed\"}}"},
        {HTTP_POST, "/a", "body", 413,
            "{\"error\":{\"code\":\"limit\","
            "\"message\":\"the body is larger than this route takes\"}}"},
    };
    struct http_client *clients[] = {node_client(), local_client()};
    for (size_t i = 0; i < LEN(cases) * LEN(clients); i++) {
        struct arena scratch;
        arena_init(&scratch, MIB);
        size_t row = i / LEN(clients);
        struct http_call call = {.method = cases[row].method,
            .target = str_of(cases[row].target),
            .body = str_of(cases[row].body)};
        struct http_reply reply;
        CHECK_ERR(
            call.target.ptr, ask(clients[i % LEN(clients)], &scratch, &call, &reply), ERR_OK);
        CHECK(call.target.ptr, reply.status == cases[row].status);
        CHECK_STR(call.target.ptr, reply.body, str_of(cases[row].want));
        arena_release(&scratch);
    }
    http_client_close(clients[0]);
    http_client_close(clients[1]);
}

static void a_header_cannot_be_split(void **state)
{
    struct arena scratch;
    arena_init(&scratch, MIB);
    struct http_client *client = node_client();
    struct http_pair plain = {STR("X-Test"), STR("a b")};
    struct http_pair split = {STR("X-Test"), STR("a\r\nX-B: b")};
    struct http_call call = {.method = HTTP_GET, .target = STR("/a")};
    struct http_reply reply;
    struct http_failure failure;
    assert_int_equal(ask(client, &scratch, &call, &reply), ERR_OK);
    CHECK_STR("type", reply.content_type, TEXT);
    call.headers = &plain;
    call.n_headers = 1;
    assert_int_equal(ask(client, &scratch, &call, &reply), ERR_OK);
    CHECK_STR("header", reply.body, STR("a b"));
    call.headers = &split;
    assert_int_equal(http_client_send(client, &scratch, &call, &reply, &failure), ERR_IO);
    assert_int_equal(failure.kind, HTTP_FAILURE_LOCAL);
    http_client_close(client);
    arena_release(&scratch);
}

struct sum {
    uint64_t bytes;
    bool is_wrong;
    uint64_t breaks_at;
};

static bool sum_take(void *state, struct str piece)
{
    struct sum *sum = state;
    for (size_t i = 0; i < piece.len; i++)
        sum->is_wrong |= piece.ptr[i] != (char)((sum->bytes + i) * 31 >> 3);
    sum->bytes += piece.len;
    return !sum->breaks_at || sum->bytes < sum->breaks_at;
}

static void large_bodies_are_streamed(void **state)
{
    static const struct {
        enum http_method method;
        const char *target;
    } cases[] = {{HTTP_GET, "/large"}, {HTTP_GET, "/large?chunked"}, {HTTP_PUT, "/file"}};
    struct http_client *clients[] = {node_client(), local_client()};
    for (size_t i = 0; i < LEN(cases) * LEN(clients); i++) {
        struct arena scratch;
        arena_init(&scratch, 256 * KIB);
        struct sum sum = {0};
        struct http_source source = {&large_bytes, pattern_read, NULL, LARGE_BYTES, NULL};
        struct http_call call = {.method = cases[i / 2].method,
            .target = str_of(cases[i / 2].target),
            .source = cases[i / 2].method == HTTP_PUT ? &source : NULL,
            .answer_bytes_max = LARGE_BYTES,
            .sink = sum_take,
            .sink_state = &sum};
        struct http_reply reply;
        CHECK_ERR(call.target.ptr, ask(clients[i % 2], &scratch, &call, &reply), ERR_OK);
        CHECK(call.target.ptr, reply.status == 200 && reply.body_bytes == LARGE_BYTES);
        CHECK(call.target.ptr, sum.bytes == LARGE_BYTES && !sum.is_wrong);
        arena_release(&scratch);
    }
    http_client_close(clients[0]);
    http_client_close(clients[1]);
}

static void each_failure_of_a_call_is_told_apart(void **state)
{
    struct sum breaking = {.breaks_at = 100000};
    struct http_source broken = {&large_bytes, broken_read, NULL, LARGE_BYTES, NULL};
    uint64_t short_bytes = 10;
    struct http_source cut = {&short_bytes, pattern_read, NULL, LARGE_BYTES, NULL};
    const struct {
        const char *why;
        struct http_call call;
        enum err want;
        enum http_failure_kind kind;
    } cases[] = {
        {"answer over the limit",
            {.method = HTTP_GET, .target = STR("/large"), .answer_bytes_max = 1000}, ERR_LIMIT,
            HTTP_FAILURE_TOO_LARGE},
        {"answer over the arena",
            {.method = HTTP_GET, .target = STR("/large"), .answer_bytes_max = LARGE_BYTES},
            ERR_IO, HTTP_FAILURE_LOCAL},
        {"sink breaks off",
            {.method = HTTP_GET,
                .target = STR("/large"),
                .answer_bytes_max = LARGE_BYTES,
                .sink = sum_take,
                .sink_state = &breaking},
            ERR_IO, HTTP_FAILURE_LOCAL},
        {"server's source breaks off", {.method = HTTP_GET, .target = STR("/broken")}, ERR_IO,
            HTTP_FAILURE_BROKEN},
        {"our source fails", {.method = HTTP_PUT, .target = STR("/file"), .source = &broken},
            ERR_IO, HTTP_FAILURE_LOCAL},
        {"our source is short", {.method = HTTP_PUT, .target = STR("/file"), .source = &cut},
            ERR_IO, HTTP_FAILURE_LOCAL},
        {"timeout",
            {.method = HTTP_POST, .target = STR("/slow"), .timeout_ms = SLOW_JOB_US / 10000},
            ERR_BUSY, HTTP_FAILURE_TIMEOUT},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct arena scratch;
        arena_init(&scratch, 256 * KIB);
        struct http_client *client = node_client();
        struct http_reply reply;
        struct http_failure failure;
        CHECK_ERR(cases[i].why,
            http_client_send(client, &scratch, &cases[i].call, &reply, &failure),
            cases[i].want);
        CHECK(cases[i].why, failure.kind == cases[i].kind && failure.text.len > 0);
        http_client_close(client);
        arena_release(&scratch);
    }
}

static void sources_are_closed_once(void **state)
{
    struct arena scratch;
    arena_init(&scratch, 256 * KIB);
    struct http_client *client = node_client();
    struct sum sum = {0};
    struct http_call call = {.method = HTTP_GET,
        .target = STR("/large"),
        .answer_bytes_max = LARGE_BYTES,
        .sink = sum_take,
        .sink_state = &sum};
    struct http_reply reply;
    atomic_store(&sources_closed, 0);
    assert_int_equal(ask(client, &scratch, &call, &reply), ERR_OK);
    call.method = HTTP_HEAD;
    assert_int_equal(ask(client, &scratch, &call, &reply), ERR_OK);
    http_client_close(client);
    arena_release(&scratch);
    stop(state);
    assert_int_equal(atomic_load(&sources_closed), 2);
    assert_int_equal(start(state), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_route_answers_on_both_listeners),
        cmocka_unit_test(a_header_cannot_be_split),
        cmocka_unit_test(large_bodies_are_streamed),
        cmocka_unit_test(each_failure_of_a_call_is_told_apart),
        cmocka_unit_test(sources_are_closed_once),
    };
    return cmocka_run_group_tests(tests, world_make, world_end);
}
