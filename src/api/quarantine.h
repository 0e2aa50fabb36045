// SPDX-License-Identifier: Apache-2.0
// Putting apart what comes in, until an officer accepts it (docs/formats/imports.md).
#pragma once

#include "api/call.h"

struct quarantine_how {
    struct str why;    // a sentence
    struct str reader; // who reads it once it is accepted: a recipient's key, or nobody
    struct str inbox;  // the collection that it was posted to, or none
};
enum err quarantine_put(
    struct store_txn *t, int64_t seq, int64_t at_us, const struct quarantine_how *how) MUST_USE;

void api_quarantine_list(struct call *call);
void api_quarantine_accept(struct call *call);
