// SPDX-License-Identifier: Apache-2.0
// A row from an object that was read: the same for what is imported and what is received.
#pragma once

#include "stix/object.h"
#include "store/object.h"

// Fills id, type, bytes, values, refs, version, digest and what it is derived from; the rest of
// *out is zero and the caller's. `bytes` are those that the object was read from; everything
// lives as long as the object and the arena.
enum err store_object_of(struct arena *a, const struct stix_object *object, struct str bytes,
    struct store_object_in *out) MUST_USE;
