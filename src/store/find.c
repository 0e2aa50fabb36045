// SPDX-License-Identifier: Apache-2.0
// Objects by what they hold: pages, values, references.
#include "store/object.h"
#include "store/rows_priv.h"
#include "store/store_priv.h"

// The last row that had come by then.
static enum err seq_at(struct store_txn *t, int64_t at_us, int64_t *out)
{
    struct db_query q = db_query(t->db, "SELECT seq FROM object_version WHERE received_us <= ?"
                                        " ORDER BY received_us DESC, seq DESC LIMIT 1");
    db_bind_int(&q, at_us);
    int64_t seq = db_one(&q) ? db_int(&q, 0) : 0;
    enum err e = db_end(&q);
    if (e == ERR_OK || e == ERR_NOT_FOUND)
        *out = seq;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

// The index that leads is chosen by the filter; the other conditions are the same for each.
#define PAGE_BEGIN "SELECT " STORE_OBJECT_COLUMNS " FROM "
#define PAGE_JOIN      \
    "object_version o" \
    " LEFT JOIN object_state s ON s.seq = o.seq WHERE "
#define PAGE_END                                                          \
    " AND (?2 = '' OR o.source = ?2) AND (?3 = '' OR o.type = ?3)"        \
    " AND (?4 = '' OR EXISTS (SELECT 1 FROM value_index WHERE value = ?4" \
    " AND object_seq = o.seq))"                                           \
    " AND (?5 = '' OR EXISTS (SELECT 1 FROM ref_index WHERE target = ?5"  \
    " AND object_seq = o.seq)) ORDER BY "
#define PAGE_LIMIT " LIMIT ?6"

static struct db_query page_query(struct store_txn *t, const struct store_filter *filter)
{
    if (filter->value.len)
        return db_query(t->db,
            PAGE_BEGIN "value_index v CROSS JOIN " PAGE_JOIN
                       "v.value = ?4 AND v.object_seq > ?1 AND o.seq = v.object_seq" PAGE_END
                       "v.object_seq" PAGE_LIMIT);
    if (filter->reference.len)
        return db_query(t->db,
            PAGE_BEGIN "ref_index r CROSS JOIN " PAGE_JOIN
                       "r.target = ?5 AND r.object_seq > ?1 AND o.seq = r.object_seq" PAGE_END
                       "r.object_seq" PAGE_LIMIT);
    if (filter->type.len)
        return db_query(t->db,
            PAGE_BEGIN PAGE_JOIN "o.type = ?3 AND o.seq > ?1" PAGE_END "o.seq" PAGE_LIMIT);
    return db_query(t->db, PAGE_BEGIN PAGE_JOIN "o.seq > ?1" PAGE_END "o.seq" PAGE_LIMIT);
}

enum err store_objects_after(struct store_txn *t, struct arena *a,
    const struct store_filter *filter, struct store_objects *out)
{
    int64_t after = 0;
    TRY(seq_at(t, filter->since_us, &after));
    if (after < filter->after)
        after = filter->after;
    struct db_query q = page_query(t, filter);
    db_bind_int(&q, after);
    db_bind_text(&q, filter->source);
    db_bind_text(&q, filter->type);
    db_bind_text(&q, filter->value);
    db_bind_text(&q, filter->reference);
    db_bind_int(&q, (int64_t)filter->limit);
    return store_objects_read(&q, a, out);
}

enum err store_value_postings(
    struct store_txn *t, struct arena *a, struct str value, struct store_seqs *out)
{
    struct db_query q = db_query(
        t->db, "SELECT object_seq FROM value_index WHERE value = ? ORDER BY object_seq");
    db_bind_text(&q, value);
    return store_seqs_read(&q, a, out);
}

enum err store_refs_to(
    struct store_txn *t, struct arena *a, struct str id, struct store_seqs *out)
{
    struct db_query q = db_query(
        t->db, "SELECT object_seq FROM ref_index WHERE target = ? ORDER BY object_seq");
    db_bind_text(&q, id);
    return store_seqs_read(&q, a, out);
}

enum err store_refs_from(
    struct store_txn *t, struct arena *a, int64_t seq, struct store_texts *out)
{
    struct db_query q =
        db_query(t->db, "SELECT target FROM ref_index WHERE object_seq = ? ORDER BY target");
    db_bind_int(&q, seq);
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct str *target;
    while ((target = store_list_next(&list, &q)))
        *target = db_copy(&q, 0, a);
    TRY(db_end(&q));
    *out = (struct store_texts){.items = list.items, .n = list.n};
    return ERR_OK;
}
