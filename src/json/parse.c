// SPDX-License-Identifier: Apache-2.0
// The reader: one pass, a table instead of recursion. Each step takes the place where it starts
// and returns the place behind what it read, or NULL after refuse().
#include "keys_priv.h"
#include "node_priv.h"
#include "scan_priv.h"

#include "base/limits.h"
#include "base/utf8.h"

#include <string.h>

#define TEXT_BYTES_MAX (1024 * MIB) // positions have 32 bits

struct parser {
    struct arena *arena;
    const char *text;
    const char *end;
    struct json_node *nodes;
    uint32_t n; // nodes in use
    uint32_t cap;
    uint32_t values;
    uint32_t depth;
    uint32_t open[JSON_DEPTH_MAX]; // containers around the place, as indexes of nodes
    enum err err;
    struct fault fault;
};

static const char *refuse(struct parser *p, enum err e, const char *at, const char *why)
{
    p->err = fault_set(&p->fault, e, (size_t)(at - p->text), why);
    return NULL;
}

static inline const char *skip_blank(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        at++;
    return at;
}

static inline bool is_digit(const char *at, const char *end)
{
    return at < end && *at >= '0' && *at <= '9';
}

static bool nodes_grow(struct parser *p)
{
    uint32_t cap = p->cap * 2;
    struct json_node *nodes = NEW_N(p->arena, struct json_node, cap);
    if (!nodes)
        return false;
    memcpy(nodes, p->nodes, p->n * sizeof *nodes);
    p->nodes = nodes;
    p->cap = cap;
    return true;
}

// A node that ends where it begins, for the caller to complete.
static inline struct json_node *node_add(struct parser *p, enum json_type type, const char *at)
{
    if (p->n == p->cap && !nodes_grow(p)) {
        refuse(p, ERR_LIMIT, at, "the document needs more memory than allowed");
        return NULL;
    }
    struct json_node *node = &p->nodes[p->n++];
    *node =
        (struct json_node){.at = (uint32_t)(at - p->text), .skip = 1, .type = (uint8_t)type};
    return node;
}

static inline struct json_node *value_add(struct parser *p, enum json_type type, const char *at)
{
    if (p->values == JSON_NODES_MAX) {
        refuse(p, ERR_LIMIT, at, "the document has too many values");
        return NULL;
    }
    p->values++;
    return node_add(p, type, at);
}

// RFC 8259 section 7. `at` is the backslash. A pair of surrogates is read as one.
static const char *read_escape(struct parser *p, const char *at)
{
    size_t left = (size_t)(p->end - at);
    if (left >= 2 && at[1] != 'u') {
        if (memchr("\"\\/bfnrt", at[1], 8))
            return at + 2;
        return refuse(p, ERR_INVALID, at, "not an escape");
    }
    int32_t unit = left >= 6 ? json_hex4(at + 2) : -1;
    if (unit < 0)
        return refuse(p, ERR_INVALID, at, "not an escape");
    if (unit < 0xD800 || unit > 0xDFFF)
        return at + 6;
    int32_t low = left >= 12 && at[6] == '\\' && at[7] == 'u' ? json_hex4(at + 8) : -1;
    if (unit > 0xDBFF || low < 0xDC00 || low > 0xDFFF)
        return refuse(p, ERR_INVALID, at, "half of a surrogate pair");
    return at + 12;
}

// Bad UTF-8 comes before whatever else is wrong behind it.
static const char *check_utf8(struct parser *p, const char *from, const char *to)
{
    struct str text = {from, (size_t)(to - from)};
    size_t bad = utf8_invalid_at(text);
    if (bad < text.len)
        return refuse(p, ERR_INVALID, from + bad, "not UTF-8");
    return to;
}

// `at` is behind the opening quote; returns the closing one.
static const char *string_end(struct parser *p, const char *at, bool *has_escape)
{
    const char *from = at, *stop;
    bool has_high = false;
    for (;;) {
        stop = json_scan_text(at, p->end, &has_high);
        if (stop == p->end || *stop != '\\')
            break;
        *has_escape = true;
        at = read_escape(p, stop);
        if (!at)
            break;
    }
    if (has_high && !check_utf8(p, from, stop))
        return NULL;
    if (!at)
        return NULL;
    if (stop == p->end)
        return refuse(p, ERR_INVALID, stop, "the text ends inside a string");
    if (*stop != '"')
        return refuse(p, ERR_INVALID, stop, "a control character in a string");
    if (stop - from > JSON_STRING_BYTES_MAX)
        return refuse(p, ERR_LIMIT, from - 1, "a string is too long");
    return stop;
}

static inline const char *read_string(struct parser *p, struct json_node *node, const char *at)
{
    const char *quote = string_end(p, at + 1, &node->has_escape);
    if (!quote)
        return NULL;
    node->bytes = (uint32_t)(quote + 1 - at);
    return quote + 1;
}

static const char *read_word(
    struct parser *p, const char *at, struct str word, enum json_type type)
{
    for (size_t i = 0; i < word.len; i++)
        if (at + i == p->end || at[i] != word.ptr[i])
            return refuse(p, ERR_INVALID, at + i, "not a JSON value");
    struct json_node *node = value_add(p, type, at);
    if (!node)
        return NULL;
    node->bytes = (uint32_t)word.len;
    return at + word.len;
}

static const char *read_digits(struct parser *p, const char *at)
{
    if (!is_digit(at, p->end))
        return refuse(p, ERR_INVALID, at, "a digit must be here");
    while (is_digit(at, p->end))
        at++;
    return at;
}

// RFC 8259 section 6.
static const char *read_number(struct parser *p, const char *from)
{
    const char *at = from + (*from == '-');
    bool is_zero = at < p->end && *at == '0';
    at = read_digits(p, at);
    if (at && is_zero && at - from > 1 + (*from == '-'))
        return refuse(p, ERR_INVALID, from + (*from == '-'), "a number begins with zero");
    if (at && at < p->end && *at == '.')
        at = read_digits(p, at + 1);
    if (at && at < p->end && (*at == 'e' || *at == 'E')) {
        at++;
        if (at < p->end && (*at == '+' || *at == '-'))
            at++;
        at = read_digits(p, at);
    }
    if (!at)
        return NULL;
    if (at - from > JSON_NUMBER_BYTES_MAX)
        return refuse(p, ERR_LIMIT, from, "a number is too long");
    struct json_node *node = value_add(p, JSON_NUMBER, from);
    if (!node)
        return NULL;
    node->bytes = (uint32_t)(at - from);
    return at;
}

static inline struct json_node *innermost(struct parser *p)
{
    return &p->nodes[p->open[p->depth - 1]];
}

static enum err check_keys(struct parser *p, const struct json_node *object)
{
    size_t at;
    enum err e = json_keys_unique(p->arena, (struct json){object, p->text}, &at);
    if (e == ERR_INVALID)
        refuse(p, e, p->text + at, "a key appears twice");
    return e;
}

// `at` is the closing bracket of the innermost container.
static const char *close_container(struct parser *p, const char *at)
{
    struct json_node *node = innermost(p);
    const char *from = p->text + node->at;
    node->bytes = (uint32_t)(at + 1 - from);
    node->skip = (uint32_t)(p->nodes + p->n - node);
    if (node->type == JSON_OBJECT && node->count > 1) {
        enum err e = check_keys(p, node);
        if (e == ERR_LIMIT)
            return refuse(p, e, from, "the document needs more memory than allowed");
        if (e != ERR_OK)
            return NULL;
    }
    p->depth--;
    return at + 1;
}

// Returns behind the bracket, or behind the whole of an empty container.
static const char *open_container(struct parser *p, const char *at)
{
    if (p->depth == JSON_DEPTH_MAX)
        return refuse(p, ERR_LIMIT, at, "values are nested too deeply");
    bool is_object = *at == '{';
    if (!value_add(p, is_object ? JSON_OBJECT : JSON_ARRAY, at))
        return NULL;
    p->open[p->depth++] = p->n - 1;
    const char *next = skip_blank(at + 1, p->end);
    if (next < p->end && *next == (is_object ? '}' : ']'))
        return close_container(p, next);
    return next;
}

static const char *read_value(struct parser *p, const char *at)
{
    if (at == p->end)
        return refuse(p, ERR_INVALID, at, "the text ends where a value must be");
    switch (*at) {
    case '"': {
        struct json_node *node = value_add(p, JSON_STRING, at);
        return node ? read_string(p, node, at) : NULL;
    }
    case '{':
    case '[':
        return open_container(p, at);
    case 't':
        return read_word(p, at, STR("true"), JSON_TRUE);
    case 'f':
        return read_word(p, at, STR("false"), JSON_FALSE);
    case 'n':
        return read_word(p, at, STR("null"), JSON_NULL);
    default:
        if (*at == '-' || is_digit(at, p->end))
            return read_number(p, at);
        return refuse(p, ERR_INVALID, at, "not a JSON value");
    }
}

// The key and its colon.
static const char *read_key(struct parser *p, const char *at)
{
    if (at == p->end || *at != '"')
        return refuse(p, ERR_INVALID, at, "a key must be here");
    if (innermost(p)->count == JSON_KEYS_MAX)
        return refuse(p, ERR_LIMIT, at, "an object has too many members");
    struct json_node *node = node_add(p, JSON_STRING, at);
    if (!node || !(at = read_string(p, node, at)))
        return NULL;
    innermost(p)->count++;
    at = skip_blank(at, p->end);
    if (at == p->end || *at != ':')
        return refuse(p, ERR_INVALID, at, "a colon must be here");
    return skip_blank(at + 1, p->end);
}

// From behind a value: closes what ends here; returns behind the comma, or behind the document
// with depth 0.
static const char *read_behind(struct parser *p, const char *at)
{
    while (p->depth) {
        at = skip_blank(at, p->end);
        bool is_object = innermost(p)->type == JSON_OBJECT;
        if (at < p->end && *at == ',')
            return skip_blank(at + 1, p->end);
        if (at == p->end || *at != (is_object ? '}' : ']'))
            return refuse(p, ERR_INVALID, at,
                is_object ? "a comma or } must be here" : "a comma or ] must be here");
        at = close_container(p, at);
        if (!at)
            return NULL;
    }
    return at;
}

static const char *read_document(struct parser *p, const char *at)
{
    do {
        uint32_t depth = p->depth;
        if (depth && innermost(p)->type == JSON_OBJECT)
            at = read_key(p, at);
        else if (depth)
            innermost(p)->count++;
        if (at)
            at = read_value(p, at);
        if (at && p->depth <= depth)
            at = read_behind(p, at);
    } while (at && p->depth);
    return at;
}

// A key repeated in an object that is still open comes before what was found behind it.
static void refuse_earlier_key(struct parser *p)
{
    struct fault later = p->fault;
    enum err e = p->err;
    for (uint32_t i = 0; i < p->depth; i++) {
        struct parser probe = *p;
        const struct json_node *node = &p->nodes[p->open[i]];
        if (node->type == JSON_OBJECT && check_keys(&probe, node) == ERR_INVALID &&
            probe.fault.at < later.at) {
            later = probe.fault;
            e = ERR_INVALID;
        }
    }
    p->fault = later;
    p->err = e;
}

enum err json_parse(struct arena *a, struct str text, struct json *out, struct fault *fault)
{
    if (text.len > TEXT_BYTES_MAX)
        return fault_set(fault, ERR_LIMIT, 0, "the text is too long");
    if (str_starts(text, STR("\xEF\xBB\xBF")))
        return fault_set(fault, ERR_INVALID, 0, "the text begins with a byte order mark");
    struct parser p = {.arena = a, .text = text.len ? text.ptr : ""};
    p.end = p.text + text.len;
    // STIX has about one node for twenty bytes.
    p.cap = (uint32_t)(text.len < 16 * MIB ? text.len / 16 + 4 : MIB);
    p.nodes = NEW_N(a, struct json_node, p.cap);
    if (!p.nodes)
        return fault_set(fault, ERR_LIMIT, 0, "the document needs more memory than allowed");
    const char *at = read_document(&p, skip_blank(p.text, p.end));
    if (at) {
        at = skip_blank(at, p.end);
        if (at < p.end)
            at = refuse(&p, ERR_INVALID, at, "text after the value");
    }
    if (!at) {
        refuse_earlier_key(&p);
        return fault_set(fault, p.err, p.fault.at, p.fault.why);
    }
    *out = (struct json){p.nodes, p.text};
    return ERR_OK;
}
