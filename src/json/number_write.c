// SPDX-License-Identifier: Apache-2.0
// Double to the shortest decimal that reads back, the nearest such, in ECMAScript's form (RFC
// 8785 section 3.2.2.3). The digits come one by one from exact arithmetic (Steele and White;
// Burger and Dybvig, "Printing Floating-Point Numbers Quickly and Accurately", section 3).
#include "big_priv.h"
#include "json/canonical.h"

#include <string.h>

#define DIGITS_MAX   17 // enough for every double
#define HIDDEN_BIT   (1ull << 52)
#define INTEGERS_MAX (1ll << 53) // all integers up to here are doubles

// 0.d1d2d3... x 10^point
struct digits {
    char text[DIGITS_MAX + 1];
    int n;
    int point;
};

// The value is rest / scale. Half the distance to the neighbours is above / scale and
// below / scale; what lies within reads back as the value, the ends too when it is even.
struct state {
    struct big rest, scale, above, below;
    bool is_even;
};

// mantissa x 2^exponent. The neighbour below is nearer when the mantissa is a power of two.
static void state_init(struct state *s, uint64_t mantissa, int exponent)
{
    bool is_uneven = mantissa == HIDDEN_BIT && exponent > -1074;
    unsigned up = exponent > 0 ? (unsigned)exponent : 0;
    unsigned down = exponent < 0 ? (unsigned)-exponent : 0;
    s->is_even = !(mantissa & 1);
    big_set(&s->rest, mantissa);
    big_shift(&s->rest, up + 1 + is_uneven);
    big_set(&s->scale, 1);
    big_shift(&s->scale, down + 1 + is_uneven);
    big_set(&s->below, 1);
    big_shift(&s->below, up);
    s->above = s->below;
    if (is_uneven)
        big_shift(&s->above, 1);
}

static bool reaches_scale(const struct state *s)
{
    struct big sum = s->rest;
    big_add(&sum, &s->above);
    int order = big_cmp(&sum, &s->scale);
    return order > 0 || (order == 0 && s->is_even);
}

// Divides by a power of ten, so that the first digit is the one behind the point; returns the
// power. `top_bit` is the place of the value's highest bit.
static int scale_to_point(struct state *s, int top_bit)
{
    // floor(top_bit x log10(2)): right for all doubles, since 78913 / 2^18 is 3e-8 too small.
    int point = (int)((int64_t)top_bit * 78913 >> 18) + 1;
    if (point >= 0) {
        big_mul_pow10(&s->scale, (unsigned)point);
    } else {
        big_mul_pow10(&s->rest, (unsigned)-point);
        big_mul_pow10(&s->above, (unsigned)-point);
        big_mul_pow10(&s->below, (unsigned)-point);
    }
    if (!reaches_scale(s))
        return point;
    big_mul_add(&s->scale, 10, 0);
    return point + 1;
}

static int next_digit(struct state *s)
{
    big_mul_add(&s->rest, 10, 0);
    big_mul_add(&s->above, 10, 0);
    big_mul_add(&s->below, 10, 0);
    int digit = 0;
    for (; big_cmp(&s->rest, &s->scale) >= 0; digit++)
        big_sub(&s->rest, &s->scale);
    return digit;
}

static void generate(struct state *s, struct digits *d)
{
    bool low, high; // this digit, or the one after it, is near enough to stop
    int digit;
    do {
        digit = next_digit(s);
        int order = big_cmp(&s->rest, &s->below);
        low = order < 0 || (order == 0 && s->is_even);
        high = reaches_scale(s);
        d->text[d->n++] = (char)('0' + digit);
    } while (!low && !high);
    bool round_up = high;
    if (low && high) { // both read back: the nearer, or the even one
        big_shift(&s->rest, 1);
        int order = big_cmp(&s->rest, &s->scale);
        round_up = order > 0 || (order == 0 && (digit & 1));
    }
    d->text[d->n - 1] = (char)(d->text[d->n - 1] + round_up);
}

static void put_zeros(struct buf *out, int n)
{
    for (int i = 0; i < n; i++)
        buf_put_byte(out, '0');
}

// ECMAScript, Number::toString.
static void put_digits(struct buf *out, const struct digits *d)
{
    struct str all = {d->text, (size_t)d->n};
    if (d->point > 21 || d->point < -5) {
        buf_put(out, str_to(all, 1));
        if (d->n > 1)
            buf_put_byte(out, '.');
        buf_put(out, str_from(all, 1));
        buf_put(out, d->point > 0 ? STR("e+") : STR("e"));
        buf_put_i64(out, d->point - 1);
    } else if (d->point <= 0) {
        buf_put(out, STR("0."));
        put_zeros(out, -d->point);
        buf_put(out, all);
    } else {
        buf_put(out, str_to(all, (size_t)d->point));
        put_zeros(out, d->point - d->n);
        if (d->point < d->n)
            buf_put_byte(out, '.');
        buf_put(out, str_from(all, (size_t)d->point));
    }
}

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

enum err json_number_put(struct buf *out, double value)
{
    uint64_t bits = bits_of(value);
    int biased = (int)(bits >> 52 & 0x7FF);
    uint64_t mantissa = bits & (HIDDEN_BIT - 1);
    if (biased == 0x7FF)
        return ERR_INVALID;
    if (value < (double)INTEGERS_MAX && value > -(double)INTEGERS_MAX &&
        (bits << 1 == 0 || bits_of((double)(int64_t)value) == bits)) {
        buf_put_i64(out, (int64_t)value); // minus zero is written as zero
        return out->err;
    }
    if (biased)
        mantissa += HIDDEN_BIT;
    else
        biased = 1;
    struct state s;
    struct digits d = {0};
    state_init(&s, mantissa, biased - 1075);
    d.point = scale_to_point(&s, biased - 1075 + 63 - __builtin_clzll(mantissa));
    generate(&s, &d);
    if (bits >> 63)
        buf_put_byte(out, '-');
    put_digits(out, &d);
    return out->err;
}
