// SPDX-License-Identifier: Apache-2.0
// A client of one server: of a node, over TLS 1.3 with both sides pinned or over a Unix socket,
// or of anybody, over TLS 1.2 or later with a certificate that an authority signed. It keeps
// its connection. No redirects, proxies, cookies or environment. One thread at a time. The
// program must ignore SIGPIPE: one flavour of curl writes without suppressing it.
#pragma once

#include "http/message.h"
#include "http/tls.h"

#include <stdatomic.h>

struct http_client;

struct http_client_config {
    struct str url;       // "https://192.0.2.1:8443", or "http://localhost" with a unix_path
    struct str unix_path; // empty: TCP
    // Whether the certificate has to name the url's host and be signed by one of these; no key
    // is named then.
    bool by_authority;
    struct str authorities_pem; // empty: those of the system
    // Whose keys are accepted, in any certificate that is valid now: that of this certificate,
    // and these pins.
    struct str peer_certificate_pem; // may be empty
    const unsigned char (*peer_pins)[HTTP_PIN_BYTES];
    size_t n_peer_pins;
    struct http_identity identity; // ours; empty: no client certificate
    int64_t connect_timeout_ms;    // 0: 10,000
    // Breaks off a call within about a second once another thread sets it; NULL: none can.
    const atomic_bool *is_cancelled;
};

enum http_failure_kind {
    HTTP_FAILURE_NONE,
    HTTP_FAILURE_CONNECT,   // nobody listens, or the network is cut: ERR_BUSY
    HTTP_FAILURE_TIMEOUT,   // ERR_BUSY
    HTTP_FAILURE_TLS,       // wrong, expired or missing certificate, or no TLS 1.3: ERR_DENIED
    HTTP_FAILURE_TOO_LARGE, // the answer is over the limit: ERR_LIMIT
    HTTP_FAILURE_BROKEN,    // the connection broke, or what came is not HTTP: ERR_IO
    HTTP_FAILURE_LOCAL,     // our own source or sink failed, or our arena is full
};

// Why no answer came; `text` is for a person and lives in the call's arena.
struct http_failure {
    enum http_failure_kind kind;
    struct str text;
};

struct http_call {
    enum http_method method;
    struct str target; // path and query, escaped
    const struct http_pair *headers;
    size_t n_headers;
    struct str body;                  // or
    const struct http_source *source; // its `bytes` must be known; not closed by the client
    int64_t timeout_ms;               // of the whole call; 0: 30,000
    int64_t stall_ms;                 // with nothing moved for so long it ends; 0: never
    uint64_t answer_bytes_max;        // 0: HTTP_BODY_BYTES_MAX
    // Takes the body of a 2xx answer piece by piece; false breaks off. NULL: it is kept in
    // memory.
    bool (*sink)(void *sink_state, struct str piece);
    void *sink_state;
};

struct http_reply {
    unsigned status;
    struct str content_type; // empty when there is none
    struct str body;         // empty when the sink took it
    uint64_t body_bytes;
    int64_t date_us;  // the server's clock, to the second; 0: it did not say
    int64_t retry_us; // Retry-After (RFC 9110 section 10.2.3): how long from now; 0: not said
};

// The strings of *config are borrowed for the call. ERR_INVALID with *why in the arena when the
// url or a certificate cannot be used.
enum err http_client_open(struct arena *a, const struct http_client_config *config,
    struct http_client **out, struct str *why) MUST_USE;
void http_client_close(struct http_client *client); // NULL does nothing
// Any status is an answer. *failure is always filled.
enum err http_client_send(struct http_client *client, struct arena *a,
    const struct http_call *call, struct http_reply *out,
    struct http_failure *failure) MUST_USE;
// The same; 429 and 503 are asked again after their Retry-After, or after 1, 2, 4... seconds,
// as long as that takes no more than patience_us in all.
enum err http_client_send_patiently(struct http_client *client, struct arena *a,
    const struct http_call *call, int64_t patience_us, struct http_reply *out,
    struct http_failure *failure) MUST_USE;
// A header of the last answer, in the arena; false when there is none.
bool http_client_header(
    struct http_client *client, struct arena *a, struct str name, struct str *out);
