// SPDX-License-Identifier: Apache-2.0
#include "api/alarm.h"

#include "base/limits.h"
#include "base/time.h"
#include "store/feed.h"
#include "store/flash.h"
#include "store/restored.h"
#include "store/rule.h"
#include "sys/clock.h"
#include "sys/file.h"

#define CLOCK_SKEW_S   300
#define DISK_BYTES_MIN ((int64_t)256 * MIB) // beside what another copy of the store takes

static const struct {
    struct str code, en, ko;
} texts[] = {
#define ALARM_ROW(name, english, korean) \
    [ALARM_##name] = {STR_INIT(#name), STR_INIT(english), STR_INIT(korean)},
    ALARM_LIST(ALARM_ROW)
#undef ALARM_ROW
};

// What is known while the members are written.
struct node_health {
    struct file_room room;
    int64_t store_bytes;
    struct store_overdue overdue;
    uint64_t lost;
    struct store_flashes flashes; // not reviewed
    struct store_rules rules;
    struct store_feeds_failing feeds;
};

static void put(struct json_out *o, enum alarm alarm, struct str party, struct str detail)
{
    json_begin_object(o);
    json_member_string(o, STR("code"), texts[alarm].code);
    json_member_string(o, STR("party"), party);
    json_member_string(o, STR("why"), texts[alarm].en);
    json_member_string(o, STR("why_ko"), texts[alarm].ko);
    json_member_string(o, STR("detail"), detail);
    json_end_object(o);
}

static void put_number(
    struct call *call, struct json_out *o, enum alarm alarm, struct str party, int64_t n)
{
    struct buf b = buf_in(call->arena, 32);
    buf_put_i64(&b, n);
    put(o, alarm, party, buf_str(&b));
}

static void put_time(
    struct call *call, struct json_out *o, enum alarm alarm, struct str party, int64_t us)
{
    struct buf b = buf_in(call->arena, 64);
    time_put(&b, us);
    put(o, alarm, party, buf_str(&b));
}

// Of a certificate or an agreement the days, of a key its role too.
static void put_end(struct call *call, struct json_out *o, const struct exchange_expiry *end)
{
    struct buf b = buf_in(call->arena, 64);
    bool is_certificate = str_eq(end->role, STR("certificate"));
    bool is_agreement = str_eq(end->role, STR("agreement"));
    if (!is_certificate && !is_agreement) {
        buf_put(&b, end->role);
        buf_put_byte(&b, ' ');
    }
    buf_put_i64(&b, end->days_left);
    put(o,
        is_certificate ? ALARM_CERTIFICATE
        : is_agreement ? ALARM_AGREEMENT
                       : ALARM_KEY,
        end->party, buf_str(&b));
}

static void put_link_alarms(
    struct call *call, struct json_out *o, const struct exchange_status *link)
{
    if (link->frozen_code.len)
        put(o, ALARM_FROZEN, link->party, link->frozen_why);
    if (link->clock_skew_s > CLOCK_SKEW_S || link->clock_skew_s < -CLOCK_SKEW_S)
        put_number(call, o, ALARM_CLOCK, link->party, link->clock_skew_s);
    if (link->is_receipt_overdue)
        put_time(call, o, ALARM_RECEIPT_OVERDUE, link->party, link->unreceipted_us);
    if (link->fail_closed_s == 0)
        put(o, ALARM_FAIL_CLOSED, link->party, STR(""));
}

static bool is_stopped(const struct store_rule *rule, const struct exchange_statuses *links)
{
    for (size_t i = 0; i < links->n; i++)
        if (str_eq(links->items[i].party, rule->party))
            return !str_eq(links->items[i].agreement, rule->agreement);
    return true;
}

static void put_officers_alarms(
    const struct node_health *h, const struct alarm_about *about, struct json_out *o)
{
    for (size_t i = 0; i < h->flashes.n; i++)
        put(o, ALARM_FLASH_REVIEW, h->flashes.items[i].party, h->flashes.items[i].id);
    for (size_t i = 0; i < h->rules.n; i++)
        if (is_stopped(&h->rules.items[i], &about->links))
            put(o, ALARM_RULE_STOPPED, h->rules.items[i].party, h->rules.items[i].id);
}

static bool is_disk_low(const struct node_health *h)
{
    return h->room.free_bytes < h->store_bytes + DISK_BYTES_MIN;
}

static void put_alarms(struct call *call, const struct node_health *h,
    const struct alarm_about *about, struct json_out *o)
{
    struct str us = call->node->party;
    json_put_key(o, STR("alarms"));
    json_begin_array(o);
    if (store_is_readonly(call->node->store))
        put(o, ALARM_READONLY, us, STR(""));
    if (is_disk_low(h))
        put_number(call, o, ALARM_DISK_LOW, us, h->room.free_bytes);
    for (size_t i = 0; i < about->ends.n; i++)
        if (!str_eq(about->ends.items[i].level, STR("ok")))
            put_end(call, o, &about->ends.items[i]);
    for (size_t i = 0; i < about->links.n; i++)
        put_link_alarms(call, o, &about->links.items[i]);
    if (h->overdue.by_partners)
        put_number(call, o, ALARM_RECALL_OVERDUE, STR(""), h->overdue.by_partners);
    if (h->overdue.by_us)
        put_number(call, o, ALARM_RECALL_OVERDUE, us, h->overdue.by_us);
    put_officers_alarms(h, about, o);
    if (h->feeds.n)
        put(o, ALARM_FEED, us, h->feeds.name);
    if (h->lost)
        put_number(call, o, ALARM_LOST, us, (int64_t)h->lost);
    json_end_array(o);
}

static void put_certificate(
    struct call *call, const struct exchange_expiries *ends, struct json_out *o)
{
    for (size_t i = 0; i < ends->n; i++) {
        struct buf until = buf_in(call->arena, 64);
        if (!str_eq(ends->items[i].role, STR("certificate")))
            continue;
        time_put(&until, ends->items[i].not_after_us);
        json_put_key(o, STR("certificate"));
        json_begin_object(o);
        json_member_string(o, STR("until"), buf_str(&until));
        json_member_int(o, STR("days_left"), ends->items[i].days_left);
        json_end_object(o);
    }
}

static void put_disk(const struct node_health *h, struct json_out *o)
{
    json_put_key(o, STR("disk"));
    json_begin_object(o);
    json_member_int(o, STR("free_bytes"), h->room.free_bytes);
    json_member_int(o, STR("total_bytes"), h->room.total_bytes);
    json_member_int(o, STR("store_bytes"), h->store_bytes);
    json_member_bool(o, STR("low"), is_disk_low(h));
    json_end_object(o);
}

enum err alarm_put_all(
    struct call *call, struct store_txn *t, const struct alarm_about *about, struct json_out *o)
{
    struct node_health h = {0};
    const char *store;
    TRY(path_join(call->arena, call->node->dir, "store.db", &store));
    TRY(file_room(call->node->dir, &h.room));
    TRY(file_size(store, &h.store_bytes));
    TRY(store_count_overdue(t, clock_now_us(), &h.overdue));
    TRY(store_lost_count(t, &h.lost));
    TRY(store_flash_all(t, call->arena, true, &h.flashes));
    TRY(store_rule_all(t, call->arena, &h.rules));
    TRY(store_feed_failing(t, call->arena, &h.feeds));
    put_certificate(call, &about->ends, o);
    put_disk(&h, o);
    put_alarms(call, &h, about, o);
    return ERR_OK;
}
