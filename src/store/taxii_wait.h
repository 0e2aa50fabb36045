// SPDX-License-Identifier: Apache-2.0
// Rows that the query of a TAXII view names and that could not enter it: an embargo is not
// over, what they refer to is not there, another source's row stands for them. A thread looks
// at each again when it is due. Whatever may change the answer makes it due, in the same
// transaction.
#pragma once

#include "store/membership.h"

#define STORE_TAXII_IDLE INT64_MAX // due when something changes, not before

// The view's name is the collection's id. A row that waits already gets the new time.
enum err store_taxii_wait_put(struct store_txn *t, const struct store_view *view,
    int64_t object_seq, int64_t due_us) MUST_USE;
// It waits no longer. It did not wait: nothing changes.
enum err store_taxii_wait_drop(
    struct store_txn *t, const struct store_view *view, int64_t object_seq) MUST_USE;
// None of the view waits any longer.
enum err store_taxii_wait_clear(struct store_txn *t, const struct store_view *view) MUST_USE;
enum err store_taxii_wait_any(
    struct store_txn *t, const struct store_view *view, bool *out) MUST_USE;
// Rows that are due, in the order of their arrival, at most `limit`.
enum err store_taxii_wait_due(struct store_txn *t, struct arena *a,
    const struct store_view *view, int64_t now_us, size_t limit,
    struct store_objects *out) MUST_USE;
// Rows that wait and are not due, and refer to an object.
enum err store_taxii_wait_referring(struct store_txn *t, struct arena *a,
    const struct store_view *view, int64_t object_seq, struct store_seqs *out) MUST_USE;

// For store alone: what may let a row in has changed. Of the row itself; of the rows of its id,
// when it has left a view; of all rows for a party and its own recipients.
enum err store_taxii_wait_wake(struct store_txn *t, int64_t object_seq) MUST_USE;
enum err store_taxii_wait_wake_others(
    struct store_txn *t, const struct store_view *view, int64_t object_seq) MUST_USE;
enum err store_taxii_wait_wake_party(struct store_txn *t, struct str party) MUST_USE;
