// SPDX-License-Identifier: Apache-2.0
#define BANNED_EXCEPT_SYSTEM // the one home of heap memory
#include "base/arena.h"

#include "base/banned.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES_MIN (16 * 1024)
#define BLOCK_BYTES_MAX (1024 * 1024)

struct arena_block {
    struct arena_block *older;
    unsigned char *end;
    _Alignas(max_align_t) unsigned char bytes[];
};

void arena_init(struct arena *a, size_t limit_bytes)
{
    *a = (struct arena){.limit_bytes = limit_bytes};
}

static void drop_newest(struct arena *a)
{
    struct arena_block *block = a->newest;
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): a mark is of this arena
    a->newest = block->older;
    a->held_bytes -= (size_t)(block->end - (unsigned char *)block);
    free(block);
}

void arena_release(struct arena *a)
{
    while (a->newest)
        drop_newest(a);
    a->at = a->end = NULL;
}

// Blocks double with what is held, so that a large arena has few and a small one is small.
static int block_add(struct arena *a, size_t want)
{
    size_t bytes = a->held_bytes < BLOCK_BYTES_MIN ? BLOCK_BYTES_MIN : a->held_bytes;
    bytes = bytes > BLOCK_BYTES_MAX ? BLOCK_BYTES_MAX : bytes;
    if (want > SIZE_MAX / 2)
        return 0;
    want += sizeof(struct arena_block) + _Alignof(max_align_t);
    bytes = bytes < want ? want : bytes;
    size_t left = a->limit_bytes - a->held_bytes;
    if (bytes > left)
        bytes = left;
    if (bytes < want)
        return 0;
    struct arena_block *block = calloc(1, bytes);
    if (!block)
        abort(); // the limit was a promise to the operator
    block->older = a->newest;
    block->end = (unsigned char *)block + bytes;
    a->newest = block;
    a->held_bytes += bytes;
    a->at = block->bytes;
    a->end = block->end;
    return 1;
}

void *arena_alloc(struct arena *a, size_t n, size_t size, size_t align)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes))
        return NULL;
    size_t pad = a->at ? -(uintptr_t)a->at & (align - 1) : 0;
    if (!a->at || pad > (size_t)(a->end - a->at) || bytes > (size_t)(a->end - a->at) - pad) {
        if (!block_add(a, bytes))
            return NULL;
        pad = -(uintptr_t)a->at & (align - 1);
    }
    void *p = a->at + pad;
    a->at += pad + bytes;
    return p;
}

struct arena_mark arena_mark(const struct arena *a)
{
    return (struct arena_mark){.newest = a->newest, .at = a->at};
}

void arena_rewind(struct arena *a, struct arena_mark mark)
{
    unsigned char *used_to = a->at;
    while (a->newest != mark.newest) {
        drop_newest(a);
        used_to = a->newest ? a->newest->end : NULL;
    }
    a->at = mark.at;
    a->end = a->newest ? a->newest->end : NULL;
    if (a->at)
        memset(a->at, 0, (size_t)(used_to - a->at)); // memory from an arena is zeroed
}
