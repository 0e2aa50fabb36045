// SPDX-License-Identifier: Apache-2.0
#include "base/sort.h"

#include "base/attr.h"

#include <stdbool.h>
#include <string.h>

struct order {
    size_t size;
    int (*compare)(const void *, const void *);
};

// Merges the sorted halves of `from` into `to`.
static void merge(
    const unsigned char *from, size_t half, size_t n, unsigned char *to, struct order by)
{
    size_t left = 0, right = half;
    for (size_t i = 0; i < n; i++) {
        const unsigned char *a = from + left * by.size, *b = from + right * by.size;
        if (right == n || (left < half && by.compare(a, b) <= 0))
            left++;
        else
            a = b, right++;
        memcpy(to + i * by.size, a, by.size);
    }
}

// Bottom up: runs of 1, 2, 4, ... items, between the two areas in turn.
void sort_items(
    void *items, void *spare, size_t n, size_t size, int (*compare)(const void *, const void *))
{
    unsigned char *from = items, *to = spare;
    for (size_t run = 1; run < n; run *= 2) {
        for (size_t at = 0; at < n; at += 2 * run) {
            size_t pair = n - at < 2 * run ? n - at : 2 * run;
            merge(from + at * size, run < pair ? run : pair, pair, to + at * size,
                (struct order){size, compare});
        }
        unsigned char *sorted = to;
        to = from;
        from = sorted;
    }
    if (from != items && n)
        memcpy(items, from, n * size);
}

// One byte of the numbers, lowest first. False when it is the same in all of them.
static bool sort_byte(const uint64_t *from, uint64_t *to, size_t n, unsigned shift)
{
    size_t starts[256] = {0}, at = 0;
    for (size_t i = 0; i < n; i++)
        starts[from[i] >> shift & 255]++;
    if (starts[from[0] >> shift & 255] == n)
        return false;
    for (size_t i = 0; i < LEN(starts); i++) {
        size_t count = starts[i];
        starts[i] = at;
        at += count;
    }
    for (size_t i = 0; i < n; i++)
        to[starts[from[i] >> shift & 255]++] = from[i];
    return true;
}

void sort_u64(uint64_t *items, uint64_t *spare, size_t n)
{
    uint64_t *from = items, *to = spare;
    for (unsigned shift = 0; n > 1 && shift < 64; shift += 8) {
        if (!sort_byte(from, to, n, shift))
            continue;
        uint64_t *sorted = to;
        to = from;
        from = sorted;
    }
    if (from != items)
        memcpy(items, from, n * sizeof *items);
}
