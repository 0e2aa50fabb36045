// SPDX-License-Identifier: Apache-2.0
// The keys of one object, in order.
#pragma once

#include "node_priv.h"

// A key decoded. `prefix` orders like its first eight bytes.
struct json_key {
    uint64_t prefix;
    const char *ptr;
    uint32_t len;
    uint32_t node; // of the key, counted from the object's own node
};

// The keys in the order of RFC 8785 section 3.2.3 (UTF-16 code units), equal ones in document
// order. The array and decoded text are in the arena. ERR_LIMIT past it.
enum err json_keys_sorted(struct arena *a, struct json object, struct json_key **out) MUST_USE;
// True when the keys are in that order already and none has an escape.
bool json_keys_in_order(struct json object);
// ERR_OK when all keys differ, ERR_INVALID with the position of the first key that repeats an
// earlier one, ERR_LIMIT past the arena, which is left as it was. The object may still be open:
// its count says which keys are there.
enum err json_keys_unique(struct arena *a, struct json object, size_t *repeated_at) MUST_USE;
