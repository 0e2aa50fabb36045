// SPDX-License-Identifier: Apache-2.0
// What was made from what, as far as objects say it: sightings, and relationships
// "derived-from".
#pragma once

#include "store/object.h"

// An object was recalled or destroyed: what was made from it, at any distance, goes onto the
// list of proposals (store/recall.h); what a machine made, through machines only, is
// quarantined at once and leaves every view. Again: nothing new.
enum err store_derived_cascade(
    struct store_txn *t, const struct store_object *origin, int64_t at_us) MUST_USE;

// What a row was made from, at any distance: the newest row of each source. A word counts that
// is our own or of a source that has the object it is about: nobody makes what others made
// stricter.
struct store_inputs_ask {
    struct str id, source; // of the row
    struct str self;       // our party
    size_t limit;
};
enum err store_derived_inputs(struct store_txn *t, struct arena *a,
    const struct store_inputs_ask *ask, struct store_objects *out) MUST_USE;
// Handling became stricter: what was made from it and somebody got is proposed for recall.
enum err store_derived_propose(
    struct store_txn *t, const struct store_object *origin, int64_t at_us) MUST_USE;

// What a row says that it, or the object that it speaks of, was made from; nothing for most.
enum err store_derived_insert(
    struct store_txn *t, int64_t seq, const struct store_object_in *in) MUST_USE;
