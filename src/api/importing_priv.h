// SPDX-License-Identifier: Apache-2.0
// The state of one import, shared by its two threads: each field says whose it is.
#pragma once

#include "api/importing.h"
#include "policy/handling.h"
#include "stix/object.h"
#include "store/import.h"
#include "sys/queue.h"

struct import_batch;

struct import {
    const struct importing *in;
    struct importing_result *out;
    struct store_import row;
    struct str handlings[2][2];  // by "is marked" and "is kept home"
    int fd;                      // the unpacked document
    int unpacked_fd;             // the same when it had to be unpacked; else -1
    struct queue *queue;         // NULL: batches are told of, and not stored
    struct import_batch *batch;  // being filled; reading thread
    size_t n_problems, n_losses; // reading thread
    struct importing_problem *last_problem;
    struct importing_loss *last_loss;
    struct format_sink sink; // of the look under way; its ctx is this
    uint64_t same;           // rows that were there; committing thread until it is joined
    _Atomic enum err commit_err;
};

// The document, object by object, to im->take (importing_read.c). *fault has the position in
// the unpacked document.
enum err import_open(struct import *im, struct fault *fault) MUST_USE;
void import_close(struct import *im);
enum err import_read(struct import *im, struct fault *fault) MUST_USE;

enum err import_batch_new(struct import *im) MUST_USE;
void import_batch_free(struct import_batch *batch); // NULL does nothing
// Reads one object into the batch, or counts and describes why it is refused. ERR_LIMIT: there
// is no room for it beside the others of the batch.
enum err import_batch_add(struct import *im, const struct format_object *object) MUST_USE;
bool import_batch_is_full(const struct import_batch *batch);
bool import_batch_is_empty(const struct import_batch *batch);
// Stores the objects, unless this is a preview, then tells what came of each.
enum err import_batch_finish(struct import *im, struct import_batch *batch) MUST_USE;
