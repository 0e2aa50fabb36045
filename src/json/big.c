// SPDX-License-Identifier: Apache-2.0
#include "big_priv.h"

#include <assert.h>
#include <string.h>

static void push(struct big *b, uint32_t limb)
{
    assert(b->n < BIG_LIMBS);
    b->limbs[b->n++] = limb;
}

void big_set(struct big *b, uint64_t value)
{
    for (b->n = 0; value; value >>= 32)
        push(b, (uint32_t)value);
}

void big_mul_add(struct big *b, uint32_t factor, uint32_t addend)
{
    uint64_t carry = addend;
    for (unsigned i = 0; i < b->n; i++) {
        carry += (uint64_t)b->limbs[i] * factor;
        b->limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry)
        push(b, (uint32_t)carry);
}

void big_mul_pow10(struct big *b, unsigned exponent)
{
    static const uint32_t powers[] = {
        1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};
    for (; exponent >= 9; exponent -= 9)
        big_mul_add(b, powers[9], 0);
    big_mul_add(b, powers[exponent], 0);
}

void big_shift(struct big *b, unsigned bits)
{
    unsigned whole = bits / 32, part = bits % 32;
    if (b->n == 0)
        return;
    assert(b->n + whole <= BIG_LIMBS);
    memmove(b->limbs + whole, b->limbs, b->n * sizeof *b->limbs);
    memset(b->limbs, 0, whole * sizeof *b->limbs);
    b->n += whole;
    if (part)
        big_mul_add(b, (uint32_t)1 << part, 0);
}

void big_add(struct big *b, const struct big *other)
{
    uint64_t carry = 0;
    while (b->n < other->n)
        push(b, 0);
    for (unsigned i = 0; i < b->n && (i < other->n || carry); i++) {
        carry += (uint64_t)b->limbs[i] + (i < other->n ? other->limbs[i] : 0);
        b->limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry)
        push(b, (uint32_t)carry);
}

void big_sub(struct big *b, const struct big *other)
{
    uint32_t borrow = 0;
    for (unsigned i = 0; i < b->n; i++) {
        uint64_t take = (uint64_t)(i < other->n ? other->limbs[i] : 0) + borrow;
        borrow = b->limbs[i] < take;
        b->limbs[i] = (uint32_t)(b->limbs[i] - take);
    }
    assert(!borrow);
    while (b->n && b->limbs[b->n - 1] == 0)
        b->n--;
}

int big_cmp(const struct big *a, const struct big *b)
{
    if (a->n != b->n)
        return a->n < b->n ? -1 : 1;
    for (unsigned i = a->n; i-- > 0;)
        if (a->limbs[i] != b->limbs[i])
            return a->limbs[i] < b->limbs[i] ? -1 : 1;
    return 0;
}

unsigned big_bits(const struct big *b)
{
    return b->n ? 32 * b->n - (unsigned)__builtin_clz(b->limbs[b->n - 1]) : 0;
}
