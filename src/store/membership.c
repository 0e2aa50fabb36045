// SPDX-License-Identifier: Apache-2.0
#include "store/membership.h"

#include "store/rows_priv.h"
#include "store/store_priv.h"
#include "store/taxii_wait.h"

// Additions and removals share one sequence per recipient and view.
#define NEXT_SEQ                                                                           \
    "1 + max("                                                                             \
    "coalesce((SELECT max(seq) FROM membership WHERE recipient = ?1 AND view = ?2), 0),"   \
    "coalesce((SELECT max(removed_seq) FROM membership WHERE recipient = ?1 AND view = ?2" \
    " AND removed_seq IS NOT NULL), 0))"

// Dates of a view rise too, whatever the clock does: clients page by them.
#define ADDED_US                                                                 \
    "max(?4, 1 + coalesce((SELECT added_us FROM membership WHERE recipient = ?1" \
    " AND view = ?2 ORDER BY seq DESC LIMIT 1), 0))"

// The member just added, and what of its id is in the view beside it: most have nothing.
static enum err mark_others(struct store_txn *t, const struct store_view *view, int64_t seq)
{
    struct db_query q = db_query(t->db,
        "UPDATE membership INDEXED BY membership_by_object SET has_others = 1"
        " WHERE recipient = ?1 AND view = ?2"
        " AND removed_seq IS NULL AND object_seq IN (SELECT p.seq FROM object_version o"
        " CROSS JOIN object_version p WHERE o.seq = ?3 AND p.id = o.id)"
        " AND EXISTS (SELECT 1 FROM object_version o CROSS JOIN object_version p"
        " CROSS JOIN membership m WHERE o.seq = ?3 AND p.id = o.id AND p.seq <> ?3"
        " AND m.object_seq = p.seq AND m.recipient = ?1 AND m.view = ?2"
        " AND m.removed_seq IS NULL)");
    db_bind_text(&q, view->recipient);
    db_bind_text(&q, view->view);
    db_bind_int(&q, seq);
    return db_run(&q);
}

enum err store_membership_put(
    struct store_txn *t, const struct store_view *view, const struct store_member_in *member)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO membership (recipient, view, seq, object_seq, added_us, until_us,"
        " variant_seq) SELECT ?1, ?2, " NEXT_SEQ ", ?3, " ADDED_US
        ", nullif(?5, 0), nullif(?6, 0) WHERE NOT EXISTS (SELECT 1 FROM membership"
        " WHERE object_seq = ?3 AND recipient = ?1 AND view = ?2 AND removed_seq IS NULL)");
    db_bind_text(&q, view->recipient);
    db_bind_text(&q, view->view);
    db_bind_int(&q, member->object_seq);
    db_bind_int(&q, member->at_us);
    db_bind_int(&q, member->until_us);
    db_bind_int(&q, member->variant_seq);
    TRY(db_run(&q));
    return mark_others(t, view, member->object_seq);
}

enum err store_membership_add(
    struct store_txn *t, const struct store_view *view, int64_t object_seq, int64_t at_us)
{
    const struct store_member_in member = {.object_seq = object_seq, .at_us = at_us};
    return store_membership_put(t, view, &member);
}

enum err store_membership_remove(
    struct store_txn *t, const struct store_view *view, int64_t object_seq, int64_t at_us)
{
    struct db_query q = db_query(t->db,
        "UPDATE membership SET removed_us = ?4, removed_seq = " NEXT_SEQ
        " WHERE object_seq = ?3 AND recipient = ?1 AND view = ?2 AND removed_seq IS NULL");
    db_bind_text(&q, view->recipient);
    db_bind_text(&q, view->view);
    db_bind_int(&q, object_seq);
    db_bind_int(&q, at_us);
    TRY(db_run(&q));
    return db_changes(t->db) ? store_taxii_wait_wake_others(t, view, object_seq) : ERR_OK;
}

static enum err views_of(
    struct store_txn *t, struct arena *a, int64_t object_seq, struct store_list *out)
{
    struct db_query q = db_query(t->db,
        "SELECT recipient, view FROM membership WHERE object_seq = ? AND removed_seq IS NULL");
    db_bind_int(&q, object_seq);
    struct store_list list = store_list_of(a, sizeof(struct store_view));
    struct store_view *view;
    while ((view = store_list_next(&list, &q))) {
        view->recipient = db_copy(&q, 0, a);
        view->view = db_copy(&q, 1, a);
    }
    TRY(db_end(&q));
    *out = list;
    return ERR_OK;
}

enum err store_membership_remove_released(
    struct store_txn *t, int64_t object_seq, struct str source, int64_t at_us)
{
    struct arena scratch;
    arena_init(&scratch, 1024 * 1024);
    struct store_list views;
    enum err e = views_of(t, &scratch, object_seq, &views);
    for (size_t i = 0; e == ERR_OK && i < views.n; i++) {
        const struct store_view *view = &((const struct store_view *)views.items)[i];
        if (!str_eq(view->recipient, source))
            e = store_membership_remove(t, view, object_seq, at_us);
    }
    arena_release(&scratch);
    return e;
}

enum err store_membership_remove_all(struct store_txn *t, int64_t object_seq, int64_t at_us)
{
    return store_membership_remove_released(t, object_seq, STR(""), at_us);
}

struct ended {
    struct store_view view;
    int64_t object_seq;
    int64_t until_us;
};

static enum err ended_at(
    struct store_txn *t, struct arena *a, int64_t now_us, size_t limit, struct store_list *out)
{
    struct db_query q =
        db_query(t->db, "SELECT recipient, view, object_seq, until_us FROM membership"
                        " WHERE until_us IS NOT NULL AND removed_seq IS NULL AND until_us <= ?"
                        " ORDER BY until_us, recipient, view, seq LIMIT ?");
    db_bind_int(&q, now_us);
    db_bind_int(&q, (int64_t)limit);
    struct store_list list = store_list_of(a, sizeof(struct ended));
    struct ended *row;
    while ((row = store_list_next(&list, &q))) {
        row->view.recipient = db_copy(&q, 0, a);
        row->view.view = db_copy(&q, 1, a);
        row->object_seq = db_int(&q, 2);
        row->until_us = db_int(&q, 3);
    }
    TRY(db_end(&q));
    *out = list;
    return ERR_OK;
}

// The member left when its time was over, whenever that is written down.
enum err store_membership_expire(
    struct store_txn *t, int64_t now_us, size_t limit, size_t *out_n)
{
    struct arena scratch;
    arena_init(&scratch, 4 * 1024 * 1024);
    struct store_list list = {0};
    enum err e = ended_at(t, &scratch, now_us, limit, &list);
    const struct ended *rows = list.items;
    for (size_t i = 0; e == ERR_OK && i < list.n; i++)
        e = store_membership_remove(t, &rows[i].view, rows[i].object_seq, rows[i].until_us);
    if (e == ERR_OK)
        *out_n = list.n;
    arena_release(&scratch);
    return e;
}

enum err store_membership_is_shared(struct store_txn *t, int64_t object_seq, bool *out)
{
    struct db_query q = db_query(t->db,
        "SELECT count(*) FROM membership m JOIN object_version o ON o.seq = m.object_seq"
        " WHERE m.object_seq = ? AND m.removed_seq IS NULL AND m.recipient <> o.source");
    db_bind_int(&q, object_seq);
    bool is_shared = db_one(&q) && db_int(&q, 0);
    TRY(db_end(&q));
    *out = is_shared;
    return ERR_OK;
}

enum err store_membership_contains(
    struct store_txn *t, const struct store_view *view, int64_t object_seq, bool *out)
{
    struct db_query q = db_query(t->db,
        "SELECT count(*) FROM membership WHERE object_seq = ? AND recipient = ? AND view = ?"
        " AND removed_seq IS NULL");
    db_bind_int(&q, object_seq);
    db_bind_text(&q, view->recipient);
    db_bind_text(&q, view->view);
    bool is_member = db_one(&q) && db_int(&q, 0);
    TRY(db_end(&q));
    *out = is_member;
    return ERR_OK;
}

enum err store_membership_is_variant(
    struct store_txn *t, const struct store_view *view, int64_t object_seq, bool *out)
{
    struct db_query q = db_query(t->db,
        "SELECT count(*) FROM membership WHERE object_seq = ? AND recipient = ? AND view = ?"
        " AND removed_seq IS NULL AND variant_seq IS NOT NULL");
    db_bind_int(&q, object_seq);
    db_bind_text(&q, view->recipient);
    db_bind_text(&q, view->view);
    bool is_variant = db_one(&q) && db_int(&q, 0);
    TRY(db_end(&q));
    *out = is_variant;
    return ERR_OK;
}

enum err store_members_read(struct db_query *q, struct arena *a, struct store_members *out)
{
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_member *member;
    while ((member = store_list_next(&list, q))) {
        member->seq = db_int(q, 0);
        member->object_seq = db_int(q, 1);
        member->at_us = db_int(q, 2);
    }
    TRY(db_end(q));
    *out = (struct store_members){.items = list.items, .n = list.n};
    return ERR_OK;
}

enum err store_membership_page(struct store_txn *t, struct arena *a,
    const struct store_view *view, int64_t after, size_t limit, struct store_members *out)
{
    struct db_query q = db_query(t->db,
        "SELECT seq, object_seq, added_us FROM membership WHERE recipient = ? AND view = ?"
        " AND seq > ? AND removed_seq IS NULL ORDER BY seq LIMIT ?");
    db_bind_text(&q, view->recipient);
    db_bind_text(&q, view->view);
    db_bind_int(&q, after);
    db_bind_int(&q, (int64_t)limit);
    return store_members_read(&q, a, out);
}
