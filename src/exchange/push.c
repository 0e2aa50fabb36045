// SPDX-License-Identifier: Apache-2.0
// The thread of one link: pushes what is new, takes the answer, tries again after a failure.
#include "base/time.h"
#include "exchange/link_watch_priv.h"
#include "http/client.h"
#include "sys/clock.h"
#include "sys/log.h"

#include <stdio.h>

#define BACKOFF_FIRST_US (200 * US_PER_MS)
#define BACKOFF_MAX_US   (30 * US_PER_S)
#define IDLE_US          (60 * US_PER_S)
#define PULL_US          US_PER_S // how often a partner that cannot reach us is asked
#define PUSH_ARENA_BYTES (4 * (size_t)BATCH_BYTES_MAX)
#define PUSH_TIMEOUT_MS  120000

int64_t link_refresh_us(struct link *link)
{
    return (int64_t)link_agreement(link)->stale_s * US_PER_S / 4;
}

void link_note(struct link *link, bool was_answered, const char *text)
{
    pthread_mutex_lock(&link->lock);
    bool is_news = strcmp(link->last, text) != 0;
    snprintf(link->last, sizeof link->last, "%s", text);
    if (was_answered)
        link->contact_us = clock_now_us();
    pthread_mutex_unlock(&link->lock);
    if (is_news && was_answered)
        log_info("link.ok", "party=%.*s", STR_ARG(link->party));
    else if (is_news)
        log_warn(
            "link.fail", "party=%.*s why=%s", STR_ARG(link->party), log_text(str_of(text)));
}

// What the thread is to do next.
struct turn {
    bool calls;    // the partner is called at all
    bool is_asked; // also with nothing to say
};

// Waits until woken or the time is over. False: the link is stopping.
static bool wait_for_work(struct link *link, int64_t wait_us, struct turn *out)
{
    struct timespec until;
    int64_t end_us = clock_now_us() + wait_us;
    until.tv_sec = end_us / US_PER_S;
    until.tv_nsec = end_us % US_PER_S * 1000;
    pthread_mutex_lock(&link->lock);
    while (!link->is_woken && !link->is_stopping)
        if (pthread_cond_timedwait(&link->wake, &link->lock, &until) != 0)
            break;
    link->is_woken = false;
    out->calls =
        !link->is_paused && !link->is_frozen && link->mode != EXCHANGE_FILE && link->address[0];
    out->is_asked = link->mode == EXCHANGE_PULL;
    bool goes_on = !link->is_stopping;
    pthread_mutex_unlock(&link->lock);
    return goes_on;
}

static bool needs_fresh_cosignature(struct link *link, struct arena *a)
{
    struct store_txn *t;
    struct store_checkpoint c = {.at_us = link->added_us}; // before the first: the link's age
    if (store_read_begin(link->exchange->config.store, &t) != ERR_OK)
        return false;
    enum err e = store_checkpoint_newest(t, a, link->own_log, STORE_CHECKPOINT_COSIGNED, &c);
    store_read_end(t);
    return (e == ERR_OK || e == ERR_NOT_FOUND) &&
           clock_now_us() - c.at_us > link_refresh_us(link);
}

// How far the partner's clock is from ours. Its date is cut to the second, and half of one is
// the best guess of what was cut.
static void note_clock(struct link *link, int64_t date_us)
{
    pthread_mutex_lock(&link->lock);
    link->clock_skew_us = date_us + US_PER_S / 2 - clock_now_us();
    pthread_mutex_unlock(&link->lock);
}

static enum err post(struct link *link, struct http_client *client, struct arena *a,
    struct str batch, struct str *answer, struct str *why)
{
    const struct http_call call = {.method = HTTP_POST,
        .target = STR("/link/v1/batch"),
        .body = batch,
        .timeout_ms = PUSH_TIMEOUT_MS,
        .answer_bytes_max = BATCH_BYTES_MAX};
    struct http_reply reply = {0};
    struct http_failure failure;
    enum err e = http_client_send(client, a, &call, &reply, &failure);
    if (e == ERR_OK && reply.date_us)
        note_clock(link, reply.date_us);
    *why = e == ERR_OK ? str_to(reply.body, 200) : failure.text;
    if (e == ERR_OK && reply.status != 200)
        return ERR_DENIED;
    *answer = reply.body;
    return e;
}

// What a connection stands on; another of any of these and it is opened again.
struct standing {
    char address[256];
    unsigned char pins[LEDGER_PINS_MAX][HTTP_PIN_BYTES];
    size_t n_pins;
    struct http_identity identity;
    uint64_t pins_number, identity_number;
};

static void standing_read(struct link *link, struct standing *out)
{
    struct exchange *ex = link->exchange;
    pthread_mutex_lock(&link->lock);
    memcpy(out->address, link->address, sizeof out->address);
    memcpy(out->pins, link->pins, sizeof out->pins);
    out->n_pins = link->n_pins;
    out->pins_number = link->pins_number;
    pthread_mutex_unlock(&link->lock);
    pthread_mutex_lock(&ex->lock);
    out->identity = ex->identity;
    out->identity_number = ex->identity_number;
    pthread_mutex_unlock(&ex->lock);
}

static bool standing_eq(const struct standing *a, const struct standing *b)
{
    return strcmp(a->address, b->address) == 0 && a->pins_number == b->pins_number &&
           a->identity_number == b->identity_number;
}

// The thread's own.
struct caller {
    struct link *link;
    struct http_client *client;
    struct standing opened; // what the client stands on
    struct turn turn;
};

// One round: compose, push, apply what comes back. *again: there may be more to say.
static enum err push_once(struct caller *c, struct arena *a, bool *again, struct str *why)
{
    struct link *link = c->link;
    struct str batch, answer;
    struct exchange_applied applied = {0};
    bool is_empty;
    *why = STR("the batch could not be composed");
    bool refresh = needs_fresh_cosignature(link, a);
    pthread_mutex_lock(&link->turn);
    enum err e = link_compose(link, a, &batch, &is_empty);
    pthread_mutex_unlock(&link->turn);
    TRY(e);
    *again = !is_empty;
    if (is_empty && !refresh && !c->turn.is_asked)
        return ERR_OK;
    // Our turn is free while the partner works: its own push may come in meanwhile.
    e = post(link, c->client, a, batch, &answer, why);
    pthread_mutex_lock(&link->turn);
    if (e == ERR_OK)
        e = link_apply(link, 0, a, answer, &applied, why);
    else
        link->told_size = 0; // it may not have arrived
    pthread_mutex_unlock(&link->turn);
    *again |= applied.entries || applied.objects; // they are answered at once
    return e;
}

static bool goes_on(struct link *link)
{
    pthread_mutex_lock(&link->lock);
    bool on = !link->is_stopping && !link->is_paused && !link->is_frozen;
    pthread_mutex_unlock(&link->lock);
    return on;
}

static enum err push_all(struct caller *c)
{
    struct arena a;
    enum err e = ERR_OK;
    bool again = true;
    arena_init(&a, PUSH_ARENA_BYTES);
    while (again && e == ERR_OK && goes_on(c->link)) {
        struct str why;
        char text[256];
        e = push_once(c, &a, &again, &why);
        snprintf(text, sizeof text, "%.*s", STR_ARG(str_to(why, 200)));
        if (e != ERR_OK || again || c->turn.is_asked)
            link_note(c->link, e == ERR_OK, e == ERR_OK ? "ok" : text);
        arena_release(&a);
    }
    return e;
}

static void open_client(struct caller *c)
{
    struct link *link = c->link;
    struct arena a;
    struct str why = {"", 0};
    const struct standing *on = &c->opened;
    const struct http_client_config config = {.url = str_of(on->address),
        .peer_pins = on->pins,
        .n_peer_pins = on->n_pins,
        .identity = on->identity,
        .is_cancelled = &link->is_cancelled,
        .connect_timeout_ms = 5000};
    arena_init(&a, MIB);
    if (http_client_open(&a, &config, &c->client, &why) != ERR_OK) {
        char text[512];
        snprintf(text, sizeof text, "address %s: %.*s", on->address, STR_ARG(str_to(why, 100)));
        link_note(link, false, text);
    }
    arena_release(&a);
}

// The connection that the thread has, or one that stands on what is so now.
static bool has_client(struct caller *c)
{
    struct standing now = {0};
    standing_read(c->link, &now);
    if (c->client && standing_eq(&c->opened, &now))
        return true;
    http_client_close(c->client);
    c->client = NULL;
    c->opened = now;
    open_client(c);
    return c->client;
}

void *link_thread(void *context)
{
    struct caller c = {.link = context};
    int64_t wait_us = 0, backoff_us = BACKOFF_FIRST_US;
    while (wait_for_work(c.link, wait_us, &c.turn)) {
        link_clocks_watch(c.link);
        wait_us = c.turn.is_asked ? PULL_US : IDLE_US;
        if (!c.turn.calls)
            continue;
        if (has_client(&c) && push_all(&c) == ERR_OK) {
            backoff_us = BACKOFF_FIRST_US;
            continue;
        }
        wait_us = backoff_us;
        backoff_us = 2 * backoff_us < BACKOFF_MAX_US ? 2 * backoff_us : BACKOFF_MAX_US;
    }
    http_client_close(c.client);
    return NULL;
}
