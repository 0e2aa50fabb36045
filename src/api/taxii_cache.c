// SPDX-License-Identifier: Apache-2.0
#include "api/taxii_cache.h"

#include <pthread.h>
#include <string.h>

#define PAGES_MAX      64 // a place for each page is found by its key: the later one stays
#define PAGE_BYTES_MAX (256 * KIB)

struct place {
    struct arena arena; // of the body
    struct taxii_cached page;
    bool is_used;
};

struct taxii_cache {
    pthread_mutex_t mutex; // of all that follows
    struct place places[PAGES_MAX];
};

struct taxii_cache *taxii_cache_new(struct arena *a)
{
    struct taxii_cache *cache = NEW(a, struct taxii_cache);
    if (cache && pthread_mutex_init(&cache->mutex, NULL) != 0)
        cache = NULL;
    return cache;
}

void taxii_cache_free(struct taxii_cache *cache)
{
    if (!cache)
        return;
    for (size_t i = 0; i < PAGES_MAX; i++)
        arena_release(&cache->places[i].arena);
    pthread_mutex_destroy(&cache->mutex);
}

static struct place *place_of(struct taxii_cache *cache, const struct taxii_cached *page)
{
    return &cache->places[page->key[0] % PAGES_MAX];
}

bool taxii_cache_get(
    struct taxii_cache *cache, struct arena *a, int64_t now_us, struct taxii_cached *page)
{
    bool found = false;
    pthread_mutex_lock(&cache->mutex);
    const struct place *place = place_of(cache, page);
    const struct taxii_cached *kept = &place->page;
    struct str body;
    if (place->is_used && memcmp(kept->key, page->key, sizeof kept->key) == 0 &&
        kept->newest == page->newest && now_us < kept->until_us &&
        str_copy(a, kept->body, &body) == ERR_OK) {
        *page = *kept;
        page->body = body;
        found = true;
    }
    pthread_mutex_unlock(&cache->mutex);
    return found;
}

void taxii_cache_put(struct taxii_cache *cache, const struct taxii_cached *page)
{
    if (page->body.len > PAGE_BYTES_MAX)
        return;
    pthread_mutex_lock(&cache->mutex);
    struct place *place = place_of(cache, page);
    arena_release(&place->arena);
    arena_init(&place->arena, 2 * PAGE_BYTES_MAX);
    place->page = *page;
    place->is_used = str_copy(&place->arena, page->body, &place->page.body) == ERR_OK;
    pthread_mutex_unlock(&cache->mutex);
}
