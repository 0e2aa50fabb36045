// SPDX-License-Identifier: Apache-2.0
// The node's memory: one file, one writer thread, a few readers. Functions of the topic headers
// take a transaction: the one that store_write gives may read and write, the one of
// store_read_begin only reads (a write in it gives ERR_DENIED).
#pragma once

#include "base/str.h"

struct store;
struct store_txn;

struct store_config {
    const char *path;           // store.db; -wal and -shm stand beside it
    const char *destroyed_path; // the list of what was destroyed; NULL keeps none
    unsigned readers;           // read connections; 0 means 4
    unsigned write_cache_kib;   // 0 means 64 MiB
    unsigned read_cache_kib;    // of each reader; 0 means 2 MiB
};

// Creates or opens, brings the schema to this version, and destroys again what the list of the
// destroyed names (S3). *fault (may be NULL) says why not:
// ERR_DENIED and `at` = the version found when a newer program made the file, ERR_CORRUPT when
// it is no store, ERR_IO.
enum err store_open(
    const struct store_config *config, struct store **out, struct fault *fault) MUST_USE;
// Waits for what was queued; no thread may be in another function of this store.
void store_close(struct store *s);

enum store_priority {
    STORE_FLASH = -1, // of what is sent: before everything. Of work: as urgent
    STORE_URGENT,     // overtakes everything that waits
    STORE_NORMAL,
    STORE_BULK,
};

// Work runs on the writer's thread. It may run again from the start when its group could not
// commit as one, so it sets what it answers and never adds to it. An error undoes this work
// alone.
typedef enum err (*store_work)(struct store_txn *t, void *context);
// Returns when the work is durable (ERR_OK), undone (its own error), or when the disk failed:
// ERR_IO, and the store is read-only from then on. Never call it from work.
enum err store_write(
    struct store *s, store_work work, void *context, enum store_priority priority) MUST_USE;
// For work of many objects: true when something urgent waits and this group has had its 20 ms,
// or the group has grown long. The work then returns ERR_OK with what it has done, and the
// caller queues the rest.
bool store_should_yield(struct store_txn *t);

// A snapshot. Waits for a free reader, never for the writer; hold it no longer than one page.
enum err store_read_begin(struct store *s, struct store_txn **out) MUST_USE;
void store_read_end(struct store_txn *t);

// How many times the store may have changed since it was opened. What was read after this was
// asked for holds for as long as the number is the same; it grows before store_write returns.
uint64_t store_changes(struct store *s);

// A full disk, an I/O error or damage: an operator must act, then start again.
bool store_is_readonly(struct store *s);

// Moves the log into the file and empties it: after destruction, before a copy, when idle.
// ERR_BUSY when a reader stood in the way; the checkpoint thread tries again by itself.
enum err store_checkpoint(struct store *s) MUST_USE;

// For status.
struct store_counts {
    int64_t objects;      // rows, destroyed ones included
    int64_t not_in_force; // quarantined, recalled, destroyed
    int64_t values;       // postings of the value index
    int64_t links;
    int64_t payloads_pending;
    int64_t receipts_missing; // entries of all logs that want a receipt and have none
    int64_t recalls_open;
    int64_t recalls_proposed;
    int64_t audit_events;
};
enum err store_count(struct store_txn *t, struct store_counts *out) MUST_USE;
// Recalls past their deadline with something left to answer.
struct store_overdue {
    int64_t by_partners; // of our recalls
    int64_t by_us;
};
enum err store_count_overdue(
    struct store_txn *t, int64_t now_us, struct store_overdue *out) MUST_USE;
