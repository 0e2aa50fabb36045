// SPDX-License-Identifier: Apache-2.0
// One request up to the point where it can be run.
#include "base/buf.h"
#include "base/limits.h"
#include "http/server_priv.h"
#include "sys/file.h"
#include "sys/log.h"

#include <assert.h>
#include <errno.h>
#include <unistd.h>

enum http_method http_request_method(const struct http_request *r)
{
    return r->method;
}

struct str http_request_path(const struct http_request *r)
{
    return r->target.path;
}

bool http_request_parameter(const struct http_request *r, struct str name, struct str *out)
{
    for (size_t i = 0; i < r->target.n_parameters; i++) {
        if (str_eq(r->target.parameters[i].name, name)) {
            *out = r->target.parameters[i].value;
            return true;
        }
    }
    return false;
}

const struct http_pair *http_request_parameters(const struct http_request *r, size_t *n)
{
    *n = r->target.n_parameters;
    return r->target.parameters;
}

bool http_request_header(const struct http_request *r, struct str name, struct str *out)
{
    return http_pair_find(r->headers, r->n_headers, name, out);
}

const struct http_peer *http_request_peer(const struct http_request *r)
{
    return &r->peer;
}

struct arena *http_request_arena(struct http_request *r)
{
    return &r->arena;
}

struct str http_request_body(const struct http_request *r)
{
    return buf_str(&r->body);
}

int http_request_body_fd(const struct http_request *r)
{
    return r->body_fd;
}

uint64_t http_request_body_bytes(const struct http_request *r)
{
    return r->body_bytes;
}

unsigned http_request_status(const struct http_request *r)
{
    return r->answer.kind == ANSWER_NONE ? 0 : r->answer.status;
}

void http_request_set_state(struct http_request *r, void *state)
{
    r->state = state;
}

void *http_request_state(const struct http_request *r)
{
    return r->state;
}

static enum MHD_Result header_take(void *ctx, enum MHD_ValueKind kind, const char *name,
    size_t name_bytes, const char *value, size_t value_bytes)
{
    struct http_request *r = ctx;
    assert(kind == MHD_HEADER_KIND);
    if (r->n_headers > HTTP_HEADERS_MAX)
        return MHD_NO; // one more than the gate lets through is enough for it to refuse
    struct http_pair *h = &r->headers[r->n_headers++];
    if (str_copy(&r->arena, (struct str){name, name_bytes}, &h->name) != ERR_OK ||
        str_copy(&r->arena, (struct str){value ? value : "", value_bytes}, &h->value) != ERR_OK)
        r->headers = NULL;
    return r->headers ? MHD_YES : MHD_NO;
}

// False with an answer.
static bool head_check(struct http_request *r, struct str method, struct str version)
{
    unsigned status;
    const char *why;
    r->headers = NEW_N(&r->arena, struct http_pair, HTTP_HEADERS_MAX + 1);
    if (r->headers)
        MHD_get_connection_values_n(r->connection, MHD_HEADER_KIND, header_take, r);
    if (!r->headers) {
        r->n_headers = 0;
        r->answer.closes = true;
        http_answer_error(r, 431, "limit", STR("the headers are too large"));
        return false;
    }
    struct http_head head = {method, version, r->headers, r->n_headers};
    if (http_gate_check(&head, &r->framing, &status, &why) != ERR_OK) {
        r->answer.closes = true;
        http_answer_error(r, status, "framing", str_of(why));
        return false;
    }
    struct fault fault = {0};
    if (http_target_parse(&r->arena, r->target_text, &r->target, &fault) != ERR_OK) {
        struct str rest = r->target_text;
        r->target.path = str_cut(&rest, '?'); // as it came, for the form of the error
        http_answer_error(r, 400, "target", str_of(fault.why));
        return false;
    }
    if (http_method_parse(method, &r->method) != ERR_OK) { // with a path, for the same reason
        http_answer_error(r, 501, "method", STR("no route has this method"));
        return false;
    }
    return true;
}

static void body_refuse(struct http_request *r)
{
    http_answer_error(r, 413, "limit", STR("the body is larger than this route takes"));
}

static void body_prepare(struct http_request *r)
{
    const struct http_server *s = r->listener->server;
    uint64_t most = r->plan.body == HTTP_BODY_NONE ? 0 : r->plan.body_bytes_max;
    uint64_t said = r->framing.body_bytes;
    if (r->framing.has_body && (most == 0 || (said != HTTP_BODY_CHUNKED && said > most))) {
        body_refuse(r);
        return;
    }
    if (r->plan.body == HTTP_BODY_MEMORY) {
        r->body = buf_in(&r->arena, most);
        if (r->framing.has_body && said != HTTP_BODY_CHUNKED) {
            r->body.ptr = NEW_N(&r->arena, char, said); // once, instead of growing
            r->body.cap = r->body.ptr ? said : 0;
        }
    }
    if (r->plan.body == HTTP_BODY_FILE) {
        assert(s->spool_dir);
        r->body_fd = file_open_temporary(s->spool_dir);
        if (r->body_fd < 0) {
            log_error("http.spool", "dir=%s why=%s", s->spool_dir, strerrordesc_np(errno));
            http_answer_error(r, 500, "system", STR("the body cannot be stored"));
        }
    }
}

void http_request_begin(struct http_request *r, struct str method, struct str version)
{
    const struct http_server *s = r->listener->server;
    struct str ignored;
    if (!head_check(r, method, version))
        return;
    if (!http_peer_read(r)) {
        r->answer.closes = true;
        http_answer_error(r, 400, "peer", STR("the peer cannot be told"));
        return;
    }
    if (atomic_load(&s->is_stopping)) {
        r->answer.closes = true;
        http_answer_error(r, 503, "stopping", STR("the server is stopping"));
    } else {
        s->handler.route(s->handler.ctx, r, &r->plan);
    }
    if (r->answer.kind == ANSWER_NONE)
        body_prepare(r);
    // A client that sends its body without asking reads our refusal after it; closing on unread
    // bytes would make its system throw the refusal away.
    if (r->answer.kind != ANSWER_NONE && r->framing.has_body &&
        r->framing.body_bytes <= HTTP_DISCARD_BYTES_MAX &&
        !http_request_header(r, STR("Expect"), &ignored)) {
        r->is_discarding = true;
        r->discard_bytes_left = r->framing.body_bytes;
    }
}

// The answer is there; what is left of the body is read up to a limit.
static void discard_rest(struct http_request *r, uint64_t bytes_max)
{
    r->is_discarding = true;
    r->discard_bytes_left = bytes_max;
}

static void spool(struct http_request *r, struct str piece)
{
    if (file_write_fd(r->body_fd, piece) == ERR_OK)
        return;
    log_error("http.spool", "why=%s", strerrordesc_np(errno));
    http_answer_error(r, 507, "storage", STR("the body cannot be stored: the disk failed"));
    discard_rest(r, r->plan.body_bytes_max);
}

bool http_request_take(struct http_request *r, struct str piece)
{
    if (r->is_discarding) {
        bool is_over = piece.len > r->discard_bytes_left;
        r->discard_bytes_left -= is_over ? r->discard_bytes_left : piece.len;
        return !is_over;
    }
    if (piece.len > r->plan.body_bytes_max - r->body_bytes) {
        body_refuse(r);
        discard_rest(r, HTTP_DISCARD_BYTES_MAX);
        return true;
    }
    r->body_bytes += piece.len;
    if (r->plan.body == HTTP_BODY_FILE)
        spool(r, piece);
    else
        buf_put(&r->body, piece);
    return true;
}

void http_request_body_end(struct http_request *r)
{
    if (r->plan.body == HTTP_BODY_FILE && lseek(r->body_fd, 0, SEEK_SET) != 0)
        http_answer_error(r, 500, "system", STR("the body cannot be read back"));
    if (r->body.err != ERR_OK)
        body_refuse(r);
}
