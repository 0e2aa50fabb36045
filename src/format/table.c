// SPDX-License-Identifier: Apache-2.0
#include "format/table_priv.h"

struct table_slot {
    struct str key;
    void *value;
};

static size_t mix(struct str s)
{
    uint64_t h = 1469598103934665603u; // FNV-1a
    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)s.ptr[i]) * 1099511628211u;
    return (size_t)(h ^ h >> 32);
}

static void put(struct table_slot *slots, size_t room, struct table_slot slot)
{
    size_t i = mix(slot.key) & (room - 1);
    while (slots[i].key.len)
        i = (i + 1) & (room - 1);
    slots[i] = slot;
}

void *table_find(const struct table *t, struct str key)
{
    for (size_t i = t->room ? mix(key) & (t->room - 1) : 0; t->room && t->slots[i].key.len;
         i = (i + 1) & (t->room - 1))
        if (str_eq(t->slots[i].key, key))
            return t->slots[i].value;
    return NULL;
}

enum err table_add(struct arena *a, struct table *t, struct str key, void *value)
{
    if (t->n * 2 >= t->room) {
        size_t room = t->room ? t->room * 2 : 256;
        struct table_slot *slots = NEW_N(a, struct table_slot, room);
        if (!slots)
            return ERR_LIMIT;
        for (size_t i = 0; i < t->room; i++)
            if (t->slots[i].key.len)
                put(slots, room, t->slots[i]);
        t->slots = slots;
        t->room = room;
    }
    put(t->slots, t->room, (struct table_slot){key, value});
    t->n++;
    return ERR_OK;
}
