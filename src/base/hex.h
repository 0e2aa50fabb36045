// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/buf.h"

// Lower case.
void hex_put(struct buf *b, const unsigned char *bytes, size_t n);
// Exactly n bytes from 2n digits; lower case only unless `any_case`.
enum err hex_parse(struct str text, bool any_case, unsigned char *out, size_t n) MUST_USE;
