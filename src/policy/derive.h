// SPDX-License-Identifier: Apache-2.0
// Handling of what is made from other objects: edits, translations, reports that quote a value,
// detections raised by a foreign indicator, sightings, counts. The strictest of all wins.
#pragma once

#include "policy/handling.h"

struct policy_inputs {
    const struct handling *items; // effective handlings, each with its originator
    size_t n;
};

// Folds the inputs into what the author itself says (`own`, whose originator stays). Each other
// originator of more than CLEAR, or under originator control, is named by a consent caveat
// (handling.h): R5 and R6 then ask for its grant too. `home` is empty, or the party that the
// object is to go to: its own inputs do not count, for they go home (R4), subject to the
// author's label.
enum err policy_derive(struct arena *a, const struct handling *own, struct policy_inputs inputs,
    struct str home, struct handling *out) MUST_USE;
