// SPDX-License-Identifier: Apache-2.0
// The state of one reading: what is taken out of an object that was checked.
#pragma once

#include "stix/check_priv.h"

struct object_reading {
    struct arena *arena;
    struct stix_object *object;
    const struct stix_node *pattern; // NULL when there is none, or none of ours
    struct stix_ref *refs;
    size_t n_refs, room_refs;
    struct str *values;
    size_t n_values, room_values;
};

// References at every depth.
enum err object_walk(struct object_reading *r) MUST_USE;
enum err object_collect_values(struct object_reading *r) MUST_USE;
