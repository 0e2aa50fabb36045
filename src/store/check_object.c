// SPDX-License-Identifier: Apache-2.0
// Objects against their bytes, and the rows that are made from bytes and events.
#include "store/check_priv.h"

#include "store/object_of.h"
#include "store/rows_priv.h"

struct checked_object {
    int64_t seq, version_us, size;
    struct str id, type, source, handling, bytes;
    unsigned char digest[STORE_DIGEST_BYTES];
    bool has_bytes, is_destroyed;
};

static void read_object(struct db_query *q, struct arena *a, struct checked_object *out)
{
    out->seq = db_int(q, 0);
    out->id = db_copy(q, 1, a);
    out->type = db_copy(q, 2, a);
    out->version_us = db_int(q, 3);
    out->size = db_int(q, 4);
    db_blob_exact(q, 5, out->digest, sizeof out->digest);
    out->is_destroyed = str_eq(db_text(q, 6), STR("destroyed"));
    out->has_bytes = !db_is_null(q, 7);
    out->bytes = db_copy(q, 7, a);
    out->source = db_copy(q, 8, a);
    out->handling = db_copy(q, 9, a);
}

// The rows of an index, in order, against the texts that the bytes give.
static enum err check_index(struct check *c, const char *sql, int64_t seq,
    const struct str *texts, size_t n, bool *is_equal)
{
    struct db_query q = db_query(c->txn.db, sql);
    size_t i = 0;
    bool is_same = true;
    db_bind_int(&q, seq);
    for (; db_next(&q); i++)
        is_same = is_same && i < n && str_eq(db_text(&q, 0), texts[i]);
    *is_equal = is_same && i == n;
    return db_end(&q);
}

// What a sighting or a relationship "derived-from" says of its ends; of other objects nothing.
static enum err check_derived_from(
    struct check *c, const struct checked_object *o, const struct store_object_in *in)
{
    struct db_query q = db_query(
        c->txn.db, "SELECT derived, origin, by_machine FROM derived_from WHERE by_seq = ?");
    db_bind_int(&q, o->seq);
    bool is_there = db_next(&q);
    bool is_equal = is_there ? str_eq(db_text(&q, 0), in->derived) &&
                                   str_eq(db_text(&q, 1), in->origin) &&
                                   (db_int(&q, 2) != 0) == in->by_machine
                             : in->derived.len == 0;
    TRY(db_end(&q));
    if (!is_equal)
        check_report_object(c, STORE_PROBLEM_DERIVED, o->seq, o->id);
    return ERR_OK;
}

static enum err check_indexes(
    struct check *c, const struct checked_object *o, const struct store_object_in *in)
{
    bool is_equal;
    TRY(check_index(c, "SELECT value FROM value_index WHERE object_seq = ? ORDER BY value",
        o->seq, in->values, in->values_n, &is_equal));
    if (!is_equal)
        check_report_object(c, STORE_PROBLEM_VALUES, o->seq, o->id);
    TRY(check_index(c, "SELECT target FROM ref_index WHERE object_seq = ? ORDER BY target",
        o->seq, in->refs, in->refs_n, &is_equal));
    if (!is_equal)
        check_report_object(c, STORE_PROBLEM_REFERENCES, o->seq, o->id);
    return check_derived_from(c, o, in);
}

static enum err check_bytes(struct check *c, const struct checked_object *o)
{
    struct json root;
    struct stix_object object;
    struct stix_problem problem;
    struct store_object_in in = {0};
    unsigned char digest[STORE_DIGEST_BYTES];
    enum err e = json_parse(c->row, o->bytes, &root, NULL);
    if (e == ERR_OK)
        e = stix_digest(c->row, root, digest);
    if (e == ERR_LIMIT)
        return e;
    if (e != ERR_OK || (int64_t)o->bytes.len != o->size ||
        memcmp(digest, o->digest, sizeof digest) != 0) {
        check_report_object(c, STORE_PROBLEM_BYTES_DIFFER, o->seq, o->id);
        return ERR_OK;
    }
    e = stix_object_read(c->row, o->bytes, &object, &problem);
    // The bytes are those that were taken in: a rule that came later refuses them now, and no
    // index can be made of them.
    if (e == ERR_INVALID)
        return check_indexes(c, o, &in);
    TRY(e);
    TRY(store_object_of(c->row, &object, o->bytes, &in));
    in.source = o->source;
    in.handling = o->handling;
    TRY(check_text_row(c, o->seq, &in));
    if (!str_eq(in.id, o->id) || !str_eq(in.type, o->type) ||
        (in.has_version && in.version_us != o->version_us))
        check_report_object(c, STORE_PROBLEM_ROW_DIFFERS, o->seq, o->id);
    return check_indexes(c, o, &in);
}

// The newest event that is about the state says what it is.
static enum err check_state(struct check *c, const struct checked_object *o)
{
    struct db_query q = db_query(c->txn.db,
        "SELECT coalesce((SELECT state FROM object_state WHERE seq = ?1), 'in-force') ="
        " coalesce((SELECT kind FROM handling_event WHERE object_seq = ?1 AND kind IN"
        " ('in-force', 'quarantined', 'recalled', 'destroyed') ORDER BY seq DESC LIMIT 1),"
        " 'in-force')");
    db_bind_int(&q, o->seq);
    bool is_equal = db_one(&q) && db_int(&q, 0);
    TRY(db_end(&q));
    if (!is_equal)
        check_report_object(c, STORE_PROBLEM_STATE, o->seq, o->id);
    return ERR_OK;
}

// So does the newest event that made its handling stricter.
static enum err check_handling(struct check *c, const struct checked_object *o)
{
    struct db_query q = db_query(c->txn.db,
        "SELECT coalesce((SELECT handling FROM object_handling WHERE seq = ?1), '') ="
        " coalesce((SELECT json_extract(detail, '$.h') FROM handling_event"
        " WHERE object_seq = ?1 AND kind = 'handling' ORDER BY seq DESC LIMIT 1), '')");
    db_bind_int(&q, o->seq);
    bool is_equal = db_one(&q) && db_int(&q, 0);
    TRY(db_end(&q));
    if (!is_equal)
        check_report_object(c, STORE_PROBLEM_HANDLING, o->seq, o->id);
    return ERR_OK;
}

static enum err check_destroyed(struct check *c, const struct checked_object *o)
{
    struct db_query q = db_query(c->txn.db,
        "SELECT EXISTS (SELECT 1 FROM value_index WHERE object_seq = ?1)"
        " OR EXISTS (SELECT 1 FROM ref_index WHERE object_seq = ?1)"
        " OR EXISTS (SELECT 1 FROM derived_from WHERE by_seq = ?1)"
        " OR EXISTS (SELECT 1 FROM object_original WHERE seq = ?1)"
        " OR EXISTS (SELECT 1 FROM text_waiting WHERE seq = ?1)"
        " OR EXISTS (SELECT 1 FROM variant WHERE object_seq = ?1 AND bytes IS NOT NULL)"
        " OR EXISTS (SELECT 1 FROM payload WHERE object_seq = ?1 AND salt IS NOT NULL)"
        " OR EXISTS (SELECT 1 FROM received_payload WHERE object_seq = ?1"
        " AND salt IS NOT NULL)"
        " OR EXISTS (SELECT 1 FROM membership WHERE object_seq = ?1"
        " AND removed_seq IS NULL)");
    db_bind_int(&q, o->seq);
    bool is_left = db_one(&q) && db_int(&q, 0);
    TRY(db_end(&q));
    if (is_left || o->has_bytes)
        check_report_object(c, STORE_PROBLEM_NOT_DESTROYED, o->seq, o->id);
    return ERR_OK;
}

static enum err check_one(struct check *c, const struct checked_object *o)
{
    TRY(check_state(c, o));
    TRY(check_handling(c, o));
    if (o->is_destroyed)
        return check_destroyed(c, o);
    if (o->has_bytes)
        return check_bytes(c, o);
    check_report_object(c, STORE_PROBLEM_BYTES_MISSING, o->seq, o->id);
    return ERR_OK;
}

static enum err check_orphans(struct check *c)
{
    static const char *const queries[] = {
        "SELECT DISTINCT object_seq FROM value_index WHERE object_seq NOT IN"
        " (SELECT seq FROM object_version)",
        "SELECT DISTINCT object_seq FROM ref_index WHERE object_seq NOT IN"
        " (SELECT seq FROM object_version)",
        "SELECT seq FROM object_state WHERE seq NOT IN (SELECT seq FROM object_version)",
    };
    for (size_t i = 0; i < LEN(queries); i++)
        TRY(check_rows(c, STORE_PROBLEM_INDEX_ORPHAN, "object", queries[i]));
    return check_rows(c, STORE_PROBLEM_ROW_MISSING, "object",
        "SELECT seq FROM object_bytes WHERE seq NOT IN (SELECT seq FROM object_version)"
        " UNION SELECT seq FROM object_original WHERE seq NOT IN"
        " (SELECT seq FROM object_version)");
}

enum err check_objects(struct check *c)
{
    int64_t total;
    TRY(check_int(c, "SELECT count(*) FROM object_version", &total));
    check_progress(c, STORE_PART_OBJECTS, 0, total);
    TRY(check_text_begin(c));
    struct db_query q = db_query(c->txn.db,
        "SELECT v.seq, v.id, v.type, v.version_us, v.size, v.digest, s.state, b.bytes, "
        "v.source,"
        " coalesce((SELECT handling FROM object_handling h WHERE h.seq = v.seq), v.handling)"
        " FROM object_version v LEFT JOIN object_state s ON s.seq = v.seq"
        " LEFT JOIN object_bytes b ON b.seq = v.seq ORDER BY v.seq");
    while (db_next(&q)) {
        struct arena_mark mark = arena_mark(c->row);
        struct checked_object o = {0};
        read_object(&q, c->row, &o);
        enum err e = q.err == ERR_OK ? check_text_before(c, o.seq) : q.err;
        if (e == ERR_OK)
            e = check_one(c, &o);
        arena_rewind(c->row, mark);
        if (e != ERR_OK) {
            enum err ignored = db_end(&q);
            (void)ignored;
            return e;
        }
        check_progress(c, STORE_PART_OBJECTS, ++c->out->objects, total);
    }
    TRY(db_end(&q));
    TRY(check_text_end(c));
    return check_orphans(c);
}
