// SPDX-License-Identifier: Apache-2.0
#include "format/warning_pattern_priv.h"

#include "base/limits.h"

#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define PATTERN_BYTES_MAX (4 * KIB)
#define NEST_MAX          64    // PCRE2 compiles by recursion
#define STEPS_MAX         10000 // of one match; 512 bytes against a usual pattern take hundreds
#define HEAP_KIB_MAX      1024

struct warning_pattern {
    pcre2_code *code;
    pcre2_match_context *limits;
    size_t bytes_min;  // what is shorter does not match
    unsigned char has; // what does not have this byte does not match; 0: not known
};

struct warning_matcher {
    pcre2_match_data *data;
};

static void *take(PCRE2_SIZE n, void *arena)
{
    return arena_alloc(arena, n, 1, _Alignof(max_align_t));
}

static void let_go(void *block, void *arena)
{
    (void)block; // the arena goes as a whole
    (void)arena;
}

// "/.../gi": what stands between the slashes, and the flags behind. Otherwise all of it.
static struct str expression_of(struct str entry, uint32_t *options)
{
    static const struct {
        char flag;
        uint32_t option;
    } flags[] = {{'g', 0}, {'i', PCRE2_CASELESS}, {'m', PCRE2_MULTILINE}, {'s', PCRE2_DOTALL},
        {'u', 0}, {'x', PCRE2_EXTENDED}};
    size_t end = entry.len;
    uint32_t given = 0;
    for (bool known = true; known && end > 1;) {
        known = false;
        for (size_t i = 0; i < LEN(flags) && !known; i++)
            if (entry.ptr[end - 1] == flags[i].flag) {
                given |= flags[i].option;
                known = true;
            }
        end -= known;
    }
    if (end < 2 || entry.ptr[0] != '/' || entry.ptr[end - 1] != '/')
        return entry;
    *options |= given;
    return str_to(str_from(entry, 1), end - 2);
}

// Most values are ruled out by these: to start a match takes longer. A letter may be meant in
// either case.
static void find_needs(struct warning_pattern *pattern)
{
    uint32_t characters = 0, type = 0, last = 0;
    if (pcre2_pattern_info(pattern->code, PCRE2_INFO_MINLENGTH, &characters) == 0)
        pattern->bytes_min = characters;
    bool is_known = pcre2_pattern_info(pattern->code, PCRE2_INFO_LASTCODETYPE, &type) == 0 &&
                    type == 1 &&
                    pcre2_pattern_info(pattern->code, PCRE2_INFO_LASTCODEUNIT, &last) == 0;
    bool is_letter = last < 0x80 && ascii_lower((char)(last | 0x20)) >= 'a' &&
                     ascii_lower((char)(last | 0x20)) <= 'z';
    if (is_known && last < 0x80 && !is_letter)
        pattern->has = (unsigned char)last;
}

enum err warning_pattern_compile(
    struct arena *kept, struct str entry, struct warning_pattern **out)
{
    uint32_t options = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C;
    struct str expression = expression_of(entry, &options);
    struct warning_pattern *pattern = NEW(kept, struct warning_pattern);
    pcre2_general_context *memory = pcre2_general_context_create(take, let_go, kept);
    pcre2_compile_context *limits = memory ? pcre2_compile_context_create(memory) : NULL;
    int error = 0;
    PCRE2_SIZE at = 0;
    if (!pattern || !limits)
        return ERR_LIMIT;
    pattern->limits = pcre2_match_context_create(memory);
    if (!pattern->limits)
        return ERR_LIMIT;
    pcre2_set_match_limit(pattern->limits, STEPS_MAX);
    pcre2_set_heap_limit(pattern->limits, HEAP_KIB_MAX);
    pcre2_set_max_pattern_length(limits, PATTERN_BYTES_MAX);
    pcre2_set_parens_nest_limit(limits, NEST_MAX);
    pattern->code =
        pcre2_compile((PCRE2_SPTR)expression.ptr, expression.len, options, &error, &at, limits);
    if (!pattern->code)
        return error == PCRE2_ERROR_HEAP_FAILED ? ERR_LIMIT : ERR_INVALID;
    find_needs(pattern);
    *out = pattern;
    return ERR_OK;
}

bool warning_pattern_may_match(const struct warning_pattern *pattern, struct str text)
{
    return text.len >= pattern->bytes_min &&
           (!pattern->has || memchr(text.ptr, pattern->has, text.len));
}

enum err warning_matcher_new(struct arena *a, struct warning_matcher **out)
{
    struct warning_matcher *matcher = NEW(a, struct warning_matcher);
    pcre2_general_context *memory = pcre2_general_context_create(take, let_go, a);
    if (!matcher || !memory)
        return ERR_LIMIT;
    matcher->data = pcre2_match_data_create(1, memory);
    *out = matcher;
    return matcher->data ? ERR_OK : ERR_LIMIT;
}

enum warning_match warning_pattern_match(
    const struct warning_pattern *pattern, struct warning_matcher *matcher, struct str text)
{
    int n = pcre2_match(pattern->code, (PCRE2_SPTR)text.ptr, text.len, 0, PCRE2_NO_UTF_CHECK,
        matcher->data, pattern->limits);
    if (n >= 0)
        return WARNING_MATCH_FOUND;
    return n == PCRE2_ERROR_NOMATCH ? WARNING_MATCH_NONE : WARNING_MATCH_UNDECIDED;
}
