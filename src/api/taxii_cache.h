// SPDX-License-Identifier: Apache-2.0
// Pages of TAXII collections as they were sent last, so that one that is asked for again is not
// made again. A page holds while its view has given out no new number and no member's time has
// ended; both are looked up for each request, so a page that is kept never shows more than one
// that is made.
#pragma once

#include "api/taxii_priv.h"

#define TAXII_CACHE_KEY_BYTES 32

struct taxii_cache;

struct taxii_cached {
    unsigned char key[TAXII_CACHE_KEY_BYTES]; // who asks, and for what
    int64_t newest;                           // number of the view
    int64_t until_us;                         // when a member's time ends; INT64_MAX: never
    int64_t first_us, last_us;                // dates of the page; 0: it is empty
    struct str body;
};

// Lives in the arena; taxii_cache_free gives back what the pages hold.
struct taxii_cache *taxii_cache_new(struct arena *a);
void taxii_cache_free(struct taxii_cache *cache); // NULL does nothing
// Fills *page, which has key and newest, with a copy in the arena. False when there is none
// that holds at now_us. Any thread.
bool taxii_cache_get(
    struct taxii_cache *cache, struct arena *a, int64_t now_us, struct taxii_cached *page);
// Keeps a copy; a page that is too large is not kept. Any thread.
void taxii_cache_put(struct taxii_cache *cache, const struct taxii_cached *page);
