// SPDX-License-Identifier: Apache-2.0
// A cursor over binary data with a sticky error: read many, check once at the end.
#pragma once

#include "base/str.h"

struct reader {
    struct str data;
    size_t at;
    enum err err; // ERR_OK, or ERR_INVALID after a short read; later reads give zero and empty
};

struct reader reader_of(struct str data);
uint8_t read_u8(struct reader *r);
uint16_t read_u16be(struct reader *r);
uint32_t read_u32be(struct reader *r);
uint64_t read_u64be(struct reader *r);
struct str read_bytes(struct reader *r, size_t n);
// A u32be length of at most `max_bytes`, then as many bytes.
struct str read_block(struct reader *r, size_t max_bytes);
// Text up to and without the next newline; a missing newline is an error.
struct str read_line(struct reader *r);
bool reader_at_end(const struct reader *r);
// Leftover bytes are an error. Returns the sticky error.
enum err read_end(struct reader *r) MUST_USE;
