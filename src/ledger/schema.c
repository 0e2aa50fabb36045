// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/base64.h"
#include "base/time.h"
#include "base/uuid.h"
#include "ledger/note.h"
#include "ledger/schema_priv.h"
#include "ledger/tree.h"
#include "json/canonical.h"

#define ORIGIN_BYTES_MAX 200u
#define PARTY_BYTES_MIN  2u
#define PARTY_BYTES_MAX  16u
#define VALUE_BYTES_MAX  (64 * KIB) // text of one value that we print

// How every list of ours begins.
struct list {
    void *items;
    size_t n;
};

static struct list list_load(const void *at)
{
    struct list list;
    memcpy(&list, at, sizeof list);
    return list;
}

static const void *field_at(const struct schema_field *f, const void *base)
{
    return (const unsigned char *)base + f->at;
}

static bool is_absent(const struct schema_field *f, const void *base)
{
    if (f->has_at)
        return !*(const bool *)((const unsigned char *)base + f->has_at);
    if (!f->is_optional)
        return false;
    if (f->kind == SCHEMA_LIST)
        return list_load(field_at(f, base)).n == 0;
    return ((const struct str *)field_at(f, base))->len == 0;
}

// Values whose text is made of other text.
static struct str value_text(struct arena *a, const struct schema_field *f, const void *value)
{
    struct buf b = buf_in(a, VALUE_BYTES_MAX);
    if (f->kind == SCHEMA_UINT)
        buf_put_u64(&b, *(const uint64_t *)value);
    else if (f->kind == SCHEMA_TIME)
        time_put(&b, *(const int64_t *)value);
    else if (f->kind == SCHEMA_HASH)
        ledger_hash_put_hex(&b, value);
    else if (f->kind == SCHEMA_BYTES)
        base64_put(&b, *(const struct str *)value);
    else if (f->kind == SCHEMA_KEY)
        ledger_key_put(&b, value);
    return buf_str(&b);
}

static void list_put(struct json_out *o, const struct schema_field *f, const void *value);

static void value_put(struct json_out *o, const struct schema_field *f, const void *value)
{
    switch (f->kind) {
    case SCHEMA_VERSION:
        json_put_int(o, 1);
        break;
    case SCHEMA_TEXT:
    case SCHEMA_ORIGIN:
    case SCHEMA_PARTY:
    case SCHEMA_UUID7:
        json_put_string(o, *(const struct str *)value);
        break;
    case SCHEMA_BYTES:
    case SCHEMA_UINT:
    case SCHEMA_TIME:
    case SCHEMA_HASH:
    case SCHEMA_KEY:
        json_put_string(o, value_text(o->buf->arena, f, value));
        break;
    case SCHEMA_BOOL:
        json_put_bool(o, *(const bool *)value);
        break;
    case SCHEMA_WORD:
        json_put_string(o, f->words[*(const unsigned *)value]);
        break;
    case SCHEMA_RAW:
        json_put_raw(o, *(const struct str *)value);
        break;
    case SCHEMA_OBJECT:
        schema_put(o, f->fields, f->max, value);
        break;
    case SCHEMA_LIST:
        list_put(o, f, value);
        break;
    }
}

static void list_put(struct json_out *o, const struct schema_field *f, const void *value)
{
    struct list list = list_load(value);
    json_begin_array(o);
    for (size_t i = 0; i < list.n; i++)
        value_put(o, f->item, (const unsigned char *)list.items + i * f->item_bytes);
    json_end_array(o);
}

void schema_put(
    struct json_out *o, const struct schema_field *fields, size_t n, const void *from)
{
    json_begin_object(o);
    for (size_t i = 0; i < n; i++) {
        if (is_absent(&fields[i], from))
            continue;
        json_put_key(o, fields[i].key);
        value_put(o, &fields[i], field_at(&fields[i], from));
    }
    json_end_object(o);
}

static bool is_origin(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] <= ' ' || s.ptr[i] > '~' || s.ptr[i] == '+')
            return false;
    return s.len <= ORIGIN_BYTES_MAX;
}

static bool is_party(struct str s, size_t len_max)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
            return false;
    }
    return s.len >= PARTY_BYTES_MIN && s.len <= len_max;
}

static bool is_uuid7(struct str s)
{
    unsigned char uuid[UUID_BYTES];
    return uuid_parse(s, uuid) == ERR_OK && uuid[6] >> 4 == 7 && uuid[8] >> 6 == 2;
}

static enum err text_parse(const struct schema_field *f, struct str text, void *into)
{
    bool fits = text.len > 0;
    if (f->kind == SCHEMA_TEXT)
        fits = fits && text.len <= f->max;
    else if (f->kind == SCHEMA_ORIGIN)
        fits = fits && is_origin(text);
    else if (f->kind == SCHEMA_PARTY)
        fits = fits && is_party(text, f->max ? f->max : PARTY_BYTES_MAX);
    else
        fits = fits && is_uuid7(text);
    if (!fits)
        return ERR_INVALID;
    *(struct str *)into = text;
    return ERR_OK;
}

// One instant has one text.
static enum err instant_parse(struct arena *a, struct str text, int64_t *into)
{
    int64_t us;
    TRY(time_parse(text, &us));
    struct buf again = buf_in(a, 64);
    time_put(&again, us);
    TRY(again.err);
    if (!str_eq(buf_str(&again), text))
        return ERR_INVALID;
    *into = us;
    return ERR_OK;
}

static enum err word_parse(const struct schema_field *f, struct str text, unsigned *into)
{
    for (unsigned i = 0; i < f->max; i++) {
        if (str_eq(f->words[i], text)) {
            *into = i;
            return ERR_OK;
        }
    }
    return ERR_INVALID;
}

static enum err bytes_parse(
    struct arena *a, const struct schema_field *f, struct str text, struct str *into)
{
    struct str bytes;
    TRY(base64_parse(a, text, &bytes));
    if (bytes.len == 0 || bytes.len > f->max)
        return ERR_INVALID;
    *into = bytes;
    return ERR_OK;
}

static enum err key_parse(
    struct arena *a, const struct schema_field *f, struct str text, struct ledger_key *into)
{
    struct ledger_key key;
    TRY(ledger_key_parse(a, text, &key));
    if (f->max && key.type != f->max)
        return ERR_INVALID;
    *into = key;
    return ERR_OK;
}

// Values that are strings in JSON.
static enum err string_parse(
    struct arena *a, const struct schema_field *f, struct json v, void *into)
{
    struct str text;
    TRY(json_string(a, v, &text));
    switch (f->kind) {
    case SCHEMA_BYTES:
        return bytes_parse(a, f, text, into);
    case SCHEMA_UINT:
        return str_to_u64(text, into);
    case SCHEMA_TIME:
        return instant_parse(a, text, into);
    case SCHEMA_HASH:
        return ledger_hash_parse_hex(text, into);
    case SCHEMA_WORD:
        return word_parse(f, text, into);
    case SCHEMA_KEY:
        return key_parse(a, f, text, into);
    case SCHEMA_TEXT:
    case SCHEMA_ORIGIN:
    case SCHEMA_PARTY:
    case SCHEMA_UUID7:
    case SCHEMA_VERSION:
    case SCHEMA_BOOL:
    case SCHEMA_RAW:
    case SCHEMA_OBJECT:
    case SCHEMA_LIST:
        break;
    }
    return text_parse(f, text, into);
}

static enum err version_parse(struct json v)
{
    int64_t n;
    return json_int(v, &n) == ERR_OK && n == 1 ? ERR_OK : ERR_INVALID;
}

static enum err raw_parse(struct json v, struct str *into)
{
    if (!json_is(v, JSON_OBJECT))
        return ERR_INVALID;
    *into = json_span(v);
    return ERR_OK;
}

static enum err list_parse(struct arena *a, struct json v, const struct schema_field *f,
    void *into, struct ledger_fault *fault);

static enum err value_parse(struct arena *a, struct json v, const struct schema_field *f,
    void *into, struct ledger_fault *fault)
{
    enum err e;
    if (f->kind == SCHEMA_OBJECT)
        return schema_parse(a, v, f->fields, f->max, into, fault);
    if (f->kind == SCHEMA_LIST)
        return list_parse(a, v, f, into, fault);
    if (f->kind == SCHEMA_VERSION)
        e = version_parse(v);
    else if (f->kind == SCHEMA_BOOL)
        e = json_bool(v, into) ? ERR_OK : ERR_INVALID;
    else if (f->kind == SCHEMA_RAW)
        e = raw_parse(v, into);
    else
        e = string_parse(a, f, v, into);
    if (e != ERR_OK)
        return ledger_fault_set(
            fault, e, LEDGER_CODE_FIELD, json_at(v), "the value does not fit its field");
    return ERR_OK;
}

static enum err list_parse(struct arena *a, struct json v, const struct schema_field *f,
    void *into, struct ledger_fault *fault)
{
    struct list list = {.n = json_len(v)};
    if (!json_is(v, JSON_ARRAY) || list.n == 0 || list.n > f->max)
        return ledger_fault_set(fault, ERR_INVALID, LEDGER_CODE_FIELD, json_at(v),
            "not a list of a permitted length");
    list.items = arena_alloc(a, list.n, f->item_bytes, _Alignof(max_align_t));
    if (!list.items)
        return ledger_fault_set(
            fault, ERR_LIMIT, LEDGER_CODE_FIELD, json_at(v), "no room for the list");
    unsigned char *item = list.items;
    for (struct json_iter it = json_iter(v); json_next(&it); item += f->item_bytes)
        TRY(value_parse(a, it.value, f->item, item, fault));
    memcpy(into, &list, sizeof list);
    return ERR_OK;
}

static const struct schema_field *field_find(
    const struct schema_field *fields, size_t n, struct str key)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(fields[i].key, key))
            return &fields[i];
    return NULL;
}

enum err schema_parse(struct arena *a, struct json v, const struct schema_field *fields,
    size_t n, void *into, struct ledger_fault *fault)
{
    unsigned char *base = into;
    if (!json_is(v, JSON_OBJECT))
        return ledger_fault_set(
            fault, ERR_INVALID, LEDGER_CODE_FIELD, json_at(v), "not an object");
    for (struct json_iter it = json_iter(v); json_next(&it);) {
        // A key with an escape is not one of ours.
        const struct schema_field *f = field_find(fields, n, it.key);
        if (!f)
            return ledger_fault_set(fault, ERR_INVALID, LEDGER_CODE_UNKNOWN_FIELD,
                json_at(it.value), "unknown field");
        TRY(value_parse(a, it.value, f, base + f->at, fault));
        if (f->has_at)
            *(bool *)(base + f->has_at) = true;
    }
    for (size_t i = 0; i < n; i++) {
        struct json member;
        bool is_needed = !fields[i].is_optional && !fields[i].has_at;
        if (is_needed && !json_get(v, fields[i].key, &member))
            return ledger_fault_set(
                fault, ERR_INVALID, LEDGER_CODE_FIELD, json_at(v), "a field is missing");
    }
    return ERR_OK;
}

// The first number that a ledger does not take; the parser has limited the depth.
static bool bad_number_in(struct json v, size_t *at)
{
    int64_t n;
    if (json_is(v, JSON_NUMBER) && json_int(v, &n) != ERR_OK) {
        *at = json_at(v);
        return true;
    }
    for (struct json_iter it = json_iter(v); json_next(&it);)
        if (bad_number_in(it.value, at))
            return true;
    return false;
}

enum err schema_json(
    struct arena *a, struct str text, struct json *out, struct ledger_fault *fault)
{
    struct fault where = {0};
    struct json v;
    enum err e = json_parse(a, text, &v, &where);
    if (e != ERR_OK)
        return ledger_fault_set(fault, e, LEDGER_CODE_PARSE, where.at, where.why);
    if (bad_number_in(v, &where.at))
        return ledger_fault_set(
            fault, ERR_INVALID, LEDGER_CODE_PARSE, where.at, "not an integer within 2^53 - 1");
    e = json_canonical_check(a, text, out, &where);
    if (e != ERR_OK)
        return ledger_fault_set(fault, e, LEDGER_CODE_CANON, where.at, where.why);
    return ERR_OK;
}
