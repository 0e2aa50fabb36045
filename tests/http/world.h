// SPDX-License-Identifier: Apache-2.0
// One node on loopback and the identities that tests play with. A test file gives `route` and
// `run`; the bodies stand here because each test is a program of one file.
#pragma once

#include "base/buf.h"
#include "base/limits.h"
#include "base/time.h"
#include "http/client.h"
#include "http/server.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "test.h"

#include <stdatomic.h>
#include <unistd.h>

#define HOUR_US        (3600 * US_PER_S)
#define PATH_BYTES_MAX 100
#define TEXT           STR("text/plain")

struct world {
    struct arena process;
    struct http_identity node, stranger, expired, client;
    struct http_server *server;
    char dir[PATH_BYTES_MAX];
    char socket_path[PATH_BYTES_MAX];
    struct str url;
};

static struct world w;

static void route(void *ctx, struct http_request *r, struct http_plan *plan);
static void run(void *ctx, struct http_request *r);

static inline struct http_server_config node_config(void)
{
    return (struct http_server_config){.address = "127.0.0.1:0",
        .identity = w.node,
        .unix_path = w.socket_path,
        .spool_dir = w.dir,
        .handler = {.ctx = &w, .route = route, .run = run},
        .workers = 4};
}

static inline int start_as(const struct http_server_config *config)
{
    struct str why = STR("");
    if (http_server_start(&w.process, config, &w.server, &why) != ERR_OK) {
        print_error("%.*s\n", STR_ARG(why));
        return 1;
    }
    struct buf b = buf_in(&w.process, PATH_BYTES_MAX);
    buf_put(&b, STR("https://127.0.0.1:"));
    buf_put_u64(&b, http_server_port(w.server));
    return buf_end(&b, &w.url) == ERR_OK ? 0 : 1;
}

static inline int start(void **state)
{
    struct http_server_config config = node_config();
    return start_as(&config);
}

static inline int stop(void **state)
{
    http_server_stop(w.server);
    w.server = NULL;
    return 0;
}

static inline struct http_client *client_of(const struct http_client_config *config)
{
    struct http_client *client = NULL;
    struct str why;
    assert_int_equal(http_client_open(&w.process, config, &client, &why), ERR_OK);
    return client;
}

static inline struct http_client *node_client(void)
{
    struct http_client_config config = {.url = w.url,
        .peer_certificate_pem = w.node.certificate_pem,
        .identity = w.client,
        .connect_timeout_ms = 60000};
    return client_of(&config);
}

static inline struct http_client *local_client(void)
{
    struct http_client_config config = {
        .url = STR("http://localhost"), .unix_path = str_of(w.socket_path)};
    return client_of(&config);
}

static inline int world_make(void **state)
{
    arena_init(&w.process, 8 * MIB);
    int64_t now_us = clock_now_us();
    snprintf(w.dir, sizeof w.dir, "/tmp/http-test-XXXXXX");
    if (!mkdtemp(w.dir))
        return 1;
    snprintf(w.socket_path, sizeof w.socket_path, "%.80s/socket", w.dir);
    struct {
        const char *name;
        int64_t from_us, until_us;
        struct http_identity *out;
    } rows[] = {
        {"node", now_us - HOUR_US, now_us + HOUR_US, &w.node},
        {"node", now_us - HOUR_US, now_us + HOUR_US, &w.stranger},
        {"node", now_us - HOUR_US, now_us - HOUR_US / 2, &w.expired},
        {"client", now_us - HOUR_US, now_us + HOUR_US, &w.client},
    };
    for (size_t i = 0; i < LEN(rows); i++)
        if (http_identity_make(&w.process, str_of(rows[i].name), rows[i].from_us,
                rows[i].until_us, rows[i].out) != ERR_OK)
            return 1;
    return start(state);
}

static inline int world_end(void **state)
{
    stop(state);
    rmdir(w.dir); // fails, and so do we, when the socket file is still there
    bool is_left = file_exists(w.dir);
    arena_release(&w.process);
    return is_left ? 1 : 0;
}
