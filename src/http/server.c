// SPDX-License-Identifier: Apache-2.0
// Start and stop.
#include "http/server.h"

#include <gnutls/gnutls.h>

#include "base/limits.h"
#include "base/time.h"
#include "http/server_priv.h"
#include "sys/clock.h"
#include "sys/queue.h"

#include <unistd.h>

#define SERVER_BYTES_MAX (256 * 1024)
#define THREADS_DEFAULT  2
#define WORKERS_DEFAULT  2
#define TIMEOUT_S        30
#define STOP_GRACE_US    (5 * US_PER_S) // for answers that are being sent
#define STOP_STEP_US     (2 * US_PER_MS)
#define OPTIONS_MAX      16
#define TLS_PRIORITY     "NORMAL:-VERS-ALL:+VERS-TLS1.3"

static unsigned or_default(unsigned value, unsigned otherwise)
{
    return value ? value : otherwise;
}

static void connection_changed(void *ctx, struct MHD_Connection *connection, void **state,
    enum MHD_ConnectionNotificationCode what)
{
    (void)state;
    if (what == MHD_CONNECTION_NOTIFY_STARTED)
        http_peer_ask(ctx, connection);
}

// The target is decoded by us, once and strictly: the daemon leaves it as it came.
static size_t unescape_nothing(void *ctx, struct MHD_Connection *connection, char *text)
{
    (void)ctx, (void)connection;
    return strlen(text);
}

struct options {
    struct MHD_OptionItem items[OPTIONS_MAX];
    size_t n;
};

static void option_number(struct options *o, enum MHD_OPTION option, size_t value)
{
    o->items[o->n++] = (struct MHD_OptionItem){option, (intptr_t)value, NULL};
}

static void option_pointer(struct options *o, enum MHD_OPTION option, const void *value)
{
    o->items[o->n++] = (struct MHD_OptionItem){option, 0, (void *)(uintptr_t)value};
}

static void option_call(struct options *o, enum MHD_OPTION option, intptr_t function, void *ctx)
{
    o->items[o->n++] = (struct MHD_OptionItem){option, function, ctx};
}

static bool daemon_start(struct listener *l, struct options *o)
{
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
    if (!l->is_local) {
        flags |= MHD_USE_TLS;
        option_call(o, MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)connection_changed, l->server);
    }
    option_number(o, MHD_OPTION_LISTEN_SOCKET, (size_t)l->fd);
    option_number(o, MHD_OPTION_CONNECTION_LIMIT, HTTP_CONNECTIONS_MAX);
    option_number(o, MHD_OPTION_CONNECTION_MEMORY_LIMIT, HTTP_CONNECTION_BYTES_MAX);
    option_call(o, MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)http_serve_begin, l);
    option_call(o, MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)unescape_nothing, NULL);
    option_call(o, MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)http_serve_completed, l);
    o->items[o->n] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
    l->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, http_serve_access, l, MHD_OPTION_ARRAY, o->items, MHD_OPTION_END);
    return l->daemon;
}

enum err http_server_set_identity(struct http_server *s, const struct http_identity *identity)
{
    struct server_identity *next = NEW(&s->arena, struct server_identity);
    gnutls_datum_t certificate = {(unsigned char *)(uintptr_t)identity->certificate_pem.ptr,
        (unsigned)identity->certificate_pem.len};
    gnutls_datum_t key = {
        (unsigned char *)(uintptr_t)identity->key_pem.ptr, (unsigned)identity->key_pem.len};
    if (!next || gnutls_certificate_allocate_credentials(&next->credentials) != 0)
        return ERR_LIMIT;
    if (gnutls_certificate_set_x509_key_mem(
            next->credentials, &certificate, &key, GNUTLS_X509_FMT_PEM) < 0) {
        gnutls_certificate_free_credentials(next->credentials);
        return ERR_INVALID;
    }
    next->before = atomic_load(&s->identity); // connections may still have it
    atomic_store(&s->identity, next);
    return ERR_OK;
}

void http_identities_free(struct http_server *s)
{
    for (struct server_identity *i = atomic_load(&s->identity); i; i = i->before)
        gnutls_certificate_free_credentials(i->credentials);
}

static enum err tcp_serve(struct http_server *s, struct arena *a,
    const struct http_server_config *config, struct str *why)
{
    struct options o = {0};
    const char *certificate, *key;
    if (http_server_set_identity(s, &config->identity) != ERR_OK)
        return http_why_set(a, why, ERR_INVALID, str_of(config->address),
            STR("the certificate and key cannot be used"));
    TRY(str_to_cstr(a, config->identity.certificate_pem, &certificate));
    TRY(str_to_cstr(a, config->identity.key_pem, &key));
    TRY(http_listen_tcp(a, config->address, &s->tcp.fd, &s->port, why));
    option_pointer(&o, MHD_OPTION_HTTPS_MEM_CERT, certificate);
    option_pointer(&o, MHD_OPTION_HTTPS_MEM_KEY, key);
    option_pointer(&o, MHD_OPTION_HTTPS_PRIORITIES, TLS_PRIORITY);
    option_number(
        &o, MHD_OPTION_THREAD_POOL_SIZE, or_default(config->threads, THREADS_DEFAULT));
    option_number(&o, MHD_OPTION_CONNECTION_TIMEOUT, or_default(config->timeout_s, TIMEOUT_S));
    option_number(&o, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        or_default(config->connections_per_address_max, HTTP_CONNECTIONS_PER_ADDRESS_MAX));
    bool is_started = daemon_start(&s->tcp, &o);
    struct http_identity copy = {.key_pem = str_of(key)};
    http_identity_wipe(&copy);
    if (is_started)
        return ERR_OK;
    return http_why_set(
        a, why, ERR_IO, str_of(config->address), STR("the server cannot start"));
}

static enum err local_serve(struct http_server *s, struct arena *a,
    const struct http_server_config *config, struct str *why)
{
    struct options o = {0};
    TRY(http_listen_unix(a, config->unix_path, &s->local.fd, why));
    TRY(str_to_cstr(&s->arena, str_of(config->unix_path), &s->unix_path));
    option_number(&o, MHD_OPTION_CONNECTION_TIMEOUT, or_default(config->timeout_s, TIMEOUT_S));
    if (daemon_start(&s->local, &o))
        return ERR_OK;
    return http_why_set(
        a, why, ERR_IO, str_of(config->unix_path), STR("the server cannot start"));
}

static struct http_server *server_new(const struct http_server_config *config)
{
    struct arena arena;
    arena_init(&arena, SERVER_BYTES_MAX);
    struct http_server *s = NEW(&arena, struct http_server);
    if (s && config->spool_dir &&
        str_to_cstr(&arena, str_of(config->spool_dir), &s->spool_dir) != ERR_OK)
        s = NULL;
    if (!s) {
        arena_release(&arena);
        return NULL;
    }
    s->arena = arena;
    s->handler = config->handler;
    s->request_bytes_max =
        config->request_bytes_max ? config->request_bytes_max : REQUEST_ARENA_BYTES_MAX;
    s->keeps_alive_after_body = config->keeps_alive_after_body;
    s->tcp = (struct listener){.server = s, .fd = -1};
    s->local = (struct listener){.server = s, .fd = -1, .is_local = true};
    // A connection has one request at a time, so a push never waits.
    s->jobs = queue_new(2 * HTTP_CONNECTIONS_MAX);
    pthread_mutex_init(&s->streams_lock, NULL);
    return s;
}

static bool workers_start(struct http_server *s, unsigned n)
{
    while (s->n_workers < n && s->n_workers < WORKERS_MAX) {
        if (pthread_create(&s->workers[s->n_workers], NULL, http_serve_work, s) != 0)
            return false;
        s->n_workers++;
    }
    s->has_streams_thread = pthread_create(&s->streams_thread, NULL, http_stream_work, s) == 0;
    return s->has_streams_thread;
}

enum err http_server_start(struct arena *a, const struct http_server_config *config,
    struct http_server **out, struct str *why)
{
    struct http_server *s = server_new(config);
    if (!s)
        return http_why_set(a, why, ERR_LIMIT, STR("server"), STR("a path is too long"));
    enum err e = ERR_OK;
    if (!workers_start(s, or_default(config->workers, WORKERS_DEFAULT)))
        e = http_why_set(a, why, ERR_IO, STR("server"), STR("no more threads"));
    if (e == ERR_OK && config->unix_path)
        e = local_serve(s, a, config, why);
    if (e == ERR_OK && config->address)
        e = tcp_serve(s, a, config, why);
    if (e == ERR_OK)
        *out = s;
    else
        http_server_stop(s);
    return e;
}

unsigned http_server_port(const struct http_server *s)
{
    return s->port;
}

static void listener_stop(struct listener *l)
{
    if (l->daemon)
        MHD_stop_daemon(l->daemon); // closes the socket too
    else if (l->fd >= 0)
        close(l->fd);
}

void http_server_stop(struct http_server *s)
{
    if (!s)
        return;
    atomic_store(&s->is_stopping, true);
    // Not MHD_quiesce_daemon: in 0.9.75 it and the daemon's own thread can both take the socket
    // out of the epoll set, and the second one ends the process. Who comes now is told 503.
    queue_close(s->jobs);
    for (unsigned i = 0; i < s->n_workers; i++)
        pthread_join(s->workers[i], NULL);
    if (s->has_streams_thread)
        pthread_join(s->streams_thread, NULL);
    for (int64_t waited_us = 0; atomic_load(&s->n_requests) && waited_us < STOP_GRACE_US;
         waited_us += STOP_STEP_US)
        clock_sleep_us(STOP_STEP_US);
    listener_stop(&s->tcp);
    listener_stop(&s->local);
    if (s->unix_path)
        unlink(s->unix_path);
    http_identities_free(s);
    queue_free(s->jobs);
    pthread_mutex_destroy(&s->streams_lock);
    struct arena arena = s->arena; // it holds the server too
    arena_release(&arena);
}
