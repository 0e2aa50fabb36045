// SPDX-License-Identifier: Apache-2.0
// Filling the views of TAXII collections: rows in the order in which they were committed,
// through the same gate as every release, for each recipient that has a share. What goes along
// with a row is held to the same query. A view asks nobody: what needs officers stays out.
#include "api/release_priv.h"
#include "api/taxii_priv.h"
#include "base/time.h"
#include "sys/clock.h"
#include "sys/log.h"
#include "sys/queue.h"

#include <pthread.h>

#define PAGE_ROWS 500
#define WAIT_US   (US_PER_S / 4)

struct api_views {
    const struct api_config *config;
    struct queue *stop; // never holds anything: closed when it is time to end
    pthread_t thread;
};

// One page of rows for one share. Lives in the pass's arena.
struct view_page {
    const struct store_taxii_share *share;
    enum stix_tlp max_tlp;
    struct call call; // in nobody's name
    struct gate gate;
    int64_t last; // the newest row looked at
    bool is_full;
};

static bool has_word(struct str list, struct str word)
{
    while (list.len)
        if (str_eq(str_cut(&list, ','), word))
            return true;
    return false;
}

static bool is_clean(const struct view_page *page, const struct gate_row *row)
{
    const struct handling *h = &row->label.handling;
    return row->label.problem == POLICY_LABEL_OK && h->tlp <= page->max_tlp && !h->is_orcon;
}

static bool may_come(const struct gate *g, const struct gate_row *row)
{
    return is_clean(g->may_come_context, row);
}

// One member for each id and version: of two sources that say differently, the first (F5).
static enum err is_free(
    struct view_page *page, struct store_txn *t, const struct store_object *row, bool *out)
{
    const struct gate *g = &page->gate;
    bool has;
    TRY(store_taxii_has(t, &g->view, row, &has));
    for (size_t i = 0; i < g->n && !has; i++)
        has = g->rows[i].object.version_us == row->version_us &&
              str_eq(g->rows[i].object.id, row->id);
    *out = !has;
    return ERR_OK;
}

static enum err add_row(
    struct view_page *page, struct store_txn *t, const struct store_object *row)
{
    struct gate *g = &page->gate;
    const struct store_taxii_collection *query = &page->share->collection;
    struct store_object newest;
    bool free_to_go;
    if (query->types.len && !has_word(query->types, row->type))
        return ERR_OK;
    if (query->source.len && !str_eq(query->source, row->source))
        return ERR_OK;
    TRY(store_object_latest(t, page->call.arena, row->id, row->source, &newest));
    if (newest.seq != row->seq)
        return ERR_OK; // its successor is looked at in its own place
    TRY(is_free(page, t, row, &free_to_go));
    if (!free_to_go)
        return ERR_OK;
    size_t n = g->n;
    TRY(gate_add(g, t, row, false));
    if (g->n > n && (g->rows[n].is_held || !is_clean(page, &g->rows[n])))
        gate_drop_last(g);
    return ERR_OK;
}

static enum err load(struct view_page *page, struct store_txn *t)
{
    struct store_objects rows;
    const struct store_filter filter = {.after = page->share->at_seq, .limit = PAGE_ROWS};
    TRY(store_objects_after(t, page->call.arena, &filter, &rows));
    for (size_t i = 0; i < rows.n; i++)
        TRY(add_row(page, t, &rows.items[i]));
    page->is_full = rows.n == PAGE_ROWS;
    page->last = rows.n ? rows.items[rows.n - 1].seq : page->share->at_seq;
    return page->gate.n ? gate_decide(&page->gate, t) : ERR_OK;
}

static enum err release(struct view_page *page)
{
    const struct approvals none = {0};
    struct gate *g = &page->gate;
    bool any = false;
    struct release_run run = {.gate = g,
        .approvals = &none,
        .rule = page->share->collection.id,
        .row = {.party = page->share->recipient,
            .at_us = g->facts.now_us,
            .priority = STORE_NORMAL}};
    for (size_t i = 0; i < g->n; i++)
        any |= release_goes(g, i);
    return any ? release_write(&run) : ERR_OK;
}

struct advance {
    const struct store_taxii_share *share;
    int64_t at_seq;
};

static enum err advance_work(struct store_txn *t, void *context)
{
    struct advance *advance = context;
    return store_taxii_share_advance(
        t, advance->share->collection.id, advance->share->recipient, advance->at_seq);
}

static enum err open_gate(struct view_page *page)
{
    struct gate *g = &page->gate;
    TRY(stix_tlp_parse(page->share->collection.max_tlp, &page->max_tlp));
    TRY(gate_open(&page->call, page->share->recipient, g));
    g->view.view = page->share->collection.id;
    g->facts.channel = POLICY_TAXII;
    g->may_come = may_come;
    g->may_come_context = page;
    return ERR_OK;
}

static enum err run_page(struct view_page *page)
{
    struct store_txn *t;
    struct store *store = page->call.node->store;
    TRY(open_gate(page));
    TRY(store_read_begin(store, &t));
    enum err e = load(page, t);
    store_read_end(t);
    TRY(e);
    TRY(release(page));
    struct advance advance = {.share = page->share, .at_seq = page->last};
    return advance.at_seq > page->share->at_seq
               ? store_write(store, advance_work, &advance, STORE_NORMAL)
               : ERR_OK;
}

// One page of each share. *more: some view has not reached the end.
static enum err run_shares(struct api_views *views, struct arena *a, bool *more)
{
    struct store_txn *t;
    struct store_taxii_shares all = {0};
    TRY(store_read_begin(views->config->store, &t));
    enum err e = store_taxii_share_all(t, a, true, &all);
    store_read_end(t);
    for (size_t i = 0; e == ERR_OK && i < all.n && !queue_is_closed(views->stop); i++) {
        struct arena_mark mark = arena_mark(a);
        struct view_page *page = NEW(a, struct view_page);
        if (!page)
            return ERR_LIMIT;
        *page = (struct view_page){
            .share = &all.items[i], .call = {.node = views->config, .arena = a}};
        e = run_page(page);
        if (e != ERR_OK && e != ERR_NOT_FOUND) // a recipient that has retired gets nothing
            log_warn("view.fail", "collection=%.*s err=%s", STR_ARG(page->share->collection.id),
                err_name(e));
        *more |= e == ERR_OK && page->is_full;
        e = e == ERR_IO ? e : ERR_OK; // one view does not stop the others
        arena_rewind(a, mark);
    }
    return e;
}

static void *run(void *context)
{
    struct api_views *views = context;
    while (!queue_is_closed(views->stop)) {
        struct arena pass;
        bool more = false;
        arena_init(&pass, REQUEST_ARENA_BYTES_MAX);
        enum err e = NEW(&pass, char) ? run_shares(views, &pass, &more) : ERR_LIMIT;
        arena_release(&pass);
        if (e != ERR_OK || !more)
            queue_pop(views->stop, WAIT_US);
    }
    return NULL;
}

enum err taxii_views_start(
    const struct api_config *config, struct arena *a, struct api_views **out)
{
    struct api_views *views = NEW(a, struct api_views);
    if (!views)
        return ERR_LIMIT;
    *views = (struct api_views){.config = config, .stop = queue_new(1)};
    if (pthread_create(&views->thread, NULL, run, views) != 0) {
        queue_free(views->stop);
        return ERR_BUSY;
    }
    *out = views;
    return ERR_OK;
}

void api_views_stop(struct api_views *views)
{
    if (!views)
        return;
    queue_close(views->stop);
    pthread_join(views->thread, NULL);
    queue_free(views->stop);
}
