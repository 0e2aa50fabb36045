// SPDX-License-Identifier: Apache-2.0
#include "format/prefix_priv.h"

#include "base/sort.h"

#include <string.h>

#define ITEMS_MAX (PREFIX_NONE / 2)
#define STARTS    65536u

enum err prefix_add(struct arena *scratch, struct prefix_table *t, struct prefix item)
{
    if (t->n == t->room) {
        uint32_t room = t->room ? 2 * t->room : 64;
        struct prefix *items = room < ITEMS_MAX ? NEW_N(scratch, struct prefix, room) : NULL;
        if (!items)
            return ERR_LIMIT;
        if (t->n)
            memcpy(items, t->items, t->n * sizeof *items);
        t->items = items;
        t->room = room;
    }
    t->items[t->n++] = item;
    return ERR_OK;
}

// The first `bits` bits, which both have.
static int bits_compare(const unsigned char *a, const unsigned char *b, size_t bits)
{
    size_t bytes = bits / 8, rest = bits % 8;
    int order = bytes ? memcmp(a, b, bytes) : 0;
    if (order || rest == 0)
        return order;
    unsigned shift = (unsigned)(8 - rest);
    return (a[bytes] >> shift) - (b[bytes] >> shift);
}

static int key_compare(
    const struct prefix *item, const unsigned char *key, size_t bits) // a beginning sorts first
{
    int order = bits_compare(item->key, key, item->bits < bits ? item->bits : bits);
    if (order)
        return order;
    return (item->bits > bits) - (item->bits < bits);
}

static int item_compare(const void *a, const void *b)
{
    const struct prefix *x = a, *y = b;
    int order = key_compare(x, y->key, y->bits);
    return order ? order : (x->owner > y->owner) - (x->owner < y->owner);
}

static bool begins(const struct prefix *item, const unsigned char *key, size_t bits)
{
    return item->bits <= bits && bits_compare(item->key, key, item->bits) == 0;
}

// A key shorter than two bytes counts as if zeros followed, which keeps the order.
static uint32_t first_bytes(const unsigned char *key, size_t bits)
{
    uint32_t first = bits ? (uint32_t)key[0] << 8 : 0;
    return bits > 8 ? first | key[1] : first;
}

static void link_parents(struct prefix_table *t)
{
    for (uint32_t i = 0; i < t->n; i++) {
        struct prefix *item = &t->items[i];
        uint32_t parent = i ? i - 1 : PREFIX_NONE;
        while (parent != PREFIX_NONE && !begins(&t->items[parent], item->key, item->bits))
            parent = t->items[parent].parent;
        item->parent = parent;
    }
}

static uint32_t drop_repeated(struct prefix *items, uint32_t n)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++)
        if (i == 0 || item_compare(&items[kept - 1], &items[i]) != 0)
            items[kept++] = items[i];
    return kept;
}

enum err prefix_end(struct arena *kept, struct arena *scratch, struct prefix_table *t)
{
    if (t->n == 0)
        return ERR_OK;
    struct prefix *spare = NEW_N(scratch, struct prefix, t->n);
    if (!spare)
        return ERR_LIMIT;
    sort_items(t->items, spare, t->n, sizeof *spare, item_compare);
    t->n = drop_repeated(t->items, t->n);
    struct prefix *items = NEW_N(kept, struct prefix, t->n);
    t->starts = NEW_N(kept, uint32_t, STARTS + 1);
    if (!items || !t->starts)
        return ERR_LIMIT;
    memcpy(items, t->items, t->n * sizeof *items);
    t->items = items;
    t->room = t->n;
    link_parents(t);
    uint32_t at = 0;
    for (uint32_t first = 0; first <= STARTS; first++) {
        while (at < t->n && first_bytes(items[at].key, items[at].bits) < first)
            at++;
        t->starts[first] = at;
    }
    return ERR_OK;
}

// The last item that is not behind the key is the longest one that begins it, or lies below it:
// whatever begins the key and sorts between would begin that item too.
uint32_t prefix_find(const struct prefix_table *t, const unsigned char *key, size_t bits)
{
    if (t->n == 0)
        return PREFIX_NONE;
    uint32_t first = first_bytes(key, bits);
    uint32_t low = t->starts[first], high = t->starts[first + 1];
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (key_compare(&t->items[middle], key, bits) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    uint32_t found = low ? low - 1 : PREFIX_NONE;
    while (found != PREFIX_NONE && !begins(&t->items[found], key, bits))
        found = t->items[found].parent;
    return found;
}
