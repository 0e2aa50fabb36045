// SPDX-License-Identifier: Apache-2.0
// One import. First the whole document is looked at, so that a cut or malformed one stores
// nothing; then its objects are read on this thread and committed, batch by batch, by another.
#include "api/importing_priv.h"
#include "base/limits.h"
#include "stix/marking.h"
#include "store/principal.h"
#include "sys/clock.h"
#include "json/write.h"

#include <pthread.h>

static enum err pass_object(void *ctx, const struct format_object *object)
{
    (void)ctx, (void)object;
    return ERR_OK;
}

static enum err pass_loss(void *ctx, const struct format_loss *loss)
{
    (void)ctx, (void)loss;
    return ERR_OK;
}

static enum err hand_over(struct import *im)
{
    struct import_batch *full = im->batch;
    im->batch = NULL;
    if (!full)
        return ERR_OK;
    if (!im->queue) {
        enum err e = import_batch_finish(im, full);
        import_batch_free(full);
        return e;
    }
    if (queue_push(im->queue, full))
        return ERR_OK;
    import_batch_free(full);
    return im->commit_err; // the committing thread has stopped and closed the queue
}

static enum err add_object(void *ctx, const struct format_object *object)
{
    struct import *im = ctx;
    im->out->read++;
    if (!im->batch)
        TRY(import_batch_new(im));
    enum err e = import_batch_add(im, object);
    if (e == ERR_LIMIT && !import_batch_is_empty(im->batch)) {
        TRY(hand_over(im)); // the object may fit into a batch of its own
        TRY(import_batch_new(im));
        e = import_batch_add(im, object);
    }
    TRY(e);
    return import_batch_is_full(im->batch) ? hand_over(im) : ERR_OK;
}

static enum err copy_loss(
    struct arena *a, const struct format_loss *from, struct format_loss *out)
{
    out->at = from->at;
    TRY(str_copy(a, str_to(from->id, KIB), &out->id));
    TRY(str_copy(a, str_to(from->field, KIB), &out->field));
    TRY(str_copy(a, from->outcome, &out->outcome));
    return str_copy(a, from->why, &out->why);
}

// A piece of the document that becomes no object is counted as one that was refused.
static enum err add_loss(void *ctx, const struct format_loss *loss)
{
    struct import *im = ctx;
    bool is_refused = str_eq(loss->outcome, STR("refused"));
    im->out->n_losses++;
    im->out->read += is_refused;
    im->out->refused += is_refused;
    if (im->n_losses == IMPORTING_REMARKS_MAX)
        return ERR_OK;
    struct importing_loss *kept = NEW(im->in->arena, struct importing_loss);
    TRY(kept ? copy_loss(im->in->arena, loss, &kept->loss) : ERR_LIMIT);
    if (im->last_loss)
        im->last_loss->next = kept;
    else
        im->out->losses = kept;
    im->last_loss = kept;
    im->n_losses++;
    return ERR_OK;
}

static void *commit_batches(void *context)
{
    struct import *im = context;
    struct import_batch *batch;
    while ((batch = queue_pop(im->queue, -1))) {
        if (im->commit_err == ERR_OK)
            im->commit_err = import_batch_finish(im, batch);
        import_batch_free(batch);
        if (im->commit_err != ERR_OK)
            queue_close(im->queue);
    }
    return NULL;
}

static enum err read_all(struct import *im, struct fault *fault)
{
    im->sink = (struct format_sink){.object = add_object, .loss = add_loss, .ctx = im};
    enum err e = import_read(im, fault);
    if (e == ERR_OK)
        e = hand_over(im);
    import_batch_free(im->batch);
    im->batch = NULL;
    return e;
}

static enum err read_and_commit(struct import *im, struct fault *fault)
{
    pthread_t committing;
    im->queue = queue_new(2);
    if (pthread_create(&committing, NULL, commit_batches, im) != 0) {
        queue_free(im->queue);
        return ERR_BUSY;
    }
    enum err e = read_all(im, fault);
    queue_close(im->queue);
    pthread_join(committing, NULL);
    queue_free(im->queue);
    return e == ERR_OK ? im->commit_err : e;
}

static enum err audit(
    struct import *im, struct store_txn *t, const char *action, struct str detail)
{
    const struct store_audit event = {.at_us = clock_now_us(),
        .principal = im->in->principal,
        .action = str_of(action),
        .target = im->row.name,
        .detail = detail};
    return store_audit_add(t, &event);
}

static enum err begin_work(struct store_txn *t, void *context)
{
    struct import *im = context;
    TRY(store_import_begin(t, &im->row, &im->row.id));
    return audit(im, t, "import.begin", STR(""));
}

static enum err end_work(struct store_txn *t, void *context)
{
    struct import *im = context;
    im->row.ended_us = clock_now_us();
    im->row.added = (int64_t)im->out->added;
    im->row.same = (int64_t)im->out->same;
    im->row.conflicts = (int64_t)im->out->conflicts;
    im->row.refused = (int64_t)im->out->refused;
    TRY(store_import_end(t, &im->row));
    struct buf b = buf_in(im->in->arena, KIB);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    json_member_int(&o, STR("import"), im->row.id);
    json_member_int(&o, STR("new"), im->row.added);
    json_member_int(&o, STR("same"), im->row.same);
    json_member_int(&o, STR("conflict"), im->row.conflicts);
    json_member_int(&o, STR("refused"), im->row.refused);
    json_end_object(&o);
    TRY(b.err);
    return audit(im, t, "import.end", buf_str(&b));
}

// The row handling of marked objects restricts nothing; that of unmarked ones is the importer's
// word. What must not leave the Participant is releasable to its own country only.
static enum err set_handlings(struct import *im)
{
    enum stix_tlp level;
    TRY(stix_tlp_parse(im->in->handling, &level));
    for (int marked = 0; marked < 2; marked++)
        for (int home = 0; home < 2; home++) {
            struct handling h = {.originator = im->in->originator,
                .tlp = marked ? STIX_TLP_CLEAR : level,
                .has_relto = home,
                .relto = &im->in->country,
                .n_relto = home};
            struct buf b = buf_in(im->in->arena, 4 * KIB);
            policy_handling_put(&b, &h);
            TRY(buf_end(&b, &im->handlings[marked][home]));
        }
    return ERR_OK;
}

// One look at the whole document, then another that stores.
static enum err look_and_store(struct import *im, struct fault *fault)
{
    im->sink = (struct format_sink){.object = pass_object, .loss = pass_loss, .ctx = im};
    TRY(import_read(im, fault));
    if (im->in->is_preview)
        return read_all(im, fault);
    *fault = (struct fault){.why = NULL};
    TRY(store_write(im->in->store, begin_work, im, STORE_NORMAL));
    im->out->import = im->row.id;
    TRY(read_and_commit(im, fault));
    im->out->same += im->same;
    return store_write(im->in->store, end_work, im, STORE_NORMAL);
}

static struct str explain(struct arena *a, bool is_stored, enum err e, const struct fault *f)
{
    if (e == ERR_CONFLICT)
        return STR("the import was undone while it ran");
    if (e == ERR_IO)
        return STR("the disk is full or failed; the node is read-only until it is restarted "
                   "with room");
    struct buf b = buf_in(a, 4 * KIB);
    buf_put(&b, is_stored ? STR("a part was stored: ") : STR("nothing was stored: "));
    if (f->why) {
        buf_put(&b, STR("byte "));
        buf_put_u64(&b, f->at);
        buf_put(&b, STR(": "));
    }
    buf_put(&b, str_of(f->why ? f->why : err_text(e)));
    return buf_str(&b);
}

enum err importing_run(
    const struct importing *in, struct importing_result *out, struct str *why)
{
    struct fault fault = {0};
    struct import im = {.in = in,
        .out = out,
        .fd = -1,
        .unpacked_fd = -1,
        .row = {.at_us = in->at_us ? in->at_us : clock_now_us(),
            .principal = in->principal,
            .name = in->name,
            .originator = in->originator,
            .handling = in->handling}};
    *out = (struct importing_result){.format = in->format};
    *why = STR("");
    TRY(set_handlings(&im));
    enum err e = import_open(&im, &fault);
    if (e == ERR_OK)
        e = look_and_store(&im, &fault);
    import_close(&im);
    if (e != ERR_OK)
        *why = explain(in->arena, out->import != 0, e, &fault);
    return e;
}
