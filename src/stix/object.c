// SPDX-License-Identifier: Apache-2.0
// Reading: one check without warnings, then what the rest of the program asks for is taken out.
#include "stix/object.h"

#include "base/limits.h"
#include "base/time.h"
#include "stix/object_priv.h"
#include "json/canonical.h"

static enum err instant(struct arena *a, struct json v, int64_t *out)
{
    struct str text;
    TRY(json_string(a, v, &text));
    return time_parse(text, out);
}

static enum err texts_of(struct arena *a, struct json list, struct str **out, size_t *n)
{
    struct str *texts = NEW_N(a, struct str, json_len(list));
    size_t i = 0;
    if (!texts)
        return ERR_LIMIT;
    for (struct json_iter it = json_iter(list); json_next(&it); i++)
        TRY(json_string(a, it.value, &texts[i]));
    *out = texts;
    *n = i;
    return ERR_OK;
}

static enum err granular_of(struct arena *a, struct json list, struct stix_object *o)
{
    struct stix_granular *items = NEW_N(a, struct stix_granular, json_len(list));
    size_t n = 0;
    if (!items)
        return ERR_LIMIT;
    for (struct json_iter it = json_iter(list); json_next(&it); n++) {
        struct json v;
        if (json_get(it.value, STR("marking_ref"), &v))
            TRY(json_string(a, v, &items[n].marking_ref));
        if (json_get(it.value, STR("lang"), &v))
            TRY(json_string(a, v, &items[n].lang));
        if (!json_get(it.value, STR("selectors"), &items[n].selectors))
            return ERR_INVALID;
    }
    o->granular = items;
    o->n_granular = n;
    return ERR_OK;
}

// What the check has found to be of its type.
static enum err read_common(struct object_reading *r)
{
    struct stix_object *o = r->object;
    struct json v;
    o->has_created = json_get(o->root, STR("created"), &v) && o->kind != STIX_SCO;
    if (o->has_created)
        TRY(instant(r->arena, v, &o->created_us));
    o->has_modified = json_get(o->root, STR("modified"), &v) && o->kind != STIX_SCO;
    if (o->has_modified)
        TRY(instant(r->arena, v, &o->modified_us));
    if (json_get(o->root, STR("created_by_ref"), &v) && o->kind != STIX_SCO)
        TRY(json_string(r->arena, v, &o->created_by_ref));
    if (json_get(o->root, STR("revoked"), &v) && o->kind != STIX_SCO)
        o->is_revoked = json_is(v, JSON_TRUE);
    if (json_get(o->root, STR("labels"), &v) && o->kind != STIX_SCO)
        TRY(texts_of(r->arena, v, &o->labels, &o->n_labels));
    if (json_get(o->root, STR("object_marking_refs"), &v))
        TRY(texts_of(r->arena, v, &o->marking_refs, &o->n_marking_refs));
    if (json_get(o->root, STR("granular_markings"), &v))
        TRY(granular_of(r->arena, v, o));
    return ERR_OK;
}

// A custom observable may carry versions, which the columns of section 3.2 do not foresee.
static enum err read_version(struct object_reading *r)
{
    struct stix_object *o = r->object;
    struct json v;
    if (o->kind == STIX_SCO && json_get(o->root, STR("created"), &v))
        o->has_created = instant(r->arena, v, &o->created_us) == ERR_OK;
    if (o->kind == STIX_SCO && json_get(o->root, STR("modified"), &v))
        o->has_modified = instant(r->arena, v, &o->modified_us) == ERR_OK;
    o->has_version = o->has_created;
    o->version_us = o->has_modified ? o->modified_us : o->created_us;
    return ERR_OK;
}

static enum err read_indicator(struct object_reading *r)
{
    struct stix_object *o = r->object;
    struct json v;
    if (!str_eq(o->id.type, STR("indicator")))
        return ERR_OK;
    if (json_get(o->root, STR("pattern"), &v))
        TRY(json_string(r->arena, v, &o->pattern));
    if (json_get(o->root, STR("pattern_type"), &v))
        TRY(json_string(r->arena, v, &o->pattern_type));
    o->has_valid_from = json_get(o->root, STR("valid_from"), &v);
    if (o->has_valid_from)
        TRY(instant(r->arena, v, &o->valid_from_us));
    o->has_valid_until = json_get(o->root, STR("valid_until"), &v);
    if (o->has_valid_until)
        TRY(instant(r->arena, v, &o->valid_until_us));
    return ERR_OK;
}

static enum err read_checked(struct object_reading *r, const struct checking *c)
{
    struct stix_object *o = r->object;
    o->root = c->root;
    o->id = c->id;
    o->kind = c->kind;
    o->is_custom = !c->type;
    r->pattern = c->pattern;
    TRY(read_common(r));
    TRY(read_version(r));
    TRY(read_indicator(r));
    TRY(object_walk(r));
    return object_collect_values(r);
}

enum err stix_object_read(
    struct arena *a, struct str bytes, struct stix_object *out, struct stix_problem *problem)
{
    struct stix_object object = {0};
    struct checking c = {.arena = a, .problem = problem};
    *problem = (struct stix_problem){0};
    struct object_reading r = {.arena = a, .object = &object};
    enum err e = check_bytes(&c, bytes, STIX_OBJECT_BYTES_MAX);
    if (e == ERR_OK)
        e = check_object(&c);
    if (e == ERR_OK)
        e = read_checked(&r, &c);
    if (e == ERR_LIMIT && !problem->rule)
        *problem = (struct stix_problem){"LIMIT", "the object is over a limit", STR(""), 0};
    if (e == ERR_OK)
        *out = object;
    return e;
}

enum err stix_digest(struct arena *a, struct json root, unsigned char out[static SHA256_BYTES])
{
    struct arena_mark mark = arena_mark(a);
    struct str text;
    enum err e = json_canonical(a, root, &text);
    if (e == ERR_OK)
        hash_sha256(text, out);
    arena_rewind(a, mark);
    return e;
}
