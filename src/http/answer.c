// SPDX-License-Identifier: Apache-2.0
#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "http/server_priv.h"
#include "sys/log.h"

#include <assert.h>
#include <unistd.h>

#define SOURCE_BLOCK_BYTES  (64 * 1024)
#define ERROR_BYTES_MAX     4096
#define ERROR_MESSAGE_BYTES 512 // at six bytes a character still below ERROR_BYTES_MAX

static const char no_memory[] =
    "{\"error\":{\"code\":\"limit\",\"message\":\"the request needs too much memory\"}}";

void http_answer_reset(struct http_request *r)
{
    struct answer *answer = &r->answer;
    if (answer->kind == ANSWER_FILE && answer->fd >= 0)
        close(answer->fd);
    if (answer->kind == ANSWER_SOURCE && answer->source.close)
        answer->source.close(answer->source.state);
    if (answer->kind == ANSWER_BYTES && answer->hold.release)
        answer->hold.release(answer->hold.state);
    answer->hold = (struct http_hold){0};
    answer->kind = ANSWER_NONE;
    answer->fd = -1;
}

static void answer_begin(
    struct http_request *r, enum answer_kind kind, unsigned status, struct str content_type)
{
    http_answer_reset(r);
    r->answer.kind = kind;
    r->answer.status = status;
    r->answer.content_type = content_type;
}

void http_answer(
    struct http_request *r, unsigned status, struct str content_type, struct str body)
{
    answer_begin(r, ANSWER_BYTES, status, content_type);
    r->answer.bytes = body;
}

void http_answer_held(struct http_request *r, unsigned status, struct str content_type,
    struct str body, const struct http_hold *hold)
{
    http_answer(r, status, content_type, body);
    r->answer.hold = *hold;
}

void http_answer_source(struct http_request *r, unsigned status, struct str content_type,
    const struct http_source *source)
{
    answer_begin(r, ANSWER_SOURCE, status, content_type);
    r->answer.source = *source;
}

void http_answer_file(
    struct http_request *r, unsigned status, struct str content_type, int fd, uint64_t bytes)
{
    answer_begin(r, ANSWER_FILE, status, content_type);
    r->answer.fd = fd;
    r->answer.fd_bytes = bytes;
}

void http_answer_header(struct http_request *r, struct str name, struct str value)
{
    assert(r->answer.n_headers < ANSWER_HEADERS_MAX);
    r->answer.headers[r->answer.n_headers++] = (struct http_pair){name, value};
}

// A JSON string (RFC 8259 section 7). This module knows no more of JSON than its errors.
static void put_json_string(struct buf *b, struct str s)
{
    static const char digits[] = "0123456789abcdef";
    s = str_to(s, utf8_invalid_at(s));
    buf_put_byte(b, '"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c == '"' || c == '\\')
            buf_put_byte(b, '\\');
        if (c < 0x20)
            buf_put(b,
                (struct str){(char[]){'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]}, 6});
        else
            buf_put_byte(b, (char)c);
    }
    buf_put_byte(b, '"');
}

void http_answer_error(
    struct http_request *r, unsigned status, const char *code, struct str message)
{
    const struct http_handler *handler = &r->listener->server->handler;
    struct buf b = buf_in(&r->arena, ERROR_BYTES_MAX);
    struct str body = STR(no_memory);
    if (handler->error && handler->error(handler->ctx, r, status, code, message))
        return;
    buf_put(&b, STR("{\"error\":{\"code\":"));
    put_json_string(&b, str_of(code));
    buf_put(&b, STR(",\"message\":"));
    put_json_string(&b, str_to(message, ERROR_MESSAGE_BYTES));
    buf_put(&b, STR("}}"));
    if (buf_end(&b, &body) != ERR_OK)
        status = 413;
    http_answer(r, status, STR("application/json"), body);
}

static ssize_t source_read(void *ctx, uint64_t at, char *out, size_t n)
{
    struct http_request *r = ctx;
    if (r->is_gone)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    ptrdiff_t got = r->answer.source.read(r->answer.source.state, at, out, n);
    if (got > 0)
        return got;
    if (got == HTTP_SOURCE_WAITS && http_stream_wait(r))
        return 0;
    if (got == HTTP_SOURCE_WAITS)
        return MHD_CONTENT_READER_END_OF_STREAM;
    return got == 0 ? MHD_CONTENT_READER_END_OF_STREAM : MHD_CONTENT_READER_END_WITH_ERROR;
}

static struct MHD_Response *response_new(struct http_request *r)
{
    struct answer *answer = &r->answer;
    if (answer->kind == ANSWER_SOURCE) {
        // The source is closed in the completed callback: the response may outlive the arena.
        uint64_t n = answer->source.bytes;
        return MHD_create_response_from_callback(n == HTTP_BYTES_UNKNOWN ? MHD_SIZE_UNKNOWN : n,
            SOURCE_BLOCK_BYTES, source_read, r, NULL);
    }
    if (answer->kind == ANSWER_FILE) {
        struct MHD_Response *response =
            MHD_create_response_from_fd64(answer->fd_bytes, answer->fd);
        if (response)
            answer->fd = -1; // the response closes it
        return response;
    }
    return MHD_create_response_from_buffer(
        answer->bytes.len, (void *)(uintptr_t)answer->bytes.ptr, MHD_RESPMEM_PERSISTENT);
}

// Not in the request's arena: that it is full must not keep the answer from saying so.
static bool header_add(struct MHD_Response *response, struct str name, struct str value)
{
    struct arena scratch;
    const char *name_text, *value_text;
    arena_init(&scratch, HTTP_CONNECTION_BYTES_MAX);
    bool ok = str_to_cstr(&scratch, name, &name_text) == ERR_OK &&
              str_to_cstr(&scratch, value, &value_text) == ERR_OK &&
              MHD_add_response_header(response, name_text, value_text) == MHD_YES;
    arena_release(&scratch);
    return ok;
}

static bool headers_add(struct http_request *r, struct MHD_Response *response)
{
    const struct answer *answer = &r->answer;
    if (answer->content_type.len &&
        !header_add(response, STR("Content-Type"), answer->content_type))
        return false;
    for (size_t i = 0; i < answer->n_headers; i++)
        if (!header_add(response, answer->headers[i].name, answer->headers[i].value))
            return false;
    return !answer->closes ||
           MHD_add_response_header(response, "Connection", "close") == MHD_YES;
}

enum MHD_Result http_answer_queue(struct http_request *r)
{
    // Behind a proxy, what follows a body may not be what the proxy takes it for.
    const struct http_server *s = r->listener->server;
    if (r->framing.has_body && !r->listener->is_local && !s->keeps_alive_after_body)
        r->answer.closes = true;
    struct MHD_Response *response = response_new(r);
    if (!response || !headers_add(r, response)) {
        log_error("http.answer", "status=%u path=%s why=\"cannot be sent\"", r->answer.status,
            log_text(r->target.path));
        if (response)
            MHD_destroy_response(response);
        return MHD_NO; // the connection is dropped
    }
    enum MHD_Result queued = MHD_queue_response(r->connection, r->answer.status, response);
    MHD_destroy_response(response); // our hold on it; the connection has its own
    return queued;
}
