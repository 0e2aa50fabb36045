// SPDX-License-Identifier: Apache-2.0
// The values are sorted. A value that begins at a place of the text is the greatest value that
// is not after the text from there, or a prefix of it, so each place costs one binary search
// and a walk along prefixes. Long values are compared by their beginning alone.
#include "policy/leak.h"

#include "base/limits.h"
#include "base/sort.h"
#include "stix/value.h"

#define NO_VALUE SIZE_MAX

struct leak_value {
    struct str text; // normalised, its first STIX_VALUE_BYTES_MAX bytes
    struct str given;
    size_t prefix; // the longest other value that this one begins with, or NO_VALUE
};

static bool starts_any_case(struct str text, size_t at, struct str lower)
{
    for (size_t i = 0; i < lower.len; i++)
        if (at + i >= text.len || ascii_lower(text.ptr[at + i]) != lower.ptr[i])
            return false;
    return true;
}

// Without defanging, in lower case, composed. The scheme may stand anywhere in a text.
static enum err normalise(struct arena *a, struct str text, struct str *out)
{
    struct str plain, composed;
    TRY(stix_value_refang(a, text, &plain));
    struct buf b = buf_in(a, plain.len + 1);
    for (size_t i = 0; i < plain.len; i++) {
        bool is_scheme = starts_any_case(plain, i, STR("hxxp"));
        buf_put_byte(&b, ascii_lower(plain.ptr[i]));
        if (is_scheme) {
            buf_put(&b, STR("ttp"));
            i += 3;
        }
    }
    TRY(b.err);
    enum err e = stix_text_nfc(a, buf_str(&b), &composed);
    *out = e == ERR_OK ? composed : buf_str(&b); // text that is no UTF-8 stays as it is
    return e == ERR_INVALID ? ERR_OK : e;
}

static int by_text(const void *a, const void *b)
{
    const struct leak_value *left = a, *right = b;
    return str_cmp(left->text, right->text);
}

// The values that begin the one before it are the candidates for the one at hand.
static void prefixes_find(struct leak_value *items, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t prefix = i ? i - 1 : NO_VALUE;
        while (prefix != NO_VALUE && !str_starts(items[i].text, items[prefix].text))
            prefix = items[prefix].prefix;
        items[i].prefix = prefix;
    }
}

enum err policy_leaks_prepare(
    struct arena *a, const struct str *values, size_t n, struct policy_leaks *out)
{
    struct leak_value *items = NEW_N(a, struct leak_value, n + 1);
    struct leak_value *spare = NEW_N(a, struct leak_value, n + 1);
    size_t kept = 0, left = 0;
    if (!items || !spare)
        return ERR_LIMIT;
    for (size_t i = 0; i < n; i++) {
        struct leak_value value = {.given = values[i]};
        TRY(normalise(a, values[i], &value.text));
        value.text = str_to(value.text, STIX_VALUE_BYTES_MAX);
        if (value.text.len >= POLICY_LEAK_BYTES_MIN)
            items[kept++] = value;
    }
    sort_items(items, spare, kept, sizeof *items, by_text);
    for (size_t i = 0; i < kept; i++)
        if (left == 0 || !str_eq(items[left - 1].text, items[i].text))
            items[left++] = items[i];
    prefixes_find(items, left);
    *out = (struct policy_leaks){items, left};
    return ERR_OK;
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// Whether the text's neighbours let a value stand there.
static bool stands(struct str text, size_t at, const struct leak_value *value)
{
    size_t end = at + value->text.len;
    bool begins = at == 0 || !is_word_byte(text.ptr[at]) || !is_word_byte(text.ptr[at - 1]);
    bool is_cut = value->text.len == STIX_VALUE_BYTES_MAX;
    return begins && (end == text.len || is_cut || !is_word_byte(text.ptr[end - 1]) ||
                         !is_word_byte(text.ptr[end]));
}

static const struct leak_value *find_at(
    const struct policy_leaks *leaks, struct str text, size_t at)
{
    size_t low = 0, high = leaks->n;
    struct str rest = str_to(str_from(text, at), STIX_VALUE_BYTES_MAX);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_cmp(leaks->items[middle].text, rest) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t i = low ? low - 1 : NO_VALUE; i != NO_VALUE; i = leaks->items[i].prefix)
        if (str_starts(rest, leaks->items[i].text) && stands(text, at, &leaks->items[i]))
            return &leaks->items[i];
    return NULL;
}

static enum err text_scan(
    struct arena *a, const struct policy_leaks *leaks, struct str text, struct policy_leak *out)
{
    struct str plain;
    TRY(normalise(a, text, &plain));
    for (size_t at = 0; at < plain.len && !out->is_found; at++) {
        bool is_inside = at && is_word_byte(plain.ptr[at]) && is_word_byte(plain.ptr[at - 1]);
        const struct leak_value *value = is_inside ? NULL : find_at(leaks, plain, at);
        out->is_found = value != NULL;
        if (value)
            out->value = value->given;
    }
    return ERR_OK;
}

// NOLINTNEXTLINE(misc-no-recursion): no deeper than JSON_DEPTH_MAX
static enum err value_scan(
    struct arena *a, const struct policy_leaks *leaks, struct json v, struct policy_leak *out)
{
    struct str text;
    if (json_is(v, JSON_STRING)) {
        TRY(json_string(a, v, &text));
        return text_scan(a, leaks, text, out);
    }
    for (struct json_iter it = json_iter(v); json_next(&it) && !out->is_found;)
        TRY(value_scan(a, leaks, it.value, out));
    return ERR_OK;
}

enum err policy_leak_scan(struct arena *a, const struct policy_leaks *leaks, struct json object,
    struct policy_leak *out)
{
    static const struct str properties[] = {STR_INIT("name"), STR_INIT("description"),
        STR_INIT("content"), STR_INIT("abstract"), STR_INIT("explanation"), STR_INIT("pattern"),
        STR_INIT("external_references")};
    struct policy_leak leak = {0};
    for (size_t i = 0; i < LEN(properties) && !leak.is_found && leaks->n; i++) {
        struct json v;
        if (!json_get(object, properties[i], &v))
            continue;
        TRY(value_scan(a, leaks, v, &leak));
        if (leak.is_found)
            leak.property = properties[i];
    }
    *out = leak;
    return ERR_OK;
}

struct policy_decision policy_leak_decide(
    struct policy_decision decision, const struct policy_facts *facts, bool is_found)
{
    bool is_bound = decision.result == POLICY_PERMIT && decision.why != POLICY_RETURNED;
    return is_bound && is_found && facts->n_approvers == 0
               ? policy_decision(POLICY_NAMES_WITHHELD)
               : decision;
}
