// SPDX-License-Identifier: Apache-2.0
#define BANNED_EXCEPT_SYSTEM // links live as long as the process
#include "exchange/exchange.h"

#include "exchange/link_life_priv.h"
#include "store/principal.h"
#include "sys/clock.h"
#include "sys/log.h"

#include <stdio.h>

struct link *exchange_find(struct exchange *ex, struct str party)
{
    struct link *found = NULL;
    pthread_mutex_lock(&ex->lock);
    for (size_t i = 0; i < ex->n_links; i++)
        if (str_eq(ex->links[i]->party, party))
            found = ex->links[i];
    pthread_mutex_unlock(&ex->lock);
    return found;
}

void link_stop(struct link *link)
{
    atomic_store(&link->is_cancelled, true);
    pthread_mutex_lock(&link->lock);
    link->is_stopping = true;
    pthread_cond_signal(&link->wake);
    pthread_mutex_unlock(&link->lock);
}

void link_free(struct link *link)
{
    if (link->has_thread) {
        link_stop(link);
        pthread_join(link->thread, NULL);
    }
    arena_release(&link->keys);
    arena_release(&link->arena);
    free(link);
}

enum err link_new(struct exchange *ex, struct str note, struct link **out, struct str *why)
{
    struct link *link = calloc(1, sizeof *link);
    if (!link)
        abort();
    arena_init(&link->arena, LINK_ARENA_BYTES);
    link->exchange = ex;
    pthread_mutex_init(&link->turn, NULL);
    pthread_mutex_init(&link->lock, NULL);
    pthread_cond_init(&link->wake, NULL);
    enum err e = link_take_agreement(link, note, why);
    if (e != ERR_OK) {
        link_free(link);
        return e;
    }
    *out = link;
    return ERR_OK;
}

void link_set_address(struct link *link, struct str address)
{
    pthread_mutex_lock(&link->lock);
    snprintf(link->address, sizeof link->address, "%.*s", STR_ARG(address));
    pthread_mutex_unlock(&link->lock);
}

// From here on the link is found by its party, and its thread runs.
enum err link_begin(struct exchange *ex, struct link *link)
{
    pthread_mutex_lock(&ex->lock);
    bool has_room = ex->n_links < LINKS_MAX;
    if (has_room)
        ex->links[ex->n_links++] = link;
    pthread_mutex_unlock(&ex->lock);
    if (!has_room)
        return ERR_LIMIT;
    link->has_thread = pthread_create(&link->thread, NULL, link_thread, link) == 0;
    return link->has_thread ? ERR_OK : ERR_BUSY;
}

struct str link_state_word(const struct link *link)
{
    return link->is_frozen ? STR("frozen") : link->is_paused ? STR("paused") : STR("live");
}

static const struct str mode_words[] = {[EXCHANGE_PUSH] = STR_INIT("push"),
    [EXCHANGE_PULL] = STR_INIT("pull"),
    [EXCHANGE_FILE] = STR_INIT("file")};

struct str exchange_mode_word(enum exchange_mode mode)
{
    return mode_words[mode];
}

enum exchange_mode exchange_mode_parse(struct str word)
{
    enum exchange_mode mode = 0;
    while (mode < EXCHANGE_MODES && !str_eq(word, mode_words[mode]))
        mode++;
    return mode;
}

enum err exchange_start(struct arena *a, const struct exchange_config *config,
    struct exchange **out, struct str *why)
{
    struct store_txn *t;
    struct store_links rows;
    struct exchange *ex = NEW(a, struct exchange);
    if (!ex)
        return ERR_LIMIT;
    ex->config = *config;
    ex->identity = config->identity;
    arena_init(&ex->identities, MIB);
    pthread_mutex_init(&ex->lock, NULL);
    pthread_mutex_init(&ex->changing, NULL);
    *why = STR("the links could not be read");
    TRY(store_read_begin(config->store, &t));
    enum err e = store_link_all(t, a, &rows);
    store_read_end(t);
    for (size_t i = 0; e == ERR_OK && i < rows.n; i++)
        if (!str_eq(rows.items[i].state, STR("removed")))
            e = link_load(ex, a, &rows.items[i], why);
    if (e == ERR_OK)
        *out = ex;
    else
        exchange_stop(ex);
    return e;
}

void exchange_stop(struct exchange *ex)
{
    for (size_t i = 0; ex && i < ex->n_links; i++)
        link_stop(ex->links[i]); // all of them at once: none waits for another's partner
    for (size_t i = 0; ex && i < ex->n_links; i++)
        link_free(ex->links[i]);
    while (ex && ex->retired) {
        struct link *link = ex->retired;
        ex->retired = link->next_retired;
        link_free(link);
    }
    if (ex) {
        ex->n_links = 0;
        arena_release(&ex->identities);
    }
}

void exchange_wake(struct exchange *ex, struct str party)
{
    struct link *link = exchange_find(ex, party);
    if (!link)
        return;
    pthread_mutex_lock(&link->lock);
    link->is_woken = true;
    pthread_cond_signal(&link->wake);
    pthread_mutex_unlock(&link->lock);
}

enum err link_audit(
    struct store_txn *t, int64_t principal, const char *action, struct str party)
{
    const struct store_audit event = {.at_us = clock_now_us(),
        .principal = principal,
        .action = str_of(action),
        .target = party};
    return store_audit_add(t, &event);
}

struct state_work {
    int64_t principal;
    struct str party, state;
};

static enum err set_state_work(struct store_txn *t, void *context)
{
    struct state_work *work = context;
    struct store_link row;
    struct arena scratch;
    arena_init(&scratch, MIB);
    enum err e = store_link_by_party(t, &scratch, work->party, &row);
    bool is_frozen = e == ERR_OK && str_eq(row.state, STR("frozen"));
    bool is_removed = e == ERR_OK && str_eq(row.state, STR("removed"));
    arena_release(&scratch);
    TRY(e);
    if (is_frozen || is_removed)
        return is_frozen ? ERR_CONFLICT : ERR_NOT_FOUND;
    TRY(store_link_set_state(t, work->party, work->state));
    return link_audit(t, work->principal, "link.state", work->party);
}

enum err exchange_link_set_state(
    struct exchange *ex, int64_t principal, struct str party, struct str state)
{
    struct link *link = exchange_find(ex, party);
    struct state_work work = {principal, party, state};
    if (!link)
        return ERR_NOT_FOUND;
    TRY(store_write(ex->config.store, set_state_work, &work, STORE_NORMAL));
    pthread_mutex_lock(&link->lock);
    link->is_paused = str_eq(state, STR("paused"));
    pthread_mutex_unlock(&link->lock);
    exchange_wake(ex, party);
    return ERR_OK;
}

struct link *exchange_request_begin(struct exchange *ex, struct str party)
{
    struct link *link = exchange_find(ex, party);
    if (!link)
        return NULL;
    pthread_mutex_lock(&link->lock);
    bool has_room = link->n_requests < PARTNER_REQUESTS_MAX;
    link->n_requests += has_room;
    pthread_mutex_unlock(&link->lock);
    return has_room ? link : NULL;
}

void exchange_request_end(struct link *link)
{
    pthread_mutex_lock(&link->lock);
    link->n_requests--;
    pthread_mutex_unlock(&link->lock);
}

static enum err set_mode_work(struct store_txn *t, void *context)
{
    struct state_work *work = context;
    TRY(store_link_set_mode(t, work->party, work->state));
    return link_audit(t, work->principal, "link.mode", work->party);
}

enum err exchange_link_set_mode(
    struct exchange *ex, int64_t principal, struct str party, enum exchange_mode mode)
{
    struct link *link = exchange_find(ex, party);
    struct state_work work = {principal, party, mode_words[mode]};
    if (!link)
        return ERR_NOT_FOUND;
    TRY(store_write(ex->config.store, set_mode_work, &work, STORE_NORMAL));
    pthread_mutex_lock(&link->lock);
    link->mode = mode;
    pthread_mutex_unlock(&link->lock);
    exchange_wake(ex, party);
    return ERR_OK;
}

static bool has_pin(struct link *link, const unsigned char pin[static HTTP_PIN_BYTES])
{
    bool found = false;
    pthread_mutex_lock(&link->lock);
    for (size_t i = 0; i < link->n_pins; i++)
        found |= memcmp(link->pins[i], pin, HTTP_PIN_BYTES) == 0;
    pthread_mutex_unlock(&link->lock);
    return found;
}

bool exchange_party_of_pin(struct exchange *ex, const unsigned char pin[static HTTP_PIN_BYTES],
    struct arena *a, struct str *party)
{
    bool found = false;
    pthread_mutex_lock(&ex->lock);
    for (size_t i = 0; i < ex->n_links && !found; i++)
        found = has_pin(ex->links[i], pin) && str_copy(a, ex->links[i]->party, party) == ERR_OK;
    pthread_mutex_unlock(&ex->lock);
    return found;
}
