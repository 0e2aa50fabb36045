// SPDX-License-Identifier: Apache-2.0
// A store verified from end to end, and its derived rows made again. Both work on the file,
// without an open store: a check reads one snapshot and may run beside a node; a rebuild needs
// the file for itself.
#pragma once

#include "ledger/tree.h"
#include "store/problem.h"

// The newest head that the signer's journal holds for an origin.
struct store_signed_head {
    struct str origin;
    struct ledger_head head;
};

enum store_part {
    STORE_PART_FILE,
    STORE_PART_OBJECTS,
    STORE_PART_LEDGERS,
};

struct store_check {
    const char *path; // store.db
    // Without a journal (a backup) heads is NULL and has_journal false.
    const struct store_signed_head *heads;
    size_t n_heads;
    bool has_journal;
    // A node is at work: the journal may be older than the snapshot, never newer.
    bool is_served;
    // `where` ("log X entry 5") lives for the call.
    void (*report)(void *context, enum store_problem_id id, struct str where);
    // May be NULL. Called at each part's begin (0 of n) and then every few thousand rows.
    void (*progress)(void *context, enum store_part part, int64_t done, int64_t total);
    void *context;
};

struct store_checked {
    int64_t objects;
    int64_t entries;
    int64_t problems;
};
// Bounded memory, whatever the store holds. Problems are no errors: ERR_OK with a count.
// ERR_NOT_FOUND, ERR_CORRUPT when the file is no store of this version or so damaged that
// nothing can be read, ERR_IO; then *fault says why.
enum err store_check(
    const struct store_check *how, struct store_checked *out, struct fault *fault) MUST_USE;

// A copy of a store as one snapshot shows it, in a new file; see db_copy_file.
struct store_copy {
    const char *from, *to;
    void (*progress)(void *context, enum store_part part, int64_t done, int64_t total);
    void *context;
};
enum err store_copy(const struct store_copy *copy) MUST_USE;
// The ledgers in a file that no store has open, by id. Strings in the arena.
struct store_logs;
enum err store_logs_of_file(struct arena *a, const char *path, struct store_logs *out) MUST_USE;

// Makes again what docs/formats/store.md calls derived, in one transaction: all or nothing,
// and the same rows again from the same truth (S2). ERR_CORRUPT when bytes cannot be read: run
// the check. `progress` as above.
struct store_rebuild {
    const char *path;
    int64_t now_us; // of the audit event
    void (*progress)(void *context, enum store_part part, int64_t done, int64_t total);
    void *context;
};
enum err store_rebuild(
    const struct store_rebuild *how, struct store_checked *out, struct fault *fault) MUST_USE;
