// SPDX-License-Identifier: Apache-2.0
// Instants as microseconds since 1970-01-01T00:00:00Z, without leap seconds.
#pragma once

#include "base/buf.h"

#define US_PER_S  INT64_C(1000000)
#define US_PER_MS INT64_C(1000)

// RFC 3339 in UTC with `Z`, upper case, any number of fraction digits; digits beyond the sixth
// are cut. Years 0000 to 9999; second 60 is read as the next second. ERR_INVALID for anything
// else.
enum err time_parse(struct str text, int64_t *out_us) MUST_USE;
// Exactly six fraction digits: 2026-11-23T18:00:00.000000Z (the ledger's `time`).
void time_put(struct buf *b, int64_t us);
