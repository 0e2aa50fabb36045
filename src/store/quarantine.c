// SPDX-License-Identifier: Apache-2.0
#include "store/quarantine.h"

#include "store/rows_priv.h"
#include "store/store_priv.h"

#define ROWS                                                                 \
    "SELECT " STORE_OBJECT_COLUMNS ", e.at_us, e.detail FROM object_state s" \
    " CROSS JOIN object_version o CROSS JOIN handling_event e"               \
    " WHERE s.state = 'quarantined' AND o.seq = s.seq AND e.seq ="           \
    " (SELECT max(h.seq) FROM handling_event h WHERE h.object_seq = s.seq"   \
    " AND h.kind = 'quarantined')"
#define COLUMNS 12 // of an object

static void row_read(struct db_query *q, struct arena *a, struct store_quarantined *out)
{
    store_object_read(q, a, &out->object);
    out->at_us = db_int(q, COLUMNS);
    out->detail = db_copy(q, COLUMNS + 1, a);
}

enum err store_quarantine_page(struct store_txn *t, struct arena *a,
    const struct store_quarantine_ask *ask, struct store_quarantine *out)
{
    struct db_query q = db_query(t->db,
        ROWS " AND (?1 = 0 OR s.seq < ?1) AND (?2 = 0 OR o.import_id = ?2) ORDER BY s.seq DESC"
             " LIMIT ?3");
    db_bind_int(&q, ask->before);
    db_bind_int(&q, ask->import_id);
    db_bind_int(&q, (int64_t)ask->limit);
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_quarantined *row;
    while ((row = store_list_next(&list, &q)))
        row_read(&q, a, row);
    TRY(db_end(&q));
    *out = (struct store_quarantine){.items = list.items, .n = list.n};
    return ERR_OK;
}

enum err store_quarantine_get(
    struct store_txn *t, struct arena *a, int64_t seq, struct store_quarantined *out)
{
    struct db_query q = db_query(t->db, ROWS " AND s.seq = ?");
    db_bind_int(&q, seq);
    if (db_one(&q))
        row_read(&q, a, out);
    return db_end(&q);
}

bool store_quarantined_on_arrival(const struct store_quarantined *q)
{
    return q->object.import_id != 0 && q->at_us == q->object.received_us;
}
