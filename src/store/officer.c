// SPDX-License-Identifier: Apache-2.0
#include "store/officer.h"

#include "store/rows_priv.h"
#include "store/store_priv.h"

static struct str blob(const unsigned char *bytes, size_t n)
{
    return (struct str){(const char *)bytes, n};
}

enum err store_officer_put(struct store_txn *t, const struct store_officer *officer)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO officer (key_id, name, public_key, statement, added_us, from_us,"
        " not_after_us) VALUES (?, ?, ?, ?, ?, ?, ?)");
    db_bind_text(&q, officer->key_id);
    db_bind_text(&q, officer->name);
    db_bind_blob(&q, blob(officer->public_key, sizeof officer->public_key));
    db_bind_text(&q, officer->statement);
    db_bind_int(&q, officer->added_us);
    db_bind_int(&q, officer->from_us);
    db_bind_int(&q, officer->not_after_us);
    return db_run(&q);
}

#define COLUMNS                                                                         \
    "key_id, name, statement, added_us, from_us, not_after_us, retired_us, is_revoked," \
    " public_key"

static void officer_read(struct db_query *q, struct arena *a, struct store_officer *out)
{
    out->key_id = db_copy(q, 0, a);
    out->name = db_copy(q, 1, a);
    out->statement = db_copy(q, 2, a);
    out->added_us = db_int(q, 3);
    out->from_us = db_int(q, 4);
    out->not_after_us = db_int(q, 5);
    out->retired_us = db_int(q, 6);
    out->is_revoked = db_int(q, 7) != 0;
    db_blob_exact(q, 8, out->public_key, sizeof out->public_key);
}

static enum err officer_one(struct db_query *q, struct arena *a, struct store_officer *out)
{
    struct store_officer officer = {0};
    if (db_one(q))
        officer_read(q, a, &officer);
    TRY(db_end(q));
    *out = officer;
    return ERR_OK;
}

enum err store_officer_by_key(
    struct store_txn *t, struct arena *a, struct str key_id, struct store_officer *out)
{
    struct db_query q = db_query(t->db, "SELECT " COLUMNS " FROM officer WHERE key_id = ?");
    db_bind_text(&q, key_id);
    return officer_one(&q, a, out);
}

enum err store_officer_by_name(
    struct store_txn *t, struct arena *a, struct str name, struct store_officer *out)
{
    struct db_query q =
        db_query(t->db, "SELECT " COLUMNS " FROM officer WHERE name = ? AND retired_us = 0");
    db_bind_text(&q, name);
    return officer_one(&q, a, out);
}

enum err store_officer_all(struct store_txn *t, struct arena *a, struct store_officers *out)
{
    struct db_query q =
        db_query(t->db, "SELECT " COLUMNS " FROM officer ORDER BY name, added_us DESC, key_id");
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_officer *officer;
    while ((officer = store_list_next(&list, &q)))
        officer_read(&q, a, officer);
    TRY(db_end(&q));
    *out = (struct store_officers){.items = list.items, .n = list.n};
    return ERR_OK;
}

enum err store_officer_retire(
    struct store_txn *t, struct str key_id, int64_t at_us, bool is_revoked)
{
    struct db_query q = db_query(t->db,
        "UPDATE officer SET retired_us = CASE retired_us WHEN 0 THEN ? ELSE retired_us END,"
        " is_revoked = max(is_revoked, ?) WHERE key_id = ?");
    db_bind_int(&q, at_us);
    db_bind_int(&q, is_revoked);
    db_bind_text(&q, key_id);
    TRY(db_run(&q));
    return db_changes(t->db) ? ERR_OK : ERR_NOT_FOUND;
}

enum err store_order_put(struct store_txn *t, const struct store_order *order)
{
    struct db_query q =
        db_query(t->db, "INSERT INTO officer_order (id, act, party, at_us, digest, document)"
                        " VALUES (?, ?, ?, ?, ?, ?)");
    db_bind_text(&q, order->id);
    db_bind_text(&q, order->act);
    db_bind_text(&q, order->party);
    db_bind_int(&q, order->at_us);
    db_bind_blob(&q, blob(order->digest, sizeof order->digest));
    db_bind_text(&q, order->document);
    return db_run(&q);
}

enum err store_order_get(
    struct store_txn *t, struct arena *a, struct str id, struct store_order *out)
{
    struct db_query q = db_query(t->db,
        "SELECT id, act, party, document, at_us, digest FROM officer_order WHERE id = ?");
    db_bind_text(&q, id);
    struct store_order order = {0};
    if (db_one(&q)) {
        order.id = db_copy(&q, 0, a);
        order.act = db_copy(&q, 1, a);
        order.party = db_copy(&q, 2, a);
        order.document = db_copy(&q, 3, a);
        order.at_us = db_int(&q, 4);
        db_blob_exact(&q, 5, order.digest, sizeof order.digest);
    }
    TRY(db_end(&q));
    *out = order;
    return ERR_OK;
}

enum err store_approval_put(struct store_txn *t, const struct store_approval *approval)
{
    struct db_query q = db_query(
        t->db, "INSERT INTO approval (order_id, key_id, at_us, note) VALUES (?, ?, ?, ?)");
    db_bind_text(&q, approval->order_id);
    db_bind_text(&q, approval->key_id);
    db_bind_int(&q, approval->at_us);
    db_bind_text(&q, approval->note);
    return db_run(&q);
}

enum err store_approval_is_used(struct store_txn *t, const struct store_approval *approval,
    const unsigned char digest[static STORE_ORDER_DIGEST_BYTES], bool *out)
{
    struct db_query q = db_query(t->db,
        "SELECT EXISTS (SELECT 1 FROM approval a JOIN officer_order o ON o.id = a.order_id"
        " WHERE a.key_id = ? AND a.at_us = ? AND o.digest = ?)");
    db_bind_text(&q, approval->key_id);
    db_bind_int(&q, approval->at_us);
    db_bind_blob(&q, (struct str){(const char *)digest, STORE_ORDER_DIGEST_BYTES});
    *out = db_one(&q) && db_int(&q, 0);
    return db_end(&q);
}

enum err store_approvals_of(
    struct store_txn *t, struct arena *a, struct str order_id, struct store_approvals *out)
{
    struct db_query q =
        db_query(t->db, "SELECT order_id, key_id, note, at_us FROM approval WHERE order_id = ?"
                        " ORDER BY key_id");
    db_bind_text(&q, order_id);
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_approval *approval;
    while ((approval = store_list_next(&list, &q))) {
        approval->order_id = db_copy(&q, 0, a);
        approval->key_id = db_copy(&q, 1, a);
        approval->note = db_copy(&q, 2, a);
        approval->at_us = db_int(&q, 3);
    }
    TRY(db_end(&q));
    *out = (struct store_approvals){.items = list.items, .n = list.n};
    return ERR_OK;
}

enum err store_person_put(struct store_txn *t, const struct store_person *person)
{
    struct db_query q =
        db_query(t->db, "INSERT INTO person (party, name, added_us) VALUES (?, ?, ?)"
                        " ON CONFLICT (party, name) DO UPDATE SET retired_us = 0");
    db_bind_text(&q, person->party);
    db_bind_text(&q, person->name);
    db_bind_int(&q, person->added_us);
    return db_run(&q);
}

enum err store_person_retire(
    struct store_txn *t, struct str party, struct str name, int64_t at_us)
{
    struct db_query q = db_query(t->db,
        "UPDATE person SET retired_us = ? WHERE party = ? AND name = ? AND retired_us = 0");
    db_bind_int(&q, at_us);
    db_bind_text(&q, party);
    db_bind_text(&q, name);
    TRY(db_run(&q));
    return db_changes(t->db) ? ERR_OK : ERR_NOT_FOUND;
}

enum err store_person_find(struct store_txn *t, struct str party, struct str name)
{
    struct db_query q =
        db_query(t->db, "SELECT 1 FROM person WHERE party = ? AND name = ? AND retired_us = 0");
    db_bind_text(&q, party);
    db_bind_text(&q, name);
    (void)db_one(&q);
    return db_end(&q);
}

enum err store_person_all(struct store_txn *t, struct arena *a, struct store_persons *out)
{
    struct db_query q = db_query(
        t->db, "SELECT party, name, added_us, retired_us FROM person ORDER BY party, name");
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_person *person;
    while ((person = store_list_next(&list, &q))) {
        person->party = db_copy(&q, 0, a);
        person->name = db_copy(&q, 1, a);
        person->added_us = db_int(&q, 2);
        person->retired_us = db_int(&q, 3);
    }
    TRY(db_end(&q));
    *out = (struct store_persons){.items = list.items, .n = list.n};
    return ERR_OK;
}
