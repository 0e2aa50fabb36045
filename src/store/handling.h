// SPDX-License-Identifier: Apache-2.0
// What happens to a row after it was stored: its state, its handling, and its end.
#pragma once

#include "store/object.h"

// Writes the state and an event of the state's name. ERR_CONFLICT for a destroyed row, and for
// STORE_DESTROYED (see store_object_destroy); the same state again changes nothing.
enum err store_object_set_state(struct store_txn *t, int64_t seq, enum store_state state,
    int64_t at_us, struct str detail) MUST_USE;

// Erases the index rows, then the bytes and the salts they were committed with, and leaves
// every view; the row and the ledger stay. After the commit the log is emptied by the
// checkpoint thread; store_checkpoint says when that is done. Again on a destroyed row: nothing
// changes.
enum err store_object_destroy(
    struct store_txn *t, int64_t seq, int64_t at_us, struct str detail) MUST_USE;

// The handling in force of a row from now on, which the caller has folded: as strict as the
// present one on every axis. An event "handling" says so and why (a short plain text), the row
// leaves every view, and when somebody got it from us its recall is proposed. The same handling
// again changes nothing; ERR_CONFLICT for a destroyed row.
struct store_tightening {
    struct str handling; // block, JCS
    struct str why;
    int64_t at_us;
};
enum err store_object_tighten(
    struct store_txn *t, int64_t seq, const struct store_tightening *to) MUST_USE;
