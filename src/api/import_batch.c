// SPDX-License-Identifier: Apache-2.0
#define BANNED_EXCEPT_SYSTEM // a batch moves between threads with its own arena
#include "api/import_priv.h"

#include "api/recipients.h"
#include "exchange/tighten.h"
#include "stix/marking.h"
#include "store/object_of.h"

#define BATCH_OBJECTS   2000
#define BATCH_BYTES     (8 * MIB)
#define BATCH_ARENA_MAX (96 * MIB)

struct import_batch {
    struct arena arena;
    struct store_object_in objects[BATCH_OBJECTS];
    struct store_put_result results[BATCH_OBJECTS];
    struct store_view reader; // a recipient reads what it imports; empty: the node's own
    size_t n;
    size_t bytes;
    size_t from; // the next to put
    size_t done; // set by the work: how far it came
};

enum err import_batch_new(struct import *im)
{
    struct import_batch *batch = calloc(1, sizeof *batch);
    if (!batch)
        return ERR_LIMIT;
    arena_init(&batch->arena, BATCH_ARENA_MAX);
    batch->reader =
        (struct store_view){.recipient = im->call->recipient, .view = RECIPIENT_VIEW};
    im->batch = batch;
    return ERR_OK;
}

void import_batch_free(struct import_batch *batch)
{
    if (!batch)
        return;
    arena_release(&batch->arena);
    free(batch);
}

bool import_batch_is_full(const struct import_batch *batch)
{
    return batch->n == BATCH_OBJECTS || batch->bytes >= BATCH_BYTES;
}

bool import_batch_is_empty(const struct import_batch *batch)
{
    return batch->n == 0;
}

static enum err refuse(struct import *im, uint64_t at, const struct stix_problem *problem)
{
    im->refused++;
    if (im->n_problems == IMPORT_PROBLEMS_MAX)
        return ERR_OK;
    struct arena *a = im->call->arena;
    struct import_problem *p = NEW(a, struct import_problem);
    if (!p)
        return ERR_LIMIT;
    struct buf b = buf_in(a, 4 * KIB);
    p->at = at + problem->at;
    p->rule = str_of(problem->rule);
    buf_put(&b, STR("byte "));
    buf_put_u64(&b, p->at);
    buf_put(&b, STR(": "));
    buf_put(&b, str_to(problem->path, 200));
    buf_put(&b, problem->path.len ? STR(": ") : STR(""));
    buf_put(&b, str_of(problem->why));
    buf_put(&b, STR(" ("));
    buf_put(&b, p->rule);
    buf_put(&b, STR(")"));
    TRY(buf_end(&b, &p->text));
    if (im->last_problem)
        im->last_problem->next = p;
    else
        im->problems = p;
    im->last_problem = p;
    im->n_problems++;
    return ERR_OK;
}

static bool has_tlp(const struct stix_object *object)
{
    for (size_t i = 0; i < object->n_marking_refs; i++) {
        struct stix_marking marking;
        if (stix_marking_pinned(object->marking_refs[i], &marking) == ERR_OK)
            return true;
    }
    return false;
}

// A marking definition that pretends to be a pinned one is refused, never stored beside it; so
// is one that marks above what the node may hold.
static enum err check_marking(
    struct arena *a, const struct stix_object *object, struct stix_problem *problem)
{
    struct stix_marking marking;
    if (!str_eq(object->id.type, STR("marking-definition")))
        return ERR_OK;
    TRY(stix_marking_read(a, object, &marking));
    if (marking.kind != STIX_MARKING_FORGED && marking.kind != STIX_MARKING_ABOVE)
        return ERR_OK;
    *problem = (struct stix_problem){
        .rule = marking.kind == STIX_MARKING_FORGED ? "R1-forged-marking" : "R1-above-ceiling",
        .why = marking.why,
        .path = STR("id")};
    return ERR_INVALID;
}

static enum err put_in(struct import *im, const struct stix_object *object, struct str bytes)
{
    struct import_batch *batch = im->batch;
    bool marked = has_tlp(object);
    struct store_object_in in;
    TRY(store_object_of(&batch->arena, object, bytes, &in));
    in.source = im->source;
    in.originator = im->row.originator;
    in.handling = marked ? im->handling_marked : im->handling_unmarked;
    in.received_us = im->row.at_us;
    in.import_id = im->row.id;
    batch->objects[batch->n++] = in;
    batch->bytes += bytes.len;
    im->unmarked += !marked;
    return ERR_OK;
}

enum err import_batch_add(struct import *im, struct str element, uint64_t at)
{
    struct arena *a = &im->batch->arena;
    struct str bytes;
    struct stix_object object;
    struct stix_problem problem = {0};
    TRY(str_copy(a, element, &bytes));
    enum err e = stix_object_read(a, bytes, &object, &problem);
    if (e == ERR_OK)
        e = check_marking(a, &object, &problem);
    if (e == ERR_LIMIT && im->batch->n > 0)
        return e;
    if (e == ERR_LIMIT && !problem.why)
        problem = (struct stix_problem){.rule = "limit", .why = err_text(ERR_LIMIT)};
    if (e != ERR_OK)
        return refuse(im, at, &problem);
    if (stix_is_builtin(object.id.text)) {
        im->builtin++; // every node has it; only its exact body comes this far
        return ERR_OK;
    }
    e = put_in(im, &object, bytes);
    if (e != ERR_LIMIT || im->batch->n > 0)
        return e;
    problem = (struct stix_problem){.rule = "limit", .why = err_text(ERR_LIMIT)};
    return refuse(im, at, &problem);
}

// What is there already takes the stricter of both handlings (V2).
static enum err put_one(
    struct store_txn *t, const struct store_object_in *in, struct store_put_result *out)
{
    const struct store_tightening with = {.handling = in->handling,
        .why = STR("imported again under another handling"),
        .at_us = in->received_us};
    TRY(store_object_put(t, in, out));
    return out->what == STORE_SAME ? exchange_tighten(t, out->seq, &with, NULL) : ERR_OK;
}

static enum err put_work(struct store_txn *t, void *context)
{
    struct import_batch *batch = context;
    batch->done = batch->from;
    TRY(store_import_check_open(t, batch->objects[0].import_id));
    for (; batch->done < batch->n; batch->done++) {
        const struct store_object_in *object = &batch->objects[batch->done];
        struct store_put_result *result = &batch->results[batch->done];
        if (store_should_yield(t))
            return ERR_OK;
        TRY(put_one(t, object, result));
        if (batch->reader.recipient.len && result->what == STORE_NEW)
            TRY(store_membership_add(t, &batch->reader, result->seq, object->received_us));
    }
    return ERR_OK;
}

enum err import_batch_commit(struct import *im, struct import_batch *batch)
{
    while (batch->from < batch->n) {
        TRY(store_write(im->call->node->store, put_work, batch, STORE_BULK));
        batch->from = batch->done;
    }
    for (size_t i = 0; i < batch->n; i++) {
        im->added += batch->results[i].what == STORE_NEW;
        im->same += batch->results[i].what == STORE_SAME;
        im->conflicts += batch->results[i].what == STORE_CONFLICT;
    }
    return ERR_OK;
}
