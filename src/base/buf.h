// SPDX-License-Identifier: Apache-2.0
// A growing run of bytes in an arena, with a maximum and a sticky error: write many, check
// once.
#pragma once

#include "base/str.h"

struct buf {
    struct arena *arena;
    char *ptr;
    size_t len;
    size_t cap;
    size_t max_bytes;
    enum err err; // ERR_OK, or ERR_LIMIT past the maximum or the arena's limit; then writes do
                  // nothing
};

struct buf buf_in(struct arena *a, size_t max_bytes);
void buf_put(struct buf *b, struct str s);
void buf_put_byte(struct buf *b, char byte);
void buf_put_u64(struct buf *b, uint64_t n);   // decimal
void buf_put_i64(struct buf *b, int64_t n);    // decimal
void buf_put_u16be(struct buf *b, uint16_t n); // two bytes
void buf_put_u32be(struct buf *b, uint32_t n); // four bytes
void buf_put_u64be(struct buf *b, uint64_t n); // eight bytes
// The text so far; valid until the next write.
struct str buf_str(const struct buf *b);
// b->err, with the text in *out when it is ERR_OK.
enum err buf_end(const struct buf *b, struct str *out) MUST_USE;
