// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/buf.h"

// Standard alphabet, padded, no line breaks (RFC 4648 section 4).
void base64_put(struct buf *b, struct str bytes);
// Strict: padding required, no other byte, unused bits zero (RFC 4648 section 3.5). Result in
// the arena.
enum err base64_parse(struct arena *a, struct str text, struct str *out) MUST_USE;
// The same, for a value of exactly n bytes into the caller's memory.
enum err base64_parse_exact(struct str text, unsigned char *out, size_t n) MUST_USE;
