// SPDX-License-Identifier: Apache-2.0
// An object against the rows of its shape, and the rules between its properties.
#include "base/time.h"
#include "stix/check_priv.h"

bool check_text(struct checking *c, struct json value, struct str *out)
{
    enum err e = json_string(c->arena, value, out);
    c->is_full |= e == ERR_LIMIT;
    return e == ERR_OK;
}

bool member_text(struct checking *c, struct json object, struct str key, struct str *out)
{
    struct json v;
    return json_get(object, key, &v) && check_text(c, v, out);
}

static bool is_name(struct str a, struct str b)
{
    return a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0;
}

static const struct stix_property *find_own(
    const struct stix_shape *shape, struct str key, uint64_t *seen)
{
    for (size_t i = 0; shape && i < shape->n_properties; i++)
        if (is_name(shape->properties[i].name, key)) {
            *seen |= UINT64_C(1) << i;
            return &shape->properties[i];
        }
    return NULL;
}

static const struct common_property *find_common(struct str key)
{
    for (size_t i = 0; i < stix_common_n; i++)
        if (is_name(stix_common[i].property.name, key))
            return &stix_common[i];
    return NULL;
}

// Section 3.8: kept for the standard's own later use.
static bool is_reserved(struct str key)
{
    return is_name(key, STR("severity")) || is_name(key, STR("username")) ||
           is_name(key, STR("phone_number")) || is_name(key, STR("action"));
}

static bool is_property_name(struct str key)
{
    for (size_t i = 0; i < key.len; i++) {
        char b = key.ptr[i];
        if (!((b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || b == '_'))
            return false;
    }
    return key.len >= 3 && key.len <= 250;
}

static bool has_toplevel_extension(struct checking *c)
{
    struct json extensions, type;
    if (!json_get(c->root, STR("extensions"), &extensions))
        return false;
    for (struct json_iter it = json_iter(extensions); json_next(&it);)
        if (json_get(it.value, STR("extension_type"), &type) &&
            !json_is_string(type, STR("property-extension")))
            return true;
    return false;
}

// A property of the object itself that no table has: kept as it is.
static enum err check_custom(
    struct checking *c, const struct object_path *path, struct json value)
{
    if (!is_property_name(path->key))
        TRY(stix_check_report(c, path, value, STIX_RULE_PROPERTY_NAME));
    if (c->type && is_reserved(path->key))
        TRY(stix_check_report(c, path, value, STIX_RULE_RESERVED));
    else if (c->findings && c->type && !has_toplevel_extension(c))
        TRY(stix_check_report(c, path, value, STIX_RULE_CUSTOM_PROPERTY));
    return check_free(c, path, value, true);
}

static enum err check_member(struct checking *c, const struct stix_shape *shape,
    const struct object_path *path, struct json value, uint64_t *seen)
{
    bool is_top = !path->outer;
    const struct common_property *common =
        is_top || c->in_container ? find_common(path->key) : NULL;
    if (common && (common->allowed & c->column) &&
        (is_top || common->property.letter != TYPE_ID))
        return check_property(c, &common->property, path, value);
    const struct stix_property *own = find_own(shape, path->key, seen);
    if (own)
        return check_property(c, own, path, value);
    if (common && is_top && c->type)
        return stix_check_report(c, path, value, STIX_RULE_NOT_APPLICABLE);
    return is_top ? check_custom(c, path, value) : check_free(c, path, value, false);
}

// NOLINTNEXTLINE(misc-no-recursion): no deeper than the tables
enum err check_shape(struct checking *c, const struct object_path *path,
    const struct stix_shape *shape, struct json object)
{
    struct object_path member = {.outer = path};
    uint64_t seen = 0;
    if (!json_is(object, JSON_OBJECT) || json_len(object) == 0)
        return stix_check_report(c, path, object, STIX_RULE_DICTIONARY);
    for (struct json_iter it = json_iter(object); json_next(&it);) {
        TRY(json_key(c->arena, &it, &member.key));
        TRY(check_member(c, shape, &member, it.value, &seen));
    }
    for (size_t i = 0; shape && i < shape->n_properties; i++) {
        const struct stix_property *property = &shape->properties[i];
        member.key = property->name;
        if (seen >> i & 1)
            continue;
        if (property->flags & PROPERTY_REQUIRED)
            TRY(stix_check_report(c, &member, object, STIX_RULE_REQUIRED));
        if (property->flags & PROPERTY_WANTED)
            TRY(stix_check_report(c, &member, object, STIX_RULE_WANTED));
    }
    if (!shape)
        return ERR_OK;
    TRY(check_rules(c, path, shape, object));
    return shape->check ? shape->check(c, path, object) : ERR_OK;
}

static bool instant(struct checking *c, struct json object, struct str key, int64_t *out)
{
    struct str text;
    return member_text(c, object, key, &text) && time_parse(text, out) == ERR_OK;
}

static bool has_any(struct json object, struct str names)
{
    struct json v;
    while (names.len)
        if (json_get(object, str_cut(&names, ' '), &v))
            return true;
    return false;
}

static bool has_some_but(const struct stix_shape *shape, struct json object, struct str name)
{
    uint64_t seen;
    for (struct json_iter it = json_iter(object); json_next(&it);)
        if (!is_name(it.key, name) &&
            (find_own(shape, it.key, &seen) || is_name(it.key, STR("extensions"))))
            return true;
    return false;
}

static bool member_is(struct json object, struct str key, enum json_type type)
{
    struct json v;
    return json_get(object, key, &v) && json_is(v, type);
}

static bool rule_holds(struct checking *c, const struct stix_shape *shape,
    const struct shape_rule *rule, struct json object)
{
    int64_t from, to;
    struct str first = rule->first, second = rule->second;
    struct json v;
    switch (rule->kind) {
    case RULE_ORDER:
    case RULE_ORDER_STRICT:
        if (!instant(c, object, first, &from) || !instant(c, object, second, &to))
            return true;
        return rule->kind == RULE_ORDER ? to >= from : to > from;
    case RULE_ANY_OF:
        return has_any(object, first);
    case RULE_EITHER:
        return has_any(object, first) != has_any(object, second);
    case RULE_TOGETHER:
        return !json_get(object, first, &v) || json_get(object, second, &v);
    case RULE_TRUE_NEEDS:
        return !member_is(object, first, JSON_TRUE) || json_get(object, second, &v);
    case RULE_TRUE_FORBIDS:
        return !member_is(object, first, JSON_TRUE) || !json_get(object, second, &v);
    case RULE_FALSE_FORBIDS:
        return !member_is(object, first, JSON_FALSE) || !json_get(object, second, &v);
    case RULE_SOME_BUT_FIRST:
        return has_some_but(shape, object, first);
    }
    return true;
}

enum err check_rules(struct checking *c, const struct object_path *path,
    const struct stix_shape *shape, struct json object)
{
    for (size_t i = 0; i < shape->n_rules; i++) {
        const struct shape_rule *rule = &shape->rules[i];
        struct str names = rule->first, first = str_cut(&names, ' ');
        struct object_path at = {.outer = path};
        struct json v = object;
        if (rule_holds(c, shape, rule, object))
            continue;
        at.key = rule->second.len && json_get(object, rule->second, &v) ? rule->second : first;
        if (str_eq(at.key, first) && first.len && !json_get(object, first, &v))
            v = object;
        TRY(stix_check_report(c, at.key.len ? &at : path, v, rule->rule));
    }
    return ERR_OK;
}
