// SPDX-License-Identifier: Apache-2.0
// Health as one word, and metrics in the text format of Prometheus 0.0.4.
#include "api/metrics.h"

#include "api/call.h"
#include "base/time.h"
#include "exchange/status.h"
#include "sys/clock.h"

#include <stdatomic.h>

#define CLASSES     5 // 1xx to 5xx
#define BUCKETS     6
#define TEXT_FORMAT STR("text/plain; version=0.0.4; charset=utf-8")

static const struct {
    int64_t us;
    struct str label; // seconds
} buckets[BUCKETS] = {{US_PER_MS, STR_INIT("0.001")}, {10 * US_PER_MS, STR_INIT("0.01")},
    {100 * US_PER_MS, STR_INIT("0.1")}, {US_PER_S, STR_INIT("1")},
    {10 * US_PER_S, STR_INIT("10")}, {INT64_MAX, STR_INIT("+Inf")}};

struct metrics_counts {
    atomic_uint_fast64_t requests[CLASSES];
    atomic_uint_fast64_t durations[BUCKETS]; // each of its own, added up when they are printed
    atomic_uint_fast64_t us;
};

struct metrics_counts *metrics_new(struct arena *a)
{
    return NEW(a, struct metrics_counts);
}

void metrics_count(struct metrics_counts *counts, unsigned status, int64_t took_us)
{
    unsigned which = status / 100;
    if (which < 1 || which > CLASSES)
        return; // the client left before there was an answer
    atomic_fetch_add(&counts->requests[which - 1], 1);
    if (took_us <= 0)
        return;
    size_t i = 0;
    while (took_us > buckets[i].us)
        i++;
    atomic_fetch_add(&counts->durations[i], 1);
    atomic_fetch_add(&counts->us, (uint64_t)took_us);
}

void api_health(struct call *call)
{
    struct store_txn *t;
    bool is_well = !store_is_readonly(call->node->store) &&
                   store_read_begin(call->node->store, &t) == ERR_OK;
    if (is_well)
        store_read_end(t);
    http_answer(call->request, is_well ? 200 : 503, STR("text/plain"),
        is_well ? STR("ok\n") : STR("the store cannot be written\n"));
}

static void begin(struct buf *b, const char *name, const char *type, const char *help)
{
    buf_put(b, STR("# HELP "));
    buf_put(b, str_of(name));
    buf_put_byte(b, ' ');
    buf_put(b, str_of(help));
    buf_put(b, STR("\n# TYPE "));
    buf_put(b, str_of(name));
    buf_put_byte(b, ' ');
    buf_put(b, str_of(type));
    buf_put_byte(b, '\n');
}

// A sample; `label` and `value` both empty for none.
static void put(struct buf *b, const char *name, struct str label, struct str value, uint64_t n)
{
    buf_put(b, str_of(name));
    if (label.len) {
        buf_put_byte(b, '{');
        buf_put(b, label);
        buf_put(b, STR("=\""));
        buf_put(b, value);
        buf_put(b, STR("\"}"));
    }
    buf_put_byte(b, ' ');
    buf_put_u64(b, n);
    buf_put_byte(b, '\n');
}

static void put_requests(struct buf *b, struct metrics_counts *counts)
{
    static const struct str classes[CLASSES] = {
        STR_INIT("1xx"), STR_INIT("2xx"), STR_INIT("3xx"), STR_INIT("4xx"), STR_INIT("5xx")};
    const char *name = "bongsu_requests_total";
    begin(b, name, "counter", "Requests by the class of their status.");
    for (size_t i = 0; i < CLASSES; i++)
        put(b, name, STR("class"), classes[i], atomic_load(&counts->requests[i]));
}

// Seconds with six digits, of whole microseconds.
static void put_seconds(struct buf *b, uint64_t us)
{
    uint64_t part = us % (uint64_t)US_PER_S;
    buf_put_u64(b, us / (uint64_t)US_PER_S);
    buf_put_byte(b, '.');
    for (uint64_t digit = (uint64_t)US_PER_S / 10; digit; digit /= 10)
        buf_put_byte(b, (char)('0' + part / digit % 10));
    buf_put_byte(b, '\n');
}

static void put_durations(struct buf *b, struct metrics_counts *counts)
{
    uint64_t n = 0;
    begin(b, "bongsu_request_seconds", "histogram", "From a request's head to its end.");
    for (size_t i = 0; i < BUCKETS; i++) {
        n += atomic_load(&counts->durations[i]);
        put(b, "bongsu_request_seconds_bucket", STR("le"), buckets[i].label, n);
    }
    buf_put(b, STR("bongsu_request_seconds_sum "));
    put_seconds(b, atomic_load(&counts->us));
    put(b, "bongsu_request_seconds_count", STR(""), STR(""), n);
}

static void put_store(struct buf *b, const struct call *call, const struct store_counts *counts)
{
    const struct {
        const char *name, *type, *help;
        int64_t n;
    } rows[] = {
        {"bongsu_objects", "gauge", "Rows of objects, destroyed ones included.",
            counts->objects},
        {"bongsu_objects_not_in_force", "gauge", "Quarantined, recalled or destroyed rows.",
            counts->not_in_force},
        {"bongsu_values", "gauge", "Postings of the value index.", counts->values},
        {"bongsu_links", "gauge", "Links with partners.", counts->links},
        {"bongsu_payloads_waiting", "gauge", "Payloads that no partner has receipted yet.",
            counts->payloads_pending},
        {"bongsu_receipts_missing", "gauge", "Entries that want a receipt and have none.",
            counts->receipts_missing},
        {"bongsu_recalls_open", "gauge", "Recalls with something left to answer.",
            counts->recalls_open},
        {"bongsu_recalls_proposed", "gauge", "Recalls that wait for an officer.",
            counts->recalls_proposed},
        {"bongsu_audit_events_total", "counter", "Events of the audit log.",
            counts->audit_events},
        {"bongsu_readonly", "gauge", "1 when the disk failed or is full.",
            store_is_readonly(call->node->store)},
    };
    for (size_t i = 0; i < LEN(rows); i++) {
        begin(b, rows[i].name, rows[i].type, rows[i].help);
        put(b, rows[i].name, STR(""), STR(""), (uint64_t)rows[i].n);
    }
}

// Party ids are a-z, 0-9 and hyphens: nothing in a label needs an escape.
static void put_links(struct buf *b, const struct exchange_statuses *links)
{
    begin(b, "bongsu_link_waiting", "gauge", "Payloads that wait to be sent or receipted.");
    for (size_t i = 0; i < links->n; i++)
        put(b, "bongsu_link_waiting", STR("party"), links->items[i].party,
            links->items[i].waiting);
    begin(b, "bongsu_link_entries", "gauge", "Entries of our ledger.");
    for (size_t i = 0; i < links->n; i++)
        put(b, "bongsu_link_entries", STR("party"), links->items[i].party,
            links->items[i].size);
    begin(b, "bongsu_link_cosigned", "gauge", "Entries of our ledger that are cosigned.");
    for (size_t i = 0; i < links->n; i++)
        put(b, "bongsu_link_cosigned", STR("party"), links->items[i].party,
            links->items[i].cosigned);
}

void api_metrics(struct call *call)
{
    struct store_txn *t;
    struct store_counts counts;
    struct exchange_statuses links;
    struct buf b = call_buf(call);
    enum err e = exchange_status(call->node->exchange, call->arena, &links);
    if (e == ERR_OK)
        e = store_read_begin(call->node->store, &t);
    if (e == ERR_OK) {
        e = store_count(t, &counts);
        store_read_end(t);
    }
    if (e != ERR_OK) {
        call_fail(call, e, STR(""));
        return;
    }
    put_store(&b, call, &counts);
    put_links(&b, &links);
    put_requests(&b, call->node->counts);
    put_durations(&b, call->node->counts);
    http_answer(call->request, 200, TEXT_FORMAT, buf_str(&b));
}
