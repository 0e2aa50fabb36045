// SPDX-License-Identifier: Apache-2.0
#include "api/call.h"

#include "base/hex.h"
#include "base/time.h"
#include "hash/hash.h"
#include "sys/clock.h"

#define LIMIT_DEFAULT 100

struct str call_parameter(const struct call *call, const char *name)
{
    struct str value = {"", 0};
    if (!http_request_parameter(call->request, str_of(name), &value))
        return (struct str){"", 0};
    return value;
}

bool call_number(struct call *call, const char *name, uint64_t otherwise, uint64_t *out)
{
    struct str value = call_parameter(call, name);
    *out = otherwise;
    if (value.len == 0 || str_to_u64(value, out) == ERR_OK)
        return true;
    struct buf b = call_buf(call);
    buf_put(&b, str_of(name));
    buf_put(&b, STR(" must be a number"));
    call_fail(call, ERR_INVALID, buf_str(&b));
    return false;
}

bool call_limit(struct call *call, uint64_t most, uint64_t *out)
{
    struct str value = call_parameter(call, "limit");
    uint64_t n = LIMIT_DEFAULT;
    if (value.len == 0 || (str_to_u64(value, &n) == ERR_OK && n >= 1 && n <= most)) {
        *out = n;
        return true;
    }
    struct buf b = call_buf(call);
    buf_put(&b, STR("limit is a number from 1 to "));
    buf_put_u64(&b, most);
    call_fail(call, ERR_INVALID, buf_str(&b));
    return false;
}

void call_fail(struct call *call, enum err e, struct str what)
{
    static const unsigned statuses[] = {
        [ERR_OK] = 500, // a handler that fails with ERR_OK is our mistake
        [ERR_INVALID] = 400,
        [ERR_LIMIT] = 413,
        [ERR_DENIED] = 403,
        [ERR_NOT_FOUND] = 404,
        [ERR_CONFLICT] = 409,
        [ERR_BUSY] = 503,
        [ERR_CORRUPT] = 422,
        [ERR_IO] = 500,
    };
    http_answer_error(
        call->request, statuses[e], err_name(e), what.len ? what : str_of(err_text(e)));
}

struct buf call_buf(struct call *call)
{
    return buf_in(call->arena, REQUEST_ARENA_BYTES_MAX);
}

void call_answer_json(struct call *call, const struct buf *b)
{
    struct str body;
    enum err e = buf_end(b, &body);
    if (e != ERR_OK)
        call_fail(call, e, STR("the answer does not fit; ask for less"));
    else
        http_answer(call->request, 200, STR("application/json"), body);
}

void call_put_time(struct json_out *o, const char *key, int64_t us)
{
    json_put_key(o, str_of(key));
    json_put_raw(o, STR("\""));
    if (us)
        time_put(o->buf, us);
    buf_put_byte(o->buf, '"');
}

void call_put_hash(struct json_out *o, const char *key, const unsigned char *hash)
{
    json_put_key(o, str_of(key));
    json_put_raw(o, STR("\""));
    hex_put(o->buf, hash, SHA256_BYTES);
    buf_put_byte(o->buf, '"');
}

enum err call_audit(const struct call *call, struct store_txn *t, const char *action,
    struct str target, struct str detail)
{
    const struct store_audit event = {.at_us = clock_now_us(),
        .principal = call->principal,
        .action = str_of(action),
        .target = target,
        .detail = detail};
    return store_audit_add(t, &event);
}
