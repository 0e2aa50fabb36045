// SPDX-License-Identifier: Apache-2.0
#include "api/warnings.h"

#include "base/limits.h"
#include "store/warning.h"
#include "sys/log.h"

#include <pthread.h>

struct warnings_held {
    struct arena arena; // of this too
    struct warning_set *set;
    uint64_t changes; // how many it knows of
    size_t holders;   // guarded by the mutex
};

struct warnings {
    pthread_mutex_t mutex; // of all that follows
    pthread_cond_t is_made;
    struct warnings_held *current; // one of its holders
    uint64_t changes;
    bool is_making;
};

struct warnings *warnings_new(struct arena *a)
{
    struct warnings *w = NEW(a, struct warnings);
    if (!w || pthread_mutex_init(&w->mutex, NULL) != 0)
        return NULL;
    return pthread_cond_init(&w->is_made, NULL) == 0 ? w : NULL;
}

static void give_back(struct warnings_held *held)
{
    struct arena arena = held->arena; // which holds the struct itself
    arena_release(&arena);
}

void warnings_free(struct warnings *warnings)
{
    if (!warnings)
        return;
    if (warnings->current)
        give_back(warnings->current);
    pthread_cond_destroy(&warnings->is_made);
    pthread_mutex_destroy(&warnings->mutex);
}

void warnings_changed(struct warnings *warnings)
{
    pthread_mutex_lock(&warnings->mutex);
    warnings->changes++;
    pthread_mutex_unlock(&warnings->mutex);
}

// A snapshot for each list: none is held while one is compiled. A list that went away meanwhile
// is a change of its own.
static enum err add_list(
    const struct api_config *node, int64_t id, struct arena *document, struct warning_set *set)
{
    struct store_txn *t;
    struct warning_list list;
    struct warning_count count;
    struct str text;
    TRY(store_read_begin(node->store, &t));
    enum err e = store_warning_document(t, document, id, &text);
    store_read_end(t);
    if (e == ERR_NOT_FOUND)
        return ERR_OK;
    TRY(e);
    TRY(warning_list_read(document, text, &list, NULL));
    return warning_set_add(set, &list, &count);
}

struct making {
    const struct api_config *node;
    struct arena *kept, scratch, document;
};

static enum err make_set(struct making *m, struct warning_set **out)
{
    struct store_txn *t;
    struct store_warnings lists;
    TRY(warning_set_begin(m->kept, &m->scratch, out));
    TRY(store_read_begin(m->node->store, &t));
    enum err e = store_warnings_all(t, m->kept, &lists);
    store_read_end(t);
    TRY(e);
    for (size_t i = 0; i < lists.n; i++) {
        struct arena_mark mark = arena_mark(&m->document);
        if (lists.items[i].is_enabled)
            TRY(add_list(m->node, lists.items[i].id, &m->document, *out));
        arena_rewind(&m->document, mark);
    }
    return warning_set_end(*out);
}

static enum err make(
    const struct api_config *node, uint64_t changes, struct warnings_held **out)
{
    struct arena kept;
    arena_init(&kept, WARNING_SET_BYTES_MAX);
    struct warnings_held *held = NEW(&kept, struct warnings_held);
    struct making m = {.node = node, .kept = &kept};
    arena_init(&m.scratch, WARNING_SET_BYTES_MAX);
    arena_init(&m.document, REQUEST_ARENA_BYTES_MAX);
    enum err e = held ? make_set(&m, &held->set) : ERR_LIMIT;
    arena_release(&m.document);
    arena_release(&m.scratch);
    if (e != ERR_OK) {
        log_error("warnings.make", "why=%s", err_name(e));
        arena_release(&kept);
        return e;
    }
    held->changes = changes;
    held->arena = kept;
    *out = held;
    return ERR_OK;
}

// True with the set in force, held; false with the mutex locked: the caller has to make it.
static bool take(struct warnings *w, struct warnings_held **out)
{
    pthread_mutex_lock(&w->mutex);
    while (!w->current || w->current->changes != w->changes) {
        if (!w->is_making)
            return false;
        pthread_cond_wait(&w->is_made, &w->mutex);
    }
    w->current->holders++;
    *out = w->current;
    pthread_mutex_unlock(&w->mutex);
    return true;
}

enum err warnings_hold(const struct api_config *node, struct warnings_held **out)
{
    struct warnings *w = node->warnings;
    struct warnings_held *held = NULL, *old = NULL;
    if (take(w, out))
        return ERR_OK;
    uint64_t changes = w->changes;
    w->is_making = true;
    pthread_mutex_unlock(&w->mutex);
    enum err e = make(node, changes, &held);
    pthread_mutex_lock(&w->mutex);
    w->is_making = false;
    if (e == ERR_OK) {
        old = w->current;
        w->current = held;
        held->holders = 2; // `current`, and the caller
    }
    bool is_last = old && --old->holders == 0;
    pthread_cond_broadcast(&w->is_made);
    pthread_mutex_unlock(&w->mutex);
    if (is_last)
        give_back(old);
    if (e == ERR_OK)
        *out = held;
    return e;
}

void warnings_drop(const struct api_config *node, struct warnings_held *held)
{
    pthread_mutex_lock(&node->warnings->mutex);
    bool is_last = --held->holders == 0;
    pthread_mutex_unlock(&node->warnings->mutex);
    if (is_last)
        give_back(held);
}

const struct warning_set *warnings_set(const struct warnings_held *held)
{
    return held->set;
}

enum err warning_of(
    const struct warning_set *set, struct arena *a, struct str key, struct str *reason)
{
    struct warning_found found = {.n = 0};
    struct buf b = buf_in(a, 4 * KIB);
    *reason = STR("");
    TRY(warning_find(set, a, key, &found));
    if (found.n == 0)
        return ERR_OK;
    buf_put(&b, STR("it is on the warning list \""));
    buf_put(&b, found.items[0].list);
    buf_put(&b, STR("\" ("));
    buf_put(&b, warning_why_word(found.items[0].why));
    buf_put(&b, STR(" "));
    buf_put(&b, found.items[0].entry);
    buf_put(&b, STR(")"));
    return buf_end(&b, reason);
}

void warnings_put(struct json_out *o, const struct warning_found *found)
{
    json_put_key(o, STR("warning"));
    json_begin_array(o);
    for (size_t i = 0; i < found->n; i++) {
        json_begin_object(o);
        json_member_string(o, STR("list"), found->items[i].list);
        json_member_string(o, STR("entry"), found->items[i].entry);
        json_member_string(o, STR("why"), warning_why_word(found->items[i].why));
        json_end_object(o);
    }
    json_end_array(o);
    if (found->has_more)
        json_member_bool(o, STR("warning_more"), true);
}
