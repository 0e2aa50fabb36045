// SPDX-License-Identifier: Apache-2.0
// A TAXII 2.1 collection, page by page (C1 to C7). Pages are gathered into one document and
// imported together; then the place behind them is kept. `place` holds the added_after of the
// next question, the cursor that the server gave for it, and the newest date_added that the
// cursor has come to: with a cursor, added_after stays what it was (P3).
#include "api/feed_taxii.h"

#include "exchange/taxii.h"
#include "format/taxii_find.h"
#include "http/target.h"
#include "sys/file.h"

#include <unistd.h>

#define ANSWER_BYTES_MAX (4 * MIB) // of what describes the server
#define GATHER_BYTES     (32 * MIB)
#define GATHER_PAGES     20
#define NEXT_BYTES_MAX   (8 * KIB)
#define PAGES_MAX        1000 // of one run; the next goes on
#define EMPTY_PAGES_MAX  10   // in a row, with more to come

static const struct http_pair accept_taxii[] = {
    {STR_INIT("Accept"), STR_INIT("application/taxii+json;version=2.1")}};

static enum err check_answer(
    struct feed_run *run, const struct http_reply *reply, struct str target)
{
    if (reply->status != 200)
        return feed_refused(run, reply, target);
    if (!taxii_is_content_type(reply->content_type))
        return feed_fail(run, ERR_INVALID, STR("the answer is no TAXII 2.1 by its type"),
            reply->content_type);
    return ERR_OK;
}

static enum err ask(void *ctx, struct str target, struct str *body)
{
    struct feed_run *run = ctx;
    struct http_reply reply;
    const struct feed_question question = {.target = target,
        .headers = accept_taxii,
        .n_headers = LEN(accept_taxii),
        .bytes_max = ANSWER_BYTES_MAX,
        .fd = -1};
    TRY(feed_ask(run, &question, &reply));
    *body = reply.body;
    return check_answer(run, &reply, target);
}

static enum err resolve(void *ctx, struct str reference, struct str *target, const char **why)
{
    const struct feed_run *run = ctx;
    struct http_address address;
    TRY(http_address_resolve(&run->address, reference, &address, why));
    *target = address.target;
    return ERR_OK;
}

static enum err find_objects(struct feed_run *run, struct str *out)
{
    const struct taxii_server server = {.ask = ask, .resolve = resolve, .ctx = run};
    struct taxii_found found;
    struct taxii_lost lost;
    enum err e = taxii_find(
        run->arena, &server, run->address.target, run->feed.collection, &found, &lost);
    if (lost.why)
        return feed_fail(run, e, str_of(lost.why), lost.about);
    if (e == ERR_OK && !found.collection.can_read)
        return feed_fail(
            run, ERR_DENIED, STR("the collection may not be read"), found.collection.title);
    *out = found.objects;
    return e;
}

static enum err page_target(struct feed_run *run, const struct gather *g, struct str *out)
{
    struct buf b = buf_in(run->arena, 64 * KIB);
    const struct {
        struct str name, value;
    } parameters[] = {
        {STR("&added_after="), g->place.after},
        {STR("&next="), g->place.next},
        {STR("&match%5Btype%5D="), run->feed.types},
    };
    buf_put(&b, g->objects);
    buf_put(&b, STR("?limit=1000"));
    for (size_t i = 0; i < LEN(parameters); i++) {
        struct str value;
        if (parameters[i].value.len == 0)
            continue;
        TRY(http_target_escape(run->arena, parameters[i].value, &value));
        buf_put(&b, parameters[i].name);
        buf_put(&b, value);
    }
    return buf_end(&b, out);
}

static enum err fetch_page(struct feed_run *run, struct gather *g, int fd, bool *is_stale)
{
    struct feed_question question = {.headers = accept_taxii,
        .n_headers = LEN(accept_taxii),
        .bytes_max = GATHER_PAGE_BYTES_MAX,
        .fd = fd};
    struct http_reply reply;
    enum err e = page_target(run, g, &question.target);
    if (e != ERR_OK)
        return feed_fail(run, e, STR("the question is too long"), STR(""));
    TRY(feed_ask(run, &question, &reply));
    // A cursor of an earlier run may be forgotten by now; the time before it is not.
    *is_stale = g->n_pages == 0 && g->place.next.len &&
                (reply.status == 400 || reply.status == 404 || reply.status == 410);
    if (*is_stale)
        return ERR_OK;
    TRY(check_answer(run, &reply, question.target));
    if (!http_client_header(
            run->client, run->arena, STR("X-TAXII-Date-Added-Last"), &g->page_last))
        g->page_last = STR("");
    return ERR_OK;
}

// Where to go on behind the page. A server that names no way on, or one that it was on already,
// would be asked for ever (A19).
static enum err advance(struct feed_run *run, struct gather *g)
{
    struct store_feed_place *p = &g->place;
    struct str from = p->reached.len ? p->reached : p->after;
    bool is_later = from.len == 0 ? taxii_is_later(g->page_last, STR("0000-01-01T00:00:00Z"))
                                  : taxii_is_later(g->page_last, from);
    struct str reached = is_later ? g->page_last : from;
    if (g->envelope.next.len > NEXT_BYTES_MAX)
        return feed_fail(run, ERR_LIMIT, STR("the server's cursor is too long"), STR(""));
    g->empty = g->page_objects ? 0 : g->empty + 1;
    if (g->envelope.more && g->empty > EMPTY_PAGES_MAX)
        return feed_fail(run, ERR_INVALID,
            STR("the server says that there is more, and sends nothing"), STR(""));
    if (g->envelope.more && g->envelope.next.len) {
        p->next = g->envelope.next;
        p->reached = reached;
        return ERR_OK;
    }
    if (g->envelope.more && !is_later)
        return feed_fail(run, ERR_INVALID,
            STR("the server says that there is more, and not where: neither next nor a later "
                "X-TAXII-Date-Added-Last"),
            STR(""));
    *p = (struct store_feed_place){.after = reached, .next = STR(""), .reached = STR("")};
    return ERR_OK;
}

static enum err next_page(struct feed_run *run, struct gather *g)
{
    bool is_stale = false;
    const char *spool;
    TRY(path_join(run->arena, run->node->dir, "spool", &spool));
    int fd = file_open_temporary(spool);
    if (fd < 0)
        return feed_fail(run, ERR_IO, STR("the spool cannot be written"), STR(""));
    enum err e = fetch_page(run, g, fd, &is_stale);
    if (e == ERR_OK && is_stale) {
        g->place.next = g->place.reached = STR("");
        g->envelope.more = true;
    } else if (e == ERR_OK) {
        e = gather_page(run, g, fd);
        if (e == ERR_OK)
            e = advance(run, g);
    }
    close(fd);
    return e;
}

static enum err flush(struct feed_run *run, struct gather *g)
{
    TRY(gather_import(run, g));
    return feed_keep_place(run, &g->place);
}

static enum err pull(struct feed_run *run, struct gather *g)
{
    size_t most = run->is_preview ? GATHER_PAGES : PAGES_MAX;
    enum err e = ERR_OK;
    do {
        e = next_page(run, g);
        g->n_pages++;
        // What came before a bad page is good.
        if (e != ERR_OK || !g->envelope.more || g->n_pages % GATHER_PAGES == 0 ||
            g->bytes > GATHER_BYTES) {
            struct str why = run->why;
            enum err kept = flush(run, g);
            if (e == ERR_OK || kept != ERR_OK)
                e = kept;
            else
                run->why = why;
        }
        run->has_more = g->envelope.more && g->n_pages == most;
    } while (e == ERR_OK && g->envelope.more && !run->has_more);
    return e;
}

enum err feed_taxii(struct feed_run *run)
{
    struct gather *g = NEW(run->arena, struct gather);
    if (!g)
        return ERR_LIMIT;
    g->place = run->place;
    TRY(find_objects(run, &g->objects));
    TRY(gather_open(run, g));
    enum err e = pull(run, g);
    gather_close(g);
    return e;
}
