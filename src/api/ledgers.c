// SPDX-License-Identifier: Apache-2.0
// The pair's two logs over the partner's certificate: C2SP tlog-tiles and tlog-witness.
#include "api/call.h"
#include "exchange/ledger.h"

static void answer(
    struct call *call, enum err e, struct str bytes, const char *type, const char *cache)
{
    if (e != ERR_OK) {
        // Another's log, one that does not exist and a tile that is not there look the same.
        bool is_none = e == ERR_NOT_FOUND || e == ERR_INVALID;
        call_fail(call, is_none ? ERR_NOT_FOUND : e, is_none ? STR("nothing here") : STR(""));
        return;
    }
    http_answer_header(call->request, STR("Cache-Control"), str_of(cache));
    http_answer(call->request, 200, str_of(type), bytes);
}

static void checkpoint(struct call *call, bool is_cosigned)
{
    struct str note = {"", 0};
    enum err e = exchange_log_checkpoint(call->node->exchange, call->arena, call->partner,
        call->segments[0], is_cosigned, &note);
    answer(call, e, note, "text/plain; charset=utf-8", "no-cache");
}

void api_log_checkpoint(struct call *call)
{
    checkpoint(call, false);
}

void api_log_cosigned(struct call *call)
{
    checkpoint(call, true);
}

void api_log_tile(struct call *call)
{
    struct str bytes = {"", 0};
    struct buf path = buf_in(call->arena, KIB);
    buf_put(&path, STR("tile/"));
    buf_put(&path, call->segments[1]);
    enum err e = path.err == ERR_OK ? ERR_OK : ERR_NOT_FOUND;
    if (e == ERR_OK)
        e = exchange_log_tile(call->node->exchange, call->arena, call->partner,
            call->segments[0], buf_str(&path), &bytes);
    answer(call, e, bytes, "application/octet-stream", "max-age=31536000, immutable");
}

void api_add_checkpoint(struct call *call)
{
    struct exchange_witnessed witnessed;
    enum err e = exchange_add_checkpoint(call->node->exchange, call->arena, call->partner,
        http_request_body(call->request), &witnessed);
    if (e != ERR_OK) {
        call_fail(call, e,
            e == ERR_BUSY ? STR("the link is paused or frozen on this side") : STR(""));
        return;
    }
    if (witnessed.status == 503)
        http_answer_header(call->request, STR("Retry-After"), STR("1"));
    http_answer(call->request, witnessed.status, witnessed.content_type, witnessed.body);
}
