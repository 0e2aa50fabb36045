// SPDX-License-Identifier: Apache-2.0
// Rows of a query into an array of the caller's arena, and the columns of an object.
#pragma once

#include "db/db.h"
#include "store/membership.h"

struct store_list {
    struct arena *arena;
    void *items;
    size_t n;
    size_t room;
    size_t item_bytes;
};
struct store_list store_list_of(struct arena *a, size_t item_bytes);
// The next row's item, zeroed; NULL when there is no row, and past the arena's limit, which the
// query remembers.
void *store_list_next(struct store_list *list, struct db_query *q);

// The handling is the one in force: the row's own, or the stricter one of an event.
#define STORE_OBJECT_COLUMNS                                                   \
    "o.seq, o.id, o.type, o.source, o.originator, coalesce((SELECT h.handling" \
    " FROM object_handling h WHERE h.seq = o.seq), o.handling), o.version_us," \
    " o.received_us, o.import_id, o.size, o.digest, s.state"
void store_object_read(struct db_query *q, struct arena *a, struct store_object *out);
enum err store_objects_read(
    struct db_query *q, struct arena *a, struct store_objects *out) MUST_USE;
enum err store_seqs_read(struct db_query *q, struct arena *a, struct store_seqs *out) MUST_USE;
// Of a query that gives seq, object_seq, added_us.
enum err store_members_read(
    struct db_query *q, struct arena *a, struct store_members *out) MUST_USE;
