// SPDX-License-Identifier: Apache-2.0
// Tightening by hand: what somebody got already leaves every view here, and its recall is
// proposed (H6).
#include "api/tighten.h"
#include "base/time.h"
#include "policy/handling.h"
#include "store/recall.h"
#include "sys/clock.h"

#define NATIONS_MAX 256

static int compare_texts(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static enum err read_nations(struct call *call, struct handling *h)
{
    struct str list = call_parameter(call, "nations");
    struct str *items = NEW_N(call->arena, struct str, NATIONS_MAX);
    size_t n = 0;
    if (!items)
        return ERR_LIMIT;
    while (list.len) {
        if (n == NATIONS_MAX)
            return ERR_INVALID;
        items[n++] = str_cut(&list, ',');
    }
    qsort(items, n, sizeof *items, compare_texts);
    h->has_relto = n > 0;
    h->relto = items;
    h->n_relto = n;
    return ERR_OK;
}

static enum err read_time(struct call *call, const char *name, bool *has, int64_t *out)
{
    struct str text = call_parameter(call, name);
    *has = text.len > 0;
    return *has ? time_parse(text, out) : ERR_OK;
}

static enum err read_all(struct call *call, struct handling *h)
{
    struct str level = call_parameter(call, "handling");
    if (level.len)
        TRY(stix_tlp_parse(level, &h->tlp));
    TRY(read_nations(call, h));
    h->is_noforn = call_parameter(call, "noforn").len > 0;
    h->is_orcon = call_parameter(call, "orcon").len > 0;
    TRY(read_time(call, "embargo", &h->has_embargo, &h->embargo_us));
    return read_time(call, "expires", &h->has_expiry, &h->expiry_us);
}

static bool says_something(const struct handling *h)
{
    return h->tlp != STIX_TLP_CLEAR || h->has_relto || h->is_noforn || h->is_orcon ||
           h->has_embargo || h->has_expiry;
}

bool tighten_parameters(struct call *call, struct str *block)
{
    struct handling h = {.originator = call->node->party}, again;
    enum err e = read_all(call, &h);
    if (e == ERR_OK && !says_something(&h)) {
        call_fail(call, ERR_INVALID,
            STR("say what is stricter: handling (green, amber, amber+strict, red), nations, "
                "noforn, orcon, embargo or expires"));
        return false;
    }
    struct buf b = call_buf(call);
    policy_handling_put(&b, &h);
    if (e == ERR_OK)
        e = buf_end(&b, block);
    if (e == ERR_OK) // it parses only when every part of it is well-formed
        e = policy_handling_parse(call->arena, *block, &again, NULL);
    if (e != ERR_OK)
        call_fail(call, e,
            e == ERR_INVALID ? STR("handling is a TLP word, nations a list of trigraphs as in "
                                   "GBR,KOR, embargo and expires are times in UTC with Z")
                             : STR(""));
    return e == ERR_OK;
}

struct tighten_work {
    struct call *call;
    struct str block;
    int64_t now_us;
    uint64_t rows, changed, proposals; // set by the work
};

static enum err tighten_row(
    struct tighten_work *work, struct store_txn *t, const struct store_object *row)
{
    const struct store_tightening with = {
        .handling = work->block, .why = STR("tightened here"), .at_us = work->now_us};
    struct str source = call_parameter(work->call, "source");
    bool changed;
    if (row->state == STORE_DESTROYED || (source.len && !str_eq(source, row->source)))
        return ERR_OK;
    TRY(exchange_tighten(t, row->seq, &with, &changed));
    work->rows++;
    work->changed += changed;
    return ERR_OK;
}

static enum err tighten_work(struct store_txn *t, void *context)
{
    struct tighten_work *work = context;
    struct str id = work->call->segments[0];
    struct store_objects rows;
    uint64_t before;
    work->rows = work->changed = 0;
    TRY(store_recall_proposals_count(t, &before));
    TRY(store_objects_by_id(t, work->call->arena, id, &rows));
    for (size_t i = 0; i < rows.n; i++)
        TRY(tighten_row(work, t, &rows.items[i]));
    TRY(store_recall_proposals_count(t, &work->proposals));
    work->proposals -= before;
    if (work->rows == 0)
        return ERR_NOT_FOUND;
    return work->changed ? call_audit(work->call, t, "object.tighten", id, work->block)
                         : ERR_OK;
}

void api_tighten(struct call *call)
{
    struct tighten_work work = {.call = call, .now_us = clock_now_us()};
    if (!tighten_parameters(call, &work.block))
        return;
    enum err e = store_write(call->node->store, tighten_work, &work, STORE_URGENT);
    if (e != ERR_OK) {
        call_fail(call, e, e == ERR_NOT_FOUND ? STR("no such object is held") : STR(""));
        return;
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, STR("id"), call->segments[0]);
    json_member_int(&o, STR("rows"), (int64_t)work.rows);
    json_member_int(&o, STR("tightened"), (int64_t)work.changed);
    json_member_int(&o, STR("proposals"), (int64_t)work.proposals);
    json_end_object(&o);
    call_answer_json(call, &b);
}
