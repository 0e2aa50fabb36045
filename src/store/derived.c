// SPDX-License-Identifier: Apache-2.0
#include "store/derived.h"

#include "base/buf.h"
#include "base/limits.h"
#include "store/handling.h"
#include "store/membership.h"
#include "store/recall.h"
#include "store/rows_priv.h"
#include "store/store_priv.h"

struct derived {
    int64_t seq;
    enum store_state state;
    bool by_machine;
};

// Rows in force or quarantined; UNION makes a circle end.
static enum err find(
    struct store_txn *t, struct arena *a, struct str origin, struct store_list *out)
{
    struct db_query q = db_query(t->db,
        "WITH RECURSIVE chain (id, machine) AS (SELECT derived, by_machine FROM derived_from"
        " WHERE origin = ?1 UNION SELECT d.derived, d.by_machine AND c.machine"
        " FROM derived_from d JOIN chain c ON d.origin = c.id)"
        " SELECT o.seq, max(c.machine), s.state IS NULL FROM chain c"
        " JOIN object_version o ON o.id = c.id LEFT JOIN object_state s ON s.seq = o.seq"
        " WHERE o.id <> ?1 AND coalesce(s.state, 'quarantined') = 'quarantined'"
        " GROUP BY o.seq ORDER BY o.seq");
    db_bind_text(&q, origin);
    *out = store_list_of(a, sizeof(struct derived));
    struct derived *row;
    while ((row = store_list_next(out, &q))) {
        row->seq = db_int(&q, 0);
        row->by_machine = db_int(&q, 1);
        row->state = db_int(&q, 2) ? STORE_IN_FORCE : STORE_QUARANTINED;
    }
    return db_end(&q);
}

static enum err quarantine(struct store_txn *t, const struct derived *row, int64_t at_us)
{
    if (!row->by_machine || row->state != STORE_IN_FORCE)
        return ERR_OK;
    TRY(store_object_set_state(t, row->seq, STORE_QUARANTINED, at_us,
        STR("{\"why\":\"made from what was recalled\"}")));
    return store_membership_remove_all(t, row->seq, at_us);
}

static enum err cascade(
    struct store_txn *t, struct arena *a, const struct store_object *origin, int64_t at_us)
{
    struct store_list rows;
    struct buf why = buf_in(a, KIB);
    TRY(find(t, a, origin->id, &rows));
    buf_put(&why, STR("made from what was recalled: "));
    buf_put(&why, origin->id);
    TRY(why.err);
    const struct derived *items = rows.items;
    for (size_t i = 0; i < rows.n; i++) {
        TRY(quarantine(t, &items[i], at_us));
        TRY(store_recall_review(t, items[i].seq, at_us, buf_str(&why)));
    }
    return ERR_OK;
}

enum err store_derived_cascade(
    struct store_txn *t, const struct store_object *origin, int64_t at_us)
{
    struct arena a;
    arena_init(&a, 64 * MIB);
    enum err e = cascade(t, &a, origin, at_us);
    arena_release(&a);
    return e;
}

static enum err propose(
    struct store_txn *t, struct arena *a, const struct store_object *origin, int64_t at_us)
{
    struct store_list rows;
    struct buf why = buf_in(a, KIB);
    TRY(find(t, a, origin->id, &rows));
    buf_put(&why, STR("made from what was tightened: "));
    buf_put(&why, origin->id);
    TRY(why.err);
    const struct derived *items = rows.items;
    for (size_t i = 0; i < rows.n; i++)
        TRY(store_recall_propose(t, items[i].seq, at_us, buf_str(&why)));
    return ERR_OK;
}

enum err store_derived_propose(
    struct store_txn *t, const struct store_object *origin, int64_t at_us)
{
    struct arena a;
    arena_init(&a, 64 * MIB);
    enum err e = propose(t, &a, origin, at_us);
    arena_release(&a);
    return e;
}

// CROSS JOIN keeps the order of the tables: from the row to its origins, each by an index.
static enum err find_origins(struct store_txn *t, struct arena *a,
    const struct store_inputs_ask *ask, struct store_list *out)
{
    struct db_query q = db_query(t->db,
        "WITH RECURSIVE chain (id) AS (SELECT d.origin FROM derived_from d"
        " CROSS JOIN object_version r ON r.seq = d.by_seq"
        " WHERE d.derived = ?1 AND r.source IN (?2, ?3)"
        " UNION SELECT d.origin FROM chain c CROSS JOIN derived_from d ON d.derived = c.id"
        " CROSS JOIN object_version r ON r.seq = d.by_seq WHERE r.source = ?3 OR EXISTS"
        " (SELECT 1 FROM object_version m WHERE m.id = d.derived AND m.source = r.source)"
        " LIMIT ?4) SELECT id FROM chain WHERE id <> ?1");
    db_bind_text(&q, ask->id);
    db_bind_text(&q, ask->source);
    db_bind_text(&q, ask->self);
    db_bind_int(&q, (int64_t)ask->limit);
    *out = store_list_of(a, sizeof(struct str));
    struct str *id;
    while ((id = store_list_next(out, &q)))
        *id = db_copy(&q, 0, a);
    return db_end(&q);
}

enum err store_derived_inputs(struct store_txn *t, struct arena *a,
    const struct store_inputs_ask *ask, struct store_objects *out)
{
    struct store_list origins;
    size_t n = 0;
    TRY(find_origins(t, a, ask, &origins));
    const struct str *ids = origins.items;
    struct store_object *items = NEW_N(a, struct store_object, origins.n ? ask->limit : 1);
    if (!items)
        return ERR_LIMIT;
    for (size_t i = 0; i < origins.n; i++) {
        struct store_objects rows;
        TRY(store_objects_by_id(t, a, ids[i], &rows));
        for (size_t k = 0; k < rows.n && n < ask->limit; k++)
            if (k == 0 || !str_eq(rows.items[k].source, rows.items[k - 1].source))
                items[n++] = rows.items[k];
    }
    *out = (struct store_objects){.items = items, .n = n};
    return ERR_OK;
}
