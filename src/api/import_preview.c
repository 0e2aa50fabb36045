// SPDX-License-Identifier: Apache-2.0
// What an import would store, a line for each object.
#include "api/import_preview.h"

#define FROM_BYTES_MAX 1000 // of the piece of the document

// What a person knows the object by: its value, name, hash or pattern.
static void put_value(struct json_out *o, struct arena *a, struct str bytes)
{
    static const char *const keys[] = {"value", "name", "pattern", "key", "path", "number"};
    struct json root, v;
    struct str text;
    if (json_parse(a, bytes, &root, NULL) != ERR_OK)
        return;
    for (size_t i = 0; i < LEN(keys); i++)
        if (json_get(root, str_of(keys[i]), &v) && json_string(a, v, &text) == ERR_OK) {
            json_member_string(o, STR("value"), text);
            return;
        }
    if (!json_get(root, STR("hashes"), &v))
        return;
    for (struct json_iter it = json_iter(v); json_next(&it);)
        if (json_string(a, it.value, &text) == ERR_OK) {
            json_member_string(o, STR("value"), text);
            return;
        }
    return;
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

static void put_object(struct import_preview *p, const struct importing_object *object)
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
    put_value(o, &p->scratch, object->bytes);
    json_end_object(o);
}

void import_preview_begin(struct import_preview *p, struct arena *a)
{
    *p = (struct import_preview){.text = buf_in(a, IMPORT_PREVIEW_BYTES_MAX)};
    p->out = json_out(&p->text);
    arena_init(&p->scratch, 64 * MIB);
    json_begin_array(&p->out);
}

void import_preview_tell(void *ctx, const struct importing_object *object)
{
    struct import_preview *p = ctx;
    struct arena_mark mark = arena_mark(&p->scratch);
    put_object(p, object);
    arena_rewind(&p->scratch, mark);
}

enum err import_preview_end(struct import_preview *p, struct str *out)
{
    json_end_array(&p->out);
    arena_release(&p->scratch);
    return buf_end(&p->text, out);
}
