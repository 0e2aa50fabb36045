// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/buf.h"
#include "http/gate.h"
#include "http/server.h"
#include "http/target.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#define ANSWER_HEADERS_MAX 16
#define WORKERS_MAX        64

// One address that is listened on, and the daemon that serves it.
struct listener {
    struct http_server *server;
    struct MHD_Daemon *daemon; // NULL: not used
    int fd;
    bool is_local;
};

// A certificate that connections show.
struct server_identity {
    struct gnutls_certificate_credentials_st *credentials;
    struct server_identity *before;
};

struct http_server {
    struct arena arena; // of the server's life; while it serves only for another identity
    _Atomic(struct server_identity *) identity;
    struct http_handler handler;
    const char *spool_dir;
    size_t request_bytes_max;
    bool keeps_alive_after_body;
    struct listener tcp;
    struct listener local;
    const char *unix_path;
    unsigned port;
    struct queue *jobs;
    pthread_t workers[WORKERS_MAX];
    unsigned n_workers;
    atomic_bool is_stopping;
    atomic_size_t n_requests; // begun and not yet completed
    pthread_mutex_t streams_lock;
    struct http_request *streams; // answers that wait for something to send
    pthread_t streams_thread;
    bool has_streams_thread;
};

enum answer_kind {
    ANSWER_NONE,
    ANSWER_BYTES,
    ANSWER_SOURCE,
    ANSWER_FILE,
};

struct answer {
    enum answer_kind kind;
    unsigned status;
    struct str content_type;
    struct str bytes;
    struct http_hold hold; // of the bytes
    struct http_source source;
    int fd;
    uint64_t fd_bytes;
    struct http_pair headers[ANSWER_HEADERS_MAX];
    size_t n_headers;
    bool closes; // the connection ends after this answer
};

// Owned by the server's thread, or by a worker between suspend and resume; never by both.
struct http_request {
    struct arena arena; // holds this struct too; released by the completed callback only
    const struct listener *listener;
    struct MHD_Connection *connection;
    struct str target_text;
    enum http_method method;
    struct http_target target;
    struct http_pair *headers;
    size_t n_headers;
    struct http_framing framing;
    struct http_peer peer;
    struct http_plan plan;
    void *state;
    struct buf body;
    int body_fd; // -1: none
    uint64_t body_bytes;
    uint64_t discard_bytes_left; // while discarding
    bool is_begun;
    bool is_discarding; // refused already, the body is read only so that the refusal arrives
    struct answer answer;
    struct http_request *next_waiting; // of the server's streams
    bool is_gone;                      // the client of a stream
};

// Sets *why to "what: detail" and returns e.
enum err http_why_set(
    struct arena *a, struct str *why, enum err e, struct str what, struct str detail);

// A bound and listening socket.
enum err http_listen_tcp(
    struct arena *a, const char *address, int *fd, unsigned *port, struct str *why) MUST_USE;
enum err http_listen_unix(struct arena *a, const char *path, int *fd, struct str *why) MUST_USE;

// Fills r->peer. False when the system does not say who it is.
bool http_peer_read(struct http_request *r);
// Makes a TLS connection show the server's present certificate and ask for the client's.
void http_peer_ask(struct http_server *s, struct MHD_Connection *connection);
// Frees every certificate that was ever shown.
void http_identities_free(struct http_server *s);

// The head: gate, target, peer, route, plan. Leaves an answer when the request ends here.
void http_request_begin(struct http_request *r, struct str method, struct str version);
// A piece of the body. False when the connection has to be dropped.
bool http_request_take(struct http_request *r, struct str piece);
// The whole body is there; leaves an answer when it cannot be used.
void http_request_body_end(struct http_request *r);

// Hands the answer to the daemon.
enum MHD_Result http_answer_queue(struct http_request *r);
// Closes what the answer holds.
void http_answer_reset(struct http_request *r);

// Of an answer whose source has nothing to send now. False: the server is stopping.
bool http_stream_wait(struct http_request *r);
void *http_stream_work(void *ctx); // the thread that looks whether there is something

// What the daemon (ctx is the listener) and the worker threads (the server) call.
void *http_serve_begin(void *ctx, const char *target, struct MHD_Connection *connection);
enum MHD_Result http_serve_access(void *ctx, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *data, size_t *data_bytes,
    void **request);
void http_serve_completed(void *ctx, struct MHD_Connection *connection, void **request,
    enum MHD_RequestTerminationCode why);
void *http_serve_work(void *ctx);
