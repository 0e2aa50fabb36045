// SPDX-License-Identifier: Apache-2.0
#include "api/reading.h"

#include "api/recipients.h"
#include "base/time.h"
#include "sys/clock.h"

struct store_reader reading_who(const struct call *call)
{
    return (struct store_reader){.view = {.recipient = call->recipient, .view = RECIPIENT_VIEW},
        .now_us = clock_now_us()};
}

static enum err make(struct call *call, size_t n, struct reading *out)
{
    out->items = NEW_N(call->arena, struct reading_row, n ? n : 1);
    out->n = 0;
    return out->items ? ERR_OK : ERR_LIMIT;
}

static enum err of_members(struct call *call, struct store_txn *t,
    const struct store_members *members, struct reading *out)
{
    TRY(make(call, members->n, out));
    for (size_t i = 0; i < members->n; i++) {
        const struct store_member *member = &members->items[i];
        struct reading_row *row = &out->items[i];
        TRY(store_object_get(t, call->arena, member->object_seq, &row->object));
        row->seq = member->seq;
        row->at_us = member->at_us;
    }
    out->n = members->n;
    return ERR_OK;
}

static void add(struct reading *out, const struct store_object *object)
{
    out->items[out->n++] = (struct reading_row){
        .object = *object, .seq = object->seq, .at_us = object->received_us};
}

static enum err of_objects(
    struct call *call, const struct store_objects *objects, struct reading *out)
{
    TRY(make(call, objects->n, out));
    for (size_t i = 0; i < objects->n; i++)
        add(out, &objects->items[i]);
    return ERR_OK;
}

// Rows stand by source, newest first. A newest one that was recalled hides the older ones of
// the node's own reading; to a recipient it is no member.
static void keep_newest(struct reading *rows)
{
    size_t n = 0;
    struct str last = {"", 0};
    for (size_t i = 0; i < rows->n; i++) {
        const struct store_object *object = &rows->items[i].object;
        bool is_newest = i == 0 || !str_eq(object->source, last);
        last = object->source;
        if (is_newest && object->state != STORE_RECALLED && object->state != STORE_DESTROYED)
            rows->items[n++] = rows->items[i];
    }
    rows->n = n;
}

enum err reading_newest(
    struct call *call, struct store_txn *t, struct str id, struct reading *out)
{
    if (call->recipient.len) {
        const struct store_reader who = reading_who(call);
        struct store_members members;
        TRY(store_members_of_id(t, call->arena, &who, id, &members));
        TRY(of_members(call, t, &members, out));
    } else {
        struct store_objects objects;
        TRY(store_objects_by_id(t, call->arena, id, &objects));
        TRY(of_objects(call, &objects, out));
    }
    keep_newest(out);
    return ERR_OK;
}

enum err reading_after(struct call *call, struct store_txn *t,
    const struct store_filter *filter, struct reading *out)
{
    if (call->recipient.len) {
        const struct store_reader who = reading_who(call);
        struct store_members members;
        TRY(store_members_after(t, call->arena, &who, filter, &members));
        return of_members(call, t, &members, out);
    }
    struct store_objects objects;
    TRY(store_objects_after(t, call->arena, filter, &objects));
    return of_objects(call, &objects, out);
}

enum err reading_value(
    struct call *call, struct store_txn *t, struct str value, struct reading *out)
{
    if (call->recipient.len) {
        const struct store_reader who = reading_who(call);
        struct store_members members;
        TRY(store_members_of_value(t, call->arena, &who, value, &members));
        return of_members(call, t, &members, out);
    }
    struct store_seqs seqs;
    TRY(store_value_postings(t, call->arena, value, &seqs));
    TRY(make(call, seqs.n, out));
    for (size_t i = 0; i < seqs.n; i++) {
        struct store_object object;
        TRY(store_object_get(t, call->arena, seqs.items[i], &object));
        if (object.state == STORE_IN_FORCE)
            add(out, &object);
    }
    return ERR_OK;
}

static void put_time(struct json_out *o, struct arena *a, const char *key, int64_t us)
{
    struct buf b = buf_in(a, 40);
    time_put(&b, us);
    json_member_string(o, str_of(key), buf_str(&b));
}

void reading_put(struct json_out *o, struct arena *a, const struct reading_row *of)
{
    const struct store_object *row = &of->object;
    json_member_string(o, STR("id"), row->id);
    json_member_string(o, STR("type"), row->type);
    put_time(o, a, "version", row->version_us);
    json_member_string(o, STR("source"), row->source);
    json_member_string(o, STR("originator"), row->originator);
    put_time(o, a, "received", of->at_us);
    json_member_string(o, STR("state"), str_of(store_state_name(row->state)));
    json_member_raw(o, STR("handling"), row->handling.len ? row->handling : STR("null"));
    json_member_int(o, STR("seq"), of->seq);
}

enum err reading_count(struct call *call, struct store_txn *t, int64_t *out)
{
    const struct store_reader who = reading_who(call);
    return store_member_count(t, &who, out);
}
