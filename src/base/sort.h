// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stddef.h>
#include <stdint.h>

// Sorts n items of `size` bytes, equal ones keeping their order. `spare` has room for as many.
void sort_items(void *items, void *spare, size_t n, size_t size,
    int (*compare)(const void *, const void *));
// Sorts numbers, smallest first; `spare` has room for as many.
void sort_u64(uint64_t *items, uint64_t *spare, size_t n);
