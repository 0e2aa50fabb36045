// SPDX-License-Identifier: Apache-2.0
// One value against its row: its type, its range, what it may refer to.
#include "base/time.h"
#include "stix/check_priv.h"
#include "stix/value_priv.h"

// True when a word of `targets` names the type or its kind.
bool is_type_of(const char *targets, struct str name)
{
    static const struct str kinds[] = {[STIX_SDO] = STR_INIT("@sdo"),
        [STIX_SRO] = STR_INIT("@sro"),
        [STIX_SCO] = STR_INIT("@sco"),
        [STIX_META] = STR_INIT("@meta")};
    const struct stix_type *type = stix_type_find(name);
    if (!type) // a bundle is no object; nothing is known of other types
        return !str_eq(name, STR("bundle"));
    for (struct str rest = str_of(targets); rest.len;) {
        struct str word = str_cut(&rest, ' ');
        if (str_eq(word, name) || str_eq(word, kinds[type->kind]))
            return true;
    }
    return false;
}

// Section 2.13: the reference of an observable in a container is the key of another one.
static enum err check_local_id(struct checking *c, const struct stix_property *property,
    const struct object_path *path, struct json value, struct str key)
{
    struct json target;
    struct str type;
    bool is_there =
        json_get(c->container, key, &target) && member_text(c, target, STR("type"), &type);
    if (is_there && (!property->targets || is_type_of(property->targets, type)))
        return ERR_OK;
    return stix_check_report(c, path, value, STIX_RULE_CONTAINER_REFERENCE);
}

static enum err check_id(struct checking *c, const struct stix_property *property,
    const struct object_path *path, struct json value)
{
    struct str text;
    struct stix_id id;
    enum err e = json_string(c->arena, value, &text);
    if (e == ERR_LIMIT)
        return e;
    if (e == ERR_OK && c->in_container)
        return check_local_id(c, property, path, value, text);
    if (e != ERR_OK || stix_id_parse(text, &id) != ERR_OK)
        return stix_check_report(c, path, value, STIX_RULE_IDENTIFIER);
    if (property->targets && !is_type_of(property->targets, id.type))
        return stix_check_report(c, path, value, STIX_RULE_TARGET);
    return ERR_OK;
}

static const struct {
    int64_t min, max;
    enum stix_rule rule;
} ranges[] = {
    [RANGE_ANY] = {INT64_MIN, INT64_MAX, STIX_RULE_INTEGER},
    [RANGE_CONFIDENCE] = {0, 100, STIX_RULE_CONFIDENCE},
    [RANGE_COUNT] = {0, 999999999, STIX_RULE_COUNT},
    [RANGE_ENTROPY] = {0, 8, STIX_RULE_ENTROPY},
    [RANGE_LATITUDE] = {-90, 90, STIX_RULE_DEGREES},
    [RANGE_LONGITUDE] = {-180, 180, STIX_RULE_DEGREES},
    [RANGE_NATURAL] = {0, INT64_MAX, STIX_RULE_NEGATIVE},
    [RANGE_OBSERVED] = {1, 999999999, STIX_RULE_NUMBER_OBSERVED},
    [RANGE_PORT] = {0, 65535, STIX_RULE_PORT},
};

static enum err check_int(
    struct checking *c, enum range range, const struct object_path *path, struct json value)
{
    int64_t n;
    if (json_int(value, &n) != ERR_OK)
        return stix_check_report(c, path, value, STIX_RULE_INTEGER);
    if (n < ranges[range].min || n > ranges[range].max)
        return stix_check_report(c, path, value, ranges[range].rule);
    return ERR_OK;
}

static enum err check_float(
    struct checking *c, enum range range, const struct object_path *path, struct json value)
{
    double n;
    if (json_double(value, &n) != ERR_OK)
        return stix_check_report(c, path, value, STIX_RULE_FLOAT);
    if (n < (double)ranges[range].min || n > (double)ranges[range].max)
        return stix_check_report(c, path, value, ranges[range].rule);
    return ERR_OK;
}

static bool is_base64(struct str text)
{
    size_t n = text.len;
    while (n && text.len - n < 2 && text.ptr[n - 1] == '=')
        n--;
    for (size_t i = 0; i < n; i++) {
        char c = ascii_lower(text.ptr[i]);
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/'))
            return false;
    }
    return text.len % 4 == 0;
}

static enum err check_encoded(struct checking *c, const struct stix_property *property,
    const struct object_path *path, struct json value)
{
    struct str text;
    int64_t us;
    enum stix_rule rule;
    enum err e = json_string(c->arena, value, &text);
    if (e == ERR_LIMIT)
        return e;
    bool ok = e == ERR_OK;
    if (property->letter == TYPE_TIME) {
        ok = ok && time_parse(text, &us) == ERR_OK;
        rule = STIX_RULE_TIMESTAMP;
    } else if (property->letter == TYPE_BINARY) {
        ok = ok && is_base64(text);
        rule = STIX_RULE_BINARY;
    } else {
        ok = ok && value_is_hex(text) && text.len % 2 == 0;
        rule = STIX_RULE_HEX;
    }
    return ok ? ERR_OK : stix_check_report(c, path, value, rule);
}

static bool is_lower_hyphens(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char b = text.ptr[i];
        if (!((b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || b == '-'))
            return false;
    }
    return true;
}

static enum err check_word(struct checking *c, const struct stix_property *property,
    const struct object_path *path, struct json value)
{
    struct str text;
    bool is_closed = property->letter == TYPE_CLOSED;
    if (!json_is(value, JSON_STRING))
        return stix_check_report(c, path, value, STIX_RULE_STRING);
    if (!is_closed && !c->findings)
        return ERR_OK;
    TRY(json_string(c->arena, value, &text));
    if (vocabulary_has((enum vocabulary)property->detail, text))
        return ERR_OK;
    if (is_closed)
        return stix_check_report(c, path, value, STIX_RULE_ENUMERATION);
    TRY(stix_check_report(c, path, value, STIX_RULE_VOCABULARY));
    return is_lower_hyphens(text)
               ? ERR_OK
               : stix_check_report(c, path, value, STIX_RULE_VOCABULARY_FORM);
}

static enum err check_bool(
    struct checking *c, const struct object_path *path, struct json value)
{
    bool b;
    return json_bool(value, &b) ? ERR_OK : stix_check_report(c, path, value, STIX_RULE_BOOLEAN);
}

// NOLINTNEXTLINE(misc-no-recursion): no deeper than the tables
static enum err check_one(struct checking *c, const struct stix_property *property,
    const struct object_path *path, struct json value)
{
    switch ((enum type_letter)property->letter) {
    case TYPE_STRING:
        return check_form(c, (enum form)property->detail, path, value);
    case TYPE_INT:
        return check_int(c, (enum range)property->detail, path, value);
    case TYPE_FLOAT:
        return check_float(c, (enum range)property->detail, path, value);
    case TYPE_BOOL:
        return check_bool(c, path, value);
    case TYPE_ID:
        return check_id(c, property, path, value);
    case TYPE_TIME:
    case TYPE_BINARY:
    case TYPE_HEX:
        return check_encoded(c, property, path, value);
    case TYPE_HASHES:
        return check_hashes(c, path, value);
    case TYPE_DICTIONARY:
        return check_dictionary(c, (enum content)property->detail, path, value);
    case TYPE_WORD:
    case TYPE_CLOSED:
        return check_word(c, property, path, value);
    case TYPE_PART:
        return check_shape(c, path, property->shape, value);
    case TYPE_CONTAINER:
        return check_container(c, path, value);
    case TYPE_EXTENSIONS:
        return check_extensions(c, path, value);
    }
    return ERR_OK;
}

// NOLINTNEXTLINE(misc-no-recursion): no deeper than the tables
enum err check_property(struct checking *c, const struct stix_property *property,
    const struct object_path *path, struct json value)
{
    struct object_path item = {.outer = path};
    if (property->flags & PROPERTY_OLD)
        TRY(stix_check_report(c, path, value, STIX_RULE_DEPRECATED));
    if (!(property->flags & PROPERTY_LIST))
        return check_one(c, property, path, value);
    if (!json_is(value, JSON_ARRAY) || json_len(value) == 0)
        return stix_check_report(c, path, value, STIX_RULE_LIST);
    for (struct json_iter it = json_iter(value); json_next(&it); item.index++)
        TRY(check_one(c, property, &item, it.value));
    return ERR_OK;
}

// An empty text under *_ref names nothing; ATT&CK has some.
static enum err check_free_ref(
    struct checking *c, const struct object_path *path, struct json value)
{
    struct str text;
    struct stix_id id;
    if (!json_is(value, JSON_STRING))
        return ERR_OK;
    TRY(json_string(c->arena, value, &text));
    if (text.len == 0 || stix_id_parse(text, &id) == ERR_OK)
        return ERR_OK;
    return stix_check_report(c, path, value, STIX_RULE_IDENTIFIER);
}

// A text under *_ref that is no identifier would be a reference that nobody follows.
static enum err check_free_refs(
    struct checking *c, const struct object_path *path, struct json value)
{
    struct object_path item = {.outer = path};
    if (str_ends(path->key, STR("_ref")))
        return check_free_ref(c, path, value);
    if (!str_ends(path->key, STR("_refs")) || !json_is(value, JSON_ARRAY))
        return ERR_OK;
    for (struct json_iter it = json_iter(value); json_next(&it); item.index++)
        TRY(check_free_ref(c, &item, it.value));
    return ERR_OK;
}

// NOLINTNEXTLINE(misc-no-recursion): no deeper than JSON_DEPTH_MAX
enum err check_free(
    struct checking *c, const struct object_path *path, struct json value, bool may_be_empty)
{
    struct object_path child = {.outer = path};
    if (c->in_container) // its references are keys
        return ERR_OK;
    TRY(check_free_refs(c, path, value));
    if (json_is(value, JSON_ARRAY) && json_len(value) == 0 && !may_be_empty)
        return stix_check_report(c, path, value, STIX_RULE_LIST);
    for (struct json_iter it = json_iter(value); json_next(&it); child.index++) {
        if (json_is(value, JSON_OBJECT))
            TRY(json_key(c->arena, &it, &child.key));
        TRY(check_free(c, &child, it.value, may_be_empty));
    }
    return ERR_OK;
}
