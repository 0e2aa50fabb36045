// SPDX-License-Identifier: Apache-2.0
#include "json/canonical.h"

#include "keys_priv.h"
#include "number_priv.h"
#include "json/write.h"

#include "base/limits.h"

#include <assert.h>
#include <string.h>

#define EXACT_DIGITS 15 // integers of so many digits are doubles and print as they stand

// A container that is being written.
struct level {
    const struct json_node *container;
    const struct json_node *at; // the next key or item
    uint32_t left;              // members or items to write
};

struct writer {
    struct arena *arena;
    struct buf *out;
    const char *text;
    const struct json_node *root;
    // By node: for an object whose keys are not in order, its first key; for a key of it, the
    // next one. 0 elsewhere. NULL when all objects are in order.
    uint32_t *order;
    unsigned depth;
    struct level levels[JSON_DEPTH_MAX];
};

static enum err order_object(struct writer *w, const struct json_node *object)
{
    if (object->count < 2 || json_keys_in_order((struct json){object, w->text}))
        return ERR_OK;
    if (!w->order)
        w->order = NEW_N(w->arena, uint32_t, w->root->skip);
    if (!w->order)
        return ERR_LIMIT;
    struct arena_mark mark = arena_mark(w->arena);
    struct json_key *keys;
    enum err e = json_keys_sorted(w->arena, (struct json){object, w->text}, &keys);
    uint32_t base = (uint32_t)(object - w->root), last = base;
    for (uint32_t i = 0; e == ERR_OK && i < object->count; i++) {
        w->order[last] = base + keys[i].node;
        last = base + keys[i].node;
    }
    arena_rewind(w->arena, mark);
    return e;
}

static enum err order_all(struct writer *w)
{
    for (uint32_t i = 0; i < w->root->skip; i++)
        if (w->root[i].type == JSON_OBJECT)
            TRY(order_object(w, &w->root[i]));
    return ERR_OK;
}

// A string without escapes is canonical as it stands: what must be escaped was.
static void put_string(struct writer *w, const struct json_node *node)
{
    if (!node->has_escape) {
        buf_put(w->out, json_span((struct json){node, w->text}));
        return;
    }
    struct str raw = json_raw(w->text, node);
    buf_put_byte(w->out, '"');
    for (size_t at = 0; at < raw.len;) {
        char character[4];
        struct str piece = json_piece_next(raw, &at, character);
        if (piece.ptr == character)
            json_put_escaped(w->out, piece);
        else
            buf_put(w->out, piece);
    }
    buf_put_byte(w->out, '"');
}

static enum err put_number(struct writer *w, const struct json_node *node)
{
    struct str text = json_span((struct json){node, w->text});
    size_t digits = text.ptr[0] != '-' ? 0 : 1;
    bool is_zero = text.ptr[digits] == '0';
    while (digits < text.len && text.ptr[digits] >= '0' && text.ptr[digits] <= '9')
        digits++;
    if (digits == text.len && text.len <= EXACT_DIGITS && (!is_zero || text.len == 1)) {
        buf_put(w->out, text);
        return ERR_OK;
    }
    double value;
    TRY(json_number_read(text, &value));
    return json_number_put(w->out, value);
}

static void begin(struct writer *w, const struct json_node *node)
{
    const struct json_node *first = node + 1;
    if (w->order && w->order[node - w->root])
        first = w->root + w->order[node - w->root];
    assert(w->depth < JSON_DEPTH_MAX); // the reader's limit
    w->levels[w->depth++] = (struct level){node, first, node->count};
    buf_put_byte(w->out, node->type == JSON_OBJECT ? '{' : '[');
}

static enum err put_value(struct writer *w, const struct json_node *node)
{
    switch ((enum json_type)node->type) {
    case JSON_STRING:
        put_string(w, node);
        return ERR_OK;
    case JSON_NUMBER:
        return put_number(w, node);
    case JSON_OBJECT:
    case JSON_ARRAY:
        begin(w, node);
        return ERR_OK;
    case JSON_NULL:
    case JSON_FALSE:
    case JSON_TRUE:
        break;
    }
    buf_put(w->out, json_span((struct json){node, w->text}));
    return ERR_OK;
}

// The key and its colon; returns the value and moves on.
static const struct json_node *put_key(struct writer *w, struct level *level)
{
    const struct json_node *key = level->at;
    level->at = key + 1 + key[1].skip;
    if (w->order && w->order[level->container - w->root])
        level->at = w->root + w->order[key - w->root];
    put_string(w, key);
    buf_put_byte(w->out, ':');
    return key + 1;
}

static const struct json_node *next_child(struct writer *w)
{
    struct level *level = &w->levels[w->depth - 1];
    if (level->left != level->container->count)
        buf_put_byte(w->out, ',');
    level->left--;
    if (level->container->type == JSON_OBJECT)
        return put_key(w, level);
    const struct json_node *item = level->at;
    level->at += item->skip;
    return item;
}

enum err json_canonical_put(struct arena *a, struct json v, struct buf *out)
{
    struct writer w = {.arena = a, .out = out, .text = v.text, .root = v.node};
    TRY(order_all(&w));
    TRY(put_value(&w, w.root));
    while (w.depth) {
        const struct level *level = &w.levels[w.depth - 1];
        if (level->left) {
            TRY(put_value(&w, next_child(&w)));
        } else {
            buf_put_byte(out, level->container->type == JSON_OBJECT ? '}' : ']');
            w.depth--;
        }
    }
    return out->err;
}

enum err json_canonical(struct arena *a, struct json v, struct str *out)
{
    struct buf b = buf_in(a, SIZE_MAX / 2);
    b.cap = v.node->bytes; // only a number's canonical form can be longer than what it was
    b.ptr = NEW_N(a, char, b.cap);
    if (!b.ptr)
        return ERR_LIMIT;
    TRY(json_canonical_put(a, v, &b));
    return buf_end(&b, out);
}

static enum err check_numbers(struct json v, struct fault *fault)
{
    for (uint32_t i = 0; i < v.node->skip; i++) {
        struct json number = {v.node + i, v.text};
        int64_t n;
        if (json_is(number, JSON_NUMBER) && json_int(number, &n) != ERR_OK)
            return fault_set(
                fault, ERR_INVALID, json_at(number), "not an integer within 2^53 - 1");
    }
    return ERR_OK;
}

enum err json_canonical_check(
    struct arena *a, struct str text, struct json *out, struct fault *fault)
{
    struct json v;
    TRY(json_parse(a, text, &v, fault));
    TRY(check_numbers(v, fault));
    struct arena_mark mark = arena_mark(a);
    struct str canonical = {0};
    enum err e = json_canonical(a, v, &canonical);
    size_t at = 0;
    while (at < canonical.len && at < text.len && canonical.ptr[at] == text.ptr[at])
        at++;
    bool is_same = at == text.len && at == canonical.len;
    arena_rewind(a, mark);
    if (e != ERR_OK)
        return fault_set(fault, e, 0, "the document needs more memory than allowed");
    if (!is_same)
        return fault_set(fault, ERR_INVALID, at, "not in canonical form");
    *out = v;
    return ERR_OK;
}
