// SPDX-License-Identifier: Apache-2.0
// What an import would store, a line for each object.
#include "api/import_preview.h"

#define FROM_BYTES_MAX 1000 // of the piece of the document

// What a person knows the object by: its value, name, hash or pattern. True when warning lists
// may know it too.
static bool find_value(struct arena *a, struct str bytes, struct str *out)
{
    static const char *const keys[] = {"value", "name", "pattern", "key", "path", "number"};
    struct json root, v;
    *out = STR("");
    if (json_parse(a, bytes, &root, NULL) != ERR_OK)
        return false;
    for (size_t i = 0; i < LEN(keys); i++)
        if (json_get(root, str_of(keys[i]), &v) && json_string(a, v, out) == ERR_OK)
            return i == 0;
    if (json_get(root, STR("hashes"), &v))
        for (struct json_iter it = json_iter(v); json_next(&it);)
            if (json_string(a, it.value, out) == ERR_OK)
                return true;
    return false;
}

static enum err put_value(struct import_preview *p, struct str bytes)
{
    struct arena *a = &p->scratch;
    struct str value, keys[STIX_CANDIDATES_MAX];
    struct warning_found found = {.n = 0};
    size_t n = 0;
    bool may_be_listed = find_value(a, bytes, &value);
    if (value.len)
        json_member_string(&p->out, STR("value"), value);
    if (!may_be_listed || stix_value_candidates(a, value, keys, &n) == ERR_INVALID)
        return ERR_OK;
    for (size_t i = 0; i < n; i++)
        TRY(warning_find(p->warnings, a, keys[i], &found));
    if (found.n)
        warnings_put(&p->out, &found);
    return ERR_OK;
}

// The first `n` bytes at most, never a part of a character.
static struct str whole_characters(struct str s, size_t n)
{
    if (s.len <= n)
        return s;
    while (n && ((unsigned char)s.ptr[n] & 0xC0) == 0x80)
        n--;
    return str_to(s, n);
}

static enum err put_object(struct import_preview *p, const struct importing_object *object)
{
    struct json_out *o = &p->out;
    bool is_refused = object->outcome == IMPORTING_REFUSED;
    json_begin_object(o);
    json_member_int(o, STR("at"), (int64_t)object->at);
    json_member_string(o, STR("outcome"),
        is_refused                          ? STR("refused")
        : object->outcome == IMPORTING_SAME ? STR("same")
                                            : STR("found"));
    json_member_string(o, STR("type"), object->type);
    json_member_string(o, STR("id"), object->id);
    if (object->original.len)
        json_member_string(o, STR("from"), whole_characters(object->original, FROM_BYTES_MAX));
    if (is_refused)
        json_member_string(o, STR("text"), object->text);
    enum err e = put_value(p, object->bytes);
    json_end_object(o);
    return e;
}

void import_preview_begin(
    struct import_preview *p, struct arena *a, const struct warning_set *warnings)
{
    *p = (struct import_preview){
        .warnings = warnings, .text = buf_in(a, IMPORT_PREVIEW_BYTES_MAX)};
    p->out = json_out(&p->text);
    arena_init(&p->scratch, 64 * MIB);
    json_begin_array(&p->out);
}

void import_preview_tell(void *ctx, const struct importing_object *object)
{
    struct import_preview *p = ctx;
    struct arena_mark mark = arena_mark(&p->scratch);
    if (put_object(p, object) != ERR_OK && p->text.err == ERR_OK)
        p->text.err = ERR_LIMIT;
    arena_rewind(&p->scratch, mark);
}

enum err import_preview_end(struct import_preview *p, struct str *out)
{
    json_end_array(&p->out);
    arena_release(&p->scratch);
    return buf_end(&p->text, out);
}
