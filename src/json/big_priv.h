// SPDX-License-Identifier: Apache-2.0
// Whole numbers of up to 2048 bits, for conversions that must be exact. The largest that occurs
// is below 1600 bits: 10^458 shifted by 53, when a number of 128 digits is near the smallest
// double.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define BIG_LIMBS 64

struct big {
    uint32_t limbs[BIG_LIMBS]; // lowest first; those from n on mean nothing
    unsigned n;                // without leading zeros; 0 for zero
};

void big_set(struct big *b, uint64_t value);
void big_mul_add(struct big *b, uint32_t factor, uint32_t addend);
void big_mul_pow10(struct big *b, unsigned exponent);
void big_shift(struct big *b, unsigned bits); // to the left
void big_add(struct big *b, const struct big *other);
void big_sub(struct big *b, const struct big *other); // other is not the larger
int big_cmp(const struct big *a, const struct big *b);
unsigned big_bits(const struct big *b); // length in bits; 0 for zero
