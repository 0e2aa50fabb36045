// SPDX-License-Identifier: Apache-2.0
// The threads that run feeds, each one after another, those that somebody asked for first: a
// server that hangs keeps one of them. A feed that fails is tried again after one minute, two,
// four, up to an hour, or after as long as its server asks for.
#include "api/feeds_priv.h"
#include "base/time.h"
#include "sys/clock.h"
#include "sys/log.h"
#include "sys/queue.h"

#include <pthread.h>

#define WAIT_US        US_PER_S
#define BACKOFF_US     (60 * US_PER_S)
#define BACKOFF_US_MAX (3600 * US_PER_S)
#define FAILURES_MAX   6        // in a row, until the wait is the longest
#define MORE_US        US_PER_S // a run that reached its limit goes on after the others
#define RUNNERS        4

struct runner {
    struct api_feeds *feeds;
    pthread_t thread;
    int64_t feed; // that it runs; 0: none; guarded by lock
};

struct api_feeds {
    const struct api_config *config;
    struct queue *stop; // never holds anything: closed when it is time to end
    atomic_bool is_stopping;
    pthread_mutex_t lock;
    struct runner runners[RUNNERS];
    size_t n; // that were started
};

static enum err open_client(struct feed_run *run, const atomic_bool *is_cancelled)
{
    const char *why = "";
    struct str text;
    const struct store_feed *feed = &run->feed;
    if (http_address_parse(feed->address, &run->address, &why) != ERR_OK)
        return feed_fail(run, ERR_INVALID, str_of(why), STR(""));
    if (feed->user.len || feed->secret.len) {
        struct buf b = buf_in(run->arena, 16 * KIB);
        http_basic_put(&b, feed->user, feed->secret);
        TRY(buf_end(&b, &run->authorization.value));
        run->authorization.name = STR("Authorization");
    }
    const struct http_client_config config = {.url = run->address.origin,
        .by_authority = feed->peer.len == 0,
        .authorities_pem = feed->authorities,
        .peer_certificate_pem = feed->peer,
        .identity = {.certificate_pem = feed->certificate, .key_pem = feed->key},
        .is_cancelled = is_cancelled};
    enum err e = http_client_open(run->arena, &config, &run->client, &text);
    return e == ERR_OK ? ERR_OK : feed_fail(run, e, text, STR(""));
}

static enum err run_kind(struct feed_run *run)
{
    if (str_eq(run->feed.kind, STR("taxii")))
        return feed_taxii(run);
    return str_eq(run->feed.kind, STR("misp")) ? feed_misp(run) : feed_url(run);
}

static int64_t next_us(const struct feed_run *run)
{
    const struct store_feed *feed = &run->feed;
    int64_t now_us = run->last.ended_us, wait_us = feed->every_s * US_PER_S;
    if (feed->every_s == 0)
        return 0;
    if (run->is_preview)
        return feed->last.next_us;
    if (run->last.failures > FAILURES_MAX)
        wait_us = BACKOFF_US_MAX;
    else if (run->last.failures)
        wait_us = BACKOFF_US << (run->last.failures - 1);
    else if (run->has_more)
        wait_us = MORE_US;
    return now_us + (wait_us > run->retry_us ? wait_us : run->retry_us);
}

static enum err end_work(struct store_txn *t, void *context)
{
    const struct feed_run *run = context;
    TRY(store_feed_end(t, run->feed.id, run->feed.runs + 1, &run->last));
    const struct store_audit event = {.at_us = run->last.ended_us,
        .action = STR("feed.end"),
        .target = run->feed.name,
        .detail = STR("")};
    return store_audit_add(t, &event);
}

static void end(struct feed_run *run, enum err e)
{
    run->last.ended_us = clock_now_us();
    run->last.outcome = e != ERR_OK       ? STR("failed")
                        : run->is_preview ? STR("preview")
                        : run->has_more   ? STR("more")
                                          : STR("done");
    run->last.failures = run->is_preview ? run->feed.last.failures
                         : e != ERR_OK   ? run->feed.last.failures + 1
                                         : 0;
    run->last.why = STR("");
    if (e != ERR_OK)
        run->last.why = run->why.len ? run->why : str_of(err_text(e));
    run->last.next_us = next_us(run);
    if (e != ERR_OK)
        log_warn("feed.fail", "feed=%s err=%s why=%s", log_text(run->feed.name), err_name(e),
            log_text(run->last.why));
    else
        log_info("feed.end", "feed=%s new=%lld refused=%lld", log_text(run->feed.name),
            (long long)run->last.added, (long long)run->last.refused);
    enum err kept = store_write(run->node->store, end_work, run, STORE_NORMAL);
    if (kept != ERR_OK && kept != ERR_NOT_FOUND)
        log_error("feed.end", "feed=%s err=%s", log_text(run->feed.name), err_name(kept));
}

// A run that a stop broke off is none: the next start goes on where it was.
static void run_feed(struct api_feeds *feeds, struct arena *a, const struct store_feed *feed)
{
    struct feed_run run = {.node = feeds->config,
        .arena = a,
        .feed = *feed,
        .place = feed->place,
        .is_preview = feed->asked == STORE_FEED_PREVIEW,
        .why = STR("")};
    enum err e = open_client(&run, &feeds->is_stopping);
    if (e == ERR_OK)
        e = run_kind(&run);
    http_client_close(run.client);
    if (!atomic_load(&feeds->is_stopping))
        end(&run, e);
}

// The ids of the feeds that run, as a JSON list.
static enum err running(const struct api_feeds *feeds, struct arena *a, struct str *out)
{
    struct buf b = buf_in(a, KIB);
    struct json_out o = json_out(&b);
    json_begin_array(&o);
    for (size_t i = 0; i < RUNNERS; i++)
        json_put_int(&o, feeds->runners[i].feed);
    json_end_array(&o);
    return buf_end(&b, out);
}

static enum err find_due(const struct api_feeds *feeds, struct arena *a, struct store_feed *out)
{
    struct store_txn *t;
    struct str ids;
    TRY(running(feeds, a, &ids));
    TRY(store_read_begin(feeds->config->store, &t));
    enum err e = store_feed_due(t, a, clock_now_us(), ids, out);
    store_read_end(t);
    return e;
}

// Looked up under the lock, so that no two take the same; what a run keeps is durable before it
// lets its feed go.
static enum err claim(struct runner *runner, struct arena *a, struct store_feed *out)
{
    struct api_feeds *feeds = runner->feeds;
    pthread_mutex_lock(&feeds->lock);
    enum err e = find_due(feeds, a, out);
    if (e == ERR_OK)
        runner->feed = out->id;
    pthread_mutex_unlock(&feeds->lock);
    return e;
}

static void let_go(struct runner *runner)
{
    pthread_mutex_lock(&runner->feeds->lock);
    runner->feed = 0;
    pthread_mutex_unlock(&runner->feeds->lock);
}

static void *run(void *context)
{
    struct runner *runner = context;
    struct api_feeds *feeds = runner->feeds;
    while (!queue_is_closed(feeds->stop)) {
        struct arena pass;
        struct store_feed feed;
        bool is_writable = !store_is_readonly(feeds->config->store);
        arena_init(&pass, REQUEST_ARENA_BYTES_MAX);
        enum err e = is_writable ? claim(runner, &pass, &feed) : ERR_NOT_FOUND;
        if (e == ERR_OK) {
            run_feed(feeds, &pass, &feed);
            let_go(runner);
        }
        arena_release(&pass);
        if (e != ERR_OK)
            queue_pop(feeds->stop, WAIT_US);
    }
    return NULL;
}

enum err feeds_start(const struct api_config *config, struct arena *a, struct api_feeds **out)
{
    struct api_feeds *feeds = NEW(a, struct api_feeds);
    if (!feeds)
        return ERR_LIMIT;
    feeds->config = config;
    feeds->stop = queue_new(1);
    pthread_mutex_init(&feeds->lock, NULL);
    for (; feeds->n < RUNNERS; feeds->n++) {
        struct runner *runner = &feeds->runners[feeds->n];
        runner->feeds = feeds;
        if (pthread_create(&runner->thread, NULL, run, runner) != 0)
            break;
    }
    *out = feeds;
    if (feeds->n == RUNNERS)
        return ERR_OK;
    api_feeds_stop(feeds);
    return ERR_BUSY;
}

void api_feeds_stop(struct api_feeds *feeds)
{
    if (!feeds)
        return;
    atomic_store(&feeds->is_stopping, true);
    queue_close(feeds->stop);
    for (size_t i = 0; i < feeds->n; i++)
        pthread_join(feeds->runners[i].thread, NULL);
    pthread_mutex_destroy(&feeds->lock);
    queue_free(feeds->stop);
}
