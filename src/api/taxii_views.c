// SPDX-License-Identifier: Apache-2.0
// Filling the views of TAXII collections: rows in the order in which they were committed,
// through the same gate as every release, for each recipient that has a share. What goes along
// with a row is held to the same query. A view asks nobody: what needs officers stays out. What
// could not enter and may later waits, and is looked at again when it is due.
#include "api/release_priv.h"
#include "api/taxii_priv.h"
#include "base/time.h"
#include "store/grant.h"
#include "store/taxii_wait.h"
#include "sys/clock.h"
#include "sys/log.h"
#include "sys/queue.h"

#include <pthread.h>

#define PAGE_ROWS 500
#define WAIT_US   (US_PER_S / 4)
#define NO_PLACE  SIZE_MAX

struct api_views {
    const struct api_config *config;
    struct queue *stop; // never holds anything: closed when it is time to end
    pthread_t thread;
};

// A row of the page: what the gate was asked about it, and what is to be kept.
struct view_row {
    const struct store_object *object;
    size_t place;   // in the gate; NO_PLACE: it was not asked
    bool has_come;  // it is in the view, or may come along: who waits for it is looked at
    bool is_taken;  // another source's row stands for it (F5)
    int64_t due_us; // when it is looked at again; 0: not any more
};

// One page of rows for one share: new ones, or, when there are none, those that are due. Lives
// in the pass's arena.
struct view_page {
    const struct store_taxii_share *share;
    enum stix_tlp max_tlp;
    struct call call; // in nobody's name
    struct gate gate;
    size_t rows_max;
    struct view_row *rows;
    size_t n;
    bool is_new;
    bool is_full;
    int64_t last;     // the newest row looked at
    int64_t n_grants; // when it was decided
    bool any_waits;
    int64_t *woken; // rows that wait for what has entered
    size_t n_woken, woken_room;
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

// Asks the gate about a row. A marking that it names may come later; what its markings and its
// handling say now is never said more loosely.
static enum err ask(struct view_page *page, struct store_txn *t, const struct store_object *row,
    struct view_row *out)
{
    struct gate *g = &page->gate;
    size_t n = g->n;
    TRY(gate_add(g, t, row, false));
    if (g->n == n) // destroyed
        return ERR_OK;
    bool is_labelled = g->rows[n].label.problem == POLICY_LABEL_OK;
    out->has_come = g->rows[n].is_held;
    if (!out->has_come && is_clean(page, &g->rows[n])) {
        out->place = n;
        return ERR_OK;
    }
    if (!out->has_come && !is_labelled)
        out->due_us = STORE_TAXII_IDLE;
    gate_drop_last(g);
    return ERR_OK;
}

static bool is_named(const struct view_page *page, const struct store_object *row)
{
    const struct store_taxii_collection *query = &page->share->collection;
    return (query->types.len == 0 || has_word(query->types, row->type)) &&
           (query->source.len == 0 || str_eq(query->source, row->source));
}

// A marking definition comes with what it marks: alone it would show which markings are in use
// for what stays out.
static bool comes_along(const struct view_page *page, const struct store_object *row)
{
    return page->share->collection.types.len == 0 &&
           str_eq(row->type, STR("marking-definition"));
}

static enum err add_row(
    struct view_page *page, struct store_txn *t, const struct store_object *row)
{
    struct view_row *out = &page->rows[page->n++];
    bool is_newest, free_to_go;
    *out =
        (struct view_row){.object = row, .place = NO_PLACE, .has_come = comes_along(page, row)};
    if (out->has_come || !is_named(page, row))
        return ERR_OK;
    TRY(store_object_is_newest(t, row, &is_newest));
    if (!is_newest)
        return ERR_OK; // its successor is looked at in its own place
    TRY(is_free(page, t, row, &free_to_go));
    if (free_to_go)
        return ask(page, t, row, out);
    TRY(store_membership_contains(t, &page->gate.view, row->seq, &out->has_come));
    out->is_taken = !out->has_come;
    out->due_us = out->is_taken ? STORE_TAXII_IDLE : 0;
    return ERR_OK;
}

// New rows, or, when there are none, those that are due.
static enum err find_rows(
    struct view_page *page, struct store_txn *t, struct store_objects *out)
{
    const struct store_filter filter = {.after = page->share->at_seq, .limit = page->rows_max};
    TRY(store_objects_after(t, page->call.arena, &filter, out));
    page->is_new = out->n > 0;
    page->last = out->n ? out->items[out->n - 1].seq : page->share->at_seq;
    return page->is_new ? ERR_OK
                        : store_taxii_wait_due(t, page->call.arena, &page->gate.view,
                              page->gate.facts.now_us, page->rows_max, out);
}

static enum err load(struct view_page *page, struct store_txn *t)
{
    struct store_objects rows;
    TRY(find_rows(page, t, &rows));
    TRY(store_grant_count(t, &page->n_grants));
    page->rows = NEW_N(page->call.arena, struct view_row, rows.n + 1);
    if (!page->rows)
        return ERR_LIMIT;
    for (size_t i = 0; i < rows.n; i++)
        TRY(add_row(page, t, &rows.items[i]));
    page->is_full = rows.n == page->rows_max;
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

// What is kept of the page
// ------------------------------------------------------------------------------------

static enum err add_woken(struct view_page *page, struct store_txn *t, int64_t seq)
{
    struct arena *a = page->call.arena;
    struct store_seqs seqs;
    void *items = page->woken;
    TRY(store_taxii_wait_referring(t, a, &page->gate.view, seq, &seqs));
    for (size_t i = 0; i < seqs.n; i++) {
        TRY(gate_grow(a, &items, sizeof *page->woken, page->n_woken, &page->woken_room));
        page->woken = items;
        page->woken[page->n_woken++] = seqs.items[i];
    }
    return ERR_OK;
}

// A row that was asked about has come when it is in the view, or what it would say is there.
static enum err find_come(struct view_page *page, struct store_txn *t, struct view_row *row)
{
    const struct gate *g = &page->gate;
    if (row->place == NO_PLACE)
        return ERR_OK;
    TRY(store_membership_contains(t, &g->view, row->object->seq, &row->has_come));
    row->has_come |= g->rows[row->place].is_held;
    return ERR_OK;
}

// Who waits for what has entered now, or did so before a crash: rows of the page, and what came
// along with them.
static enum err find_woken(struct view_page *page, struct store_txn *t)
{
    const struct gate *g = &page->gate;
    for (size_t i = 0; i < page->n; i++)
        TRY(find_come(page, t, &page->rows[i]));
    TRY(store_taxii_wait_any(t, &g->view, &page->any_waits));
    for (size_t i = 0; page->any_waits && i < page->n; i++)
        if (page->rows[i].has_come)
            TRY(add_woken(page, t, page->rows[i].object->seq));
    for (size_t i = 0; page->any_waits && i < g->n; i++)
        if (g->candidates[i].is_on_demand && release_goes(g, i))
            TRY(add_woken(page, t, g->rows[i].object.seq));
    return ERR_OK;
}

// When a row that could not enter is looked at again. Whatever may let it in and came between
// the decision and this transaction has found nothing to wake, so that it is looked for here.
static enum err find_due(
    struct view_page *page, struct store_txn *t, struct arena *a, struct view_row *row)
{
    struct gate *g = &page->gate;
    int64_t n_grants;
    bool is_so = true;
    TRY(store_grant_count(t, &n_grants));
    if (row->is_taken) {
        TRY(store_taxii_has(t, &g->view, row->object, &is_so));
    } else if (row->place != NO_PLACE) {
        const struct handling *h = &g->rows[row->place].label.handling;
        bool has_embargo = h->has_embargo && h->embargo_us > g->facts.now_us;
        TRY(gate_is_unchanged(g, t, a, row->place, &is_so));
        is_so &= !release_goes(g, row->place);
        row->due_us = has_embargo ? h->embargo_us : STORE_TAXII_IDLE;
    }
    if (!is_so || n_grants != page->n_grants)
        row->due_us = g->facts.now_us;
    return ERR_OK;
}

static enum err keep_row(
    struct view_page *page, struct store_txn *t, struct arena *a, struct view_row *row)
{
    const struct store_view *view = &page->gate.view;
    bool waits = !row->has_come && (row->place != NO_PLACE || row->due_us);
    if (page->is_new && page->any_waits) // for an earlier version it is over
        TRY(store_taxii_wait_wake_others(t, view, row->object->seq));
    if (waits) {
        TRY(find_due(page, t, a, row));
        return store_taxii_wait_put(t, view, row->object->seq, row->due_us);
    }
    return page->is_new ? ERR_OK : store_taxii_wait_drop(t, view, row->object->seq);
}

static enum err keep_work(struct store_txn *t, void *context)
{
    struct view_page *page = context;
    struct arena scratch;
    enum err e = ERR_OK;
    arena_init(&scratch, REQUEST_ARENA_BYTES_MAX);
    for (size_t i = 0; e == ERR_OK && i < page->n; i++)
        e = keep_row(page, t, &scratch, &page->rows[i]);
    arena_release(&scratch);
    for (size_t i = 0; e == ERR_OK && i < page->n_woken; i++)
        e = store_taxii_wait_put(t, &page->gate.view, page->woken[i], page->gate.facts.now_us);
    if (e == ERR_OK && page->is_new)
        e = store_taxii_share_advance(
            t, page->share->collection.id, page->share->recipient, page->last);
    return e;
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

static enum err with_read(
    struct view_page *page, enum err (*what)(struct view_page *page, struct store_txn *t))
{
    struct store_txn *t;
    TRY(store_read_begin(page->call.node->store, &t));
    enum err e = what(page, t);
    store_read_end(t);
    return e;
}

static enum err run_page(struct view_page *page)
{
    TRY(open_gate(page));
    TRY(with_read(page, load));
    if (page->n == 0)
        return ERR_OK;
    TRY(release(page));
    TRY(with_read(page, find_woken));
    return store_write(page->call.node->store, keep_work, page, STORE_NORMAL);
}

// The row is more than a request may keep: it waits, and those behind it come.
static enum err pass_over(struct view_page *page)
{
    log_warn("view.row", "collection=%.*s row=%lld: too large with what it refers to",
        STR_ARG(page->share->collection.id), (long long)page->rows[0].object->seq);
    page->rows[0].place = NO_PLACE;
    page->rows[0].due_us = STORE_TAXII_IDLE;
    return store_write(page->call.node->store, keep_work, page, STORE_NORMAL);
}

// Objects may be as large as 8 MiB, and what goes of a page is in memory: fewer at a time when
// that is too much.
static enum err run_share(struct view_page *page)
{
    const struct view_page empty = *page;
    enum err e = ERR_LIMIT;
    for (size_t rows = PAGE_ROWS; e == ERR_LIMIT && rows;
         rows = rows > 7 ? rows / 8 : rows > 1) {
        struct arena_mark mark = arena_mark(page->call.arena);
        *page = empty;
        page->rows_max = rows;
        e = run_page(page);
        if (e == ERR_LIMIT && rows == 1 && page->n == 1)
            e = pass_over(page);
        if (e == ERR_LIMIT)
            arena_rewind(page->call.arena, mark);
    }
    return e;
}

// One page of each share. *more: some view has not reached the end.
static enum err run_shares(struct api_views *views, struct arena *a, bool *more)
{
    struct store_txn *t;
    struct store_taxii_shares all = {0};
    TRY(store_read_begin(views->config->store, &t));
    enum err e = store_taxii_share_behind(t, a, clock_now_us(), &all);
    store_read_end(t);
    for (size_t i = 0; e == ERR_OK && i < all.n && !queue_is_closed(views->stop); i++) {
        struct arena_mark mark = arena_mark(a);
        struct view_page *page = NEW(a, struct view_page);
        if (!page)
            return ERR_LIMIT;
        *page = (struct view_page){
            .share = &all.items[i], .call = {.node = views->config, .arena = a}};
        e = run_share(page);
        if (e != ERR_OK && e != ERR_NOT_FOUND) // a recipient that has retired gets nothing
            log_warn("view.fail", "collection=%.*s err=%s", STR_ARG(page->share->collection.id),
                err_name(e));
        *more |= e == ERR_OK && (page->is_full || page->n_woken);
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
