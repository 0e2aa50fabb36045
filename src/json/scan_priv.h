// SPDX-License-Identifier: Apache-2.0
// Skipping runs of bytes that mean nothing to the caller.
#pragma once

#include <stdbool.h>

// The first quote, backslash or control character from p on, or end. *has_high is set when a
// byte before it is not ASCII, else left alone.
const char *json_scan_text(const char *p, const char *end, bool *has_high);
// The first quote or backslash from p on, or end.
const char *json_scan_quote(const char *p, const char *end);
// The first quote or bracket of either kind from p on, or end.
const char *json_scan_bracket(const char *p, const char *end);
