// SPDX-License-Identifier: Apache-2.0
#include "api/taxii_cache.h"

#include "base/arena.h"
#include "base/limits.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#define PAGES_MAX      64 // a place for each page is found by its key: the later one stays
#define PAGE_BYTES_MAX (256 * KIB)

struct kept {
    struct arena arena; // holds this struct and the body
    struct taxii_page page;
    atomic_uint holders; // its place, and answers that are being sent
};

struct taxii_cache {
    pthread_mutex_t mutex; // of the places
    struct kept *places[PAGES_MAX];
};

struct taxii_cache *taxii_cache_new(struct arena *a)
{
    struct taxii_cache *cache = NEW(a, struct taxii_cache);
    if (cache && pthread_mutex_init(&cache->mutex, NULL) != 0)
        cache = NULL;
    return cache;
}

void taxii_cache_release(void *held)
{
    struct kept *kept = held;
    if (!kept || atomic_fetch_sub(&kept->holders, 1) > 1)
        return;
    struct arena arena = kept->arena;
    arena_release(&arena);
}

void taxii_cache_free(struct taxii_cache *cache)
{
    if (!cache)
        return;
    for (size_t i = 0; i < PAGES_MAX; i++)
        taxii_cache_release(cache->places[i]);
    pthread_mutex_destroy(&cache->mutex);
}

static struct kept **place_of(struct taxii_cache *cache, const struct taxii_page *page)
{
    return &cache->places[page->key[0] % PAGES_MAX];
}

bool taxii_cache_get(
    struct taxii_cache *cache, int64_t now_us, struct taxii_page *page, void **held)
{
    pthread_mutex_lock(&cache->mutex);
    struct kept *kept = *place_of(cache, page);
    bool holds = kept && memcmp(kept->page.key, page->key, sizeof page->key) == 0 &&
                 kept->page.changes == page->changes && now_us < kept->page.until_us;
    if (holds)
        atomic_fetch_add(&kept->holders, 1);
    pthread_mutex_unlock(&cache->mutex);
    if (!holds)
        return false;
    *page = kept->page;
    *held = kept;
    return true;
}

static struct kept *copy(const struct taxii_page *page)
{
    struct arena arena;
    arena_init(&arena, 2 * PAGE_BYTES_MAX);
    struct kept *kept = NEW(&arena, struct kept);
    if (!kept)
        return NULL;
    kept->page = *page;
    enum err e = str_copy(&arena, page->body, &kept->page.body);
    atomic_init(&kept->holders, 1);
    kept->arena = arena;
    if (e == ERR_OK)
        return kept;
    taxii_cache_release(kept);
    return NULL;
}

void taxii_cache_put(struct taxii_cache *cache, const struct taxii_page *page)
{
    if (page->body.len > PAGE_BYTES_MAX)
        return;
    struct kept *kept = copy(page);
    pthread_mutex_lock(&cache->mutex);
    struct kept **place = place_of(cache, page), *before = *place;
    *place = kept;
    pthread_mutex_unlock(&cache->mutex);
    taxii_cache_release(before);
}
