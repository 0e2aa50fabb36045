// SPDX-License-Identifier: Apache-2.0
#include "base/sort.h"

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
