// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/buf.h"

// Position of the first byte that is not well-formed UTF-8 (Unicode table 3-7: no surrogates,
// no overlong forms, nothing above U+10FFFF), or s.len.
size_t utf8_invalid_at(struct str s);
// Decodes the character at *at (which must be valid UTF-8) and moves *at behind it.
uint32_t utf8_next(struct str s, size_t *at);
void utf8_put(struct buf *b, uint32_t code_point);
