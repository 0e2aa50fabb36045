// SPDX-License-Identifier: Apache-2.0
#include "store/feed.h"

#include "store/rows_priv.h"
#include "store/store_priv.h"

enum err store_feed_add(struct store_txn *t, const struct store_feed *feed)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO feed (name, kind, address, collection, types, user, secret, authorities,"
        " peer, identity_certificate, identity_key, originator, handling, place_after, every_s,"
        " added_us, next_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (name) DO NOTHING");
    const struct str texts[] = {feed->name, feed->kind, feed->address, feed->collection,
        feed->types, feed->user, feed->secret, feed->authorities, feed->peer, feed->certificate,
        feed->key, feed->originator, feed->handling, feed->place.after};
    for (size_t i = 0; i < LEN(texts); i++)
        db_bind_text(&q, texts[i]);
    db_bind_int(&q, feed->every_s);
    db_bind_int(&q, feed->added_us);
    db_bind_int(&q, feed->every_s ? feed->added_us : 0);
    TRY(db_run(&q));
    return db_changes(t->db) ? ERR_OK : ERR_CONFLICT;
}

#define COLUMNS                                                                    \
    "id, name, kind, address, collection, types, user, secret, authorities, peer," \
    " identity_certificate, identity_key, originator, handling, place_after,"      \
    " place_next, place_reached, outcome, why, every_s, added_us, asked, runs,"    \
    " ended_us, next_us, failures, fetched, added, same, conflicts, refused FROM feed"

static void read_row(struct db_query *q, struct arena *a, struct store_feed *out)
{
    struct str *const texts[] = {&out->name, &out->kind, &out->address, &out->collection,
        &out->types, &out->user, &out->secret, &out->authorities, &out->peer, &out->certificate,
        &out->key, &out->originator, &out->handling, &out->place.after, &out->place.next,
        &out->place.reached, &out->last.outcome, &out->last.why};
    struct store_feed_last *last = &out->last;
    int64_t asked = 0;
    int64_t *const numbers[] = {&out->every_s, &out->added_us, &asked, &out->runs,
        &last->ended_us, &last->next_us, &last->failures, &last->fetched, &last->added,
        &last->same, &last->conflicts, &last->refused};
    int column = 0;
    out->id = db_int(q, column++);
    for (size_t i = 0; i < LEN(texts); i++)
        *texts[i] = db_copy(q, column++, a);
    for (size_t i = 0; i < LEN(numbers); i++)
        *numbers[i] = db_int(q, column++);
    out->asked = (enum store_feed_asked)asked;
}

enum err store_feed_all(struct store_txn *t, struct arena *a, struct store_feeds *out)
{
    struct db_query q = db_query(t->db, "SELECT " COLUMNS " ORDER BY name");
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_feed *feed;
    while ((feed = store_list_next(&list, &q)))
        read_row(&q, a, feed);
    TRY(db_end(&q));
    *out = (struct store_feeds){.items = list.items, .n = list.n};
    return ERR_OK;
}

static enum err read_one(struct db_query *q, struct arena *a, struct store_feed *out)
{
    struct store_feed feed = {.id = 0};
    if (db_one(q))
        read_row(q, a, &feed);
    TRY(db_end(q));
    *out = feed;
    return ERR_OK;
}

enum err store_feed_get(
    struct store_txn *t, struct arena *a, struct str name, struct store_feed *out)
{
    struct db_query q = db_query(t->db, "SELECT " COLUMNS " WHERE name = ?");
    db_bind_text(&q, name);
    return read_one(&q, a, out);
}

enum err store_feed_due(struct store_txn *t, struct arena *a, int64_t now_us,
    struct str running, struct store_feed *out)
{
    struct db_query q =
        db_query(t->db, "SELECT " COLUMNS " WHERE (asked > 0 OR (next_us > 0 AND next_us <= ?))"
                        " AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY asked = 0, "
                        "next_us, id LIMIT 1");
    db_bind_int(&q, now_us);
    db_bind_text(&q, running);
    return read_one(&q, a, out);
}

enum err store_feed_failing(
    struct store_txn *t, struct arena *a, struct store_feeds_failing *out)
{
    struct db_query q = db_query(
        t->db, "SELECT count(*), coalesce(min(name), '') FROM feed WHERE failures > 0");
    struct store_feeds_failing failing = {.n = 0};
    if (db_one(&q)) {
        failing.n = db_int(&q, 0);
        failing.name = db_copy(&q, 1, a);
    }
    TRY(db_end(&q));
    *out = failing;
    return ERR_OK;
}

static enum err changed_one(struct store_txn *t, struct db_query *q)
{
    TRY(db_run(q));
    return db_changes(t->db) ? ERR_OK : ERR_NOT_FOUND;
}

enum err store_feed_remove(struct store_txn *t, struct str name)
{
    struct db_query q = db_query(
        t->db, "DELETE FROM feed_item WHERE feed = (SELECT id FROM feed WHERE name = ?)");
    db_bind_text(&q, name);
    TRY(db_run(&q));
    struct db_query row = db_query(t->db, "DELETE FROM feed WHERE name = ?");
    db_bind_text(&row, name);
    return changed_one(t, &row);
}

enum err store_feed_ask(struct store_txn *t, struct str name, enum store_feed_asked asked)
{
    struct db_query q = db_query(t->db, "UPDATE feed SET asked = ? WHERE name = ?");
    db_bind_int(&q, (int64_t)asked);
    db_bind_text(&q, name);
    return changed_one(t, &q);
}

enum err store_feed_place_put(
    struct store_txn *t, int64_t id, const struct store_feed_place *place)
{
    struct db_query q = db_query(t->db, "UPDATE feed SET place_after = ?, place_next = ?,"
                                        " place_reached = ? WHERE id = ?");
    db_bind_text(&q, place->after);
    db_bind_text(&q, place->next);
    db_bind_text(&q, place->reached);
    db_bind_int(&q, id);
    return changed_one(t, &q);
}

enum err store_feed_item_put(
    struct store_txn *t, int64_t id, struct str item, int64_t changed_s)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO feed_item (feed, item, changed_s) SELECT id, ?2, ?3 FROM feed"
        " WHERE id = ?1"
        " ON CONFLICT (feed, item) DO UPDATE SET changed_s = excluded.changed_s");
    db_bind_int(&q, id);
    db_bind_text(&q, item);
    db_bind_int(&q, changed_s);
    return changed_one(t, &q);
}

enum err store_feed_end(
    struct store_txn *t, int64_t id, int64_t runs, const struct store_feed_last *last)
{
    struct db_query q = db_query(t->db,
        "UPDATE feed SET asked = 0, outcome = ?, why = ?, ended_us = ?, next_us = ?,"
        " failures = ?, fetched = ?, added = ?, same = ?, conflicts = ?, refused = ?, runs = ?"
        " WHERE id = ?");
    const int64_t numbers[] = {last->ended_us, last->next_us, last->failures, last->fetched,
        last->added, last->same, last->conflicts, last->refused, runs, id};
    db_bind_text(&q, last->outcome);
    db_bind_text(&q, last->why);
    for (size_t i = 0; i < LEN(numbers); i++)
        db_bind_int(&q, numbers[i]);
    return changed_one(t, &q);
}

enum err store_feed_item_get(
    struct store_txn *t, int64_t id, struct str item, int64_t *changed_s)
{
    struct db_query q =
        db_query(t->db, "SELECT changed_s FROM feed_item WHERE feed = ? AND item = ?");
    db_bind_int(&q, id);
    db_bind_text(&q, item);
    int64_t at_s = 0;
    if (db_one(&q))
        at_s = db_int(&q, 0);
    TRY(db_end(&q));
    *changed_s = at_s;
    return ERR_OK;
}
