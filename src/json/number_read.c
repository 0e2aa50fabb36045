// SPDX-License-Identifier: Apache-2.0
// Decimal to double, exactly: by one operation on doubles where that rounds once, by whole
// numbers of any size elsewhere. Numbers are rare in intelligence, so that the second path may
// be slow, but it must be right.
#include "big_priv.h"
#include "number_priv.h"

#include <float.h>
#include <string.h>

// One operation means one rounding only when doubles are computed as doubles.
_Static_assert(FLT_EVAL_METHOD == 0, "doubles must not be computed with more precision");

#define POINT_MAX     310  // 0.1 x 10^310 is above the largest double
#define POINT_MIN     -330 // 10^-330 is below half the smallest
#define EXPONENT_MAX  100000
#define FAST_DIGITS   15 // every number of so many digits is a double
#define FAST_EXPONENT 22 // 10^22 is the largest power of ten that is a double

// digits x 10^exponent, the digits in text without sign, point and leading zeros.
struct decimal {
    char digits[128]; // base/limits.h JSON_NUMBER_BYTES_MAX
    int n;
    int exponent;
};

static int read_exponent(struct str text)
{
    bool is_negative = text.len && text.ptr[0] == '-';
    int value = 0;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] >= '0' && value < EXPONENT_MAX)
            value = value * 10 + (text.ptr[i] - '0');
    return is_negative ? -value : value;
}

static void read_decimal(struct str text, struct decimal *d)
{
    bool has_point = false;
    size_t i = 0;
    d->n = d->exponent = 0;
    for (; i < text.len && (text.ptr[i] | 0x20) != 'e'; i++) {
        char c = text.ptr[i];
        has_point |= c == '.';
        if (c < '0')
            continue; // the sign or the point
        if (d->n || c != '0')
            d->digits[d->n++] = c;
        d->exponent -= has_point;
    }
    d->exponent += read_exponent(str_from(text, i + 1));
    while (d->n && d->digits[d->n - 1] == '0') {
        d->n--;
        d->exponent++;
    }
}

static bool read_fast(const struct decimal *d, double *out)
{
    static const double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10,
        1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (d->n > FAST_DIGITS || d->exponent > FAST_EXPONENT || d->exponent < -FAST_EXPONENT)
        return false;
    int64_t value = 0;
    for (int i = 0; i < d->n; i++)
        value = value * 10 + (d->digits[i] - '0');
    if (d->exponent < 0)
        *out = (double)value / powers[-d->exponent];
    else
        *out = (double)value * powers[d->exponent];
    return true;
}

// Scales num / den into [1, 2); returns the exponent of the power of two taken out.
static int normalise(struct big *num, struct big *den)
{
    int exponent = (int)big_bits(num) - (int)big_bits(den);
    if (exponent >= 0)
        big_shift(den, (unsigned)exponent);
    else
        big_shift(num, (unsigned)-exponent);
    if (big_cmp(num, den) >= 0)
        return exponent;
    big_shift(num, 1);
    return exponent - 1;
}

// The bits of the double nearest to num / den; those of infinity when it is too large.
static uint64_t divide(struct big *num, struct big *den)
{
    int exponent = normalise(num, den);
    if (exponent > 1023)
        return (uint64_t)0x7FF << 52;
    if (exponent < -1075)
        return 0; // below half the smallest
    int bits = exponent >= -1022 ? 53 : exponent + 1075;
    uint64_t quotient = 0;
    for (int i = 0; i < bits; i++) {
        bool one = big_cmp(num, den) >= 0;
        quotient = quotient << 1 | one;
        if (one)
            big_sub(num, den);
        big_shift(num, 1);
    }
    int rest = big_cmp(num, den); // against half of the last bit
    quotient += rest > 0 || (rest == 0 && (quotient & 1));
    // The leading one of a normal number adds itself to the exponent, and so does a carry.
    return exponent >= -1022 ? ((uint64_t)(exponent + 1022) << 52) + quotient : quotient;
}

static uint64_t read_exact(const struct decimal *d)
{
    if (d->n == 0 || d->n + d->exponent < POINT_MIN)
        return 0;
    if (d->n + d->exponent > POINT_MAX)
        return (uint64_t)0x7FF << 52;
    struct big num, den;
    big_set(&num, 0);
    big_set(&den, 1);
    for (int i = 0; i < d->n; i++)
        big_mul_add(&num, 10, (uint32_t)(d->digits[i] - '0'));
    if (d->exponent >= 0)
        big_mul_pow10(&num, (unsigned)d->exponent);
    else
        big_mul_pow10(&den, (unsigned)-d->exponent);
    return divide(&num, &den);
}

enum err json_number_read(struct str text, double *out)
{
    struct decimal d;
    read_decimal(text, &d);
    double value;
    if (!read_fast(&d, &value)) {
        uint64_t bits = read_exact(&d);
        if (bits == (uint64_t)0x7FF << 52)
            return ERR_INVALID;
        memcpy(&value, &bits, sizeof value);
    }
    *out = text.ptr[0] == '-' ? -value : value;
    return ERR_OK;
}
