// SPDX-License-Identifier: Apache-2.0
// All references of an object, wherever they stand, and all its values to look for.
#include "base/limits.h"
#include "base/sort.h"
#include "stix/object_priv.h"
#include "stix/pattern.h"
#include "stix/value.h"
#include "stix/value_at.h"

static enum err ref_add(struct object_reading *r, struct str id, unsigned role)
{
    if (r->n_refs == STIX_REFS_MAX)
        return ERR_LIMIT;
    if (r->n_refs == r->room_refs) {
        size_t room = r->room_refs ? 2 * r->room_refs : 8;
        struct stix_ref *larger = NEW_N(r->arena, struct stix_ref, room);
        if (!larger)
            return ERR_LIMIT;
        if (r->n_refs)
            memcpy(larger, r->refs, r->n_refs * sizeof *larger);
        r->refs = larger;
        r->room_refs = room;
    }
    r->refs[r->n_refs++] = (struct stix_ref){id, role};
    return ERR_OK;
}

static unsigned role_of(struct str key, bool is_list)
{
    static const struct {
        struct str key;
        unsigned role;
    } known[] = {{STR_INIT("created_by_ref"), STIX_REF_CREATOR},
        {STR_INIT("object_marking_refs"), STIX_REF_MARKING},
        {STR_INIT("marking_ref"), STIX_REF_MARKING}, {STR_INIT("source_ref"), STIX_REF_END},
        {STR_INIT("target_ref"), STIX_REF_END}, {STR_INIT("sighting_of_ref"), STIX_REF_END}};
    for (size_t i = 0; i < LEN(known); i++)
        if (str_eq(known[i].key, key))
            return known[i].role;
    return is_list ? STIX_REF_LIST : STIX_REF_SINGLE;
}

// An empty text names nothing; anything else was found to be an identifier.
static enum err ref_read(struct object_reading *r, struct json value, unsigned role)
{
    struct str text;
    if (!json_is(value, JSON_STRING))
        return ERR_OK;
    TRY(json_string(r->arena, value, &text));
    return text.len ? ref_add(r, text, role) : ERR_OK;
}

static enum err refs_walk(struct object_reading *r, struct str key, struct json value)
{
    bool is_list = str_ends(key, STR("_refs"));
    unsigned role = role_of(key, is_list);
    if (!is_list)
        return ref_read(r, value, role);
    if (!json_is(value, JSON_ARRAY))
        return ERR_OK;
    for (struct json_iter it = json_iter(value); json_next(&it);)
        TRY(ref_read(r, it.value, role));
    return ERR_OK;
}

// NOLINTNEXTLINE(misc-no-recursion): no deeper than JSON_DEPTH_MAX
static enum err member_walk(struct object_reading *r, struct str key, struct json value)
{
    struct str inner = {"", 0};
    if (str_ends(key, STR("_ref")) || str_ends(key, STR("_refs")))
        TRY(refs_walk(r, key, value));
    for (struct json_iter it = json_iter(value); json_next(&it);) {
        if (json_is(value, JSON_OBJECT))
            TRY(json_key(r->arena, &it, &inner));
        TRY(member_walk(r, inner, it.value));
    }
    return ERR_OK;
}

// The deprecated container of observed-data refers by local keys, not by identifiers.
static bool is_container(const struct object_reading *r, struct str key)
{
    return str_eq(key, STR("objects")) && str_eq(r->object->id.type, STR("observed-data"));
}

static int by_id(const void *a, const void *b)
{
    const struct stix_ref *left = a, *right = b;
    return str_cmp(left->id, right->id);
}

static int by_text(const void *a, const void *b)
{
    const struct str *left = a, *right = b;
    return str_cmp(*left, *right);
}

enum err object_walk(struct object_reading *r)
{
    for (struct json_iter it = json_iter(r->object->root); json_next(&it);) {
        struct str key;
        TRY(json_key(r->arena, &it, &key));
        if (!is_container(r, key))
            TRY(member_walk(r, key, it.value));
    }
    struct stix_ref *spare = NEW_N(r->arena, struct stix_ref, r->n_refs + 1);
    if (!spare)
        return ERR_LIMIT;
    sort_items(r->refs, spare, r->n_refs, sizeof *spare, by_id);
    size_t n = 0;
    for (size_t i = 0; i < r->n_refs; i++) {
        if (n && str_eq(r->refs[n - 1].id, r->refs[i].id))
            r->refs[n - 1].roles |= r->refs[i].roles;
        else
            r->refs[n++] = r->refs[i];
    }
    r->object->refs = r->refs;
    r->object->n_refs = n;
    return ERR_OK;
}

static enum err value_add(
    struct object_reading *r, struct str type, struct str path, struct str text)
{
    struct str key;
    enum err e = stix_value_key_at(r->arena, type, path, text, &key);
    if (e == ERR_NOT_FOUND || e == ERR_INVALID) // an empty text has no key
        return ERR_OK;
    TRY(e);
    if (r->n_values == STIX_VALUES_MAX)
        return ERR_LIMIT;
    if (r->n_values == r->room_values) {
        size_t room = r->room_values ? 2 * r->room_values : 4;
        struct str *larger = NEW_N(r->arena, struct str, room);
        if (!larger)
            return ERR_LIMIT;
        if (r->n_values)
            memcpy(larger, r->values, r->n_values * sizeof *larger);
        r->values = larger;
        r->room_values = room;
    }
    r->values[r->n_values++] = key;
    return ERR_OK;
}

static enum err hashes_collect(struct object_reading *r, struct str type, struct json hashes)
{
    struct str text;
    if (!json_is(hashes, JSON_OBJECT))
        return ERR_OK;
    for (struct json_iter it = json_iter(hashes); json_next(&it);) {
        if (!json_is(it.value, JSON_STRING))
            continue;
        TRY(json_string(r->arena, it.value, &text));
        TRY(value_add(r, type, STR("hashes"), text));
    }
    return ERR_OK;
}

// Hashes inside extensions: of alternate streams, sections, headers.
// NOLINTNEXTLINE(misc-no-recursion): no deeper than JSON_DEPTH_MAX
static enum err extension_collect(struct object_reading *r, struct str type, struct json value)
{
    struct str key = {"", 0};
    for (struct json_iter it = json_iter(value); json_next(&it);) {
        if (json_is(value, JSON_OBJECT))
            TRY(json_key(r->arena, &it, &key));
        if (str_eq(key, STR("hashes")) || str_ends(key, STR("_hashes")))
            TRY(hashes_collect(r, type, it.value));
        else
            TRY(extension_collect(r, type, it.value));
    }
    return ERR_OK;
}

static enum err observable_collect(
    struct object_reading *r, struct str type, bool is_custom, struct json observable)
{
    struct str key, text;
    for (struct json_iter it = json_iter(observable); json_next(&it);) {
        TRY(json_key(r->arena, &it, &key));
        if (str_eq(key, STR("hashes"))) {
            TRY(hashes_collect(r, type, it.value));
        } else if (str_eq(key, STR("extensions"))) {
            TRY(extension_collect(r, type, it.value));
        } else if (stix_value_is_indexed(type, key, is_custom)) {
            text = json_span(it.value); // a number as it is written
            if (json_is(it.value, JSON_STRING))
                TRY(json_string(r->arena, it.value, &text));
            else if (!json_is(it.value, JSON_NUMBER))
                continue;
            TRY(value_add(r, type, key, text));
        }
    }
    return ERR_OK;
}

static enum err container_collect(struct object_reading *r)
{
    struct json objects, type;
    if (!json_get(r->object->root, STR("objects"), &objects))
        return ERR_OK;
    for (struct json_iter it = json_iter(objects); json_next(&it);) {
        struct str name;
        if (!json_get(it.value, STR("type"), &type) || !json_is(type, JSON_STRING))
            continue;
        TRY(json_string(r->arena, type, &name));
        TRY(observable_collect(r, name, !stix_type_find(name), it.value));
    }
    return ERR_OK;
}

static enum err pattern_collect(struct object_reading *r)
{
    struct stix_atom *atoms;
    size_t n;
    if (!str_eq(r->object->pattern_type, STR("stix")))
        return ERR_OK;
    r->object->is_pattern_unread = !r->pattern;
    if (!r->pattern)
        return ERR_OK;
    TRY(stix_pattern_atoms(r->arena, r->pattern, &atoms, &n));
    for (size_t i = 0; i < n; i++) {
        enum stix_constant_kind kind = atoms[i].constant.kind;
        bool is_number = str_eq(atoms[i].path, STR("number"));
        if (kind == STIX_CONSTANT_STRING || (kind == STIX_CONSTANT_INT && is_number))
            TRY(value_add(r, atoms[i].type, atoms[i].path, atoms[i].constant.text));
    }
    return ERR_OK;
}

enum err object_collect_values(struct object_reading *r)
{
    struct stix_object *o = r->object;
    if (o->kind == STIX_SCO)
        TRY(observable_collect(r, o->id.type, o->is_custom, o->root));
    else if (str_eq(o->id.type, STR("observed-data")))
        TRY(container_collect(r));
    else if (o->pattern.len)
        TRY(pattern_collect(r));
    struct str *spare = NEW_N(r->arena, struct str, r->n_values + 1);
    if (!spare)
        return ERR_LIMIT;
    sort_items(r->values, spare, r->n_values, sizeof *spare, by_text);
    size_t n = 0;
    for (size_t i = 0; i < r->n_values; i++)
        if (n == 0 || !str_eq(r->values[n - 1], r->values[i]))
            r->values[n++] = r->values[i];
    o->values = r->values;
    o->n_values = n;
    return ERR_OK;
}
