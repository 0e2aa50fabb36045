// SPDX-License-Identifier: Apache-2.0
// The list of what was destroyed, for the store's writer.
#pragma once

#include "db/db.h"

#include <sys/types.h>

struct store_txn;

struct store_destroyed {
    bool is_kept; // a path was given
    int fd;
    off_t end;         // of the last whole line
    int64_t noted_seq; // of handling_event: later ones have no line yet
};

// Opens or makes the file, destroys again what it names and the store has back, in a
// transaction of its own. *fault says why not.
enum err store_destroyed_open(struct store_destroyed *d, struct store_txn *t, const char *path,
    struct fault *fault) MUST_USE;
void store_destroyed_close(struct store_destroyed *d);
// Before the commit of a group that destroyed something: its lines, durably.
enum err store_destroyed_note(struct store_destroyed *d, struct db *db) MUST_USE;
// After the commit.
enum err store_destroyed_committed(struct store_destroyed *d, struct db *db) MUST_USE;
