// SPDX-License-Identifier: Apache-2.0
// The server: HTTP/1.1 over TLS 1.3 on one address, and in the clear on one Unix socket. A
// request passes the gate, then `route` decides by its head, then its body is taken, then `run`
// answers it: on the server's thread, or as a job on a worker thread. A request and everything
// from its arena live until its answer has been sent or its client is gone; nobody but the
// server frees them.
#pragma once

#include "http/message.h"
#include "http/tls.h"

#include <sys/types.h>

struct http_request;
struct http_server;

// Who asks.
struct http_peer {
    bool is_local; // came by the Unix socket; then `uid` is the process's that connected
    uid_t uid;
    struct str address;   // of a TCP peer, for logs
    bool has_certificate; // the peer proved to hold the key of a certificate with this pin
    bool is_certificate_current; // now is within its validity
    unsigned char pin[HTTP_PIN_BYTES];
};

enum http_body {
    HTTP_BODY_NONE,   // a body is refused with 413
    HTTP_BODY_MEMORY, // http_request_body
    HTTP_BODY_FILE,   // http_request_body_fd: a file without a name, at its beginning
};

// What `route` decides. Zero: no body, run on the server's thread.
struct http_plan {
    enum http_body body;
    uint64_t body_bytes_max;
    bool is_job; // `run` may wait, on a worker thread; otherwise it must not
};

// `route` sees the head only and must not wait. It fills *plan, or answers at once: then `run`
// is not called and the body not taken. `run` must answer; a request that it leaves unanswered
// gets a 500.
struct http_handler {
    void *ctx;
    void (*route)(void *ctx, struct http_request *r, struct http_plan *plan);
    void (*run)(void *ctx, struct http_request *r);
    // NULL, or gives errors of some addresses another form: false leaves it to
    // http_answer_error.
    bool (*error)(void *ctx, struct http_request *r, unsigned status, const char *code,
        struct str message);
    // NULL, or called once for each request with a state, when it has ended in any way.
    void (*end)(void *ctx, struct http_request *r);
};

struct http_server_config {
    const char *address;           // "127.0.0.1:8443", "[::1]:0"; NULL: no TCP
    struct http_identity identity; // for TCP
    const char *unix_path;         // NULL: no Unix socket
    const char *spool_dir;         // for HTTP_BODY_FILE
    struct http_handler handler;
    unsigned threads;                     // of the TCP server; 0: 2
    unsigned workers;                     // for jobs; 0: 2
    unsigned timeout_s;                   // a connection that moves nothing is closed; 0: 30
    unsigned connections_per_address_max; // 0: HTTP_CONNECTIONS_PER_ADDRESS_MAX
    size_t request_bytes_max;             // arena of one request; 0: REQUEST_ARENA_BYTES_MAX
    bool keeps_alive_after_body;          // over TCP: only where no proxy sits in between
};

// Requests may come before this returns. The strings of *config are borrowed for the call, the
// handler for the server's life. On an error *why is a text for a person in the arena.
// ERR_CONFLICT: the address or path is in use. ERR_INVALID: an address, identity or path that
// cannot be. ERR_IO: the system refused.
enum err http_server_start(struct arena *a, const struct http_server_config *config,
    struct http_server **out, struct str *why) MUST_USE;
// From the next connection on the server shows this certificate. ERR_INVALID: it cannot be
// used.
enum err http_server_set_identity(
    struct http_server *s, const struct http_identity *identity) MUST_USE;
// The port that TCP is bound to; 0 without TCP.
unsigned http_server_port(const struct http_server *s);
// Takes no more requests, lets the jobs finish and their answers go out, then stops.
void http_server_stop(struct http_server *s); // NULL does nothing

enum http_method http_request_method(const struct http_request *r);
struct str http_request_path(const struct http_request *r);
// False when it is not there.
bool http_request_parameter(const struct http_request *r, struct str name, struct str *out);
bool http_request_header(const struct http_request *r, struct str name, struct str *out);
// All parameters, so that a route can refuse those that it does not know.
const struct http_pair *http_request_parameters(const struct http_request *r, size_t *n);
const struct http_peer *http_request_peer(const struct http_request *r);
struct arena *http_request_arena(struct http_request *r);
struct str http_request_body(const struct http_request *r);
int http_request_body_fd(const struct http_request *r); // the server closes it
uint64_t http_request_body_bytes(const struct http_request *r);
// What `route` keeps for `run`.
// Of the answer that there is; 0 before.
unsigned http_request_status(const struct http_request *r);
void http_request_set_state(struct http_request *r, void *state);
void *http_request_state(const struct http_request *r);

// The answer; the last one counts. Body and header values are borrowed until the request ends:
// from its arena, or static. A content type of length 0 sends none.
void http_answer(
    struct http_request *r, unsigned status, struct str content_type, struct str body);
// The same, with a body that others send too: `release` is called with it once it is sent.
void http_answer_held(struct http_request *r, unsigned status, struct str content_type,
    struct str body, const struct http_hold *hold);
// {"error":{"code":"...","message":"..."}}
void http_answer_error(
    struct http_request *r, unsigned status, const char *code, struct str message);
// The server takes the source; it is read on the server's thread and must not wait long.
void http_answer_source(struct http_request *r, unsigned status, struct str content_type,
    const struct http_source *source);
// The server takes the descriptor and sends `bytes` from its beginning.
void http_answer_file(
    struct http_request *r, unsigned status, struct str content_type, int fd, uint64_t bytes);
// Kept for whichever answer goes out.
void http_answer_header(struct http_request *r, struct str name, struct str value);
