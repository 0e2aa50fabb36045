// SPDX-License-Identifier: Apache-2.0
// Keys, each a run of bits, in a sorted table that finds all keys that begin a given one. A
// network is the beginning of its addresses; a domain, read backwards, of the names below it; a
// part of a text, of what follows the place where it stands.
#pragma once

#include "base/str.h"

#define PREFIX_NONE UINT32_MAX

struct prefix {
    const unsigned char *key; // bits behind the last are 0
    uint32_t bits;
    uint32_t owner;  // a number of the caller's
    uint32_t parent; // the longest other key of the table that begins this one
};

struct prefix_table {
    struct prefix *items; // sorted, each key once for an owner
    uint32_t n, room;
    uint32_t *starts; // by the first two bytes: the first item not before them
};

// The items grow in `scratch`; the key is borrowed.
enum err prefix_add(struct arena *scratch, struct prefix_table *t, struct prefix item) MUST_USE;
// Sorts, and moves the items to `kept`; `scratch` may go.
enum err prefix_end(struct arena *kept, struct arena *scratch, struct prefix_table *t) MUST_USE;
// The longest item that begins the key; the parents of the item follow. PREFIX_NONE.
uint32_t prefix_find(const struct prefix_table *t, const unsigned char *key, size_t bits);
