// SPDX-License-Identifier: Apache-2.0
// Prints numbers for numbers.mjs to judge: "b BITS TEXT" for a double that was printed, "t TEXT
// CANONICAL" for a text that was read and printed. The sequence is always the same.
#include "json/canonical.h"

#include <string.h>

#define COUNT 200000

static uint64_t state = 0x9E3779B97F4A7C15u;

// xorshift64*
static uint64_t next_random(void)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * 0x2545F4914F6CDD1Du;
}

static unsigned below(unsigned n)
{
    return (unsigned)(next_random() >> 33) % n;
}

static double double_of(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void print_double(struct arena *a, uint64_t bits)
{
    struct arena_mark mark = arena_mark(a);
    struct buf text = buf_in(a, 100);
    if (json_number_put(&text, double_of(bits)) == ERR_OK)
        printf("b %016llx %.*s\n", (unsigned long long)bits, STR_ARG(buf_str(&text)));
    arena_rewind(a, mark);
}

static void print_text(struct arena *a, struct str text)
{
    struct arena_mark mark = arena_mark(a);
    struct json v;
    struct str canonical = STR("Infinity");
    if (json_parse(a, text, &v, NULL) == ERR_OK) {
        enum err e = json_canonical(a, v, &canonical);
        if (e == ERR_OK || e == ERR_INVALID)
            printf("t %.*s %.*s\n", STR_ARG(text), STR_ARG(canonical));
    }
    arena_rewind(a, mark);
}

// Any bits; near a power of two; near an integer of few digits.
static uint64_t random_bits(unsigned i)
{
    uint64_t exponent = (uint64_t)below(2047) << 52, near = below(9);
    switch (i % 4) {
    case 0:
        return exponent + near - 4;
    case 1:
        return exponent + (next_random() >> 12 << (below(52))) % (1ull << 52);
    default:
        return next_random();
    }
}

static struct str random_text(struct arena *a, unsigned i)
{
    struct buf b = buf_in(a, 200);
    unsigned digits = 1 + below(i % 3 ? 20 : 100);
    if (below(2))
        buf_put_byte(&b, '-');
    buf_put_byte(&b, (char)('1' + below(9)));
    buf_put_byte(&b, '.');
    for (unsigned d = 0; d < digits; d++)
        buf_put_byte(&b, (char)('0' + below(10)));
    buf_put_byte(&b, 'e');
    buf_put_i64(&b, (int64_t)below(i % 2 ? 60 : 660) - (i % 2 ? 30 : 335));
    return buf_str(&b);
}

// The text half-way between two doubles has all its digits: m + 1/2 below 2^53, and the same
// with a digit more.
static void print_half_way(struct arena *a)
{
    struct buf b = buf_in(a, 200);
    buf_put_u64(&b, (1ull << 53) + (next_random() >> 12 | 1));
    print_text(a, buf_str(&b));
    buf_put(&b, below(2) ? STR(".0000000000000000000000001") : STR(".0"));
    print_text(a, buf_str(&b));
}

int main(void)
{
    struct arena a;
    arena_init(&a, 1 << 20);
    struct arena_mark mark = arena_mark(&a);
    for (unsigned i = 0; i < COUNT; i++)
        print_double(&a, random_bits(i));
    for (uint64_t exponent = 0; exponent < 2047; exponent++)
        for (uint64_t near = 0; near < 5; near++)
            print_double(&a, (exponent << 52) + near - 2);
    for (unsigned i = 0; i < COUNT; i++) {
        print_text(&a, random_text(&a, i));
        if (i % 10 == 0)
            print_half_way(&a);
        arena_rewind(&a, mark);
    }
    for (int power = -330; power <= 310; power++) {
        struct buf b = buf_in(&a, 100);
        buf_put(&b, STR("1e"));
        buf_put_i64(&b, power);
        print_text(&a, buf_str(&b));
    }
    arena_release(&a);
    return 0;
}
