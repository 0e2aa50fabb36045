// SPDX-License-Identifier: Apache-2.0
// Pages of TAXII collections as they were sent last, so that one that is asked for again is not
// made again. A page holds for the very request that it was made for, the credentials among it,
// while the store has not changed and no member's time has ended: then the account, its shares
// and the view are what they were.
#pragma once

#include "base/str.h"

#define TAXII_PAGE_KEY_BYTES 32

struct taxii_cache;

struct taxii_page {
    unsigned char key[TAXII_PAGE_KEY_BYTES]; // who asks, and for what
    uint64_t changes;                        // of the store, before anything was read
    int64_t until_us;                        // when a member's time ends; INT64_MAX: never
    int64_t first_us, last_us;               // dates of the page; 0: it is empty
    struct str body;
};

// Lives in the arena; taxii_cache_free gives back what the pages hold.
struct taxii_cache *taxii_cache_new(struct arena *a);
void taxii_cache_free(struct taxii_cache *cache); // NULL does nothing
// Fills the rest of *page, which has key and changes. Its body lives until *held is given to
// taxii_cache_release, also when another page takes its place. False when there is none that
// holds at now_us. Any thread.
bool taxii_cache_get(
    struct taxii_cache *cache, int64_t now_us, struct taxii_page *page, void **held);
void taxii_cache_release(void *held);
// Keeps a copy; a page that is too large is not kept. Any thread.
void taxii_cache_put(struct taxii_cache *cache, const struct taxii_page *page);
