// SPDX-License-Identifier: Apache-2.0
#include "store/variant.h"

#include "store/store_priv.h"

enum err store_variant_key(struct store_txn *t, struct str recipient,
    unsigned char out[static STORE_VARIANT_KEY_BYTES])
{
    struct db_query q = db_query(t->db, "SELECT key FROM variant_key WHERE recipient = ?");
    db_bind_text(&q, recipient);
    if (db_one(&q))
        db_blob_exact(&q, 0, out, STORE_VARIANT_KEY_BYTES);
    return db_end(&q);
}

enum err store_variant_key_put(struct store_txn *t, struct str recipient,
    const unsigned char key[static STORE_VARIANT_KEY_BYTES])
{
    struct db_query q = db_query(
        t->db, "INSERT INTO variant_key (recipient, key) VALUES (?, ?) ON CONFLICT DO NOTHING");
    db_bind_text(&q, recipient);
    db_bind_blob(&q, (struct str){(const char *)key, STORE_VARIANT_KEY_BYTES});
    return db_run(&q);
}

enum err store_variant_put(struct store_txn *t, const struct store_variant *v, int64_t *out_seq)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO variant (recipient, object_id, variant_id, object_seq, modified_us, hash,"
        " bytes) VALUES (?, ?, ?, ?, ?, ?, ?)");
    db_bind_text(&q, v->recipient);
    db_bind_text(&q, v->object_id);
    db_bind_text(&q, v->variant_id);
    db_bind_int(&q, v->object_seq);
    db_bind_int(&q, v->modified_us);
    db_bind_blob(&q, (struct str){(const char *)v->hash, sizeof v->hash});
    db_bind_blob(&q, v->bytes);
    TRY(db_run(&q));
    *out_seq = db_last_row(t->db);
    return ERR_OK;
}

enum err store_variant_latest(
    struct store_txn *t, struct str recipient, struct str object_id, struct store_variant *out)
{
    struct db_query q = db_query(t->db,
        "SELECT seq, object_seq, modified_us, hash FROM variant WHERE recipient = ?"
        " AND object_id = ? ORDER BY modified_us DESC LIMIT 1");
    db_bind_text(&q, recipient);
    db_bind_text(&q, object_id);
    struct store_variant v = {.recipient = recipient, .object_id = object_id};
    if (db_one(&q)) {
        v.seq = db_int(&q, 0);
        v.object_seq = db_int(&q, 1);
        v.modified_us = db_int(&q, 2);
        v.is_erased = db_is_null(&q, 3);
        if (!v.is_erased)
            db_blob_exact(&q, 3, v.hash, sizeof v.hash);
    }
    TRY(db_end(&q));
    *out = v;
    return ERR_OK;
}

enum err store_variants_erase(struct store_txn *t, int64_t object_seq)
{
    struct db_query q =
        db_query(t->db, "UPDATE variant SET hash = NULL, bytes = NULL WHERE object_seq = ?");
    db_bind_int(&q, object_seq);
    return db_run(&q);
}

static enum err variant_bytes(
    struct store_txn *t, struct arena *a, int64_t seq, struct str *out)
{
    struct db_query q =
        db_query(t->db, "SELECT bytes FROM variant WHERE seq = ? AND bytes IS NOT NULL");
    struct str bytes = {"", 0};
    db_bind_int(&q, seq);
    if (db_one(&q))
        bytes = db_copy(&q, 0, a);
    TRY(db_end(&q));
    *out = bytes;
    return ERR_OK;
}

enum err store_payload_bytes(
    struct store_txn *t, struct arena *a, const struct store_payload *payload, struct str *out)
{
    return payload->variant_seq ? variant_bytes(t, a, payload->variant_seq, out)
                                : store_object_bytes(t, a, payload->object_seq, out);
}

enum err store_sent_as_variant(
    struct store_txn *t, struct str party, int64_t object_seq, bool *out)
{
    struct db_query q = db_query(t->db,
        "SELECT p.variant_seq IS NOT NULL FROM payload p JOIN log l ON l.id = p.log_id"
        " WHERE p.object_seq = ? AND l.party = ? ORDER BY p.log_id DESC, p.idx DESC LIMIT 1");
    db_bind_int(&q, object_seq);
    db_bind_text(&q, party);
    bool is_variant = db_one(&q) && db_int(&q, 0);
    TRY(db_end(&q));
    *out = is_variant;
    return ERR_OK;
}
