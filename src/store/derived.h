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

// Ids that an object says it was made from, ascending, each once.
enum err store_derived_origins(
    struct store_txn *t, struct arena *a, struct str derived, struct store_texts *out) MUST_USE;
