// SPDX-License-Identifier: Apache-2.0
#include "json/write.h"

#include "base/time.h"
#include "node_priv.h"
#include "scan_priv.h"

#include <string.h>

struct json_out json_out(struct buf *b)
{
    return (struct json_out){.buf = b};
}

static void value_begins(struct json_out *o)
{
    if (o->needs_comma)
        buf_put_byte(o->buf, ',');
    o->needs_comma = true;
}

static void container_begins(struct json_out *o, char bracket)
{
    value_begins(o);
    buf_put_byte(o->buf, bracket);
    o->needs_comma = false;
}

static void container_ends(struct json_out *o, char bracket)
{
    buf_put_byte(o->buf, bracket);
    o->needs_comma = true;
}

void json_begin_object(struct json_out *o)
{
    container_begins(o, '{');
}

void json_end_object(struct json_out *o)
{
    container_ends(o, '}');
}

void json_begin_array(struct json_out *o)
{
    container_begins(o, '[');
}

void json_end_array(struct json_out *o)
{
    container_ends(o, ']');
}

static void put_escape(struct buf *b, unsigned char c)
{
    static const char named[] = "\b\t\n\f\r\"\\", names[] = "btnfr\"\\";
    static const char digits[] = "0123456789abcdef";
    const char *name = memchr(named, c, sizeof named - 1);
    if (name) {
        char escape[] = {'\\', names[name - named]};
        buf_put(b, (struct str){escape, sizeof escape});
    } else {
        char escape[] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};
        buf_put(b, (struct str){escape, sizeof escape});
    }
}

void json_put_escaped(struct buf *b, struct str text)
{
    for (size_t at = 0; at < text.len;) {
        bool has_high = false;
        const char *from = text.ptr + at;
        size_t plain = (size_t)(json_scan_text(from, text.ptr + text.len, &has_high) - from);
        buf_put(b, (struct str){from, plain});
        at += plain;
        if (at < text.len)
            put_escape(b, (unsigned char)text.ptr[at++]);
    }
}

static void put_quoted(struct buf *b, struct str text)
{
    buf_put_byte(b, '"');
    json_put_escaped(b, text);
    buf_put_byte(b, '"');
}

void json_put_key(struct json_out *o, struct str key)
{
    value_begins(o);
    put_quoted(o->buf, key);
    buf_put_byte(o->buf, ':');
    o->needs_comma = false;
}

void json_put_string(struct json_out *o, struct str text)
{
    value_begins(o);
    put_quoted(o->buf, text);
}

void json_put_int(struct json_out *o, int64_t n)
{
    value_begins(o);
    buf_put_i64(o->buf, n);
}

void json_put_bool(struct json_out *o, bool value)
{
    json_put_raw(o, value ? STR("true") : STR("false"));
}

void json_put_null(struct json_out *o)
{
    json_put_raw(o, STR("null"));
}

void json_put_raw(struct json_out *o, struct str json)
{
    value_begins(o);
    buf_put(o->buf, json);
}

void json_member_string(struct json_out *o, struct str key, struct str text)
{
    json_put_key(o, key);
    json_put_string(o, text);
}

void json_member_int(struct json_out *o, struct str key, int64_t n)
{
    json_put_key(o, key);
    json_put_int(o, n);
}

void json_member_bool(struct json_out *o, struct str key, bool value)
{
    json_put_key(o, key);
    json_put_bool(o, value);
}

void json_member_raw(struct json_out *o, struct str key, struct str json)
{
    json_put_key(o, key);
    json_put_raw(o, json);
}

void json_member_strings(struct json_out *o, struct str key, const struct str *items, size_t n)
{
    json_put_key(o, key);
    json_begin_array(o);
    for (size_t i = 0; i < n; i++)
        json_put_string(o, items[i]);
    json_end_array(o);
}

void json_member_time(struct json_out *o, struct str key, int64_t us)
{
    json_put_key(o, key);
    json_put_raw(o, STR("\""));
    time_put(o->buf, us);
    buf_put_byte(o->buf, '"');
}
