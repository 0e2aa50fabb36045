// SPDX-License-Identifier: Apache-2.0
// Carrying standing rules out: rows in the order in which they were committed, through the same
// gate and into the same entries as what a person releases. A rule never releases RED or what
// is under originator control, takes nothing along but markings, and asks nobody: what is held
// stays. Only a link that is held up as a whole makes it wait.
#include "api/release_priv.h"
#include "api/rules_priv.h"
#include "base/time.h"
#include "store/rule.h"
#include "sys/clock.h"
#include "sys/log.h"
#include "sys/queue.h"

#include <pthread.h>

#define PAGE_ROWS 500
#define WAIT_US   US_PER_S

struct api_rules {
    const struct api_config *config;
    struct queue *stop; // never holds anything: closed when it is time to end
    pthread_t thread;
};

// One page of rows for one rule. Lives in the pass's arena.
struct rule_page {
    const struct store_rule *rule;
    enum stix_tlp max_tlp;
    struct call call; // in nobody's name
    struct gate gate;
    int64_t last; // the newest row looked at
    bool is_full;
};

static bool has_type(struct str types, struct str type)
{
    while (types.len)
        if (str_eq(str_cut(&types, ','), type))
            return true;
    return false;
}

static bool admits(const struct rule_page *page, const struct gate_row *row)
{
    const struct handling *h = &row->label.handling;
    return row->label.problem == POLICY_LABEL_OK && h->tlp <= page->max_tlp && !h->is_orcon &&
           !row->is_held;
}

static enum err add_row(
    struct rule_page *page, struct store_txn *t, const struct store_object *row)
{
    struct gate *g = &page->gate;
    struct store_object newest;
    if (!has_type(page->rule->types, row->type))
        return ERR_OK;
    TRY(store_object_latest(t, page->call.arena, row->id, row->source, &newest));
    if (newest.seq != row->seq)
        return ERR_OK; // its successor is looked at in its own place
    size_t n = g->n;
    TRY(gate_add(g, t, row, false));
    if (g->n > n && !admits(page, &g->rows[n]))
        gate_drop_last(g);
    return ERR_OK;
}

static enum err load(struct rule_page *page, struct store_txn *t)
{
    struct store_objects rows;
    const struct store_filter filter = {
        .after = page->rule->at_seq, .source = page->rule->source, .limit = PAGE_ROWS};
    TRY(store_objects_after(t, page->call.arena, &filter, &rows));
    for (size_t i = 0; i < rows.n; i++)
        TRY(add_row(page, t, &rows.items[i]));
    page->is_full = rows.n == PAGE_ROWS;
    page->last = rows.n ? rows.items[rows.n - 1].seq : page->rule->at_seq;
    return page->gate.n ? gate_decide(&page->gate, t) : ERR_OK;
}

// The link as a whole is held up (R9), not this row: to be looked at again.
static bool waits(const struct policy_decision *decision)
{
    return decision->result == POLICY_HOLD && decision->why != POLICY_NEEDS_OFFICERS &&
           str_eq(str_of(policy_reason(decision->why).rule), STR("R9"));
}

static int64_t done_up_to(const struct rule_page *page)
{
    const struct gate *g = &page->gate;
    int64_t done = page->last;
    for (size_t i = 0; i < g->n; i++)
        if (waits(&g->candidates[i].decision) && g->rows[i].object.seq <= done)
            done = g->rows[i].object.seq - 1;
    return done;
}

static enum err release(struct rule_page *page)
{
    const struct approvals none = {0};
    struct gate *g = &page->gate;
    bool any = false;
    struct release_run run = {.gate = g,
        .approvals = &none,
        .rule = page->rule->id,
        .row = {
            .party = page->rule->party, .at_us = g->facts.now_us, .priority = STORE_NORMAL}};
    for (size_t i = 0; i < g->n; i++)
        any |= release_goes(g, i);
    if (!any)
        return ERR_OK;
    enum err e = release_write(&run);
    if (run.row.released)
        exchange_wake(page->call.node->exchange, run.row.party);
    return e;
}

struct advance {
    struct str id;
    int64_t at_seq;
};

static enum err advance_work(struct store_txn *t, void *context)
{
    struct advance *advance = context;
    return store_rule_advance(t, advance->id, advance->at_seq);
}

// What was released and not yet advanced over, when the node dies between the two, is held by
// the partner the next time: nothing goes twice.
static enum err run_page(struct rule_page *page)
{
    struct store_txn *t;
    struct store *store = page->call.node->store;
    TRY(gate_open(&page->call, page->rule->party, &page->gate));
    page->gate.only_markings = true;
    if (!str_eq(page->gate.facts.agreement.digest, page->rule->agreement))
        return ERR_OK; // approved under another agreement: officers approve it again
    TRY(store_read_begin(store, &t));
    enum err e = load(page, t);
    store_read_end(t);
    TRY(e);
    TRY(release(page));
    struct advance advance = {.id = page->rule->id, .at_seq = done_up_to(page)};
    page->is_full = page->is_full && advance.at_seq == page->last;
    return advance.at_seq > page->rule->at_seq
               ? store_write(store, advance_work, &advance, STORE_BULK)
               : ERR_OK;
}

// One page of each rule. *more: some rule has not reached the end.
static enum err run_rules(struct api_rules *rules, struct arena *a, bool *more)
{
    struct store_txn *t;
    struct store_rules all;
    *more = false;
    TRY(store_read_begin(rules->config->store, &t));
    enum err e = store_rule_all(t, a, &all);
    store_read_end(t);
    for (size_t i = 0; e == ERR_OK && i < all.n && !queue_is_closed(rules->stop); i++) {
        struct arena_mark mark = arena_mark(a);
        struct rule_page *page = NEW(a, struct rule_page);
        if (!page)
            return ERR_LIMIT;
        *page = (struct rule_page){
            .rule = &all.items[i], .call = {.node = rules->config, .arena = a}};
        e = stix_tlp_parse(page->rule->max_tlp, &page->max_tlp);
        if (e == ERR_OK)
            e = run_page(page);
        if (e != ERR_OK)
            log_warn("rule.fail", "rule=%.*s err=%s", STR_ARG(page->rule->id), err_name(e));
        *more |= e == ERR_OK && page->is_full;
        e = e == ERR_IO ? e : ERR_OK; // one rule does not stop the others
        arena_rewind(a, mark);
    }
    return e;
}

static void *run(void *context)
{
    struct api_rules *rules = context;
    while (!queue_is_closed(rules->stop)) {
        struct arena pass;
        bool more = false;
        arena_init(&pass, REQUEST_ARENA_BYTES_MAX);
        enum err e = NEW(&pass, char) ? run_rules(rules, &pass, &more) : ERR_LIMIT;
        arena_release(&pass);
        if (e != ERR_OK || !more)
            queue_pop(rules->stop, WAIT_US);
    }
    return NULL;
}

enum err rules_start(const struct api_config *config, struct arena *a, struct api_rules **out)
{
    struct api_rules *rules = NEW(a, struct api_rules);
    if (!rules)
        return ERR_LIMIT;
    *rules = (struct api_rules){.config = config, .stop = queue_new(1)};
    if (pthread_create(&rules->thread, NULL, run, rules) != 0) {
        queue_free(rules->stop);
        return ERR_BUSY;
    }
    *out = rules;
    return ERR_OK;
}

void api_rules_stop(struct api_rules *rules)
{
    if (!rules)
        return;
    queue_close(rules->stop);
    pthread_join(rules->thread, NULL);
    queue_free(rules->stop);
}
