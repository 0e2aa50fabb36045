// SPDX-License-Identifier: Apache-2.0
// Quarantine as an officer sees it: what waits there and why, and letting it in. What an import
// or a post put there may be accepted; what is there because of a recall may not.
#include "api/quarantine.h"

#include "api/recipients.h"
#include "base/time.h"
#include "store/handling.h"
#include "store/quarantine.h"
#include "sys/clock.h"

#define PAGE_MAX     1000
#define TXN_ROWS_MAX 500

enum err quarantine_put(
    struct store_txn *t, int64_t seq, int64_t at_us, const struct quarantine_how *how)
{
    struct arena a;
    arena_init(&a, 64 * KIB);
    struct buf b = buf_in(&a, 4 * KIB);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_string(&o, STR("why"), how->why);
    json_member_string(&o, STR("reader"), how->reader);
    json_member_string(&o, STR("inbox"), how->inbox);
    json_end_object(&o);
    enum err e = b.err;
    if (e == ERR_OK)
        e = store_object_set_state(t, seq, STORE_QUARANTINED, at_us, buf_str(&b));
    arena_release(&a);
    return e;
}

static struct str member(struct arena *a, const struct store_quarantined *q, struct str key)
{
    struct json root, v;
    struct str out = {"", 0};
    bool is_there = json_parse(a, q->detail, &root, NULL) == ERR_OK && json_get(root, key, &v);
    return is_there && json_string(a, v, &out) == ERR_OK ? out : STR("");
}

static void put_row(struct json_out *o, struct arena *a, const struct store_quarantined *q)
{
    const struct store_object *row = &q->object;
    json_begin_object(o);
    json_member_string(o, STR("id"), row->id);
    json_member_string(o, STR("type"), row->type);
    json_member_string(o, STR("source"), row->source);
    json_member_int(o, STR("import"), row->import_id);
    call_put_time(o, "at", q->at_us);
    json_member_string(o, STR("why"), member(a, q, STR("why")));
    json_member_bool(o, STR("may_be_accepted"), store_quarantined_on_arrival(q));
    json_member_int(o, STR("seq"), row->seq);
    json_end_object(o);
}

static void answer_list(struct call *call, const struct store_quarantine *found, uint64_t limit)
{
    struct buf b = call_buf(call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_put_key(&o, STR("rows"));
    json_begin_array(&o);
    for (size_t i = 0; i < found->n; i++)
        put_row(&o, call->arena, &found->items[i]);
    json_end_array(&o);
    if (found->n == limit)
        json_member_int(&o, STR("next"), found->items[found->n - 1].object.seq);
    json_end_object(&o);
    call_answer_json(call, &b);
}

void api_quarantine_list(struct call *call)
{
    struct store_txn *t;
    struct store_quarantine found = {0};
    uint64_t before, import, limit;
    if (!call_number(call, "before", 0, &before) || !call_number(call, "import", 0, &import) ||
        !call_limit(call, PAGE_MAX, &limit))
        return;
    const struct store_quarantine_ask ask = {
        .before = (int64_t)before, .import_id = (int64_t)import, .limit = limit};
    enum err e = store_read_begin(call->node->store, &t);
    if (e == ERR_OK) {
        e = store_quarantine_page(t, call->arena, &ask, &found);
        store_read_end(t);
    }
    if (e != ERR_OK)
        call_fail(call, e, STR(""));
    else
        answer_list(call, &found, limit);
}

// Accepting
// ------------------------------------------------------------------------------------

struct accepting {
    struct call *call;
    struct str id; // all its rows; empty: those of the import
    struct store_quarantine_ask ask;
    int64_t now_us;
    size_t page_n;         // of the last transaction
    size_t accepted, left; // set by the work, of all transactions
};

// Whoever brought it reads it from now on, as if it had never been apart.
static enum err let_in(
    struct accepting *accepting, struct store_txn *t, const struct store_quarantined *q)
{
    struct arena *a = accepting->call->arena;
    struct str reader = member(a, q, STR("reader")), inbox = member(a, q, STR("inbox"));
    const struct store_view reads = {.recipient = reader, .view = RECIPIENT_VIEW},
                            posted = {.recipient = reader, .view = inbox};
    TRY(store_object_set_state(t, q->object.seq, STORE_IN_FORCE, accepting->now_us,
        STR("{\"why\":\"accepted by an officer\"}")));
    if (reader.len)
        TRY(store_membership_add(t, &reads, q->object.seq, accepting->now_us));
    return reader.len && inbox.len
               ? store_membership_add(t, &posted, q->object.seq, accepting->now_us)
               : ERR_OK;
}

static enum err accept_row(
    struct accepting *accepting, struct store_txn *t, const struct store_quarantined *q)
{
    bool may = store_quarantined_on_arrival(q);
    accepting->accepted += may;
    accepting->left += !may;
    return may ? let_in(accepting, t, q) : ERR_OK;
}

static enum err accept_id(struct accepting *accepting, struct store_txn *t)
{
    struct arena *a = accepting->call->arena;
    struct store_objects rows;
    TRY(store_objects_by_id(t, a, accepting->id, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        struct store_quarantined q;
        enum err e = store_quarantine_get(t, a, rows.items[i].seq, &q);
        if (e == ERR_OK)
            e = accept_row(accepting, t, &q);
        if (e != ERR_OK && e != ERR_NOT_FOUND)
            return e;
    }
    return ERR_OK;
}

static enum err accept_page(struct accepting *accepting, struct store_txn *t)
{
    struct store_quarantine found;
    TRY(store_quarantine_page(t, accepting->call->arena, &accepting->ask, &found));
    accepting->page_n = found.n;
    for (size_t i = 0; i < found.n; i++)
        TRY(accept_row(accepting, t, &found.items[i]));
    if (found.n)
        accepting->ask.before = found.items[found.n - 1].object.seq;
    return ERR_OK;
}

static enum err accept_work(struct store_txn *t, void *context)
{
    struct accepting *in = context, accepting = *in; // a failed transaction is tried again
    struct arena_mark mark = arena_mark(in->call->arena);
    struct buf target = call_buf(in->call);
    buf_put(&target, in->id.len ? in->id : STR("import "));
    if (in->id.len == 0)
        buf_put_u64(&target, (uint64_t)in->ask.import_id);
    TRY(in->id.len ? accept_id(&accepting, t) : accept_page(&accepting, t));
    if (accepting.accepted > in->accepted)
        TRY(call_audit(in->call, t, "quarantine.accept", buf_str(&target), STR("")));
    TRY(target.err);
    arena_rewind(in->call->arena, mark);
    *in = accepting;
    return ERR_OK;
}

static void answer_accepted(struct accepting *accepting)
{
    struct buf b = call_buf(accepting->call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_int(&o, STR("accepted"), (int64_t)accepting->accepted);
    json_member_int(&o, STR("left"), (int64_t)accepting->left);
    json_end_object(&o);
    call_answer_json(accepting->call, &b);
}

static enum err accept_all(struct accepting *accepting)
{
    enum err e;
    do {
        accepting->page_n = 0;
        e = store_write(accepting->call->node->store, accept_work, accepting, STORE_NORMAL);
    } while (e == ERR_OK && accepting->page_n == accepting->ask.limit);
    return e;
}

void api_quarantine_accept(struct call *call)
{
    struct accepting accepting = {.call = call,
        .id = call_parameter(call, "id"),
        .ask = {.limit = TXN_ROWS_MAX},
        .now_us = clock_now_us()};
    uint64_t import;
    if (!call_number(call, "import", 0, &import))
        return;
    accepting.ask.import_id = (int64_t)import;
    if ((accepting.id.len > 0) == (import > 0)) {
        call_fail(call, ERR_INVALID, STR("name an object by id, or an import by its number"));
        return;
    }
    enum err e = accept_all(&accepting);
    if (e == ERR_OK && accepting.accepted + accepting.left == 0)
        call_fail(call, ERR_NOT_FOUND, STR("nothing of it is in quarantine"));
    else if (e == ERR_OK && accepting.accepted == 0)
        call_fail(call, ERR_CONFLICT,
            STR("it is in quarantine because of a recall, or came with what is in doubt: it "
                "cannot be accepted"));
    else if (e != ERR_OK)
        call_fail(call, e, STR(""));
    else
        answer_accepted(&accepting);
}
