// SPDX-License-Identifier: Apache-2.0
// Flash: one duty officer, one language, before everything, also when evidence has stopped. It
// is an ordinary release otherwise: what needs two officers still needs them. A second officer
// reviews it afterwards.
#include "store/flash.h"
#include "api/release_priv.h"
#include "exchange/append.h"
#include "sys/clock.h"

#define LANG_BYTES_MAX 35 // RFC 5646 section 4.4.1

static bool is_language(struct str tag)
{
    for (size_t i = 0; i < tag.len; i++) {
        char c = ascii_lower(tag.ptr[i]);
        bool is_letter = c >= 'a' && c <= 'z', is_digit = c >= '0' && c <= '9';
        if (!is_letter && (i == 0 || (!is_digit && c != '-')))
            return false;
    }
    return tag.len >= 2 && tag.len <= LANG_BYTES_MAX;
}

void api_flash_add(struct call *call)
{
    struct gate g;
    struct release_ask ask = {.gate = &g,
        .act = STR("flash"),
        .lang = call_parameter(call, "lang"),
        .priority = STORE_FLASH};
    if (!is_language(ask.lang)) {
        call_fail(call, ERR_INVALID, STR("lang is the tag of one language, such as ko"));
        return;
    }
    enum err e = gate_open(call, call_parameter(call, "to"), &g);
    if (e != ERR_OK) {
        release_fail(call, e);
        return;
    }
    if (gate_is_inside(&g)) {
        call_fail(call, ERR_INVALID, STR("a flash goes to a partner, over its link"));
        return;
    }
    g.facts.is_flash = true;
    release_as_asked(&ask);
}

static void put_flash(struct json_out *o, const struct store_flash *flash)
{
    json_begin_object(o);
    json_member_string(o, STR("flash"), flash->id);
    json_member_string(o, STR("to"), flash->party);
    json_member_string(o, STR("kid"), flash->key_id);
    json_member_string(o, STR("lang"), flash->lang);
    call_put_time(o, "at", flash->at_us);
    call_put_time(o, "reviewed", flash->reviewed_us);
    json_end_object(o);
}

void api_flash_list(struct call *call)
{
    struct store_txn *t;
    struct store_flashes all = {0};
    bool only_open = call_parameter(call, "open").len > 0;
    enum err e = store_read_begin(call->node->store, &t);
    if (e == ERR_OK) {
        e = store_flash_all(t, call->arena, only_open, &all);
        store_read_end(t);
    }
    if (e != ERR_OK) {
        call_fail(call, e, STR(""));
        return;
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_put_key(&o, STR("flashes"));
    json_begin_array(&o);
    for (size_t i = 0; i < all.n; i++)
        put_flash(&o, &all.items[i]);
    json_end_array(&o);
    json_end_object(&o);
    call_answer_json(call, &b);
}

struct review {
    struct call *call;
    struct store_flash flash;
    struct approvals approvals;
    struct str id; // of the order
    struct str why;
};

// The order of the review names the order that the duty officer signed; after a restore that
// may be gone.
static enum err make_order(struct review *review, struct store_txn *t)
{
    struct store_order sent;
    struct str order;
    struct buf b = call_buf(review->call);
    struct json_out o = json_out(&b);
    enum err e = store_order_get(t, review->call->arena, review->flash.id, &sent);
    if (e != ERR_OK && e != ERR_NOT_FOUND)
        return e;
    json_begin_object(&o);
    json_member_string(&o, STR("act"), STR("flash-review"));
    if (e == ERR_OK)
        call_put_hash(&o, "digest", sent.digest);
    json_member_string(&o, STR("flash"), review->flash.id);
    json_member_string(&o, STR("to"), review->flash.party);
    json_member_int(&o, STR("v"), 1);
    json_end_object(&o);
    TRY(buf_end(&b, &order));
    approvals_begin(&review->approvals, order, review->flash.party);
    return ERR_OK;
}

static enum err check_officer(struct review *review, struct store_txn *t)
{
    struct json body;
    struct arena *a = review->call->arena;
    struct str text = http_request_body(review->call->request);
    TRY(json_parse(a, text.len ? text : STR("{}"), &body, NULL));
    TRY(approvals_read(t, a, body, &review->approvals, &review->why));
    TRY(approvals_need(&review->approvals, 1, &review->why));
    review->why = STR("the officer who sent a flash does not review it");
    for (size_t i = 0; i < review->approvals.n; i++)
        if (str_eq(review->approvals.key_ids[i], review->flash.key_id))
            return ERR_DENIED;
    return ERR_OK;
}

static enum err prepare(struct review *review)
{
    struct store_txn *t;
    struct call *call = review->call;
    review->why = STR("no such flash was sent; see: bongsu flash list");
    TRY(store_read_begin(call->node->store, &t));
    enum err e = store_flash_get(t, call->arena, call->segments[0], &review->flash);
    if (e == ERR_OK)
        e = make_order(review, t);
    if (e == ERR_OK && call_parameter(call, "preview").len == 0)
        e = check_officer(review, t);
    store_read_end(t);
    return e;
}

static enum err review_work(struct store_txn *t, void *context)
{
    struct review *review = context;
    struct arena *a = review->call->arena;
    struct str detail;
    int64_t now_us = clock_now_us();
    TRY(store_flash_review(t, review->flash.id, review->id, now_us));
    TRY(approvals_keep(t, a, &review->approvals, STR("flash-review"), review->id, now_us));
    TRY(approvals_detail(a, &review->approvals, &detail));
    return call_audit(review->call, t, "flash.review", review->flash.id, detail);
}

static enum err close_review(struct review *review)
{
    struct call *call = review->call;
    TRY(exchange_new_id(call->arena, clock_now_us(), &review->id));
    review->why = STR("it is reviewed already");
    return store_write(call->node->store, review_work, review, STORE_NORMAL);
}

void api_flash_review(struct call *call)
{
    struct review *review = NEW(call->arena, struct review);
    if (!review) {
        call_fail(call, ERR_LIMIT, STR(""));
        return;
    }
    *review = (struct review){.call = call};
    enum err e = prepare(review);
    if (e == ERR_OK && call_parameter(call, "preview").len == 0)
        e = close_review(review);
    if (e != ERR_OK) {
        call_fail(call, e, review->why);
        return;
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, STR("flash"), review->flash.id);
    approvals_put(&o, &review->approvals);
    json_end_object(&o);
    call_answer_json(call, &b);
}
