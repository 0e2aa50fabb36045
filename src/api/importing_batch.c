// SPDX-License-Identifier: Apache-2.0
#define BANNED_EXCEPT_SYSTEM // a batch moves between threads with its own arena
#include "api/importing_priv.h"

#include "api/quarantine.h"
#include "api/recipients.h"
#include "base/limits.h"
#include "base/time.h"
#include "exchange/tighten.h"
#include "stix/marking.h"
#include "store/handling.h"
#include "store/membership.h"
#include "store/object_of.h"

#define BATCH_OBJECTS   2000
#define BATCH_BYTES     (8 * MIB)
#define BATCH_ARENA_MAX (96 * MIB)

// What was refused, or is told of without being stored.
struct import_told {
    struct import_told *next;
    struct importing_object object;
};

struct import_batch {
    struct arena arena;
    struct store_object_in objects[BATCH_OBJECTS];
    struct store_put_result results[BATCH_OBJECTS];
    uint64_t at[BATCH_OBJECTS];
    bool is_untimed[BATCH_OBJECTS];
    struct import_told *told;
    struct store_view reader; // a recipient reads what it imports; empty: the node's own
    size_t n, n_told;
    size_t bytes;
    size_t from; // the next to put
    size_t done; // set by the work: how far it came
    bool is_quarantined;
};

enum err import_batch_new(struct import *im)
{
    struct import_batch *batch = calloc(1, sizeof *batch);
    if (!batch)
        return ERR_LIMIT;
    arena_init(&batch->arena, BATCH_ARENA_MAX);
    batch->reader = (struct store_view){.recipient = im->in->reader, .view = RECIPIENT_VIEW};
    batch->is_quarantined = im->in->is_quarantined;
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
    return batch->n + batch->n_told >= BATCH_OBJECTS || batch->bytes >= BATCH_BYTES;
}

bool import_batch_is_empty(const struct import_batch *batch)
{
    return batch->n + batch->n_told == 0;
}

// Of the document, for the answer: the first ones only.
static enum err keep_problem(struct import *im, uint64_t at, const char *rule, struct str text)
{
    if (im->n_problems == IMPORTING_REMARKS_MAX)
        return ERR_OK;
    struct importing_problem *p = NEW(im->in->arena, struct importing_problem);
    TRY(p ? str_copy(im->in->arena, text, &p->text) : ERR_LIMIT);
    p->at = at;
    p->rule = str_of(rule);
    if (im->last_problem)
        im->last_problem->next = p;
    else
        im->out->problems = p;
    im->last_problem = p;
    im->n_problems++;
    return ERR_OK;
}

static enum err tell(struct import *im, const struct importing_object *object)
{
    struct import_batch *batch = im->batch;
    struct import_told *told = NEW(&batch->arena, struct import_told);
    if (!told)
        return ERR_LIMIT;
    *told = (struct import_told){.next = batch->told, .object = *object};
    batch->told = told;
    batch->n_told++;
    return ERR_OK;
}

static enum err refuse(
    struct import *im, struct importing_object *object, const struct stix_problem *problem)
{
    struct buf b = buf_in(&im->batch->arena, 4 * KIB);
    object->outcome = IMPORTING_REFUSED;
    object->at += problem->at;
    object->rule = str_of(problem->rule);
    buf_put(&b, STR("byte "));
    buf_put_u64(&b, object->at);
    buf_put(&b, STR(": "));
    buf_put(&b, str_to(problem->path, 200));
    buf_put(&b, problem->path.len ? STR(": ") : STR(""));
    buf_put(&b, str_of(problem->why));
    buf_put(&b, STR(" ("));
    buf_put(&b, object->rule);
    buf_put(&b, STR(")"));
    TRY(buf_end(&b, &object->text));
    TRY(tell(im, object));
    im->out->refused++;
    return keep_problem(im, object->at, problem->rule, object->text);
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

static enum err put_in(struct import *im, const struct stix_object *object,
    const struct importing_object *from, const struct format_object *piece)
{
    struct import_batch *batch = im->batch;
    bool marked = has_tlp(object);
    struct store_object_in in;
    TRY(store_object_of(&batch->arena, object, from->bytes, &in));
    in.source = im->in->source;
    in.originator = im->row.originator;
    in.handling = im->handlings[marked][piece->is_kept_home];
    in.received_us = im->row.at_us;
    in.import_id = im->row.id;
    in.is_once = piece->is_once;
    in.original = from->original;
    in.original_format = format_kind_name(im->out->format);
    batch->at[batch->n] = from->at;
    batch->is_untimed[batch->n] = piece->is_untimed;
    batch->objects[batch->n++] = in;
    batch->bytes += from->bytes.len;
    im->out->unmarked += !marked;
    return ERR_OK;
}

static enum err found(
    struct import *im, const struct stix_object *object, struct importing_object *from)
{
    from->id = object->id.text;
    from->type = object->id.type;
    from->has_version = object->has_version;
    from->version_us = object->version_us;
    if (!stix_is_builtin(object->id.text))
        return ERR_OK;
    from->outcome = IMPORTING_SAME; // every node has it; only its exact body comes this far
    im->out->same++;
    return tell(im, from);
}

enum err import_batch_add(struct import *im, const struct format_object *from)
{
    struct arena *a = &im->batch->arena;
    struct stix_object object = {0};
    struct stix_problem problem = {0};
    struct importing_object it = {.outcome = IMPORTING_FOUND, .at = from->at};
    TRY(str_copy(a, from->bytes, &it.bytes));
    TRY(str_copy(a, from->original, &it.original));
    enum err e = stix_object_read(a, it.bytes, &object, &problem);
    if (e == ERR_OK)
        e = check_marking(a, &object, &problem);
    if (e == ERR_OK)
        e = found(im, &object, &it);
    if (e == ERR_OK && it.outcome == IMPORTING_FOUND)
        e = put_in(im, &object, &it, from);
    if (e == ERR_OK || (e == ERR_LIMIT && !import_batch_is_empty(im->batch)))
        return e;
    if (e == ERR_LIMIT && !problem.why)
        problem = (struct stix_problem){.rule = "limit", .why = err_text(ERR_LIMIT)};
    return refuse(im, &it, &problem);
}

static struct str time_text(struct arena *a, int64_t us)
{
    struct buf b = buf_in(a, 32);
    time_put(&b, us);
    return buf_str(&b);
}

// Do both say the same, but for the time of their making?
static bool is_same_but_for_time(
    struct arena *a, struct str made, int64_t made_us, struct str held, int64_t held_us)
{
    struct str now = time_text(a, made_us), then = time_text(a, held_us);
    if (made.len != held.len || now.len != then.len)
        return false;
    for (size_t at = 0; at < made.len;) {
        bool is_time =
            str_starts(str_from(made, at), now) && str_starts(str_from(held, at), then);
        if (!is_time && made.ptr[at] != held.ptr[at])
            return false;
        at += is_time ? now.len : 1;
    }
    return true;
}

// What has no time of its own is a new version only when it says something new. Of what was
// destroyed nobody can tell any more: it stays destroyed.
static enum err find_untimed(
    struct store_txn *t, const struct store_object_in *in, struct store_put_result *out)
{
    struct arena a;
    struct store_object held;
    struct str bytes = {"", 0};
    arena_init(&a, REQUEST_ARENA_BYTES_MAX);
    enum err e = store_object_latest(t, &a, in->id, in->source, &held);
    bool is_there = e == ERR_OK && held.state != STORE_DESTROYED;
    if (is_there)
        e = store_object_bytes(t, &a, held.seq, &bytes);
    if (e == ERR_OK && is_there &&
        !is_same_but_for_time(&a, in->bytes, in->received_us, bytes, held.version_us))
        e = ERR_NOT_FOUND;
    if (e == ERR_OK)
        *out = (struct store_put_result){.what = STORE_SAME, .seq = held.seq};
    arena_release(&a);
    return e;
}

static enum err put(struct store_txn *t, const struct store_object_in *in, bool is_untimed,
    struct store_put_result *out)
{
    enum err e = is_untimed ? find_untimed(t, in, out) : ERR_NOT_FOUND;
    return e == ERR_NOT_FOUND ? store_object_put(t, in, out) : e;
}

// What is there already takes the stricter of both handlings (V2).
static enum err put_one(struct store_txn *t, const struct store_object_in *in, bool is_untimed,
    struct store_put_result *out)
{
    const struct store_tightening with = {.handling = in->handling,
        .why = STR("imported again under another handling"),
        .at_us = in->received_us};
    TRY(put(t, in, is_untimed, out));
    return out->what == STORE_SAME ? exchange_tighten(t, out->seq, &with, NULL) : ERR_OK;
}

// A new row in quarantine is nobody's to read until an officer has looked at it.
static enum err place(struct store_txn *t, const struct import_batch *batch, size_t i)
{
    const struct store_object_in *object = &batch->objects[i];
    int64_t seq = batch->results[i].seq;
    if (batch->results[i].what != STORE_NEW)
        return ERR_OK;
    if (batch->is_quarantined)
        return quarantine_put(t, seq, object->received_us,
            &(struct quarantine_how){
                .why = STR("imported into quarantine"), .reader = batch->reader.recipient});
    return batch->reader.recipient.len
               ? store_membership_add(t, &batch->reader, seq, object->received_us)
               : ERR_OK;
}

static enum err put_work(struct store_txn *t, void *context)
{
    struct import_batch *batch = context;
    batch->done = batch->from;
    TRY(store_import_check_open(t, batch->objects[0].import_id));
    for (; batch->done < batch->n; batch->done++) {
        if (store_should_yield(t))
            return ERR_OK;
        TRY(put_one(t, &batch->objects[batch->done], batch->is_untimed[batch->done],
            &batch->results[batch->done]));
        TRY(place(t, batch, batch->done));
    }
    return ERR_OK;
}

static void tell_of(struct import *im, const struct import_batch *batch, size_t i)
{
    static const enum importing_outcome outcomes[] = {[STORE_NEW] = IMPORTING_NEW,
        [STORE_SAME] = IMPORTING_SAME,
        [STORE_CONFLICT] = IMPORTING_CONFLICT};
    const struct store_object_in *in = &batch->objects[i];
    const struct store_put_result *result = &batch->results[i];
    const struct importing_object object = {
        .outcome = im->in->is_preview ? IMPORTING_FOUND : outcomes[result->what],
        .id = in->id,
        .type = in->type,
        .bytes = in->bytes,
        .original = in->original,
        .at = batch->at[i],
        .has_version = in->has_version,
        .version_us = in->version_us,
        .seq = result->seq};
    im->in->told(im->in->ctx, &object);
}

static void count(struct import *im, const struct import_batch *batch)
{
    for (size_t i = 0; i < batch->n; i++) {
        im->out->added += batch->results[i].what == STORE_NEW;
        im->out->conflicts += batch->results[i].what == STORE_CONFLICT;
        im->same += batch->results[i].what == STORE_SAME;
    }
}

enum err import_batch_finish(struct import *im, struct import_batch *batch)
{
    while (!im->in->is_preview && batch->from < batch->n) {
        TRY(store_write(im->in->store, put_work, batch, STORE_BULK));
        batch->from = batch->done;
    }
    if (!im->in->is_preview)
        count(im, batch);
    if (!im->in->told)
        return ERR_OK;
    for (size_t i = 0; i < batch->n; i++)
        tell_of(im, batch, i);
    for (const struct import_told *it = batch->told; it; it = it->next)
        im->in->told(im->in->ctx, &it->object);
    return ERR_OK;
}
