// SPDX-License-Identifier: Apache-2.0
// Memory with one lifetime. A pointer parameter is borrowed for the call, a returned pointer
// lives in the arena passed. Arenas are named for their lifetime: process, request, scratch.
#pragma once

#include "base/attr.h"

#include <stddef.h>
#include <stdint.h>

struct arena_block;

// Zero is not a valid arena: use arena_init. One thread at a time.
struct arena {
    unsigned char *at;  // next free byte of the newest block
    unsigned char *end; // end of the newest block
    struct arena_block *newest;
    size_t held_bytes;  // taken from the system
    size_t limit_bytes; // never more than this is taken
};

// A point to go back to. Valid until an older mark is rewound to, or the arena is released.
struct arena_mark {
    struct arena_block *newest;
    unsigned char *at;
};

void arena_init(struct arena *a, size_t limit_bytes);
// Frees everything. The arena may be used again, empty, with the same limit.
void arena_release(struct arena *a);

// Zeroed memory for n items of `size` bytes, or NULL past the limit (ERR_LIMIT is then the
// caller's answer). The system refusing memory below the limit ends the process.
void *arena_alloc(struct arena *a, size_t n, size_t size, size_t align) MUST_USE;
#define NEW(a, type)      ((type *)arena_alloc((a), 1, sizeof(type), _Alignof(type)))
#define NEW_N(a, type, n) ((type *)arena_alloc((a), (n), sizeof(type), _Alignof(type)))

// Everything allocated after the mark is gone after the rewind.
struct arena_mark arena_mark(const struct arena *a);
void arena_rewind(struct arena *a, struct arena_mark mark);
