// SPDX-License-Identifier: Apache-2.0
// What an object was made from by a conversion: kept beside its bytes, erased with them. It
// never goes anywhere: what leaves is made from the object.
#pragma once

#include "store/object.h"

struct store_original {
    struct str format; // as the caller names it
    struct str bytes;  // as the document had them
};
enum err store_original_put(
    struct store_txn *t, int64_t seq, const struct store_original *original) MUST_USE;
// ERR_NOT_FOUND when the object came as it is, or was destroyed.
enum err store_original_get(
    struct store_txn *t, struct arena *a, int64_t seq, struct store_original *out) MUST_USE;
enum err store_original_erase(struct store_txn *t, int64_t seq) MUST_USE;
