// SPDX-License-Identifier: Apache-2.0
#include "store/handling.h"

#include "base/limits.h"
#include "store/derived.h"
#include "store/membership.h"
#include "store/original.h"
#include "store/recall.h"
#include "store/rows_priv.h"
#include "store/store_priv.h"
#include "store/taxii_wait.h"
#include "store/text_priv.h"
#include "store/variant.h"
#include "json/write.h"

enum err store_event_add(
    struct store_txn *t, int64_t seq, int64_t at_us, const char *kind, struct str detail)
{
    struct db_query q = db_query(t->db,
        "INSERT INTO handling_event (object_seq, at_us, kind, detail) VALUES (?, ?, ?, ?)");
    db_bind_int(&q, seq);
    db_bind_int(&q, at_us);
    db_bind_text(&q, str_of(kind));
    db_bind_text(&q, detail);
    return db_run(&q);
}

enum err store_events_of(
    struct store_txn *t, struct arena *a, int64_t seq, struct store_events *out)
{
    struct db_query q = db_query(t->db,
        "SELECT at_us, kind, detail FROM handling_event WHERE object_seq = ? ORDER BY seq");
    db_bind_int(&q, seq);
    struct store_list list = store_list_of(a, sizeof *out->items);
    struct store_event *event;
    while ((event = store_list_next(&list, &q))) {
        event->at_us = db_int(&q, 0);
        event->kind = db_copy(&q, 1, a);
        event->detail = db_copy(&q, 2, a);
    }
    TRY(db_end(&q));
    *out = (struct store_events){.items = list.items, .n = list.n};
    return ERR_OK;
}

// ERR_NOT_FOUND when there is no such row.
static enum err state_of(struct store_txn *t, int64_t seq, enum store_state *out)
{
    struct arena a;
    arena_init(&a, 256 * 1024);
    struct store_object object;
    enum err e = store_object_get(t, &a, seq, &object);
    if (e == ERR_OK)
        *out = object.state;
    arena_release(&a);
    return e;
}

static enum err write_state(struct store_txn *t, int64_t seq, enum store_state state)
{
    struct db_query q =
        db_query(t->db, "INSERT INTO object_state (seq, state) VALUES (?, ?)"
                        " ON CONFLICT (seq) DO UPDATE SET state = excluded.state");
    db_bind_int(&q, seq);
    db_bind_text(&q, str_of(store_state_name(state)));
    return db_run(&q);
}

static enum err clear_state(struct store_txn *t, int64_t seq)
{
    struct db_query q = db_query(t->db, "DELETE FROM object_state WHERE seq = ?");
    db_bind_int(&q, seq);
    return db_run(&q);
}

enum err store_object_set_state(
    struct store_txn *t, int64_t seq, enum store_state state, int64_t at_us, struct str detail)
{
    enum store_state present;
    TRY(state_of(t, seq, &present));
    if (present == STORE_DESTROYED || state == STORE_DESTROYED)
        return ERR_CONFLICT;
    if (present == state)
        return ERR_OK;
    TRY(state == STORE_IN_FORCE ? clear_state(t, seq) : write_state(t, seq, state));
    TRY(store_taxii_wait_wake(t, seq));
    return store_event_add(t, seq, at_us, store_state_name(state), detail);
}

static enum err write_handling(struct store_txn *t, int64_t seq, struct str handling)
{
    struct db_query q =
        db_query(t->db, "INSERT INTO object_handling (seq, handling) VALUES (?, ?)"
                        " ON CONFLICT (seq) DO UPDATE SET handling = excluded.handling");
    db_bind_int(&q, seq);
    db_bind_text(&q, handling);
    return db_run(&q);
}

static enum err note_handling(
    struct store_txn *t, struct arena *a, int64_t seq, const struct store_tightening *to)
{
    struct buf b = buf_in(a, 256 * KIB);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_raw(&o, STR("h"), to->handling);
    json_member_string(&o, STR("why"), to->why);
    json_end_object(&o);
    TRY(b.err);
    return store_event_add(t, seq, to->at_us, "handling", buf_str(&b));
}

static enum err tighten(
    struct store_txn *t, struct arena *a, int64_t seq, const struct store_tightening *to)
{
    struct store_object object;
    TRY(store_object_get(t, a, seq, &object));
    if (object.state == STORE_DESTROYED)
        return ERR_CONFLICT;
    if (str_eq(object.handling, to->handling))
        return ERR_OK;
    TRY(write_handling(t, seq, to->handling));
    TRY(text_remark(t, seq, to->handling));
    TRY(note_handling(t, a, seq, to));
    TRY(store_membership_remove_released(t, seq, object.source, to->at_us));
    TRY(store_recall_propose(t, seq, to->at_us, to->why));
    return store_derived_propose(t, &object, to->at_us);
}

enum err store_object_tighten(
    struct store_txn *t, int64_t seq, const struct store_tightening *to)
{
    struct arena a;
    arena_init(&a, MIB);
    enum err e = tighten(t, &a, seq, to);
    arena_release(&a);
    return e;
}

static enum err erase_values(struct store_txn *t, int64_t seq)
{
    struct db_query q = db_query(t->db, "DELETE FROM value_index WHERE object_seq = ?");
    db_bind_int(&q, seq);
    return db_run(&q);
}

static enum err erase_refs(struct store_txn *t, int64_t seq)
{
    struct db_query q = db_query(t->db, "DELETE FROM ref_index WHERE object_seq = ?");
    db_bind_int(&q, seq);
    return db_run(&q);
}

static enum err erase_derived(struct store_txn *t, int64_t seq)
{
    struct db_query q = db_query(t->db, "DELETE FROM derived_from WHERE by_seq = ?");
    db_bind_int(&q, seq);
    return db_run(&q);
}

static enum err erase_bytes(struct store_txn *t, int64_t seq)
{
    struct db_query q = db_query(t->db, "DELETE FROM object_bytes WHERE seq = ?");
    db_bind_int(&q, seq);
    return db_run(&q);
}

// With its salt a commitment could still be tested against guesses. What was not sent is not
// pending any more.
static enum err erase_salts_sent(struct store_txn *t, int64_t seq)
{
    struct db_query q = db_query(t->db,
        "UPDATE payload SET salt = NULL, state = CASE state WHEN 0 THEN 2 ELSE state END"
        " WHERE object_seq = ?");
    db_bind_int(&q, seq);
    return db_run(&q);
}

static enum err erase_salts_received(struct store_txn *t, int64_t seq)
{
    struct db_query q =
        db_query(t->db, "UPDATE received_payload SET salt = NULL WHERE object_seq = ?");
    db_bind_int(&q, seq);
    return db_run(&q);
}

enum err store_object_destroy(
    struct store_txn *t, int64_t seq, int64_t at_us, struct str detail)
{
    enum store_state present;
    TRY(state_of(t, seq, &present));
    if (present == STORE_DESTROYED)
        return ERR_OK;
    TRY(store_membership_remove_all(t, seq, at_us));
    TRY(erase_values(t, seq));
    TRY(erase_refs(t, seq));
    TRY(erase_derived(t, seq));
    TRY(text_erase(t, seq));
    TRY(erase_salts_sent(t, seq));
    TRY(erase_salts_received(t, seq));
    TRY(store_variants_erase(t, seq));
    TRY(store_original_erase(t, seq));
    TRY(erase_bytes(t, seq));
    TRY(write_state(t, seq, STORE_DESTROYED));
    t->store->writer.has_erased = true;
    return store_event_add(t, seq, at_us, store_state_name(STORE_DESTROYED), detail);
}
