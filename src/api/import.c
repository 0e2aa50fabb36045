// SPDX-License-Identifier: Apache-2.0
// One import: the body waits in a file. First the whole document is checked, so that a cut or
// malformed one stores nothing; then its objects are read on this thread and committed, batch
// by batch, by another. A bad object is refused alone.
#include "api/call.h"
#include "api/import_priv.h"
#include "sys/clock.h"
#include "sys/queue.h"
#include "json/split.h"

#include <pthread.h>
#include <unistd.h>

#define CHUNK_BYTES (256 * KIB)

// Feeds the spooled body to a splitter and hands each element to `take`.
static enum err each_element(struct import *im,
    enum err (*take)(struct import *, struct str, uint64_t), struct fault *fault)
{
    int fd = http_request_body_fd(im->call->request);
    struct json_splitter *splitter;
    char *chunk = NEW_N(im->call->arena, char, CHUNK_BYTES);
    TRY(chunk ? json_splitter_new(im->call->arena, STIX_OBJECT_BYTES_MAX, &splitter)
              : ERR_LIMIT);
    for (off_t at = 0;;) {
        ssize_t n = pread(fd, chunk, CHUNK_BYTES, at);
        if (n < 0)
            return ERR_IO;
        if (n == 0)
            return json_splitter_end(splitter, fault);
        at += n;
        json_splitter_feed(splitter, (struct str){chunk, (size_t)n});
        struct str element;
        uint64_t element_at;
        enum json_split got;
        while (
            (got = json_splitter_next(splitter, &element, &element_at)) == JSON_SPLIT_ELEMENT)
            TRY(take(im, element, element_at));
        if (got == JSON_SPLIT_FAILED)
            return json_splitter_fault(splitter, fault);
    }
}

static enum err count_element(struct import *im, struct str element, uint64_t at)
{
    (void)element, (void)at;
    im->read++;
    return ERR_OK;
}

static enum err hand_over(struct import *im)
{
    struct import_batch *full = im->batch;
    im->batch = NULL;
    if (queue_push(im->queue, full))
        return ERR_OK;
    import_batch_free(full);
    return im->commit_err; // the committing thread has stopped and closed the queue
}

static enum err add_element(struct import *im, struct str element, uint64_t at)
{
    if (!im->batch)
        TRY(import_batch_new(im));
    enum err e = import_batch_add(im, element, at);
    if (e == ERR_LIMIT && !import_batch_is_empty(im->batch)) {
        TRY(hand_over(im)); // the object may fit into a batch of its own
        TRY(import_batch_new(im));
        e = import_batch_add(im, element, at);
    }
    TRY(e);
    return import_batch_is_full(im->batch) ? hand_over(im) : ERR_OK;
}

static void *commit_batches(void *context)
{
    struct import *im = context;
    struct import_batch *batch;
    while ((batch = queue_pop(im->queue, -1))) {
        if (im->commit_err == ERR_OK)
            im->commit_err = import_batch_commit(im, batch);
        import_batch_free(batch);
        if (im->commit_err != ERR_OK)
            queue_close(im->queue);
    }
    return NULL;
}

static enum err read_and_commit(struct import *im, struct fault *fault)
{
    pthread_t committing;
    im->queue = queue_new(2);
    if (pthread_create(&committing, NULL, commit_batches, im) != 0) {
        queue_free(im->queue);
        return ERR_BUSY;
    }
    enum err e = each_element(im, add_element, fault);
    if (e == ERR_OK && im->batch && queue_push(im->queue, im->batch))
        im->batch = NULL;
    import_batch_free(im->batch);
    queue_close(im->queue);
    pthread_join(committing, NULL);
    queue_free(im->queue);
    return e == ERR_OK ? im->commit_err : e;
}

static enum err begin_work(struct store_txn *t, void *context)
{
    struct import *im = context;
    TRY(store_import_begin(t, &im->row, &im->row.id));
    return call_audit(im->call, t, "import.begin", im->row.name, STR(""));
}

static enum err end_work(struct store_txn *t, void *context)
{
    struct import *im = context;
    im->row.ended_us = clock_now_us();
    im->row.added = (int64_t)im->added;
    im->row.same = (int64_t)im->same;
    im->row.conflicts = (int64_t)im->conflicts;
    im->row.refused = (int64_t)im->refused;
    TRY(store_import_end(t, &im->row));
    return call_audit(im->call, t, "import.end", im->row.name, STR(""));
}

// The row handling of marked objects restricts nothing; that of unmarked ones is the importer's
// word.
static enum err set_handling(struct import *im, struct str level)
{
    struct handling h = {.originator = im->row.originator};
    struct buf marked = buf_in(im->call->arena, 4 * KIB),
               unmarked = buf_in(im->call->arena, 4 * KIB);
    policy_handling_put(&marked, &h);
    TRY(buf_end(&marked, &im->handling_marked));
    TRY(stix_tlp_parse(level, &h.tlp));
    policy_handling_put(&unmarked, &h);
    im->row.handling = level;
    return buf_end(&unmarked, &im->handling_unmarked);
}

static void put_problems(struct json_out *o, const struct import *im)
{
    json_put_key(o, STR("problems"));
    json_begin_array(o);
    for (const struct import_problem *p = im->problems; p; p = p->next) {
        json_begin_object(o);
        json_member_int(o, STR("at"), (int64_t)p->at);
        json_member_string(o, STR("rule"), p->rule);
        json_member_string(o, STR("text"), p->text);
        json_end_object(o);
    }
    json_end_array(o);
}

static void answer(struct import *im)
{
    struct buf b = call_buf(im->call);
    struct json_out o = json_out(&b);
    json_begin_object(&o);
    if (im->call->recipient.len == 0) // the number counts the imports of others too
        json_member_int(&o, STR("import"), im->row.id);
    json_member_int(&o, STR("read"), (int64_t)im->read);
    json_member_int(&o, STR("new"), (int64_t)im->added);
    json_member_int(&o, STR("same"), (int64_t)(im->same + im->builtin));
    json_member_int(&o, STR("conflict"), (int64_t)im->conflicts);
    json_member_int(&o, STR("refused"), (int64_t)im->refused);
    json_member_int(&o, STR("unmarked"), (int64_t)im->unmarked);
    json_member_string(&o, STR("handling"), im->row.handling);
    json_member_string(&o, STR("originator"), im->row.originator);
    put_problems(&o, im);
    json_end_object(&o);
    call_answer_json(im->call, &b);
}

static void fail_at(struct call *call, enum err e, const struct fault *fault)
{
    struct buf b = call_buf(call);
    buf_put(&b, STR("nothing was stored: byte "));
    buf_put_u64(&b, fault->at);
    buf_put(&b, STR(": "));
    buf_put(&b, str_of(fault->why));
    call_fail(call, e, buf_str(&b));
}

void api_import(struct call *call)
{
    struct import im = {
        .call = call, .row = {.at_us = clock_now_us(), .principal = call->principal}};
    struct str level = call_parameter(call, "handling");
    im.row.originator = call_parameter(call, "originator");
    im.row.name = call_parameter(call, "name");
    if (im.row.originator.len == 0)
        im.row.originator = call->node->party;
    // What a recipient inside our Participant imports is its own: apart from the node's rows.
    im.source = call->recipient.len ? call->recipient : im.row.originator;
    if (policy_party_check(im.row.originator) != ERR_OK) {
        call_fail(
            call, ERR_INVALID, STR("originator is a party id: 2 to 16 of a-z 0-9 and hyphen"));
        return;
    }
    if (set_handling(&im, level.len ? level : call->node->handling) != ERR_OK) {
        call_fail(
            call, ERR_INVALID, STR("handling is clear, green, amber, amber+strict or red"));
        return;
    }
    struct fault fault = {0};
    enum err e = each_element(&im, count_element, &fault);
    if (e != ERR_OK) {
        fail_at(call, e, fault.why ? &fault : &(struct fault){.why = err_text(e)});
        return;
    }
    e = store_write(call->node->store, begin_work, &im, STORE_NORMAL);
    if (e == ERR_OK)
        e = read_and_commit(&im, &fault);
    if (e == ERR_OK)
        e = store_write(call->node->store, end_work, &im, STORE_NORMAL);
    if (e != ERR_OK)
        call_fail(call, e,
            e == ERR_IO ? STR("the disk is full or failed; the node is read-only until it is "
                              "restarted with room")
            : e == ERR_CONFLICT ? STR("the import was undone while it ran")
                                : STR(""));
    else
        answer(&im);
}
