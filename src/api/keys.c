// SPDX-License-Identifier: Apache-2.0
// Keys, epochs and ends of links: the operator's, on the node's own socket.
#include "exchange/keys.h"
#include "api/call.h"
#include "base/hex.h"
#include "base/time.h"
#include "json/json.h"

void api_link_remove(struct call *call)
{
    enum err e = exchange_link_remove(call->node->exchange, call->principal, call->segments[0]);
    if (e != ERR_OK)
        call_fail(
            call, e, e == ERR_NOT_FOUND ? STR("there is no link with that party") : STR(""));
    else
        http_answer(call->request, 200, STR("application/json"), STR("{}"));
}

void api_key_install(struct call *call)
{
    struct str why = {"", 0};
    size_t n;
    enum err e = exchange_key_install(
        call->node->exchange, call->principal, http_request_body(call->request), &n, &why);
    if (e != ERR_OK) {
        call_fail(call, e, why);
        return;
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_int(&o, STR("links"), (int64_t)n);
    json_end_object(&o);
    call_answer_json(call, &b);
}

// {"ours": "...", "theirs": "..."}: the statements of both roots.
void api_link_epoch(struct call *call)
{
    struct json v, ours, theirs;
    struct exchange_epoch epoch = {.party = call->segments[0]};
    struct str why = STR("the body is {\"ours\": statement, \"theirs\": statement}");
    enum err e = json_parse(call->arena, http_request_body(call->request), &v, NULL);
    if (e == ERR_OK &&
        !(json_get(v, STR("ours"), &ours) && json_get(v, STR("theirs"), &theirs)))
        e = ERR_INVALID;
    if (e == ERR_OK)
        e = json_string(call->arena, ours, &epoch.ours);
    if (e == ERR_OK)
        e = json_string(call->arena, theirs, &epoch.theirs);
    if (e == ERR_OK)
        e = exchange_epoch_open(call->node->exchange, call->principal, &epoch, &why);
    if (e != ERR_OK)
        call_fail(call, e, why);
    else
        http_answer(call->request, 200, STR("application/json"), STR("{}"));
}

struct offer_work {
    struct call *call;
    struct http_certificate certificate;
};

static enum err offer_work(struct store_txn *t, void *context)
{
    struct offer_work *work = context;
    struct buf pin = buf_in(work->call->arena, 64);
    hex_put(&pin, work->certificate.pin, sizeof work->certificate.pin);
    return call_audit(work->call, t, "certificate.offer", buf_str(&pin), STR(""));
}

// {"certificate": PEM, "key": PEM}: of tls.crt, or of the pair that waits. The node does not
// read its key folder while it serves.
void api_certificate(struct call *call)
{
    struct json v, certificate, key;
    struct http_identity identity = {{"", 0}, {"", 0}};
    struct offer_work work = {.call = call};
    enum err e = json_parse(call->arena, http_request_body(call->request), &v, NULL);
    if (e == ERR_OK &&
        !(json_get(v, STR("certificate"), &certificate) && json_get(v, STR("key"), &key)))
        e = ERR_INVALID;
    if (e == ERR_OK)
        e = json_string(call->arena, certificate, &identity.certificate_pem);
    if (e == ERR_OK)
        e = json_string(call->arena, key, &identity.key_pem);
    if (e == ERR_OK)
        e = http_certificate_read(identity.certificate_pem, &work.certificate);
    if (e == ERR_OK)
        e = exchange_offer_identity(call->node->exchange, &identity);
    if (e == ERR_OK)
        e = store_write(call->node->store, offer_work, &work, STORE_NORMAL);
    if (e != ERR_OK)
        call_fail(call, e, STR("the body is {\"certificate\": PEM, \"key\": PEM}, a pair"));
    else
        http_answer(call->request, 200, STR("application/json"), STR("{}"));
}

static void put_pin(struct call *call, struct json_out *o)
{
    struct http_certificate shown;
    struct buf hex = buf_in(call->arena, 64);
    if (exchange_certificate(call->node->exchange, &shown) == ERR_OK)
        hex_put(&hex, shown.pin, sizeof shown.pin);
    json_member_string(o, STR("pin"), buf_str(&hex));
}

void api_keys(struct call *call)
{
    struct exchange_expiries rows;
    enum err e = exchange_expiries(call->node->exchange, call->arena, &rows);
    if (e != ERR_OK) {
        call_fail(call, e, STR(""));
        return;
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    put_pin(call, &o);
    json_put_key(&o, STR("keys"));
    json_begin_array(&o);
    for (size_t i = 0; i < rows.n; i++) {
        struct buf at = buf_in(call->arena, 40);
        time_put(&at, rows.items[i].not_after_us);
        json_begin_object(&o);
        json_member_string(&o, STR("role"), rows.items[i].role);
        json_member_string(&o, STR("party"), rows.items[i].party);
        json_member_string(&o, STR("not_after"), buf_str(&at));
        json_member_int(&o, STR("days_left"), rows.items[i].days_left);
        json_member_string(&o, STR("level"), rows.items[i].level);
        json_end_object(&o);
    }
    json_end_array(&o);
    json_end_object(&o);
    call_answer_json(call, &b);
}
