// SPDX-License-Identifier: Apache-2.0
// Objects in and out. Standards reference: the key of a row is (id, version, source); equal
// means an equal RFC 8785 digest.
#include "store/object.h"

#include "base/hex.h"
#include "base/limits.h"
#include "store/derived.h"
#include "store/original.h"
#include "store/rows_priv.h"
#include "store/store_priv.h"
#include "store/text_priv.h"
#include "json/json.h"

struct present {
    int64_t seq;
    int64_t version_us;
    bool is_equal;
};

static enum err present_read(
    struct db_query *q, const struct store_object_in *in, struct present *out)
{
    if (db_one(q)) {
        unsigned char digest[STORE_DIGEST_BYTES] = {0};
        out->seq = db_int(q, 0);
        out->version_us = db_int(q, 1);
        db_blob_exact(q, 2, digest, sizeof digest);
        out->is_equal = memcmp(digest, in->digest, sizeof digest) == 0;
    }
    return db_end(q);
}

static enum err find_version(
    struct store_txn *t, const struct store_object_in *in, struct present *out)
{
    struct db_query q = db_query(t->db, "SELECT seq, version_us, digest FROM object_version"
                                        " WHERE id = ? AND source = ? AND version_us = ?");
    db_bind_text(&q, in->id);
    db_bind_text(&q, in->source);
    db_bind_int(&q, in->version_us);
    return present_read(&q, in, out);
}

static enum err find_latest(
    struct store_txn *t, const struct store_object_in *in, struct present *out)
{
    struct db_query q =
        db_query(t->db, "SELECT seq, version_us, digest FROM object_version"
                        " WHERE id = ? AND source = ? ORDER BY version_us DESC LIMIT 1");
    db_bind_text(&q, in->id);
    db_bind_text(&q, in->source);
    return present_read(&q, in, out);
}

// *seq is 0 when the version is there already. The time of arrival never falls, whatever the
// clock does, so that "since" is a place in the order of seq.
static enum err insert_version(
    struct store_txn *t, const struct store_object_in *in, int64_t version_us, int64_t *seq)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO object_version (id, version_us, source, originator, type, received_us,"
        " import_id, digest, size, handling) VALUES (?, ?, ?, ?, ?, max(?, coalesce("
        "(SELECT received_us FROM object_version ORDER BY seq DESC LIMIT 1), 0)), ?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING");
    db_bind_text(&q, in->id);
    db_bind_int(&q, version_us);
    db_bind_text(&q, in->source);
    db_bind_text(&q, in->originator);
    db_bind_text(&q, in->type);
    db_bind_int(&q, in->received_us);
    db_bind_int(&q, in->import_id);
    db_bind_blob(&q, (struct str){(const char *)in->digest, sizeof in->digest});
    db_bind_int(&q, (int64_t)in->bytes.len);
    db_bind_text(&q, in->handling);
    TRY(db_run(&q));
    *seq = db_changes(t->db) ? db_last_row(t->db) : 0;
    return ERR_OK;
}

static enum err insert_bytes(struct store_txn *t, int64_t seq, struct str bytes)
{
    struct db_query q = db_query(t->db, "INSERT INTO object_bytes (seq, bytes) VALUES (?, ?)");
    db_bind_int(&q, seq);
    db_bind_blob(&q, bytes);
    return db_run(&q);
}

static enum err insert_value(struct store_txn *t, int64_t seq, struct str value)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO value_index (value, object_seq) VALUES (?, ?) ON CONFLICT DO NOTHING");
    db_bind_text(&q, value);
    db_bind_int(&q, seq);
    return db_run(&q);
}

static enum err insert_ref(struct store_txn *t, int64_t seq, struct str target)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO ref_index (target, object_seq) VALUES (?, ?) ON CONFLICT DO NOTHING");
    db_bind_text(&q, target);
    db_bind_int(&q, seq);
    return db_run(&q);
}

enum err store_derived_insert(
    struct store_txn *t, int64_t seq, const struct store_object_in *in)
{
    if (in->derived.len == 0)
        return ERR_OK;
    struct db_query q = db_query(t->db,
        "INSERT INTO derived_from (by_seq, derived, origin, by_machine) VALUES (?, ?, ?, ?)");
    db_bind_int(&q, seq);
    db_bind_text(&q, in->derived);
    db_bind_text(&q, in->origin);
    db_bind_int(&q, in->by_machine);
    return db_run(&q);
}

static enum err insert_contents(
    struct store_txn *t, int64_t seq, const struct store_object_in *in)
{
    const struct store_original original = {in->original_format, in->original};
    TRY(insert_bytes(t, seq, in->bytes));
    if (in->original.len)
        TRY(store_original_put(t, seq, &original));
    for (size_t i = 0; i < in->values_n; i++)
        TRY(insert_value(t, seq, in->values[i]));
    for (size_t i = 0; i < in->refs_n; i++)
        TRY(insert_ref(t, seq, in->refs[i]));
    TRY(store_derived_insert(t, seq, in));
    return text_insert(t, seq, in);
}

// Once per row and digest: the same input twice changes nothing (S2).
static enum err note_conflict(
    struct store_txn *t, int64_t seq, const struct store_object_in *in)
{
    struct arena a;
    arena_init(&a, 16 * 1024);
    struct buf detail = buf_in(&a, 256);
    buf_put(&detail, STR("{\"digest\":\""));
    hex_put(&detail, in->digest, sizeof in->digest);
    buf_put(&detail, STR("\"}"));
    struct db_query q = db_query(t->db,
        "SELECT 1 FROM handling_event WHERE object_seq = ? AND kind = 'conflict'"
        " AND detail = ? LIMIT 1");
    db_bind_int(&q, seq);
    db_bind_text(&q, buf_str(&detail));
    db_one(&q);
    enum err e = db_end(&q);
    if (e == ERR_NOT_FOUND)
        e = store_event_add(t, seq, in->received_us, "conflict", buf_str(&detail));
    arena_release(&a);
    return e;
}

static enum err read_revoked(struct store_txn *t, struct arena *a, int64_t seq, bool *out)
{
    struct str bytes;
    struct json root, revoked;
    enum err e = store_object_bytes(t, a, seq, &bytes);
    *out = false;
    if (e == ERR_NOT_FOUND)
        return ERR_OK; // destroyed: nobody knows any more
    TRY(e);
    TRY(json_parse(a, bytes, &root, NULL));
    if (!json_get(root, STR("revoked"), &revoked) || !json_bool(revoked, out))
        *out = false;
    return ERR_OK;
}

// The row that revoked the object before this version; 0: none did. Revoked is final (STIX 2.1
// section 3.2), within one source.
static enum err find_revocation(
    struct store_txn *t, const struct store_object_in *in, int64_t *seq)
{
    struct present latest = {0};
    bool is_revoked = false;
    enum err e = find_latest(t, in, &latest);
    *seq = 0;
    if (e != ERR_OK || latest.version_us >= in->version_us)
        return e == ERR_NOT_FOUND ? ERR_OK : e;
    struct arena a;
    arena_init(&a, REQUEST_ARENA_BYTES_MAX);
    e = read_revoked(t, &a, latest.seq, &is_revoked);
    arena_release(&a);
    *seq = is_revoked ? latest.seq : 0;
    return e;
}

// An object that is made once from its content, again.
static enum err find_once(
    struct store_txn *t, const struct store_object_in *in, struct store_put_result *out)
{
    struct db_query q = db_query(t->db, "SELECT seq FROM object_version WHERE id = ?"
                                        " AND source = ? AND (? OR digest = ?) LIMIT 1");
    db_bind_text(&q, in->id);
    db_bind_text(&q, in->source);
    db_bind_int(&q, in->has_version);
    db_bind_blob(&q, (struct str){(const char *)in->digest, sizeof in->digest});
    if (db_one(&q))
        *out = (struct store_put_result){.what = STORE_SAME, .seq = db_int(&q, 0)};
    return db_end(&q);
}

static enum err put_version(
    struct store_txn *t, const struct store_object_in *in, struct store_put_result *out)
{
    struct store_put_result result = {.what = STORE_CONFLICT};
    TRY(find_revocation(t, in, &result.seq));
    if (result.seq) {
        *out = result;
        return ERR_OK;
    }
    result.what = STORE_NEW;
    TRY(insert_version(t, in, in->version_us, &result.seq));
    if (result.seq == 0) {
        struct present present;
        TRY(find_version(t, in, &present));
        result.seq = present.seq;
        result.what = present.is_equal ? STORE_SAME : STORE_CONFLICT;
    }
    *out = result;
    return ERR_OK;
}

// Without a version of its own, an object that differs from the latest row is a later row.
static enum err put_arrival(
    struct store_txn *t, const struct store_object_in *in, struct store_put_result *out)
{
    struct present latest = {.version_us = INT64_MIN};
    enum err e = find_latest(t, in, &latest);
    if (e != ERR_OK && e != ERR_NOT_FOUND)
        return e;
    if (e == ERR_OK && latest.is_equal) {
        *out = (struct store_put_result){.what = STORE_SAME, .seq = latest.seq};
        return ERR_OK;
    }
    struct store_put_result result = {.what = STORE_NEW};
    int64_t version_us =
        in->received_us > latest.version_us ? in->received_us : latest.version_us + 1;
    TRY(insert_version(t, in, version_us, &result.seq));
    *out = result;
    return ERR_OK;
}

enum err store_object_put(
    struct store_txn *t, const struct store_object_in *object, struct store_put_result *out)
{
    struct store_put_result result = {0};
    enum err e = object->is_once ? find_once(t, object, &result) : ERR_NOT_FOUND;
    if (e != ERR_NOT_FOUND) {
        *out = result;
        return e;
    }
    TRY(object->has_version ? put_version(t, object, &result)
                            : put_arrival(t, object, &result));
    if (result.what == STORE_NEW)
        TRY(insert_contents(t, result.seq, object));
    if (result.what == STORE_CONFLICT)
        TRY(note_conflict(t, result.seq, object));
    *out = result;
    return ERR_OK;
}

static enum err object_one(struct db_query *q, struct arena *a, struct store_object *out)
{
    struct store_object object = {0};
    if (db_one(q))
        store_object_read(q, a, &object);
    TRY(db_end(q));
    *out = object;
    return ERR_OK;
}

enum err store_object_get(
    struct store_txn *t, struct arena *a, int64_t seq, struct store_object *out)
{
    struct db_query q =
        db_query(t->db, "SELECT " STORE_OBJECT_COLUMNS " FROM object_version o"
                        " LEFT JOIN object_state s ON s.seq = o.seq WHERE o.seq = ?");
    db_bind_int(&q, seq);
    return object_one(&q, a, out);
}

enum err store_object_latest(struct store_txn *t, struct arena *a, struct str id,
    struct str source, struct store_object *out)
{
    struct db_query q =
        db_query(t->db, "SELECT " STORE_OBJECT_COLUMNS " FROM object_version o"
                        " LEFT JOIN object_state s ON s.seq = o.seq"
                        " WHERE o.id = ? AND o.source = ? ORDER BY o.version_us DESC LIMIT 1");
    db_bind_text(&q, id);
    db_bind_text(&q, source);
    return object_one(&q, a, out);
}

enum err store_object_is_newest(
    struct store_txn *t, const struct store_object *object, bool *out)
{
    struct db_query q = db_query(t->db, "SELECT NOT EXISTS (SELECT 1 FROM object_version"
                                        " WHERE id = ? AND source = ? AND version_us > ?)");
    db_bind_text(&q, object->id);
    db_bind_text(&q, object->source);
    db_bind_int(&q, object->version_us);
    *out = db_one(&q) && db_int(&q, 0);
    return db_end(&q);
}

enum err store_objects_by_id(
    struct store_txn *t, struct arena *a, struct str id, struct store_objects *out)
{
    struct db_query q = db_query(t->db, "SELECT " STORE_OBJECT_COLUMNS " FROM object_version o"
                                        " LEFT JOIN object_state s ON s.seq = o.seq"
                                        " WHERE o.id = ? ORDER BY o.source, o.version_us DESC");
    db_bind_text(&q, id);
    return store_objects_read(&q, a, out);
}

enum err store_object_bytes(struct store_txn *t, struct arena *a, int64_t seq, struct str *out)
{
    struct db_query q = db_query(t->db, "SELECT bytes FROM object_bytes WHERE seq = ?");
    struct str bytes = {0};
    db_bind_int(&q, seq);
    if (db_one(&q))
        bytes = db_copy(&q, 0, a);
    TRY(db_end(&q));
    *out = bytes;
    return ERR_OK;
}
