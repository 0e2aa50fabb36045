// SPDX-License-Identifier: Apache-2.0
// What a conversion has met, by its identifier. The caller keeps the texts: digests
// or random, so that nobody makes them fall together.
#pragma once

#include "base/str.h"

struct table {
    struct table_slot *slots;
    size_t n, room;
};

// Texts are not empty, and no value is NULL. ERR_LIMIT.
enum err table_add(struct arena *a, struct table *t, struct str key, void *value) MUST_USE;
void *table_find(const struct table *t, struct str key); // NULL: not there
