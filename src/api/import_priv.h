// SPDX-License-Identifier: Apache-2.0
// The state of one import, shared by its two threads: each field says whose it is.
#pragma once

#include "api/call.h"
#include "policy/handling.h"
#include "stix/object.h"
#include "store/import.h"
#include "sys/queue.h"

struct import_problem {
    struct import_problem *next;
    uint64_t at; // in the document
    struct str rule;
    struct str text;
};

// The first problems are reported in words, all of them are counted.
#define IMPORT_PROBLEMS_MAX 100

struct import_batch;

struct import {
    struct call *call;
    struct store_import row;
    struct str source;
    struct str handling_marked, handling_unmarked;
    struct queue *queue;
    struct import_batch *batch;                     // being filled; reading thread
    uint64_t read, refused, unmarked, builtin;      // reading thread
    struct import_problem *problems, *last_problem; // reading thread
    size_t n_problems;
    uint64_t added, same, conflicts; // committing thread until it is joined
    _Atomic enum err commit_err;
};

enum err import_batch_new(struct import *im) MUST_USE;
void import_batch_free(struct import_batch *batch); // NULL does nothing
// Reads one object into the batch, or counts and describes why it is refused. ERR_LIMIT: there
// is no room for it beside the others of the batch.
enum err import_batch_add(struct import *im, struct str element, uint64_t at) MUST_USE;
bool import_batch_is_full(const struct import_batch *batch);
bool import_batch_is_empty(const struct import_batch *batch);
enum err import_batch_commit(struct import *im, struct import_batch *batch) MUST_USE;
