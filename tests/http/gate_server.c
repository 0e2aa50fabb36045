// SPDX-License-Identifier: Apache-2.0
// A server for tests/system/test_gate.py: `gate_server DIR` serves a Unix socket DIR/socket and
// TLS on a free port of loopback, prints the port, and stops when its standard input ends. DIR
// gets node.pem and, for a client, client.pem and client.key.
#include "base/buf.h"
#include "base/hex.h"
#include "base/limits.h"
#include "base/time.h"
#include "http/server.h"
#include "sys/clock.h"
#include "sys/file.h"

#include <unistd.h>

#define ECHO_BYTES_MAX  1000
#define SPOOL_BYTES_MAX (64 * MIB)

static void route(void *ctx, struct http_request *r, struct http_plan *plan)
{
    struct str path = http_request_path(r);
    (void)ctx;
    if (str_eq(path, STR("/echo")))
        *plan = (struct http_plan){HTTP_BODY_MEMORY, ECHO_BYTES_MAX, false};
    else if (str_eq(path, STR("/job")))
        *plan = (struct http_plan){HTTP_BODY_MEMORY, ECHO_BYTES_MAX, true};
    else if (str_eq(path, STR("/file")))
        *plan = (struct http_plan){HTTP_BODY_FILE, SPOOL_BYTES_MAX, true};
    else if (str_eq(path, STR("/refused")))
        http_answer_error(r, 401, "token", STR("no \"token\"\n"));
    else if (!str_eq(path, STR("/")) && !str_eq(path, STR("/peer")) &&
             !str_eq(path, STR("/full")))
        http_answer_error(r, 404, "path", STR("no such path"));
}

static void answer_peer(struct http_request *r)
{
    const struct http_peer *peer = http_request_peer(r);
    struct buf b = buf_in(http_request_arena(r), ECHO_BYTES_MAX);
    buf_put(&b, peer->is_local ? STR("local ") : STR("tls "));
    if (peer->is_local)
        buf_put_u64(&b, peer->uid);
    else if (!peer->has_certificate)
        buf_put(&b, STR("none"));
    else
        hex_put(&b, peer->pin, sizeof peer->pin);
    if (peer->has_certificate && !peer->is_certificate_current)
        buf_put(&b, STR(" expired"));
    http_answer(r, 200, STR("text/plain"), buf_str(&b));
}

static void run(void *ctx, struct http_request *r)
{
    struct str path = http_request_path(r);
    (void)ctx;
    if (str_eq(path, STR("/peer"))) {
        answer_peer(r);
    } else if (str_eq(path, STR("/full"))) {
        while (arena_alloc(http_request_arena(r), 1, KIB, 1) ||
               arena_alloc(http_request_arena(r), 1, 1, 1))
            continue;
        http_answer_error(r, 413, "limit", STR("too much"));
    } else if (str_eq(path, STR("/file"))) {
        struct buf b = buf_in(http_request_arena(r), ECHO_BYTES_MAX);
        buf_put_u64(&b, http_request_body_bytes(r));
        http_answer(r, 200, STR("text/plain"), buf_str(&b));
    } else {
        http_answer_header(r, STR("X-Gate"), STR("open"));
        http_answer(r, 200, STR("text/plain"), http_request_body(r));
    }
}

static bool save(struct arena *a, const char *dir, const char *name, struct str text)
{
    const char *path;
    return path_join(a, dir, name, &path) == ERR_OK && file_write(path, text, 0600) == ERR_OK;
}

int main(int argc, char **argv)
{
    struct arena process;
    arena_init(&process, 1 * MIB);
    struct http_identity node, client;
    struct http_server *server;
    struct str why = STR("cannot be set up");
    const char *path;
    int64_t now_us = clock_now_us(), later_us = now_us + 3600 * US_PER_S;
    if (argc != 2 ||
        http_identity_make(&process, STR("gate"), now_us - US_PER_S, later_us, &node) !=
            ERR_OK ||
        http_identity_make(&process, STR("client"), now_us - US_PER_S, later_us, &client) !=
            ERR_OK ||
        !save(&process, argv[1], "node.pem", node.certificate_pem) ||
        !save(&process, argv[1], "client.pem", client.certificate_pem) ||
        !save(&process, argv[1], "client.key", client.key_pem) ||
        path_join(&process, argv[1], "socket", &path) != ERR_OK)
        return 2;
    struct http_server_config config = {.address = "127.0.0.1:0",
        .identity = node,
        .unix_path = path,
        .spool_dir = argv[1],
        .handler = {.route = route, .run = run},
        .timeout_s = 2};
    if (http_server_start(&process, &config, &server, &why) != ERR_OK) {
        fprintf(stderr, "gate_server: %.*s\n", STR_ARG(why));
        return 1;
    }
    printf("%u\n", http_server_port(server));
    fflush(stdout);
    char byte;
    while (read(STDIN_FILENO, &byte, 1) > 0)
        continue;
    http_server_stop(server);
    arena_release(&process);
    return 0;
}
