// SPDX-License-Identifier: Apache-2.0
#include "http/target.h"

#include "base/hex.h"
#include "base/utf8.h"

// The text, with escapes taken away. `where` is the text's place in the whole target.
struct decoding {
    struct arena *arena;
    size_t where;
    struct fault *fault;
    bool is_query; // there a plus is a blank, and an escaped slash is harmless
};

static enum err escape_decode(const struct decoding *d, struct str text, size_t at, char *out)
{
    unsigned char byte;
    if (hex_parse(str_to(str_from(text, at + 1), 2), true, &byte, 1) != ERR_OK)
        return fault_set(d->fault, ERR_INVALID, d->where + at, "a bad escape");
    if (byte == '/' && !d->is_query)
        return fault_set(d->fault, ERR_INVALID, d->where + at, "an escaped slash");
    *out = (char)byte;
    return ERR_OK;
}

static enum err decode(const struct decoding *d, struct str text, struct str *out)
{
    char *bytes = NEW_N(d->arena, char, text.len + 1);
    if (!bytes)
        return fault_set(d->fault, ERR_LIMIT, d->where, "the target is too long");
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if ((unsigned char)c <= 0x20 || (unsigned char)c >= 0x7f || c == '#')
            return fault_set(d->fault, ERR_INVALID, d->where + i, "a character to be escaped");
        if (c == '+' && d->is_query)
            c = ' ';
        if (c == '%') {
            TRY(escape_decode(d, text, i, &c));
            i += 2;
        }
        if ((unsigned char)c < 0x20 || c == 0x7f)
            return fault_set(d->fault, ERR_INVALID, d->where + i, "a control character");
        bytes[n++] = c;
    }
    struct str decoded = {bytes, n};
    if (utf8_invalid_at(decoded) != n)
        return fault_set(d->fault, ERR_INVALID, d->where, "text that is not UTF-8");
    *out = decoded;
    return ERR_OK;
}

// An empty segment is allowed at the end only: "/collections/".
static enum err segments_check(struct str path, struct fault *fault)
{
    struct str rest = str_from(path, 1);
    while (rest.len) {
        size_t at = (size_t)(rest.ptr - path.ptr);
        struct str segment = str_cut(&rest, '/');
        if (segment.len == 0 || str_eq(segment, STR(".")) || str_eq(segment, STR("..")))
            return fault_set(fault, ERR_INVALID, at, "an empty or dot segment");
    }
    return ERR_OK;
}

static enum err parameter_parse(
    const struct decoding *d, struct str text, struct http_target *t)
{
    struct str value = text;
    struct str name = str_cut(&value, '=');
    if (name.len == 0)
        return fault_set(d->fault, ERR_INVALID, d->where, "a parameter without a name");
    struct decoding of_value = *d;
    of_value.where += name.len + 1;
    struct http_pair *p = &t->parameters[t->n_parameters];
    TRY(decode(d, name, &p->name));
    TRY(decode(&of_value, value, &p->value));
    for (size_t i = 0; i < t->n_parameters; i++)
        if (str_eq(t->parameters[i].name, p->name))
            return fault_set(d->fault, ERR_INVALID, d->where, "a parameter is given twice");
    t->n_parameters++;
    return ERR_OK;
}

enum err http_target_parse(
    struct arena *a, struct str text, struct http_target *out, struct fault *fault)
{
    struct http_target t = {0};
    struct str query = text;
    struct str path = str_cut(&query, '?');
    if (path.len == 0 || path.ptr[0] != '/')
        return fault_set(fault, ERR_INVALID, 0, "a target begins with a slash");
    struct decoding d = {.arena = a, .fault = fault};
    TRY(decode(&d, path, &t.path));
    TRY(segments_check(t.path, fault));
    if (query.len == 0) {
        *out = t;
        return ERR_OK;
    }
    d.is_query = true;
    t.parameters = NEW_N(a, struct http_pair, HTTP_PARAMETERS_MAX);
    if (!t.parameters)
        return fault_set(fault, ERR_LIMIT, path.len, "the target is too long");
    while (query.len) {
        d.where = (size_t)(query.ptr - text.ptr);
        if (t.n_parameters == HTTP_PARAMETERS_MAX)
            return fault_set(fault, ERR_LIMIT, d.where, "too many parameters");
        TRY(parameter_parse(&d, str_cut(&query, '&'), &t));
    }
    *out = t;
    return ERR_OK;
}

enum err http_target_escape(struct arena *a, struct str text, struct str *out)
{
    static const char digits[] = "0123456789ABCDEF";
    struct buf b = buf_in(a, text.len * 3 + 1);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        char lower = ascii_lower(text.ptr[i]);
        bool is_plain = (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
                        c == '.' || c == '_' || c == '~';
        if (is_plain)
            buf_put_byte(&b, (char)c);
        else
            buf_put(&b, (struct str){(char[]){'%', digits[c >> 4], digits[c & 15]}, 3});
    }
    return buf_end(&b, out);
}
