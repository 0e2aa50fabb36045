// SPDX-License-Identifier: Apache-2.0
// One call of a client.
#include "base/buf.h"
#include "base/limits.h"
#include "base/time.h"
#include "http/client_priv.h"
#include "sys/clock.h"

#define URL_BYTES_MAX    (64 * 1024)
#define HEADER_BYTES_MAX (16 * 1024)
#define TIMEOUT_MS       30000
#define MS_PER_S         1000
#define WAIT_PIECE_US    (200 * US_PER_MS)
#define RETRY_US_MAX     (86400 * US_PER_S)

// What one call needs while curl runs it.
struct exchange {
    struct http_client *client;
    const struct http_call *call;
    struct arena *arena;
    struct curl_slist *headers;
    struct buf body;
    uint64_t sent_bytes;
    uint64_t got_bytes;
    uint64_t got_bytes_max;
    bool is_over;       // the answer is larger than its limit
    bool source_failed; // our own side broke the call off
    bool is_stranger;   // the peer has shown no key that we accept
    char text[CURL_ERROR_SIZE];
};

// The status line comes before the body, so the status is known here.
static bool goes_to_sink(const struct exchange *x)
{
    long status = 0;
    curl_easy_getinfo(x->client->curl, CURLINFO_RESPONSE_CODE, &status);
    return x->call->sink && status >= 200 && status <= 299;
}

// NOLINTNEXTLINE(readability-non-const-parameter): the type is libcurl's
static size_t body_take(char *data, size_t size, size_t n, void *ctx)
{
    struct exchange *x = ctx;
    size_t bytes = size * n; // size is always 1
    if (bytes > x->got_bytes_max - x->got_bytes) {
        x->is_over = true;
        return 0;
    }
    x->got_bytes += bytes;
    struct str piece = {data, bytes};
    if (goes_to_sink(x))
        x->source_failed |= !x->call->sink(x->call->sink_state, piece);
    else
        buf_put(&x->body, piece);
    x->source_failed |= x->body.err != ERR_OK;
    return x->source_failed ? 0 : bytes;
}

static size_t body_give(char *out, size_t size, size_t n, void *ctx)
{
    struct exchange *x = ctx;
    const struct http_source *source = x->call->source;
    uint64_t left = source->bytes - x->sent_bytes;
    size_t want = size * n < left ? size * n : (size_t)left;
    ptrdiff_t got = want ? source->read(source->state, x->sent_bytes, out, want) : 0;
    // A source that ends before its size would make the server wait for the rest.
    if (got < 0 || (got == 0 && left > 0)) {
        x->source_failed = true;
        return CURL_READFUNC_ABORT;
    }
    x->sent_bytes += (uint64_t)got;
    return (size_t)got;
}

// curl goes back when a kept connection turns out to be closed.
static int body_seek(void *ctx, curl_off_t offset, int origin)
{
    struct exchange *x = ctx;
    if (origin != SEEK_SET || offset < 0)
        return CURL_SEEKFUNC_FAIL;
    x->sent_bytes = (uint64_t)offset;
    return CURL_SEEKFUNC_OK;
}

static bool option(CURLcode code)
{
    return code == CURLE_OK;
}

// curl asks about once a second also when nothing moves. Not 0 breaks the call off.
static int cancel_ask(
    void *ctx, curl_off_t down, curl_off_t down_now, curl_off_t up, curl_off_t up_now)
{
    const struct http_client *client = ctx;
    (void)down, (void)down_now, (void)up, (void)up_now;
    return client->is_cancelled && atomic_load(client->is_cancelled);
}

// A named option that cannot be set is an error: none of these is optional.
#define SET(name, value) option(curl_easy_setopt(c, name, value))

static bool transport_set(const struct http_client *client)
{
    CURL *c = client->curl;
    return SET(CURLOPT_PROTOCOLS_STR, client->has_tls ? "https" : "http") &&
           SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) && SET(CURLOPT_PROXY, "") &&
           SET(CURLOPT_NOPROXY, "*") && SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) &&
           SET(CURLOPT_FOLLOWLOCATION, 0L) && SET(CURLOPT_NOSIGNAL, 1L) &&
           SET(CURLOPT_PATH_AS_IS, 1L) &&
           SET(CURLOPT_CONNECTTIMEOUT_MS, (long)client->connect_timeout_ms) &&
           (!client->unix_path || SET(CURLOPT_UNIX_SOCKET_PATH, client->unix_path));
}

// Between the handshake and the first byte of the request.
// NOLINTNEXTLINE(readability-non-const-parameter): curl_prereq_callback
static int check_peer(void *ctx, char *to, char *from, int to_port, int from_port)
{
    struct exchange *x = ctx;
    (void)to, (void)from, (void)to_port, (void)from_port;
    x->is_stranger = x->client->has_tls && !http_client_trusts(x->client);
    return x->is_stranger ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

// The names and issuers in the certificate mean nothing: check_peer says who it is.
static bool pins_set(struct exchange *x)
{
    CURL *c = x->client->curl;
    return SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_3) &&
           SET(CURLOPT_SSL_VERIFYPEER, 0L) && SET(CURLOPT_SSL_VERIFYHOST, 0L) &&
           SET(CURLOPT_PREREQFUNCTION, check_peer) && SET(CURLOPT_PREREQDATA, x);
}

// Those of the system would count beside ours if its folder stayed set.
static bool authorities_set(const struct http_client *client)
{
    CURL *c = client->curl;
    return SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) &&
           SET(CURLOPT_SSL_VERIFYPEER, 1L) && SET(CURLOPT_SSL_VERIFYHOST, 2L) &&
           SET(CURLOPT_CAINFO, client->pem_path[PEM_AUTHORITIES]) && SET(CURLOPT_CAPATH, NULL);
}

static bool tls_set(struct exchange *x)
{
    const struct http_client *client = x->client;
    CURL *c = client->curl;
    if (!client->has_tls)
        return true;
    bool is_set = client->by_authority ? authorities_set(client) : pins_set(x);
    if (is_set && client->has_identity)
        is_set = SET(CURLOPT_SSLCERT, client->pem_path[PEM_CERTIFICATE]) &&
                 SET(CURLOPT_SSLKEY, client->pem_path[PEM_KEY]);
    return is_set;
}

static bool body_set(struct exchange *x)
{
    CURL *c = x->client->curl;
    const struct http_call *call = x->call;
    if (call->method == HTTP_HEAD)
        return SET(CURLOPT_NOBODY, 1L);
    bool is_set = true;
    if (call->source)
        is_set = SET(CURLOPT_POST, 1L) &&
                 SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->source->bytes) &&
                 SET(CURLOPT_READFUNCTION, body_give) && SET(CURLOPT_READDATA, x) &&
                 SET(CURLOPT_SEEKFUNCTION, body_seek) && SET(CURLOPT_SEEKDATA, x);
    else if (call->method != HTTP_GET && call->method != HTTP_DELETE)
        is_set = SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body.len) &&
                 SET(CURLOPT_POSTFIELDS, call->body.len ? call->body.ptr : "");
    return is_set && SET(CURLOPT_CUSTOMREQUEST, http_method_name(call->method));
}

static bool header_put(struct exchange *x, struct str name, struct str value)
{
    const char *line;
    struct buf b = buf_in(x->arena, HEADER_BYTES_MAX);
    buf_put(&b, name);
    buf_put(&b, STR(": "));
    buf_put(&b, value);
    struct str text = buf_str(&b);
    if (b.err != ERR_OK || str_index(text, '\r') < text.len ||
        str_index(text, '\n') < text.len || str_to_cstr(x->arena, text, &line) != ERR_OK)
        return false;
    struct curl_slist *longer = curl_slist_append(x->headers, line);
    if (longer)
        x->headers = longer;
    return longer;
}

static bool call_set(struct exchange *x)
{
    CURL *c = x->client->curl;
    const struct http_call *call = x->call;
    const char *url;
    bool has_type = false;
    struct buf b = buf_in(x->arena, URL_BYTES_MAX);
    buf_put(&b, x->client->url);
    buf_put(&b, call->target);
    if (b.err != ERR_OK || str_to_cstr(x->arena, buf_str(&b), &url) != ERR_OK)
        return false;
    for (size_t i = 0; i < call->n_headers; i++) {
        has_type |= http_name_eq(call->headers[i].name, STR("Content-Type"));
        if (!header_put(x, call->headers[i].name, call->headers[i].value))
            return false;
    }
    // Otherwise curl says that every body is a form.
    if (!has_type && !header_put(x, STR("Content-Type"), STR("application/octet-stream")))
        return false;
    return SET(CURLOPT_URL, url) && SET(CURLOPT_HTTPHEADER, x->headers) &&
           SET(CURLOPT_TIMEOUT_MS, (long)(call->timeout_ms ? call->timeout_ms : TIMEOUT_MS)) &&
           SET(CURLOPT_LOW_SPEED_LIMIT, call->stall_ms ? 1L : 0L) &&
           SET(CURLOPT_LOW_SPEED_TIME, (long)(call->stall_ms / MS_PER_S)) &&
           SET(CURLOPT_WRITEFUNCTION, body_take) && SET(CURLOPT_WRITEDATA, x) &&
           SET(CURLOPT_NOPROGRESS, 0L) && SET(CURLOPT_XFERINFOFUNCTION, cancel_ask) &&
           SET(CURLOPT_XFERINFODATA, x->client) && SET(CURLOPT_ERRORBUFFER, x->text) &&
           body_set(x);
}

static const struct {
    CURLcode code;
    enum http_failure_kind kind;
} kinds[] = {
    {CURLE_COULDNT_RESOLVE_HOST, HTTP_FAILURE_CONNECT},
    {CURLE_COULDNT_CONNECT, HTTP_FAILURE_CONNECT},
    {CURLE_OPERATION_TIMEDOUT, HTTP_FAILURE_TIMEOUT},
    {CURLE_SSL_CONNECT_ERROR, HTTP_FAILURE_TLS},
    {CURLE_PEER_FAILED_VERIFICATION, HTTP_FAILURE_TLS},
    {CURLE_SSL_PINNEDPUBKEYNOTMATCH, HTTP_FAILURE_TLS},
    {CURLE_SSL_CERTPROBLEM, HTTP_FAILURE_TLS},
    {CURLE_SSL_CACERT_BADFILE, HTTP_FAILURE_TLS},
    {CURLE_SSL_ISSUER_ERROR, HTTP_FAILURE_TLS},
    {CURLE_OUT_OF_MEMORY, HTTP_FAILURE_LOCAL},
};

static const enum err errors[] = {
    [HTTP_FAILURE_CONNECT] = ERR_BUSY,
    [HTTP_FAILURE_TIMEOUT] = ERR_BUSY,
    [HTTP_FAILURE_TLS] = ERR_DENIED,
    [HTTP_FAILURE_TOO_LARGE] = ERR_LIMIT,
    [HTTP_FAILURE_BROKEN] = ERR_IO,
    [HTTP_FAILURE_LOCAL] = ERR_IO,
};

static enum http_failure_kind kind_of(const struct exchange *x, CURLcode code)
{
    if (x->is_over)
        return HTTP_FAILURE_TOO_LARGE;
    if (x->source_failed)
        return HTTP_FAILURE_LOCAL;
    if (x->is_stranger)
        return HTTP_FAILURE_TLS;
    for (size_t i = 0; i < LEN(kinds); i++)
        if (kinds[i].code == code)
            return kinds[i].kind;
    return HTTP_FAILURE_BROKEN;
}

static enum err fail(struct exchange *x, enum http_failure_kind kind, const char *text,
    struct http_failure *failure)
{
    failure->kind = kind;
    http_client_why(x->arena, &failure->text, ERR_OK, text);
    return errors[kind];
}

static enum err failed(struct exchange *x, CURLcode code, struct http_failure *failure)
{
    enum http_failure_kind kind = kind_of(x, code);
    const char *text = x->text[0] ? x->text : curl_easy_strerror(code);
    if (x->is_over)
        text = "the answer is larger than its limit";
    else if (x->source_failed)
        text = "our own side of the call failed";
    else if (x->is_stranger)
        text = "the peer's certificate is not of an accepted key, or not valid now";
    return fail(x, kind, text, failure);
}

// Seconds, or a date (RFC 9110 section 10.2.3). What is neither says nothing.
static int64_t retry_us(const struct exchange *x, struct str text)
{
    uint64_t seconds;
    const char *date;
    if (str_to_u64(text, &seconds) == ERR_OK)
        return seconds < RETRY_US_MAX / US_PER_S ? (int64_t)seconds * US_PER_S : RETRY_US_MAX;
    if (str_to_cstr(x->arena, text, &date) != ERR_OK)
        return 0;
    time_t at_s = curl_getdate(date, NULL);
    int64_t wait_s = at_s > 0 ? at_s - clock_now_us() / US_PER_S : 0;
    if (wait_s <= 0)
        return 0;
    return wait_s < RETRY_US_MAX / US_PER_S ? wait_s * US_PER_S : RETRY_US_MAX;
}

bool http_client_header(
    struct http_client *client, struct arena *a, struct str name, struct str *out)
{
    struct curl_header *header;
    const char *text;
    return str_to_cstr(a, name, &text) == ERR_OK &&
           curl_easy_header(client->curl, text, 0, CURLH_HEADER, -1, &header) == CURLHE_OK &&
           str_copy(a, str_of(header->value), out) == ERR_OK;
}

static enum err reply_read(struct exchange *x, struct http_reply *out)
{
    struct http_reply reply = {.body_bytes = x->got_bytes};
    long status = 0;
    const char *type = NULL;
    curl_easy_getinfo(x->client->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(x->client->curl, CURLINFO_CONTENT_TYPE, &type);
    reply.status = (unsigned)status;
    struct curl_header *date;
    if (curl_easy_header(x->client->curl, "Date", 0, CURLH_HEADER, -1, &date) == CURLHE_OK) {
        time_t at_s = curl_getdate(date->value, NULL);
        reply.date_us = at_s > 0 ? at_s * US_PER_S : 0;
    }
    struct str after;
    if (http_client_header(x->client, x->arena, STR("Retry-After"), &after))
        reply.retry_us = retry_us(x, after);
    TRY(str_copy(x->arena, str_of(type), &reply.content_type));
    TRY(buf_end(&x->body, &reply.body));
    *out = reply;
    return ERR_OK;
}

enum err http_client_send(struct http_client *client, struct arena *a,
    const struct http_call *call, struct http_reply *out, struct http_failure *failure)
{
    uint64_t most = call->answer_bytes_max ? call->answer_bytes_max : HTTP_BODY_BYTES_MAX;
    struct exchange x = {.client = client, .call = call, .arena = a, .got_bytes_max = most};
    x.body = buf_in(a, most < SIZE_MAX ? (size_t)most : SIZE_MAX);
    *failure = (struct http_failure){0};
    curl_easy_reset(client->curl); // options only; the connection is kept
    enum err e;
    if (!transport_set(client) || !tls_set(&x) || !call_set(&x)) {
        e = fail(&x, HTTP_FAILURE_LOCAL, "the call cannot be made", failure);
    } else {
        CURLcode code = curl_easy_perform(client->curl);
        e = code == CURLE_OK ? ERR_OK : failed(&x, code, failure);
        if (e == ERR_OK && reply_read(&x, out) != ERR_OK)
            e = fail(&x, HTTP_FAILURE_LOCAL, "no memory for the answer", failure);
    }
    curl_slist_free_all(x.headers);
    return e;
}

// In pieces, so that a cancelled client does not keep its thread.
static bool wait_us(const struct http_client *client, int64_t us)
{
    for (; us > 0; us -= WAIT_PIECE_US) {
        if (client->is_cancelled && atomic_load(client->is_cancelled))
            return false;
        clock_sleep_us(us < WAIT_PIECE_US ? us : WAIT_PIECE_US);
    }
    return true;
}

enum err http_client_send_patiently(struct http_client *client, struct arena *a,
    const struct http_call *call, int64_t patience_us, struct http_reply *out,
    struct http_failure *failure)
{
    for (int64_t own_us = US_PER_S;; own_us *= 2) {
        TRY(http_client_send(client, a, call, out, failure));
        int64_t next_us = out->retry_us ? out->retry_us : own_us;
        if ((out->status != 429 && out->status != 503) || next_us > patience_us)
            return ERR_OK;
        patience_us -= next_us;
        if (!wait_us(client, next_us))
            return ERR_OK;
    }
}
