// SPDX-License-Identifier: Apache-2.0
#include "keys_priv.h"

#include <string.h>

// Objects up to this size are checked by comparing all pairs of signatures.
#define PAIRS_MAX 24u

// UTF-8 sorts like code points. UTF-16 puts the surrogates, which stand for what is above
// U+FFFF (first byte F0 to F4), below U+E000 to U+FFFF (first byte EE or EF); no other byte of
// valid UTF-8 is as high.
static unsigned utf16_rank(unsigned char byte)
{
    if (byte < 0xEE)
        return byte;
    return byte >= 0xF0 ? byte - 2u : byte + 5u;
}

static uint64_t prefix_of(const char *ptr, size_t len)
{
    uint64_t word = 0;
    for (size_t i = 0; i < 8; i++)
        word = word << 8 | (i < len ? utf16_rank((unsigned char)ptr[i]) : 0);
    return word;
}

static int key_cmp(const struct json_key *a, const struct json_key *b)
{
    if (a->prefix != b->prefix)
        return a->prefix < b->prefix ? -1 : 1;
    size_t n = a->len < b->len ? a->len : b->len;
    if (n > 8 && memcmp(a->ptr + 8, b->ptr + 8, n - 8) != 0) {
        size_t i = 8;
        while (a->ptr[i] == b->ptr[i])
            i++;
        unsigned left = utf16_rank((unsigned char)a->ptr[i]);
        return left < utf16_rank((unsigned char)b->ptr[i]) ? -1 : 1;
    }
    return (a->len > b->len) - (a->len < b->len);
}

static enum err key_decode(
    struct arena *a, const char *text, const struct json_node *node, struct json_key *key)
{
    struct str raw = json_raw(text, node);
    if (node->has_escape) {
        char *decoded = NEW_N(a, char, raw.len);
        if (!decoded)
            return ERR_LIMIT;
        raw = (struct str){decoded, json_decode(raw, decoded)};
    }
    key->prefix = prefix_of(raw.ptr, raw.len);
    key->ptr = raw.ptr;
    key->len = (uint32_t)raw.len;
    return ERR_OK;
}

// Merges the sorted halves of `from` into `to`; the left one goes first among equals.
static void merge(const struct json_key *from, size_t half, size_t n, struct json_key *to)
{
    size_t left = 0, right = half;
    for (size_t i = 0; i < n; i++) {
        bool take_left = right == n || (left < half && key_cmp(&from[left], &from[right]) <= 0);
        to[i] = from[take_left ? left++ : right++];
    }
}

// Bottom up. Each pass compares each byte of a key at most twice, so that no choice of keys
// costs more than their length times the number of passes.
static struct json_key *sort(struct json_key *keys, struct json_key *spare, size_t n)
{
    for (size_t run = 1; run < n; run *= 2) {
        for (size_t at = 0; at < n; at += 2 * run) {
            size_t pair = n - at < 2 * run ? n - at : 2 * run;
            merge(keys + at, run < pair ? run : pair, pair, spare + at);
        }
        struct json_key *merged = spare;
        spare = keys;
        keys = merged;
    }
    return keys;
}

enum err json_keys_sorted(struct arena *a, struct json object, struct json_key **out)
{
    size_t n = object.node->count;
    struct json_key *keys = NEW_N(a, struct json_key, n);
    struct json_key *spare = NEW_N(a, struct json_key, n);
    if (!keys || !spare)
        return ERR_LIMIT;
    const struct json_node *node = object.node + 1;
    for (size_t i = 0; i < n; i++) {
        keys[i].node = (uint32_t)(node - object.node);
        TRY(key_decode(a, object.text, node, &keys[i]));
        if (i + 1 < n) // the last value of an open object is not complete
            node += 1 + node[1].skip;
    }
    *out = sort(keys, spare, n);
    return ERR_OK;
}

bool json_keys_in_order(struct json object)
{
    struct json_key last = {0};
    const struct json_node *node = object.node + 1;
    for (size_t i = 0; i < object.node->count; i++) {
        struct str raw = json_raw(object.text, node);
        struct json_key key = {.ptr = raw.ptr, .len = (uint32_t)raw.len};
        key.prefix = prefix_of(raw.ptr, raw.len);
        if (node->has_escape || (i && key_cmp(&last, &key) > 0))
            return false;
        last = key;
        node += 1 + node[1].skip;
    }
    return true;
}

static uint64_t word_at(const char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

// Differs for keys of different length and, up to sixteen bytes, for most that differ at all.
static uint64_t signature(struct str key)
{
    if (key.len >= 8)
        return (word_at(key.ptr) * 3 + word_at(key.ptr + key.len - 8)) * 0x9E3779B97F4A7C15u +
               key.len;
    uint64_t word = 0;
    for (size_t i = 0; i < key.len; i++)
        word = word << 8 | (unsigned char)key.ptr[i];
    return word << 8 | key.len;
}

// False when two keys may be equal, or one has an escape.
static bool all_differ(struct json object)
{
    uint64_t seen[PAIRS_MAX];
    size_t n = object.node->count;
    const struct json_node *node = object.node + 1;
    for (size_t i = 0; i < n; i++) {
        if (node->has_escape)
            return false;
        seen[i] = signature(json_raw(object.text, node));
        bool found = false;
        for (size_t j = 0; j < i; j++)
            found |= seen[j] == seen[i];
        if (found)
            return false;
        if (i + 1 < n)
            node += 1 + node[1].skip;
    }
    return true;
}

enum err json_keys_unique(struct arena *a, struct json object, size_t *repeated_at)
{
    size_t n = object.node->count;
    if (n < 2 || (n <= PAIRS_MAX && all_differ(object)))
        return ERR_OK;
    struct arena_mark mark = arena_mark(a);
    struct json_key *keys;
    enum err e = json_keys_sorted(a, object, &keys);
    size_t first = SIZE_MAX;
    for (size_t i = 1; e == ERR_OK && i < n; i++) {
        size_t at = object.node[keys[i].node].at;
        if (key_cmp(&keys[i - 1], &keys[i]) == 0 && at < first)
            first = at;
    }
    arena_rewind(a, mark);
    if (e != ERR_OK || first == SIZE_MAX)
        return e;
    *repeated_at = first;
    return ERR_INVALID;
}
