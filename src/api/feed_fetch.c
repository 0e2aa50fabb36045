// SPDX-License-Identifier: Apache-2.0
// What every kind of feed needs: to ask its server, to import what came, to remember how far.
#include "api/feeds_priv.h"
#include "base/time.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/log.h"

#define ASK_HEADERS_MAX 8
#define ASK_TIMEOUT_MS  (10 * 60 * 1000)
#define ASK_STALL_MS    (30 * 1000)
#define PATIENCE_US     (60 * US_PER_S) // of one question, before the run ends
#define WHY_BYTES_MAX   500
#define DOCUMENT_ARENA  REQUEST_ARENA_BYTES_MAX

enum err feed_fail(struct feed_run *run, enum err e, struct str what, struct str detail)
{
    struct buf b = buf_in(run->arena, 2 * WHY_BYTES_MAX);
    const struct str parts[] = {what, detail.len ? STR(": ") : STR(""), detail};
    for (size_t i = 0; i < LEN(parts); i++)
        for (size_t at = 0; at < parts[i].len && b.len < WHY_BYTES_MAX; at++) {
            char c = parts[i].ptr[at];
            buf_put_byte(&b, c < ' ' || c > '~' ? '?' : c);
        }
    run->why = buf_str(&b);
    return e;
}

static bool write_piece(void *state, struct str piece)
{
    return file_write_fd(*(int *)state, piece) == ERR_OK;
}

enum err feed_ask(
    struct feed_run *run, const struct feed_question *question, struct http_reply *out)
{
    struct http_pair headers[ASK_HEADERS_MAX];
    struct http_failure failure;
    size_t n = 0;
    int fd = question->fd;
    for (; n < question->n_headers && n + 1 < ASK_HEADERS_MAX; n++)
        headers[n] = question->headers[n];
    if (run->authorization.name.len)
        headers[n++] = run->authorization;
    const struct http_call call = {.method = HTTP_GET,
        .target = question->target,
        .headers = headers,
        .n_headers = n,
        .timeout_ms = ASK_TIMEOUT_MS,
        .stall_ms = ASK_STALL_MS,
        .answer_bytes_max = question->bytes_max,
        .sink = fd < 0 ? NULL : write_piece,
        .sink_state = &fd};
    enum err e =
        http_client_send_patiently(run->client, run->arena, &call, PATIENCE_US, out, &failure);
    if (e != ERR_OK)
        return feed_fail(run, e, http_address_plain(question->target), failure.text);
    run->retry_us = out->retry_us;
    return ERR_OK;
}

enum err feed_refused(struct feed_run *run, const struct http_reply *reply, struct str target)
{
    static const struct {
        unsigned status;
        enum err e;
        struct str text;
    } known[] = {
        {401, ERR_DENIED, STR_INIT("the server wants a name and a password, or others")},
        {403, ERR_DENIED, STR_INIT("the server refuses this account")},
        {404, ERR_NOT_FOUND, STR_INIT("the server has nothing at this address")},
        {406, ERR_INVALID, STR_INIT("the server does not speak TAXII 2.1 there")},
        {429, ERR_BUSY, STR_INIT("the server asks for patience")},
        {503, ERR_BUSY, STR_INIT("the server is busy")},
    };
    for (size_t i = 0; i < LEN(known); i++)
        if (known[i].status == reply->status)
            return feed_fail(run, known[i].e, known[i].text, http_address_plain(target));
    if (reply->status / 100 == 3)
        return feed_fail(run, ERR_NOT_FOUND,
            STR("the server has moved; redirects are not followed, give the new address"),
            http_address_plain(target));
    struct buf b = buf_in(run->arena, 64);
    buf_put(&b, STR("the server answers "));
    buf_put_u64(&b, reply->status);
    return feed_fail(run, ERR_IO, buf_str(&b), http_address_plain(target));
}

// "feed NAME https://host/path ITEM": neither password nor query.
static struct str import_name(const struct feed_run *run, struct str item)
{
    struct buf b = buf_in(run->arena, 8 * KIB);
    const struct str parts[] = {STR("feed "), run->feed.name, STR(" "),
        http_address_plain(run->feed.address), STR(" "), run->feed.collection, STR(" "), item};
    for (size_t i = 0; i < LEN(parts); i++)
        buf_put(&b, parts[i]);
    return str_trim(buf_str(&b));
}

// What somebody removed while its server was asked brings nothing any more.
static enum err check_there(struct feed_run *run)
{
    struct store_txn *t;
    struct store_feed feed;
    struct arena_mark mark = arena_mark(run->arena);
    TRY(store_read_begin(run->node->store, &t));
    enum err e = store_feed_get(t, run->arena, run->feed.name, &feed);
    store_read_end(t);
    bool is_other = e == ERR_OK && feed.id != run->feed.id;
    arena_rewind(run->arena, mark);
    return e == ERR_NOT_FOUND || is_other
               ? feed_fail(run, ERR_NOT_FOUND, STR("the feed was removed"), STR(""))
               : e;
}

enum err feed_import(struct feed_run *run, const struct feed_document *document)
{
    struct arena arena;
    struct importing_result result = {.read = 0};
    struct str why = STR("");
    const char *spool;
    bool is_quarantined = str_eq(run->feed.handling, FEED_QUARANTINE);
    TRY(check_there(run));
    TRY(path_join(run->arena, run->node->dir, "spool", &spool));
    arena_init(&arena, DOCUMENT_ARENA);
    const struct importing in = {.store = run->node->store,
        .arena = &arena,
        .spool = spool,
        .fd = document->fd,
        .name = import_name(run, document->item),
        .source = run->feed.originator,
        .originator = run->feed.originator,
        .handling = is_quarantined ? STR("amber+strict") : run->feed.handling,
        .country = run->node->country,
        .has_format = document->has_format,
        .format = document->format,
        .is_quarantined = is_quarantined,
        .is_preview = run->is_preview};
    enum err e = importing_run(&in, &result, &why);
    run->last.fetched += (int64_t)result.read;
    run->last.added += (int64_t)result.added;
    run->last.same += (int64_t)result.same;
    run->last.conflicts += (int64_t)result.conflicts;
    run->last.refused += (int64_t)result.refused;
    if (e != ERR_OK)
        e = feed_fail(run, e, STR("what came cannot be imported"), why);
    arena_release(&arena);
    return e;
}

struct keep {
    struct feed_run *run;
    const struct store_feed_place *place; // or an item
    struct str item;
    int64_t changed_s;
};

static enum err keep_work(struct store_txn *t, void *context)
{
    struct keep *keep = context;
    int64_t id = keep->run->feed.id;
    TRY(keep->place ? store_feed_place_put(t, id, keep->place)
                    : store_feed_item_put(t, id, keep->item, keep->changed_s));
    const struct store_audit event = {.at_us = clock_now_us(),
        .action = STR("feed.reach"),
        .target = keep->run->feed.name,
        .detail = STR("")};
    return store_audit_add(t, &event);
}

static enum err keep(struct feed_run *run, struct keep *what)
{
    if (run->is_preview)
        return ERR_OK;
    enum err e = store_write(run->node->store, keep_work, what, STORE_BULK);
    return e == ERR_OK          ? ERR_OK
           : e == ERR_NOT_FOUND ? feed_fail(run, e, STR("the feed was removed"), STR(""))
                                : feed_fail(run, e, STR("the store"), str_of(err_text(e)));
}

// After the import is durable: a crash between the two brings the same objects again, which
// changes nothing (S2).
enum err feed_keep_place(struct feed_run *run, const struct store_feed_place *place)
{
    struct keep what = {.run = run, .place = place};
    return keep(run, &what);
}

enum err feed_keep_item(struct feed_run *run, struct str item, int64_t changed_s)
{
    struct keep what = {.run = run, .item = item, .changed_s = changed_s};
    return keep(run, &what);
}

bool feed_has_item(struct feed_run *run, struct str item, int64_t changed_s, enum err *e)
{
    struct store_txn *t;
    int64_t had_s = 0;
    *e = store_read_begin(run->node->store, &t);
    if (*e != ERR_OK)
        return false;
    enum err got = store_feed_item_get(t, run->feed.id, item, &had_s);
    store_read_end(t);
    *e = got == ERR_NOT_FOUND ? ERR_OK : got;
    return got == ERR_OK && had_s == changed_s;
}
