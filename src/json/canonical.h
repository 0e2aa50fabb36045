// SPDX-License-Identifier: Apache-2.0
// RFC 8785 (JCS): one text for equal values.
#pragma once

#include "json/json.h"

// Appends the canonical text of the value. ERR_INVALID for a number that a double cannot hold
// (1e400), ERR_LIMIT past the buffer or the arena, where up to four bytes a value stay as
// scratch.
enum err json_canonical_put(struct arena *a, struct json v, struct buf *out) MUST_USE;
// ERR_OK when the text is its own canonical form and holds no number but integers within
// +-(2^53 - 1): the form of ledger entries. ERR_INVALID otherwise, with *fault.
enum err json_canonical_check(
    struct arena *a, struct str text, struct json *out, struct fault *fault) MUST_USE;
// SHA-256 is the caller's; this is the text that digests are made of.
enum err json_canonical(struct arena *a, struct json v, struct str *out) MUST_USE;
// The shortest decimal that reads back to the same double, in ECMAScript's form (RFC 8785
// section 3.2.2.3). ERR_INVALID for NaN and infinities.
enum err json_number_put(struct buf *out, double value) MUST_USE;
