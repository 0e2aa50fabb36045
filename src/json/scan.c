// SPDX-License-Identifier: Apache-2.0
// Sixteen bytes at a time where the processor can, eight elsewhere; the rest one by one.
// JSON_SCAN_PORTABLE chooses the second, for tests.
#include "scan_priv.h"

#include <stdint.h>
#include <string.h>

static inline bool is_quote(unsigned char c)
{
    return c == '"' || c == '\\';
}

static inline bool is_text_stop(unsigned char c)
{
    return c < 0x20 || is_quote(c);
}

// [ and {, ] and } differ in one bit.
static inline bool is_bracket(unsigned char c)
{
    return c == '"' || (c | 0x20) == '{' || (c | 0x20) == '}';
}

#if defined(__SSE2__) && !defined(JSON_SCAN_PORTABLE)
#include <emmintrin.h>

#define STEP 16

static inline __m128i load(const char *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static inline __m128i equal(__m128i bytes, char byte)
{
    return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte));
}

// The three return a bit for each byte that stops.
static inline unsigned text_stops(const char *p, unsigned *high)
{
    __m128i bytes = load(p), last_control = _mm_set1_epi8(0x1F);
    __m128i control = _mm_cmpeq_epi8(_mm_max_epu8(bytes, last_control), last_control);
    __m128i quote = _mm_or_si128(equal(bytes, '"'), equal(bytes, '\\'));
    *high = (unsigned)_mm_movemask_epi8(bytes);
    return (unsigned)_mm_movemask_epi8(_mm_or_si128(quote, control));
}

static inline unsigned quote_stops(const char *p)
{
    __m128i bytes = load(p);
    return (unsigned)_mm_movemask_epi8(_mm_or_si128(equal(bytes, '"'), equal(bytes, '\\')));
}

static inline unsigned bracket_stops(const char *p)
{
    __m128i bytes = load(p), folded = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    __m128i bracket = _mm_or_si128(equal(folded, '{'), equal(folded, '}'));
    return (unsigned)_mm_movemask_epi8(_mm_or_si128(bracket, equal(bytes, '"')));
}

#else

#define STEP  8
#define ONES  0x0101010101010101u
#define HIGHS 0x8080808080808080u

static inline uint64_t load(const char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

// Not zero when a byte of the word is `byte`.
static inline uint64_t equal(uint64_t word, char byte)
{
    uint64_t zero = word ^ ONES * (unsigned char)byte;
    return (zero - ONES) & ~zero & HIGHS;
}

// A bit for the first byte that stops: each looks at the whole word before it looks for the
// byte.
static inline unsigned text_stops(const char *p, unsigned *high)
{
    uint64_t word = load(p), control = (word - ONES * 0x20) & ~word & HIGHS;
    *high = 0;
    for (unsigned i = 0; word & HIGHS && i < STEP; i++)
        *high |= (unsigned)((unsigned char)p[i] >> 7) << i;
    bool none = !(control | equal(word, '"') | equal(word, '\\'));
    for (unsigned i = 0; !none && i < STEP; i++)
        if (is_text_stop((unsigned char)p[i]))
            return 1u << i;
    return 0;
}

static inline unsigned quote_stops(const char *p)
{
    uint64_t word = load(p);
    bool none = !(equal(word, '"') | equal(word, '\\'));
    for (unsigned i = 0; !none && i < STEP; i++)
        if (is_quote((unsigned char)p[i]))
            return 1u << i;
    return 0;
}

static inline unsigned bracket_stops(const char *p)
{
    uint64_t word = load(p), folded = word | ONES * 0x20;
    bool none = !(equal(folded, '{') | equal(folded, '}') | equal(word, '"'));
    for (unsigned i = 0; !none && i < STEP; i++)
        if (is_bracket((unsigned char)p[i]))
            return 1u << i;
    return 0;
}

#endif

static inline unsigned first(unsigned stops)
{
    return (unsigned)__builtin_ctz(stops);
}

const char *json_scan_text(const char *p, const char *end, bool *has_high)
{
    for (; end - p >= STEP; p += STEP) {
        unsigned high, stops = text_stops(p, &high);
        if (stops)
            high &= (1u << first(stops)) - 1;
        *has_high |= high != 0;
        if (stops)
            return p + first(stops);
    }
    for (; p < end && !is_text_stop((unsigned char)*p); p++)
        *has_high |= (unsigned char)*p >= 0x80;
    return p;
}

const char *json_scan_quote(const char *p, const char *end)
{
    for (; end - p >= STEP; p += STEP) {
        unsigned stops = quote_stops(p);
        if (stops)
            return p + first(stops);
    }
    while (p < end && !is_quote((unsigned char)*p))
        p++;
    return p;
}

const char *json_scan_bracket(const char *p, const char *end)
{
    for (; end - p >= STEP; p += STEP) {
        unsigned stops = bracket_stops(p);
        if (stops)
            return p + first(stops);
    }
    while (p < end && !is_bracket((unsigned char)*p))
        p++;
    return p;
}
