// SPDX-License-Identifier: Apache-2.0
// The state of one reading, shared by its three steps: check each property, walk the tree for
// references, collect values.
#pragma once

#include "stix/types_priv.h"

// One step on the way from the object to a value, for the text of a path.
struct object_path {
    const struct object_path *outer; // NULL at the object
    struct str key;                  // raw; empty for an item
    size_t index;                    // of an item
};

struct object_reading {
    struct arena *arena;
    struct stix_object *object;
    const struct stix_type *type; // NULL for a custom one
    unsigned column;
    bool may_be_empty; // in what the standard does not define, lists may be empty
    struct stix_ref *refs;
    size_t n_refs, room_refs;
    struct str *values;
    size_t n_values, room_values;
    struct stix_problem *problem;
};

// Fills the problem and returns ERR_INVALID.
struct object_fault {
    const char *rule, *why;
};
enum err object_refuse(struct object_reading *r, const struct object_path *path,
    struct json value, struct object_fault fault);

// NULL for a property that the standard does not define here.
const struct stix_property *object_property_find(
    const struct object_reading *r, struct str key, enum common_field *field);
enum err object_check_property(
    struct object_reading *r, const struct json_iter *it, struct str key) MUST_USE;
// A value of the letter, not a list.
enum err object_check_value(struct object_reading *r, const struct stix_property *property,
    const struct object_path *path, struct json value) MUST_USE;
// References at every depth, empty lists in what the standard defines.
enum err object_walk(struct object_reading *r) MUST_USE;
enum err object_collect_values(struct object_reading *r) MUST_USE;
