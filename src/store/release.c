// SPDX-License-Identifier: Apache-2.0
#include "store/release.h"

#include "hash/hash.h"
#include "store/rows_priv.h"
#include "store/store_priv.h"

enum err store_release_put(struct store_txn *t, const struct store_release *r)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO release (id, party, at_us, principal, priority, released, withheld)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)");
    db_bind_text(&q, r->id);
    db_bind_text(&q, r->party);
    db_bind_int(&q, r->at_us);
    db_bind_int(&q, r->principal);
    db_bind_int(&q, r->priority);
    db_bind_int(&q, r->released);
    db_bind_int(&q, r->withheld);
    return db_run(&q);
}

enum err store_release_get(
    struct store_txn *t, struct arena *a, struct str id, struct store_release *out)
{
    struct db_query q = db_query(t->db,
        "SELECT id, party, at_us, principal, priority, released, withheld FROM release"
        " WHERE id = ?");
    db_bind_text(&q, id);
    struct store_release r = {0};
    if (db_one(&q)) {
        r.id = db_copy(&q, 0, a);
        r.party = db_copy(&q, 1, a);
        r.at_us = db_int(&q, 2);
        r.principal = db_int(&q, 3);
        r.priority = (enum store_priority)db_int(&q, 4);
        r.released = db_int(&q, 5);
        r.withheld = db_int(&q, 6);
    }
    TRY(db_end(&q));
    *out = r;
    return ERR_OK;
}

enum err store_release_count(
    struct store_txn *t, struct str id, int64_t released, int64_t withheld)
{
    struct db_query q = db_query(t->db,
        "UPDATE release SET released = released + ?, withheld = withheld + ? WHERE id = ?");
    db_bind_int(&q, released);
    db_bind_int(&q, withheld);
    db_bind_text(&q, id);
    TRY(db_run(&q));
    return db_changes(t->db) ? ERR_OK : ERR_NOT_FOUND;
}

static enum err put_facts(struct store_txn *t, struct str facts)
{
    unsigned char hash[SHA256_BYTES];
    hash_sha256(facts, hash);
    struct db_query q = db_query(
        t->db, "INSERT INTO decision_facts (hash, facts) VALUES (?, ?) ON CONFLICT DO NOTHING");
    db_bind_blob(&q, (struct str){(const char *)hash, sizeof hash});
    db_bind_text(&q, facts);
    return db_run(&q);
}

enum err store_decision_put(struct store_txn *t, const struct store_decision *d)
{
    TRY(put_facts(t, d->facts));
    struct db_query q = db_query(t->db,
        "INSERT INTO decision (release_id, object_seq, hash, record) VALUES (?, ?, ?, ?)");
    db_bind_text(&q, d->release_id);
    db_bind_int(&q, d->object_seq);
    db_bind_blob(&q, (struct str){(const char *)d->hash, sizeof d->hash});
    db_bind_text(&q, d->record);
    return db_run(&q);
}

enum err store_decision_get(struct store_txn *t, struct arena *a, struct str release_id,
    int64_t object_seq, struct store_decision *out)
{
    struct db_query q = db_query(
        t->db, "SELECT record, hash FROM decision WHERE release_id = ? AND object_seq = ?");
    db_bind_text(&q, release_id);
    db_bind_int(&q, object_seq);
    struct store_decision d = {.release_id = release_id, .object_seq = object_seq};
    if (db_one(&q)) {
        d.record = db_copy(&q, 0, a);
        db_blob_exact(&q, 1, d.hash, sizeof d.hash);
    }
    TRY(db_end(&q));
    *out = d;
    return ERR_OK;
}

enum err store_facts_get(struct store_txn *t, struct arena *a,
    const unsigned char hash[static STORE_RECORD_HASH_BYTES], struct str *out)
{
    struct db_query q = db_query(t->db, "SELECT facts FROM decision_facts WHERE hash = ?");
    db_bind_blob(&q, (struct str){(const char *)hash, STORE_RECORD_HASH_BYTES});
    struct str facts = {"", 0};
    if (db_one(&q))
        facts = db_copy(&q, 0, a);
    TRY(db_end(&q));
    *out = facts;
    return ERR_OK;
}

static enum err decisions_read(struct db_query *q, struct arena *a, struct store_decisions *out)
{
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_decision *d;
    while ((d = store_list_next(&list, q))) {
        d->release_id = db_copy(q, 0, a);
        d->object_seq = db_int(q, 1);
        d->record = db_copy(q, 2, a);
        db_blob_exact(q, 3, d->hash, sizeof d->hash);
    }
    TRY(db_end(q));
    *out = (struct store_decisions){.items = list.items, .n = list.n};
    return ERR_OK;
}

enum err store_decisions_of_object(
    struct store_txn *t, struct arena *a, int64_t seq, struct store_decisions *out)
{
    struct db_query q = db_query(t->db,
        "SELECT release_id, object_seq, record, hash FROM decision WHERE object_seq = ?"
        " ORDER BY release_id");
    db_bind_int(&q, seq);
    return decisions_read(&q, a, out);
}

enum err store_decisions_of_release(
    struct store_txn *t, struct arena *a, struct str release_id, struct store_decisions *out)
{
    struct db_query q = db_query(t->db,
        "SELECT release_id, object_seq, record, hash FROM decision WHERE release_id = ?"
        " ORDER BY object_seq");
    db_bind_text(&q, release_id);
    return decisions_read(&q, a, out);
}
