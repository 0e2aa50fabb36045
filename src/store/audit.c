// SPDX-License-Identifier: Apache-2.0
#include "store/principal.h"
#include "store/rows_priv.h"
#include "store/store_priv.h"

enum err store_audit_add(struct store_txn *t, const struct store_audit *event)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO audit (at_us, principal, action, target, detail) VALUES (?, ?, ?, ?, ?)");
    db_bind_int(&q, event->at_us);
    db_bind_int(&q, event->principal);
    db_bind_text(&q, event->action);
    db_bind_text(&q, event->target);
    db_bind_text(&q, event->detail);
    return db_run(&q);
}

enum err store_audit_after(
    struct store_txn *t, struct arena *a, int64_t after, size_t limit, struct store_audits *out)
{
    struct db_query q =
        db_query(t->db, "SELECT seq, at_us, principal, action, target, detail FROM audit"
                        " WHERE seq > ? ORDER BY seq LIMIT ?");
    db_bind_int(&q, after);
    db_bind_int(&q, (int64_t)limit);
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_audit *event;
    while ((event = store_list_next(&list, &q))) {
        event->seq = db_int(&q, 0);
        event->at_us = db_int(&q, 1);
        event->principal = db_int(&q, 2);
        event->action = db_copy(&q, 3, a);
        event->target = db_copy(&q, 4, a);
        event->detail = db_copy(&q, 5, a);
    }
    TRY(db_end(&q));
    *out = (struct store_audits){.items = list.items, .n = list.n};
    return ERR_OK;
}

enum err store_audit_last(struct store_txn *t, int64_t *out)
{
    struct db_query q = db_query(t->db, "SELECT coalesce(max(seq), 0) FROM audit");
    int64_t last = db_one(&q) ? db_int(&q, 0) : 0;
    TRY(db_end(&q));
    *out = last;
    return ERR_OK;
}
