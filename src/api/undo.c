// SPDX-License-Identifier: Apache-2.0
// Imports as batches: listed, and undone as a whole when they were mislabelled. The order is
// durable first; then the rows follow in bounded transactions. Given again, after a crash or
// not, it does what is left.
#include "api/tighten.h"
#include "base/time.h"
#include "store/derived.h"
#include "store/import.h"
#include "store/recall.h"
#include "sys/clock.h"

#define TXN_ROWS_MAX 200
#define PAGE_MAX     1000

static void put_time(struct json_out *o, struct arena *a, struct str key, int64_t us)
{
    struct buf at = buf_in(a, 40);
    if (us)
        time_put(&at, us);
    json_member_string(o, key, buf_str(&at));
}

static void put_import(struct json_out *o, struct arena *a, const struct store_import *import)
{
    json_begin_object(o);
    json_member_int(o, STR("import"), import->id);
    json_member_string(o, STR("name"), import->name);
    json_member_string(o, STR("originator"), import->originator);
    json_member_string(o, STR("handling"), import->handling);
    put_time(o, a, STR("at"), import->at_us);
    put_time(o, a, STR("ended"), import->ended_us);
    json_member_int(o, STR("new"), import->added);
    json_member_int(o, STR("same"), import->same);
    json_member_int(o, STR("conflict"), import->conflicts);
    json_member_int(o, STR("refused"), import->refused);
    json_member_string(o, STR("undo"), import->undo);
    put_time(o, a, STR("undone"), import->undone_us);
    json_end_object(o);
}

void api_imports(struct call *call)
{
    struct store_txn *t;
    struct store_imports imports;
    uint64_t before, limit;
    if (!call_number(call, "before", 0, &before) || !call_limit(call, PAGE_MAX, &limit))
        return;
    enum err e = store_read_begin(call->node->store, &t);
    if (e == ERR_OK) {
        e = store_imports_before(t, call->arena, (int64_t)before, limit, &imports);
        store_read_end(t);
    }
    if (e != ERR_OK) {
        call_fail(call, e, STR(""));
        return;
    }
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_put_key(&o, STR("imports"));
    json_begin_array(&o);
    for (size_t i = 0; i < imports.n; i++)
        put_import(&o, call->arena, &imports.items[i]);
    json_end_array(&o);
    json_end_object(&o);
    call_answer_json(call, &b);
}

struct undo {
    struct call *call;
    struct store_import import;
    struct str block; // empty: destroy
    struct store_seqs rows;
    int64_t now_us;
    size_t from;
    size_t done;        // set by the work
    uint64_t proposals; // of the whole store, set by the work
};

static enum err begin_work(struct store_txn *t, void *context)
{
    struct undo *undo = context;
    struct str how = undo->block.len ? undo->block : STR("destroy");
    TRY(store_import_get(t, undo->call->arena, undo->import.id, &undo->import));
    TRY(store_import_undo_begin(t, undo->import.id, how, undo->now_us));
    TRY(store_recall_proposals_count(t, &undo->proposals));
    return call_audit(undo->call, t, "import.undo", undo->import.name, how);
}

static enum err destroy_row(struct undo *undo, struct store_txn *t, int64_t seq)
{
    struct store_object row;
    struct arena *a = undo->call->arena;
    struct arena_mark mark = arena_mark(a);
    TRY(store_object_get(t, a, seq, &row));
    TRY(store_derived_cascade(t, &row, undo->now_us));
    arena_rewind(a, mark);
    TRY(store_object_destroy(t, seq, undo->now_us, STR("{\"why\":\"its import was undone\"}")));
    TRY(store_recall_proposal_close(t, seq, undo->now_us)); // of what is not here any more
    return store_recall_propose(t, seq, undo->now_us, STR("destroyed here with its import"));
}

static enum err undo_row(struct undo *undo, struct store_txn *t, int64_t seq)
{
    const struct store_tightening with = {.handling = undo->block,
        .why = STR("its import was mislabelled"),
        .at_us = undo->now_us};
    return undo->block.len ? exchange_tighten(t, seq, &with, NULL) : destroy_row(undo, t, seq);
}

static enum err rows_work(struct store_txn *t, void *context)
{
    struct undo *undo = context;
    undo->done = undo->from;
    while (undo->done < undo->rows.n && undo->done - undo->from < TXN_ROWS_MAX) {
        TRY(undo_row(undo, t, undo->rows.items[undo->done++]));
        if (store_should_yield(t))
            break;
    }
    return ERR_OK;
}

static enum err end_work(struct store_txn *t, void *context)
{
    struct undo *undo = context;
    uint64_t before = undo->proposals;
    TRY(store_recall_proposals_count(t, &undo->proposals));
    undo->proposals = undo->proposals > before ? undo->proposals - before : 0;
    return store_import_undo_end(t, undo->import.id, undo->now_us);
}

// What was destroyed is out of the file and its log before the answer.
static enum err undo_rows(struct undo *undo)
{
    struct store *store = undo->call->node->store;
    struct store_txn *t;
    TRY(store_read_begin(store, &t));
    enum err e = store_import_rows(t, undo->call->arena, &undo->import, &undo->rows);
    store_read_end(t);
    while (e == ERR_OK && undo->from < undo->rows.n) {
        e = store_write(store, rows_work, undo, STORE_NORMAL);
        undo->from = undo->done;
    }
    return e;
}

static bool read_how(struct call *call, struct str *block)
{
    bool destroy = call_parameter(call, "destroy").len > 0;
    bool tightens = false;
    static const char *const names[] = {
        "handling", "nations", "noforn", "orcon", "embargo", "expires"};
    for (size_t i = 0; i < LEN(names); i++)
        tightens |= call_parameter(call, names[i]).len > 0;
    if (destroy == tightens) {
        call_fail(call, ERR_INVALID, STR("either destroy, or a stricter handling"));
        return false;
    }
    return destroy || tighten_parameters(call, block);
}

static void answer(struct undo *undo)
{
    struct buf b = call_buf(undo->call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_int(&o, STR("import"), undo->import.id);
    json_member_string(&o, STR("name"), undo->import.name);
    json_member_int(&o, STR("rows"), (int64_t)undo->rows.n);
    json_member_int(&o, STR("proposals"), (int64_t)undo->proposals);
    json_end_object(&o);
    call_answer_json(undo->call, &b);
}

void api_import_undo(struct call *call)
{
    struct undo undo = {.call = call, .now_us = clock_now_us()};
    uint64_t id;
    if (str_to_u64(call->segments[0], &id) != ERR_OK || id > INT64_MAX) {
        call_fail(call, ERR_INVALID, STR("an import is named by its number; see the list"));
        return;
    }
    if (!read_how(call, &undo.block))
        return;
    undo.import.id = (int64_t)id;
    enum err e = store_write(call->node->store, begin_work, &undo, STORE_URGENT);
    if (e == ERR_OK)
        e = undo_rows(&undo);
    if (e == ERR_OK)
        e = store_write(call->node->store, end_work, &undo, STORE_NORMAL);
    if (e == ERR_OK)
        answer(&undo);
    else
        call_fail(
            call, e, e == ERR_NOT_FOUND ? STR("there is no import of that number") : STR(""));
}
