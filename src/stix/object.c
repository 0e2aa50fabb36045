// SPDX-License-Identifier: Apache-2.0
#include "stix/object.h"

#include "base/limits.h"
#include "base/time.h"
#include "stix/object_priv.h"
#include "json/canonical.h"

// NOLINTNEXTLINE(misc-no-recursion): as deep as the reader allows
static void put_path(struct buf *b, const struct object_path *path)
{
    if (path->outer)
        put_path(b, path->outer);
    if (path->key.len) {
        if (path->outer)
            buf_put_byte(b, '.');
        buf_put(b, path->key);
    } else {
        buf_put_byte(b, '[');
        buf_put_u64(b, path->index);
        buf_put_byte(b, ']');
    }
}

enum err object_refuse(struct object_reading *r, const struct object_path *path,
    struct json value, struct object_fault fault)
{
    struct buf text = buf_in(r->arena, 64 * KIB);
    if (path)
        put_path(&text, path);
    *r->problem = (struct stix_problem){fault.rule, fault.why, buf_str(&text), json_at(value)};
    return text.err == ERR_OK ? ERR_INVALID : text.err;
}

static enum err refuse_at(
    struct object_reading *r, struct str key, struct json value, struct object_fault fault)
{
    struct object_path path = {.key = key};
    return object_refuse(r, &path, value, fault);
}

static enum err refuse_whole(struct object_reading *r, struct object_fault fault)
{
    return object_refuse(r, NULL, r->object->root, fault);
}

static enum err member_string(struct object_reading *r, struct str key, struct str *out)
{
    struct json v;
    struct object_path path = {.key = key};
    if (!json_get(r->object->root, key, &v))
        return object_refuse(r, &path, r->object->root,
            (struct object_fault){"STIX-3.2-required", "a required property is missing"});
    enum err e = json_string(r->arena, v, out);
    if (e == ERR_INVALID)
        return object_refuse(
            r, &path, v, (struct object_fault){"STIX-2.15-string", "not a string"});
    return e;
}

static enum err read_id(struct object_reading *r)
{
    struct json v;
    struct str type, id;
    TRY(member_string(r, STR("type"), &type));
    if (!json_get(r->object->root, STR("type"), &v))
        return ERR_INVALID;
    if (str_eq(type, STR("bundle")))
        return refuse_at(r, STR("type"), v,
            (struct object_fault){"STIX-8-bundle", "a bundle is not an object of a bundle"});
    if (stix_type_check(type) != ERR_OK)
        return refuse_at(
            r, STR("type"), v, (struct object_fault){"STIX-3.1-type", "not a type name"});
    TRY(member_string(r, STR("id"), &id));
    if (!json_get(r->object->root, STR("id"), &v))
        return ERR_INVALID;
    if (stix_id_parse(id, &r->object->id) != ERR_OK)
        return refuse_at(
            r, STR("id"), v, (struct object_fault){"STIX-2.9-identifier", "not an identifier"});
    if (!str_eq(r->object->id.type, type))
        return refuse_at(r, STR("id"), v,
            (struct object_fault){"STIX-3.2-id", "the id is of another type than the object"});
    return ERR_OK;
}

// The kind that an extension gives to a new type (section 7.3).
static bool extension_kind(struct json extension, enum stix_kind *out)
{
    static const struct {
        struct str word;
        enum stix_kind kind;
    } words[] = {{STR_INIT("new-sdo"), STIX_SDO}, {STR_INIT("new-sco"), STIX_SCO},
        {STR_INIT("new-sro"), STIX_SRO}};
    struct json type;
    if (!json_get(extension, STR("extension_type"), &type))
        return false;
    for (size_t i = 0; i < LEN(words); i++)
        if (json_is_string(type, words[i].word)) {
            *out = words[i].kind;
            return true;
        }
    return false;
}

// A custom object without such an extension shows its kind by having versions or not.
static enum stix_kind custom_kind(struct json root)
{
    struct json extensions, created;
    enum stix_kind kind;
    if (json_get(root, STR("extensions"), &extensions))
        for (struct json_iter it = json_iter(extensions); json_next(&it);)
            if (extension_kind(it.value, &kind))
                return kind;
    return json_get(root, STR("created"), &created) ? STIX_SDO : STIX_SCO;
}

static enum err read_kind(struct object_reading *r)
{
    struct stix_object *o = r->object;
    struct json v;
    r->type = stix_type_find(o->id.type);
    o->is_custom = !r->type;
    o->kind = r->type ? r->type->kind : custom_kind(o->root);
    r->column = stix_column(o->id.type, o->kind);
    if (json_get(o->root, STR("spec_version"), &v)) {
        if (json_is_string(v, STR("2.1")))
            return ERR_OK;
        const char *why = json_is_string(v, STR("2.0"))
                              ? "a STIX 2.0 object: convert it to STIX 2.1 first"
                              : "spec_version is not \"2.1\"";
        return refuse_at(
            r, STR("spec_version"), v, (struct object_fault){"STIX-3.2-spec-version", why});
    }
    if (o->kind == STIX_SCO)
        return ERR_OK;
    return refuse_whole(
        r, (struct object_fault){"STIX-3.2-spec-version",
               "no spec_version, so a STIX 2.0 object: convert it to STIX 2.1"});
}

static enum err check_required(struct object_reading *r)
{
    struct object_fault missing = {"STIX-3.2-required", "a required property is missing"};
    struct json v;
    for (size_t i = 0; i < stix_common_n; i++)
        if ((stix_common[i].required & r->column) &&
            !json_get(r->object->root, stix_common[i].property.name, &v))
            return refuse_at(r, stix_common[i].property.name, r->object->root, missing);
    for (size_t i = 0; r->type && i < r->type->n_properties; i++)
        if ((r->type->properties[i].flags & PROPERTY_REQUIRED) &&
            !json_get(r->object->root, r->type->properties[i].name, &v))
            return refuse_at(r, r->type->properties[i].name, r->object->root, missing);
    return ERR_OK;
}

static enum err instant(struct arena *a, struct json v, int64_t *out)
{
    struct str text;
    TRY(json_string(a, v, &text));
    return time_parse(text, out);
}

static enum err check_rule(struct object_reading *r, const struct type_rule *rule)
{
    struct json first, second;
    bool has_first = json_get(r->object->root, rule->first, &first);
    bool has_second = json_get(r->object->root, rule->second, &second);
    int64_t from = 0, to = 1;
    if (rule->kind <= RULE_ORDER_STRICT && has_first && has_second) {
        TRY(instant(r->arena, first, &from));
        TRY(instant(r->arena, second, &to));
    }
    bool ok = true;
    switch (rule->kind) {
    case RULE_ORDER:
        ok = to >= from;
        break;
    case RULE_ORDER_STRICT:
        ok = to > from;
        break;
    case RULE_ONE_OF:
        ok = has_first || has_second;
        break;
    case RULE_EITHER:
        ok = has_first != has_second;
        break;
    case RULE_TOGETHER:
        ok = !has_first || has_second;
        break;
    }
    struct object_fault fault = {rule->rule, rule->why};
    if (ok)
        return ERR_OK;
    return refuse_at(r, has_second ? rule->second : rule->first,
        has_second  ? second
        : has_first ? first
                    : r->object->root,
        fault);
}

static enum err check_together(struct object_reading *r)
{
    struct stix_object *o = r->object;
    struct json v;
    if (o->has_created && o->has_modified && o->modified_us < o->created_us &&
        json_get(o->root, STR("modified"), &v))
        return refuse_at(r, STR("modified"), v,
            (struct object_fault){"STIX-3.6-modified", "modified is before created"});
    for (size_t i = 0; r->type && i < stix_type_rules_n; i++)
        if (str_eq(stix_type_rules[i].type, r->type->name))
            TRY(check_rule(r, &stix_type_rules[i]));
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
    TRY(member_string(r, STR("pattern"), &o->pattern));
    TRY(member_string(r, STR("pattern_type"), &o->pattern_type));
    o->has_valid_from = json_get(o->root, STR("valid_from"), &v);
    if (o->has_valid_from)
        TRY(instant(r->arena, v, &o->valid_from_us));
    o->has_valid_until = json_get(o->root, STR("valid_until"), &v);
    if (o->has_valid_until)
        TRY(instant(r->arena, v, &o->valid_until_us));
    return ERR_OK;
}

static enum err read_parsed(struct object_reading *r)
{
    TRY(read_id(r));
    TRY(read_kind(r));
    for (struct json_iter it = json_iter(r->object->root); json_next(&it);) {
        struct str key;
        TRY(json_key(r->arena, &it, &key));
        TRY(object_check_property(r, &it, key));
    }
    TRY(check_required(r));
    TRY(check_together(r));
    TRY(read_version(r));
    TRY(read_indicator(r));
    TRY(object_walk(r));
    return object_collect_values(r);
}

static enum err refuse_json(struct stix_problem *problem, enum err e, struct fault fault)
{
    *problem = (struct stix_problem){"JSON", fault.why, STR(""), fault.at};
    return e;
}

enum err stix_object_read(
    struct arena *a, struct str bytes, struct stix_object *out, struct stix_problem *problem)
{
    struct stix_object object = {0};
    struct object_reading r = {.arena = a, .object = &object, .problem = problem};
    struct fault fault = {0};
    if (bytes.len > STIX_OBJECT_BYTES_MAX)
        return refuse_json(problem, ERR_LIMIT,
            (struct fault){STIX_OBJECT_BYTES_MAX, "the object is too long"});
    enum err e = json_parse(a, bytes, &object.root, &fault);
    if (e != ERR_OK)
        return refuse_json(problem, e, fault);
    if (!json_is(object.root, JSON_OBJECT))
        return refuse_json(
            problem, ERR_INVALID, (struct fault){json_at(object.root), "not a JSON object"});
    e = read_parsed(&r);
    if (e == ERR_LIMIT)
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
