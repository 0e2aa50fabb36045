// SPDX-License-Identifier: Apache-2.0
#include "store/taxii_page.h"

#include "store/rows_priv.h"
#include "store/store_priv.h"

#define RARE_MAX 1000 // objects

// A row whose tombstone is not written yet is not shown, as in member.c. An object without a
// version of its own has its time of arrival in both columns; a client is told when it was
// added to the view, which says nothing of when or how often it came (V1).
#define VERSION                                              \
    "CASE WHEN o.version_us = o.received_us THEN m.added_us" \
    " ELSE coalesce(v.modified_us, o.version_us) END"
#define SHOWN                                                                  \
    " m.recipient = ?1 AND m.view = ?2 AND m.removed_seq IS NULL"              \
    " AND (m.until_us IS NULL OR m.until_us > ?3)"                             \
    " AND NOT EXISTS (SELECT 1 FROM object_state s WHERE s.seq = m.object_seq" \
    " AND s.state <> 'in-force')"
// No other version of the same id in the view that is newer, or older. What is shown as
// received and what is shown as a variant have two ids.
#define NO_OTHER(order)                                                        \
    "NOT EXISTS (SELECT 1 FROM object_version p CROSS JOIN membership n"       \
    " LEFT JOIN variant w ON w.seq = n.variant_seq"                            \
    " WHERE p.id = o.id AND (n.variant_seq IS NULL) = (m.variant_seq IS NULL)" \
    " AND coalesce(w.modified_us, p.version_us) " order                        \
    " coalesce(v.modified_us, o.version_us) AND n.object_seq = p.seq"          \
    " AND n.recipient = ?1 AND n.view = ?2 AND n.removed_seq IS NULL"          \
    " AND (n.until_us IS NULL OR n.until_us > ?3)"                             \
    " AND NOT EXISTS (SELECT 1 FROM object_state s WHERE s.seq = p.seq"        \
    " AND s.state <> 'in-force'))"
#define PAGE(from, ids)                                                                        \
    "SELECT m.seq, m.object_seq, m.added_us, " VERSION ", coalesce(v.variant_id, o.id),"       \
    " coalesce(length(v.bytes), o.size), CASE WHEN NOT ?14 THEN NULL"                          \
    " WHEN m.variant_seq IS NOT NULL THEN v.bytes"                                             \
    " ELSE (SELECT bytes FROM object_bytes WHERE seq = m.object_seq) END"                      \
    " FROM " from " LEFT JOIN variant v ON v.seq = m.variant_seq WHERE" SHOWN                  \
    " AND m.seq > ?4 AND m.seq <= ?5 AND o.seq = m.object_seq"                                 \
    " AND m.added_us > ?6" ids " AND (?8 = '' OR o.type IN (SELECT value FROM json_each(?8)))" \
    " AND (?9 OR (NOT m.has_others AND (?10 OR ?11))"                                          \
    " OR (?10 AND " NO_OTHER(">") ") OR (?11 AND " NO_OTHER(                                   \
        "<") ")"                                                                               \
             " OR (?12 <> '' AND instr(?12, ',' || (" VERSION ") || ',')))"                    \
             " ORDER BY m.seq LIMIT ?13"

// A page of a type that few objects have would look at the whole view, one of a type that many
// have would sort all of them.
static enum err is_rare(struct store_txn *t, struct str types, bool *out)
{
    struct db_query q =
        db_query(t->db, "SELECT count(*) FROM (SELECT 1 FROM object_version"
                        " WHERE type IN (SELECT value FROM json_each(?1)) LIMIT ?2)");
    db_bind_text(&q, types);
    db_bind_int(&q, RARE_MAX + 1);
    *out = db_one(&q) && db_int(&q, 0) <= RARE_MAX;
    return db_end(&q);
}

static enum err page_query(
    struct store_txn *t, const struct store_taxii_ask *ask, struct db_query *out)
{
    bool rare = false;
    if (ask->types.len && ask->ids.len == 0)
        TRY(is_rare(t, ask->types, &rare));
    if (ask->ids.len)
        *out = db_query(t->db, PAGE("object_version o CROSS JOIN membership m",
                                   " AND o.id IN (SELECT value FROM json_each(?7)"
                                   " UNION SELECT object_id FROM variant WHERE recipient = ?1"
                                   " AND variant_id IN (SELECT value FROM json_each(?7)))"
                                   " AND coalesce(v.variant_id, o.id) IN"
                                   " (SELECT value FROM json_each(?7))"));
    else if (rare)
        *out = db_query(t->db, PAGE("object_version o CROSS JOIN membership m",
                                   " AND o.type IN (SELECT value FROM json_each(?8))"));
    else
        *out = db_query(t->db, PAGE("membership m CROSS JOIN object_version o", ""));
    return ERR_OK;
}

// The number that all members added up to the time have at most, by halves: dates rise with
// the numbers. Looking at each member's date would take as long as the view is large.
static enum err place_of_date(
    struct store_txn *t, const struct store_taxii_ask *ask, int64_t *out)
{
    int64_t low = ask->after, high = ask->until;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        struct db_query q =
            db_query(t->db, "SELECT seq, added_us FROM membership WHERE recipient = ?"
                            " AND view = ? AND seq > ? ORDER BY seq LIMIT 1");
        db_bind_text(&q, ask->who.view.recipient);
        db_bind_text(&q, ask->who.view.view);
        db_bind_int(&q, middle);
        bool is_before = db_next(&q) && db_int(&q, 1) <= ask->added_after_us;
        if (is_before)
            low = db_int(&q, 0);
        else
            high = middle;
        TRY(db_end(&q));
    }
    *out = low;
    return ERR_OK;
}

// The first object always, however large it is.
static bool is_beyond(
    const struct store_taxii_ask *ask, struct db_query *q, size_t n, size_t *bytes_n)
{
    *bytes_n += (size_t)db_int(q, 5);
    return ask->bytes_max && n > 0 && *bytes_n > ask->bytes_max;
}

enum err store_taxii_page(struct store_txn *t, struct arena *a,
    const struct store_taxii_ask *ask, struct store_taxii_members *out)
{
    struct db_query q;
    int64_t after = ask->after;
    if (ask->added_after_us)
        TRY(place_of_date(t, ask, &after));
    TRY(page_query(t, ask, &q));
    db_bind_text(&q, ask->who.view.recipient);
    db_bind_text(&q, ask->who.view.view);
    db_bind_int(&q, ask->who.now_us);
    db_bind_int(&q, after);
    db_bind_int(&q, ask->until);
    db_bind_int(&q, ask->added_after_us);
    db_bind_text(&q, ask->ids);
    db_bind_text(&q, ask->types);
    db_bind_int(&q, ask->wants_all);
    db_bind_int(&q, ask->wants_last);
    db_bind_int(&q, ask->wants_first);
    db_bind_text(&q, ask->versions);
    db_bind_int(&q, (int64_t)ask->limit + 1);
    db_bind_int(&q, ask->bytes_max > 0);
    struct store_taxii_member *items = NEW_N(a, struct store_taxii_member, ask->limit);
    size_t n = 0, bytes_n = 0;
    bool more = false;
    if (!items)
        q.err = ERR_LIMIT;
    while (!more && db_next(&q)) {
        struct store_taxii_member *m = &items[n];
        more = n == ask->limit || is_beyond(ask, &q, n, &bytes_n);
        if (more)
            break;
        *m = (struct store_taxii_member){.seq = db_int(&q, 0),
            .object_seq = db_int(&q, 1),
            .added_us = db_int(&q, 2),
            .version_us = db_int(&q, 3),
            .id = db_copy(&q, 4, a)};
        if (ask->bytes_max)
            m->bytes = db_copy(&q, 6, a);
        n++;
    }
    TRY(db_end(&q));
    *out = (struct store_taxii_members){.items = items, .n = n, .more = more};
    return ERR_OK;
}

enum err store_taxii_newest(struct store_txn *t, const struct store_view *view, int64_t *out)
{
    struct db_query q = db_query(t->db,
        "SELECT max(coalesce((SELECT max(seq) FROM membership WHERE recipient = ?1"
        " AND view = ?2), 0), coalesce((SELECT max(removed_seq) FROM membership"
        " WHERE recipient = ?1 AND view = ?2 AND removed_seq IS NOT NULL), 0))");
    db_bind_text(&q, view->recipient);
    db_bind_text(&q, view->view);
    if (db_one(&q))
        *out = db_int(&q, 0);
    return db_end(&q);
}

enum err store_taxii_has(struct store_txn *t, const struct store_view *view,
    const struct store_object *object, bool *out)
{
    struct db_query q = db_query(t->db,
        "SELECT count(*) FROM object_version o CROSS JOIN membership m WHERE o.id = ?1"
        " AND o.version_us = ?2 AND m.object_seq = o.seq AND m.recipient = ?3"
        " AND m.view = ?4 AND m.removed_seq IS NULL");
    db_bind_text(&q, object->id);
    db_bind_int(&q, object->version_us);
    db_bind_text(&q, view->recipient);
    db_bind_text(&q, view->view);
    bool has = db_one(&q) && db_int(&q, 0);
    TRY(db_end(&q));
    *out = has;
    return ERR_OK;
}

enum err store_taxii_next_end(struct store_txn *t, int64_t *out)
{
    struct db_query q =
        db_query(t->db, "SELECT coalesce(min(until_us), 9223372036854775807) FROM membership"
                        " WHERE until_us IS NOT NULL AND removed_seq IS NULL");
    if (db_one(&q))
        *out = db_int(&q, 0);
    return db_end(&q);
}
