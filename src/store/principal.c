// SPDX-License-Identifier: Apache-2.0
#include "store/principal.h"

#include "store/store_priv.h"

enum err store_principal_add(
    struct store_txn *t, const struct store_principal *p, int64_t *out_id)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO principal (name, kind, token_hash, rights, recipient, created_us)"
        " VALUES (?, ?, ?, ?, ?, ?)");
    db_bind_text(&q, p->name);
    db_bind_text(&q, p->kind);
    db_bind_blob(&q, (struct str){(const char *)p->token_hash, sizeof p->token_hash});
    db_bind_text(&q, p->rights);
    db_bind_text(&q, p->recipient);
    db_bind_int(&q, p->created_us);
    TRY(db_run(&q));
    *out_id = db_last_row(t->db);
    return ERR_OK;
}

#define COLUMNS "id, name, kind, rights, recipient, created_us, revoked_us, token_hash"

static enum err read_one(struct db_query *q, struct arena *a, struct store_principal *out)
{
    struct store_principal p = {0};
    if (db_one(q)) {
        p.id = db_int(q, 0);
        p.name = db_copy(q, 1, a);
        p.kind = db_copy(q, 2, a);
        p.rights = db_copy(q, 3, a);
        p.recipient = db_copy(q, 4, a);
        p.created_us = db_int(q, 5);
        p.revoked_us = db_int(q, 6);
        db_blob_exact(q, 7, p.token_hash, sizeof p.token_hash);
    }
    TRY(db_end(q));
    *out = p;
    return ERR_OK;
}

enum err store_principal_by_token_hash(struct store_txn *t, struct arena *a,
    const unsigned char hash[static STORE_TOKEN_HASH_BYTES], struct store_principal *out)
{
    struct db_query q =
        db_query(t->db, "SELECT " COLUMNS " FROM principal WHERE token_hash = ?");
    db_bind_blob(&q, (struct str){(const char *)hash, STORE_TOKEN_HASH_BYTES});
    return read_one(&q, a, out);
}

enum err store_principal_by_name(
    struct store_txn *t, struct arena *a, struct str name, struct store_principal *out)
{
    struct db_query q = db_query(t->db, "SELECT " COLUMNS " FROM principal WHERE name = ?");
    db_bind_text(&q, name);
    return read_one(&q, a, out);
}

enum err store_principal_revoke(struct store_txn *t, int64_t id, int64_t at_us)
{
    struct db_query q =
        db_query(t->db, "UPDATE principal SET revoked_us = ? WHERE id = ? AND revoked_us = 0");
    db_bind_int(&q, at_us);
    db_bind_int(&q, id);
    TRY(db_run(&q));
    return db_changes(t->db) ? ERR_OK : ERR_NOT_FOUND;
}

enum err store_principal_get(
    struct store_txn *t, struct arena *a, int64_t id, struct store_principal *out)
{
    struct db_query q = db_query(t->db, "SELECT " COLUMNS " FROM principal WHERE id = ?");
    db_bind_int(&q, id);
    return read_one(&q, a, out);
}
