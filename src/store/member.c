// SPDX-License-Identifier: Apache-2.0
#include "store/member.h"

#include "store/rows_priv.h"
#include "store/store_priv.h"

// Of ?1 and ?2 at ?3. The time and the state are asked for here too, so that a row whose
// tombstone is not written yet is not shown.
#define MEMBERS                                                                \
    " m.recipient = ?1 AND m.view = ?2 AND m.removed_seq IS NULL"              \
    " AND (m.until_us IS NULL OR m.until_us > ?3)"                             \
    " AND NOT EXISTS (SELECT 1 FROM object_state s WHERE s.seq = m.object_seq" \
    " AND s.state <> 'in-force')"

static void bind_reader(struct db_query *q, const struct store_reader *who)
{
    db_bind_text(q, who->view.recipient);
    db_bind_text(q, who->view.view);
    db_bind_int(q, who->now_us);
}

enum err store_members_of_id(struct store_txn *t, struct arena *a,
    const struct store_reader *who, struct str id, struct store_members *out)
{
    struct db_query q = db_query(t->db,
        "SELECT m.seq, m.object_seq, m.added_us FROM object_version o CROSS JOIN membership m"
        " WHERE o.id = ?4 AND m.object_seq = o.seq AND" MEMBERS
        " ORDER BY o.source, o.version_us DESC");
    bind_reader(&q, who);
    db_bind_text(&q, id);
    return store_members_read(&q, a, out);
}

// The index that leads is chosen by the filter, as in find.c.
#define PAGE_BEGIN "SELECT m.seq, m.object_seq, m.added_us FROM "
#define PAGE_END                                                          \
    " AND m.seq > ?4 AND o.seq = m.object_seq AND m.added_us > ?5"        \
    " AND (?6 = '' OR o.source = ?6) AND (?7 = '' OR o.type = ?7)"        \
    " AND (?8 = '' OR EXISTS (SELECT 1 FROM value_index WHERE value = ?8" \
    " AND object_seq = o.seq))"                                           \
    " AND (?9 = '' OR EXISTS (SELECT 1 FROM ref_index WHERE target = ?9"  \
    " AND object_seq = o.seq)) ORDER BY m.seq LIMIT ?10"

static struct db_query page_query(struct store_txn *t, const struct store_filter *filter)
{
    if (filter->value.len)
        return db_query(t->db, PAGE_BEGIN
            "value_index v CROSS JOIN membership m CROSS JOIN object_version o"
            " WHERE v.value = ?8 AND m.object_seq = v.object_seq AND" MEMBERS PAGE_END);
    if (filter->reference.len)
        return db_query(t->db, PAGE_BEGIN
            "ref_index r CROSS JOIN membership m CROSS JOIN object_version o"
            " WHERE r.target = ?9 AND m.object_seq = r.object_seq AND" MEMBERS PAGE_END);
    return db_query(
        t->db, PAGE_BEGIN "membership m CROSS JOIN object_version o WHERE" MEMBERS PAGE_END);
}

enum err store_members_after(struct store_txn *t, struct arena *a,
    const struct store_reader *who, const struct store_filter *filter,
    struct store_members *out)
{
    struct db_query q = page_query(t, filter);
    bind_reader(&q, who);
    db_bind_int(&q, filter->after);
    db_bind_int(&q, filter->since_us);
    db_bind_text(&q, filter->source);
    db_bind_text(&q, filter->type);
    db_bind_text(&q, filter->value);
    db_bind_text(&q, filter->reference);
    db_bind_int(&q, (int64_t)filter->limit);
    return store_members_read(&q, a, out);
}

enum err store_members_of_value(struct store_txn *t, struct arena *a,
    const struct store_reader *who, struct str value, struct store_members *out)
{
    struct db_query q = db_query(t->db,
        "SELECT m.seq, m.object_seq, m.added_us FROM value_index v CROSS JOIN membership m"
        " WHERE v.value = ?4 AND m.object_seq = v.object_seq AND" MEMBERS " ORDER BY m.seq");
    bind_reader(&q, who);
    db_bind_text(&q, value);
    return store_members_read(&q, a, out);
}

enum err store_member_count(struct store_txn *t, const struct store_reader *who, int64_t *out)
{
    struct db_query q = db_query(t->db, "SELECT count(*) FROM membership m WHERE" MEMBERS);
    bind_reader(&q, who);
    int64_t n = db_one(&q) ? db_int(&q, 0) : 0;
    TRY(db_end(&q));
    *out = n;
    return ERR_OK;
}

enum err store_members_before(struct store_txn *t, struct arena *a,
    const struct store_reader *who, int64_t before, size_t limit, struct store_members *out)
{
    struct db_query q =
        db_query(t->db, "SELECT m.seq, m.object_seq, m.added_us FROM membership m WHERE" MEMBERS
                        " AND m.seq < ?4 ORDER BY m.seq DESC LIMIT ?5");
    bind_reader(&q, who);
    db_bind_int(&q, before);
    db_bind_int(&q, (int64_t)limit);
    return store_members_read(&q, a, out);
}

enum err store_member_is_newest(struct store_txn *t, const struct store_reader *who,
    const struct store_object *object, bool *out)
{
    struct db_query q = db_query(t->db,
        "SELECT NOT EXISTS (SELECT 1 FROM object_version o CROSS JOIN membership m"
        " WHERE o.id = ?4 AND o.source = ?5 AND o.version_us > ?6 AND m.object_seq = o.seq "
        "AND" MEMBERS ")");
    bind_reader(&q, who);
    db_bind_text(&q, object->id);
    db_bind_text(&q, object->source);
    db_bind_int(&q, object->version_us);
    *out = db_one(&q) && db_int(&q, 0);
    return db_end(&q);
}

enum err store_member_events_after(struct store_txn *t, struct arena *a,
    const struct store_reader *who, int64_t after, size_t limit,
    struct store_member_events *out)
{
    struct db_query q = db_query(t->db,
        "SELECT m.seq, m.object_seq, m.added_us, 0 FROM membership m WHERE" MEMBERS
        " AND m.seq > ?4 UNION ALL SELECT m.removed_seq, m.object_seq, m.removed_us, 1"
        " FROM membership m WHERE m.recipient = ?1 AND m.view = ?2 AND m.removed_seq > ?4"
        " ORDER BY 1 LIMIT ?5");
    struct store_member_events events = {
        .items = NEW_N(a, struct store_member_event, limit ? limit : 1)};
    if (!events.items)
        return ERR_LIMIT;
    bind_reader(&q, who);
    db_bind_int(&q, after);
    db_bind_int(&q, (int64_t)limit);
    while (events.n < limit && db_next(&q))
        events.items[events.n++] = (struct store_member_event){.seq = db_int(&q, 0),
            .object_seq = db_int(&q, 1),
            .at_us = db_int(&q, 2),
            .is_removal = db_int(&q, 3)};
    TRY(db_end(&q));
    *out = events;
    return ERR_OK;
}

enum err store_member_last(struct store_txn *t, const struct store_view *view, int64_t *out)
{
    struct db_query q = db_query(t->db,
        "SELECT max(coalesce((SELECT max(seq) FROM membership WHERE recipient = ?1"
        " AND view = ?2), 0), coalesce((SELECT max(removed_seq) FROM membership"
        " WHERE recipient = ?1 AND view = ?2 AND removed_seq IS NOT NULL), 0))");
    db_bind_text(&q, view->recipient);
    db_bind_text(&q, view->view);
    int64_t last = db_one(&q) ? db_int(&q, 0) : 0;
    TRY(db_end(&q));
    *out = last;
    return ERR_OK;
}
