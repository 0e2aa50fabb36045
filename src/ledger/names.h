// SPDX-License-Identifier: Apache-2.0
// How keys and logs are named: parts joined by slashes.
#pragma once

#include "base/str.h"

// Whether `name` is the parts joined by slashes.
bool ledger_name_is(struct str name, const struct str *parts, size_t n);
// "<node>/<realm>/ledger/<party>/<epoch>". False when the name is another.
bool ledger_log_name(
    struct str name, struct str node, struct str realm, struct str *party, uint64_t *epoch);
