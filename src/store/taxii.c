// SPDX-License-Identifier: Apache-2.0
#include "store/taxii.h"

#include "base/time.h"
#include "store/rows_priv.h"
#include "store/store_priv.h"
#include "store/taxii_wait.h"

#define STATUS_LIFE_US (25 * 3600 * US_PER_S) // a day and some (standards: at least 24 h)

static enum err changed(struct store_txn *t)
{
    return db_changes(t->db) ? ERR_OK : ERR_NOT_FOUND;
}

enum err store_taxii_root_add(struct store_txn *t, const struct store_taxii_root *root)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO taxii_root (name, title, description, content_bytes_max, added_us)"
        " VALUES (?, ?, ?, ?, ?)");
    db_bind_text(&q, root->name);
    db_bind_text(&q, root->title);
    db_bind_text(&q, root->description);
    db_bind_int(&q, root->content_bytes_max);
    db_bind_int(&q, root->added_us);
    return db_run(&q);
}

#define ROOT "SELECT name, title, description, content_bytes_max, added_us FROM taxii_root r"

static void read_root(struct db_query *q, struct arena *a, struct store_taxii_root *out)
{
    out->name = db_copy(q, 0, a);
    out->title = db_copy(q, 1, a);
    out->description = db_copy(q, 2, a);
    out->content_bytes_max = db_int(q, 3);
    out->added_us = db_int(q, 4);
}

static enum err read_roots(struct db_query *q, struct arena *a, struct store_taxii_roots *out)
{
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_taxii_root *root;
    while ((root = store_list_next(&list, q)))
        read_root(q, a, root);
    TRY(db_end(q));
    *out = (struct store_taxii_roots){.items = list.items, .n = list.n};
    return ERR_OK;
}

enum err store_taxii_root_get(
    struct store_txn *t, struct arena *a, struct str name, struct store_taxii_root *out)
{
    struct db_query q = db_query(t->db, ROOT " WHERE removed_us = 0 AND name = ?");
    db_bind_text(&q, name);
    if (db_one(&q))
        read_root(&q, a, out);
    return db_end(&q);
}

enum err store_taxii_root_all(
    struct store_txn *t, struct arena *a, struct store_taxii_roots *out)
{
    struct db_query q = db_query(t->db, ROOT " WHERE removed_us = 0 ORDER BY name");
    return read_roots(&q, a, out);
}

enum err store_taxii_root_of(
    struct store_txn *t, struct arena *a, struct str recipient, struct store_taxii_roots *out)
{
    struct db_query q = db_query(t->db,
        ROOT " WHERE removed_us = 0 AND EXISTS (SELECT 1 FROM taxii_share s"
             " JOIN taxii_collection c ON c.id = s.collection WHERE s.recipient = ?"
             " AND s.removed_us = 0 AND c.removed_us = 0 AND c.root = r.name) ORDER BY name");
    db_bind_text(&q, recipient);
    return read_roots(&q, a, out);
}

enum err store_taxii_root_remove(struct store_txn *t, struct str name, int64_t at_us)
{
    struct db_query q = db_query(
        t->db, "UPDATE taxii_root SET removed_us = ? WHERE name = ? AND removed_us = 0");
    db_bind_int(&q, at_us);
    db_bind_text(&q, name);
    TRY(db_run(&q));
    TRY(changed(t));
    q = db_query(
        t->db, "UPDATE taxii_collection SET removed_us = ? WHERE root = ? AND removed_us = 0");
    db_bind_int(&q, at_us);
    db_bind_text(&q, name);
    return db_run(&q);
}

enum err store_taxii_collection_add(
    struct store_txn *t, const struct store_taxii_collection *collection)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO taxii_collection (id, root, alias, title, description, is_inbox,"
        " page_limit, types, source, max_tlp, handling, added_us)"
        " SELECT ?1, name, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12 FROM taxii_root"
        " WHERE name = ?2 AND removed_us = 0");
    db_bind_text(&q, collection->id);
    db_bind_text(&q, collection->root);
    db_bind_text(&q, collection->alias);
    db_bind_text(&q, collection->title);
    db_bind_text(&q, collection->description);
    db_bind_int(&q, collection->is_inbox);
    db_bind_int(&q, collection->page_limit);
    db_bind_text(&q, collection->types);
    db_bind_text(&q, collection->source);
    db_bind_text(&q, collection->max_tlp);
    db_bind_text(&q, collection->handling);
    db_bind_int(&q, collection->added_us);
    TRY(db_run(&q));
    return changed(t);
}

#define COLLECTION                                                                    \
    "SELECT c.id, c.root, c.alias, c.title, c.description, c.is_inbox, c.page_limit," \
    " c.types, c.source, c.max_tlp, c.handling, c.added_us"
#define COLUMNS 12 // of it

static void read_collection(
    struct db_query *q, struct arena *a, struct store_taxii_collection *out)
{
    out->id = db_copy(q, 0, a);
    out->root = db_copy(q, 1, a);
    out->alias = db_copy(q, 2, a);
    out->title = db_copy(q, 3, a);
    out->description = db_copy(q, 4, a);
    out->is_inbox = db_int(q, 5);
    out->page_limit = db_int(q, 6);
    out->types = db_copy(q, 7, a);
    out->source = db_copy(q, 8, a);
    out->max_tlp = db_copy(q, 9, a);
    out->handling = db_copy(q, 10, a);
    out->added_us = db_int(q, 11);
}

enum err store_taxii_collection_all(
    struct store_txn *t, struct arena *a, struct store_taxii_collections *out)
{
    struct db_query q = db_query(
        t->db, COLLECTION " FROM taxii_collection c WHERE removed_us = 0 ORDER BY number");
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_taxii_collection *c;
    while ((c = store_list_next(&list, &q)))
        read_collection(&q, a, c);
    TRY(db_end(&q));
    *out = (struct store_taxii_collections){.items = list.items, .n = list.n};
    return ERR_OK;
}

enum err store_taxii_collection_of(struct store_txn *t, struct arena *a, struct str root,
    struct str recipient, struct store_taxii_collections *out)
{
    struct db_query q = db_query(t->db,
        COLLECTION ", s.can_read, s.can_write FROM taxii_share s JOIN taxii_collection c"
                   " ON c.id = s.collection WHERE s.recipient = ? AND c.root = ?"
                   " AND s.removed_us = 0 AND c.removed_us = 0 ORDER BY c.number");
    db_bind_text(&q, recipient);
    db_bind_text(&q, root);
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_taxii_collection *c;
    while ((c = store_list_next(&list, &q))) {
        read_collection(&q, a, c);
        c->can_read = db_int(&q, COLUMNS);
        c->can_write = db_int(&q, COLUMNS + 1) && c->is_inbox;
    }
    TRY(db_end(&q));
    *out = (struct store_taxii_collections){.items = list.items, .n = list.n};
    return ERR_OK;
}

enum err store_taxii_collection_remove(struct store_txn *t, struct str id, int64_t at_us)
{
    struct db_query q = db_query(
        t->db, "UPDATE taxii_collection SET removed_us = ? WHERE id = ? AND removed_us = 0");
    db_bind_int(&q, at_us);
    db_bind_text(&q, id);
    TRY(db_run(&q));
    return changed(t);
}

enum err store_taxii_share_put(struct store_txn *t, struct str id, struct str recipient,
    bool can_read, bool can_write, int64_t at_us)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO taxii_share (collection, recipient, can_read, can_write, added_us, at_seq)"
        " SELECT id, ?2, ?3, ?4, ?5, 0 FROM taxii_collection WHERE id = ?1 AND removed_us = 0"
        " ON CONFLICT (collection, recipient) DO UPDATE SET can_read = ?3, can_write = ?4,"
        " added_us = ?5, removed_us = 0, at_seq = 0");
    db_bind_text(&q, id);
    db_bind_text(&q, recipient);
    db_bind_int(&q, can_read);
    db_bind_int(&q, can_write);
    db_bind_int(&q, at_us);
    TRY(db_run(&q));
    TRY(changed(t));
    const struct store_view view = {.recipient = recipient, .view = id};
    return store_taxii_wait_clear(t, &view);
}

enum err store_taxii_share_remove(
    struct store_txn *t, struct str id, struct str recipient, int64_t at_us)
{
    struct db_query q = db_query(t->db,
        "UPDATE taxii_share SET removed_us = ? WHERE collection = ? AND recipient = ?"
        " AND removed_us = 0");
    db_bind_int(&q, at_us);
    db_bind_text(&q, id);
    db_bind_text(&q, recipient);
    TRY(db_run(&q));
    return changed(t);
}

#define SHARE                                                                       \
    COLLECTION ", s.can_read, s.can_write, s.recipient, s.at_seq"                   \
               " FROM taxii_share s JOIN taxii_collection c ON c.id = s.collection" \
               " WHERE s.removed_us = 0 AND c.removed_us = 0"
#define BY_SHARE " ORDER BY c.number, s.recipient"

static enum err read_shares(struct db_query *q, struct arena *a, struct store_taxii_shares *out)
{
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_taxii_share *share;
    while ((share = store_list_next(&list, q))) {
        read_collection(q, a, &share->collection);
        share->collection.can_read = db_int(q, COLUMNS);
        share->collection.can_write = db_int(q, COLUMNS + 1);
        share->recipient = db_copy(q, COLUMNS + 2, a);
        share->at_seq = db_int(q, COLUMNS + 3);
    }
    TRY(db_end(q));
    *out = (struct store_taxii_shares){.items = list.items, .n = list.n};
    return ERR_OK;
}

static enum err count_share(struct store_txn *t, struct store_taxii_share *share)
{
    struct db_query q = db_query(t->db,
        "SELECT (SELECT count(*) FROM membership WHERE recipient = ?1 AND view = ?2"
        " AND removed_seq IS NULL), (SELECT count(*) FROM taxii_wait WHERE collection = ?2"
        " AND recipient = ?1)");
    db_bind_text(&q, share->recipient);
    db_bind_text(&q, share->collection.id);
    if (db_one(&q)) {
        share->members = db_int(&q, 0);
        share->waiting = db_int(&q, 1);
    }
    return db_end(&q);
}

enum err store_taxii_share_all(
    struct store_txn *t, struct arena *a, struct store_taxii_shares *out)
{
    struct db_query q = db_query(t->db, SHARE BY_SHARE);
    TRY(read_shares(&q, a, out));
    for (size_t i = 0; i < out->n; i++)
        TRY(count_share(t, &out->items[i]));
    return ERR_OK;
}

enum err store_taxii_share_behind(
    struct store_txn *t, struct arena *a, int64_t now_us, struct store_taxii_shares *out)
{
    struct db_query q = db_query(t->db,
        SHARE " AND NOT c.is_inbox AND (s.at_seq < (SELECT coalesce(max(seq), 0)"
              " FROM object_version) OR EXISTS (SELECT 1 FROM taxii_wait w"
              " WHERE w.collection = s.collection AND w.recipient = s.recipient"
              " AND w.due_us <= ?))" BY_SHARE);
    db_bind_int(&q, now_us);
    return read_shares(&q, a, out);
}

enum err store_taxii_share_advance(
    struct store_txn *t, struct str id, struct str recipient, int64_t at_seq)
{
    struct db_query q = db_query(
        t->db, "UPDATE taxii_share SET at_seq = ? WHERE collection = ? AND recipient = ?");
    db_bind_int(&q, at_seq);
    db_bind_text(&q, id);
    db_bind_text(&q, recipient);
    return db_run(&q);
}

enum err store_taxii_certificate_add(struct store_txn *t,
    const unsigned char pin[static STORE_TAXII_PIN_BYTES], int64_t principal)
{
    struct db_query q =
        db_query(t->db, "INSERT INTO taxii_certificate (pin, principal) VALUES (?, ?)");
    db_bind_blob(&q, (struct str){(const char *)pin, STORE_TAXII_PIN_BYTES});
    db_bind_int(&q, principal);
    return db_run(&q);
}

enum err store_taxii_account_by_pin(struct store_txn *t, struct arena *a,
    const unsigned char pin[static STORE_TAXII_PIN_BYTES], struct str *out_name)
{
    struct db_query q =
        db_query(t->db, "SELECT p.name FROM taxii_certificate c JOIN principal p"
                        " ON p.id = c.principal WHERE c.pin = ?");
    db_bind_blob(&q, (struct str){(const char *)pin, STORE_TAXII_PIN_BYTES});
    if (db_one(&q))
        *out_name = db_copy(&q, 0, a);
    return db_end(&q);
}

enum err store_taxii_status_put(struct store_txn *t, const struct store_taxii_status *status)
{
    struct db_query q = db_query(t->db, "DELETE FROM taxii_status WHERE at_us < ?");
    db_bind_int(&q, status->at_us - STATUS_LIFE_US);
    TRY(db_run(&q));
    q = db_query(t->db, "INSERT INTO taxii_status (id, recipient, root, at_us, document)"
                        " VALUES (?, ?, ?, ?, ?)");
    db_bind_text(&q, status->id);
    db_bind_text(&q, status->recipient);
    db_bind_text(&q, status->root);
    db_bind_int(&q, status->at_us);
    db_bind_text(&q, status->document);
    return db_run(&q);
}

enum err store_taxii_status_get(struct store_txn *t, struct arena *a,
    const struct store_taxii_status *which, struct str *out_document)
{
    struct db_query q = db_query(
        t->db, "SELECT document FROM taxii_status WHERE id = ? AND recipient = ? AND root = ?");
    db_bind_text(&q, which->id);
    db_bind_text(&q, which->recipient);
    db_bind_text(&q, which->root);
    if (db_one(&q))
        *out_document = db_copy(&q, 0, a);
    return db_end(&q);
}

enum err store_taxii_key(struct store_txn *t, unsigned char out[static STORE_TAXII_KEY_BYTES])
{
    struct db_query q = db_query(t->db, "SELECT key FROM taxii_key");
    if (db_one(&q))
        db_blob_exact(&q, 0, out, STORE_TAXII_KEY_BYTES);
    return db_end(&q);
}

enum err store_taxii_account_all(
    struct store_txn *t, struct arena *a, struct str kind, struct store_taxii_accounts *out)
{
    struct db_query q = db_query(t->db,
        "SELECT name, recipient, created_us, revoked_us, EXISTS (SELECT 1 FROM"
        " taxii_certificate c WHERE c.principal = p.id) FROM principal p WHERE kind = ?"
        " ORDER BY name");
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_taxii_account *account;
    db_bind_text(&q, kind);
    while ((account = store_list_next(&list, &q))) {
        account->name = db_copy(&q, 0, a);
        account->recipient = db_copy(&q, 1, a);
        account->added_us = db_int(&q, 2);
        account->revoked_us = db_int(&q, 3);
        account->has_certificate = db_int(&q, 4);
    }
    TRY(db_end(&q));
    *out = (struct store_taxii_accounts){.items = list.items, .n = list.n};
    return ERR_OK;
}
