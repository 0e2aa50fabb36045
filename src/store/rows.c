// SPDX-License-Identifier: Apache-2.0
#include "store/rows_priv.h"

struct store_list store_list_of(struct arena *a, size_t item_bytes)
{
    return (struct store_list){.arena = a, .item_bytes = item_bytes};
}

static bool grow(struct store_list *list)
{
    size_t room = list->room ? 2 * list->room : 8;
    void *items = arena_alloc(list->arena, room, list->item_bytes, _Alignof(max_align_t));
    if (!items)
        return false;
    if (list->n)
        memcpy(items, list->items, list->n * list->item_bytes);
    list->items = items;
    list->room = room;
    return true;
}

void *store_list_next(struct store_list *list, struct db_query *q)
{
    if (!db_next(q))
        return NULL;
    if (list->n == list->room && !grow(list)) {
        q->err = ERR_LIMIT;
        return NULL;
    }
    return (char *)list->items + list->n++ * list->item_bytes;
}

const char *store_state_name(enum store_state state)
{
    static const char *const names[] = {
        [STORE_IN_FORCE] = "in-force",
        [STORE_QUARANTINED] = "quarantined",
        [STORE_RECALLED] = "recalled",
        [STORE_DESTROYED] = "destroyed",
    };
    return names[state];
}

static enum store_state state_of(struct db_query *q, int column)
{
    if (db_is_null(q, column))
        return STORE_IN_FORCE;
    struct str name = db_text(q, column);
    for (enum store_state state = STORE_QUARANTINED; state <= STORE_DESTROYED; state++)
        if (str_eq(name, str_of(store_state_name(state))))
            return state;
    q->err = ERR_CORRUPT;
    return STORE_QUARANTINED;
}

void store_object_read(struct db_query *q, struct arena *a, struct store_object *out)
{
    out->seq = db_int(q, 0);
    out->id = db_copy(q, 1, a);
    out->type = db_copy(q, 2, a);
    out->source = db_copy(q, 3, a);
    out->originator = db_copy(q, 4, a);
    out->handling = db_copy(q, 5, a);
    out->version_us = db_int(q, 6);
    out->received_us = db_int(q, 7);
    out->import_id = db_int(q, 8);
    out->bytes_n = db_int(q, 9);
    db_blob_exact(q, 10, out->digest, sizeof out->digest);
    out->state = state_of(q, 11);
}

enum err store_objects_read(struct db_query *q, struct arena *a, struct store_objects *out)
{
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_object *o;
    while ((o = store_list_next(&list, q)))
        store_object_read(q, a, o);
    TRY(db_end(q));
    *out = (struct store_objects){.items = list.items, .n = list.n};
    return ERR_OK;
}

enum err store_seqs_read(struct db_query *q, struct arena *a, struct store_seqs *out)
{
    struct store_list list = store_list_of(a, sizeof *out->items);
    int64_t *seq;
    while ((seq = store_list_next(&list, q)))
        *seq = db_int(q, 0);
    TRY(db_end(q));
    *out = (struct store_seqs){.items = list.items, .n = list.n};
    return ERR_OK;
}
