// SPDX-License-Identifier: Apache-2.0
// Folding a stricter handling into a row. The store cannot fold: it knows no policy.
#pragma once

#include "store/handling.h"

// The row's handling in force becomes the stricter of itself and `with->handling`, axis by
// axis; never looser. *changed (may be NULL) tells whether that is another one. A destroyed row
// is left as it is. ERR_INVALID when `with->handling` is no handling block.
enum err exchange_tighten(struct store_txn *t, int64_t seq, const struct store_tightening *with,
    bool *changed) MUST_USE;
