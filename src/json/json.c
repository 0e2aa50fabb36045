// SPDX-License-Identifier: Apache-2.0
// Access to what the reader left: nodes and text are known to be valid here.
#include "node_priv.h"
#include "number_priv.h"

#include "base/utf8.h"

#include <assert.h>
#include <string.h>

#define INT_BYTES_MAX 17 // a sign and the 16 digits of 2^53 - 1
#define INT_MAX_SAFE  9007199254740991

int32_t json_hex4(const char *p)
{
    int32_t value = 0;
    for (int i = 0; i < 4; i++) {
        char c = ascii_lower(p[i]);
        if (c >= '0' && c <= '9')
            value = value << 4 | (c - '0');
        else if (c >= 'a' && c <= 'f')
            value = value << 4 | (c - 'a' + 10);
        else
            return -1;
    }
    return value;
}

struct str json_raw(const char *text, const struct json_node *string)
{
    return (struct str){text + string->at + 1, string->bytes - 2u};
}

// The character of the escape at raw[*at], which is a backslash; moves *at behind it.
static uint32_t escape_next(struct str raw, size_t *at)
{
    const char *p = raw.ptr + *at;
    static const char names[] = "bfnrt", values[] = "\b\f\n\r\t";
    if (p[1] != 'u') {
        const char *name = memchr(names, p[1], sizeof names - 1);
        *at += 2;
        return (unsigned char)(name ? values[name - names] : p[1]);
    }
    uint32_t unit = (uint32_t)json_hex4(p + 2);
    *at += 6;
    if (unit < 0xD800 || unit > 0xDFFF)
        return unit;
    *at += 6;
    return 0x10000 + ((unit - 0xD800) << 10) + ((uint32_t)json_hex4(p + 8) - 0xDC00);
}

// NOLINTNEXTLINE(readability-non-const-parameter): it is written by utf8 below
struct str json_piece_next(struct str raw, size_t *at, char character[static 4])
{
    const char *from = raw.ptr + *at;
    const char *escape = memchr(from, '\\', raw.len - *at);
    if (escape != from) {
        size_t n = escape ? (size_t)(escape - from) : raw.len - *at;
        *at += n;
        return (struct str){from, n};
    }
    struct buf b = {.ptr = character, .cap = 4, .max_bytes = 4};
    utf8_put(&b, escape_next(raw, at));
    return buf_str(&b);
}

size_t json_decode(struct str raw, char *out)
{
    size_t len = 0;
    for (size_t at = 0; at < raw.len;) {
        char character[4];
        struct str piece = json_piece_next(raw, &at, character);
        memcpy(out + len, piece.ptr, piece.len);
        len += piece.len;
    }
    return len;
}

bool json_raw_eq(struct str raw, bool has_escape, struct str plain)
{
    if (!has_escape)
        return str_eq(raw, plain);
    for (size_t at = 0; at < raw.len;) {
        char character[4];
        struct str piece = json_piece_next(raw, &at, character);
        if (!str_starts(plain, piece))
            return false;
        plain = str_from(plain, piece.len);
    }
    return plain.len == 0;
}

enum json_type json_type(struct json v)
{
    return (enum json_type)v.node->type;
}

struct str json_span(struct json v)
{
    return (struct str){v.text + v.node->at, v.node->bytes};
}

size_t json_at(struct json v)
{
    return v.node->at;
}

size_t json_len(struct json v)
{
    return v.node->count;
}

bool json_is(struct json v, enum json_type type)
{
    return json_type(v) == type;
}

bool json_is_string(struct json v, struct str plain)
{
    return json_is(v, JSON_STRING) &&
           json_raw_eq(json_raw(v.text, v.node), v.node->has_escape, plain);
}

bool json_get(struct json v, struct str key, struct json *out)
{
    size_t members = json_is(v, JSON_OBJECT) ? v.node->count : 0;
    const struct json_node *node = v.node + 1;
    for (size_t i = 0; i < members; i++) {
        if (json_raw_eq(json_raw(v.text, node), node->has_escape, key)) {
            *out = (struct json){node + 1, v.text};
            return true;
        }
        node += 1 + node[1].skip;
    }
    return false;
}

static enum err decode(struct arena *a, struct str raw, bool has_escape, struct str *out)
{
    if (!has_escape) {
        *out = raw;
        return ERR_OK;
    }
    char *text = NEW_N(a, char, raw.len);
    if (!text)
        return ERR_LIMIT;
    *out = (struct str){text, json_decode(raw, text)};
    return ERR_OK;
}

enum err json_string(struct arena *a, struct json v, struct str *out)
{
    if (!json_is(v, JSON_STRING))
        return ERR_INVALID;
    return decode(a, json_raw(v.text, v.node), v.node->has_escape, out);
}

enum err json_int(struct json v, int64_t *out)
{
    struct str text = json_span(v);
    if (!json_is(v, JSON_NUMBER) || text.len > INT_BYTES_MAX)
        return ERR_INVALID;
    bool is_negative = text.ptr[0] == '-';
    uint64_t n;
    if (str_to_u64(str_from(text, is_negative), &n) != ERR_OK || n > INT_MAX_SAFE)
        return ERR_INVALID;
    *out = is_negative ? -(int64_t)n : (int64_t)n;
    return ERR_OK;
}

enum err json_double(struct json v, double *out)
{
    return json_is(v, JSON_NUMBER) ? json_number_read(json_span(v), out) : ERR_INVALID;
}

bool json_bool(struct json v, bool *out)
{
    if (!json_is(v, JSON_TRUE) && !json_is(v, JSON_FALSE))
        return false;
    *out = json_is(v, JSON_TRUE);
    return true;
}

struct json_iter json_iter(struct json v)
{
    struct json_iter it = {.value = v};
    it.left = v.node->count;
    it.next = v.node + 1;
    it.is_object = json_is(v, JSON_OBJECT);
    return it;
}

bool json_next(struct json_iter *it)
{
    if (!it->left)
        return false;
    it->left--;
    const struct json_node *node = it->next;
    if (it->is_object) {
        it->key = json_raw(it->value.text, node);
        it->key_has_escape = node->has_escape;
        node++;
    }
    it->value.node = node;
    it->next = node + node->skip;
    return true;
}

enum err json_key(struct arena *a, const struct json_iter *it, struct str *out)
{
    return decode(a, it->key, it->key_has_escape, out);
}
