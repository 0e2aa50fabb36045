// SPDX-License-Identifier: Apache-2.0
// One property against the tables: its type, whether it is a list, what it may refer to.
#include "base/time.h"
#include "stix/object_priv.h"
#include "stix/value_priv.h"

static const struct object_fault letter_faults[TYPE_LETTERS] = {
    [TYPE_STRING] = {"STIX-2.15-string", "not a string"},
    [TYPE_INT] = {"STIX-2.10-integer", "not an integer within 2^53"},
    [TYPE_FLOAT] = {"STIX-2.6-float", "not a number"},
    [TYPE_BOOL] = {"STIX-2.2-boolean", "neither true nor false"},
    [TYPE_TIME] = {"STIX-2.16-timestamp", "not a timestamp in UTC"},
    [TYPE_ID] = {"STIX-2.9-identifier", "not an identifier"},
    [TYPE_BINARY] = {"STIX-2.1-binary", "not base64"},
    [TYPE_HEX] = {"STIX-2.8-hex", "not an even number of hexadecimal digits"},
    [TYPE_HASHES] = {"STIX-2.7-hashes", "not a dictionary of hashes"},
    [TYPE_DICT] = {"STIX-2.3-dictionary", "not a dictionary with a member"},
    [TYPE_OBJECT] = {"STIX-2.3-object", "not an object with a member"},
    [TYPE_EXTERNAL] = {"STIX-2.5-external-reference",
        "not an external reference: source_name and one of description, url, external_id"},
    [TYPE_GRANULAR] = {"STIX-7.2.3-granular-marking",
        "not a granular marking: selectors and one of marking_ref, lang"},
};

static bool is_full_object(struct json v)
{
    return json_is(v, JSON_OBJECT) && json_len(v) > 0;
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

static bool is_hashes(struct json v)
{
    for (struct json_iter it = json_iter(v); json_next(&it);)
        if (!json_is(it.value, JSON_STRING) || it.key.len < 3 || it.key.len > 250)
            return false;
    return is_full_object(v);
}

static bool is_external(struct json v)
{
    struct json name, other;
    if (!json_get(v, STR("source_name"), &name) || !json_is(name, JSON_STRING))
        return false;
    return json_get(v, STR("description"), &other) || json_get(v, STR("url"), &other) ||
           json_get(v, STR("external_id"), &other);
}

static bool is_granular(struct json v)
{
    struct json selectors, ref, lang;
    if (!json_get(v, STR("selectors"), &selectors) || !json_is(selectors, JSON_ARRAY))
        return false;
    for (struct json_iter it = json_iter(selectors); json_next(&it);)
        if (!json_is(it.value, JSON_STRING))
            return false;
    bool has_ref = json_get(v, STR("marking_ref"), &ref);
    bool has_lang = json_get(v, STR("lang"), &lang);
    if (has_ref == has_lang || json_len(selectors) == 0)
        return false;
    return json_is(has_ref ? ref : lang, JSON_STRING);
}

// True when a word of `targets` names the type or its kind.
static bool is_target(const char *targets, struct str name, const struct stix_type *type)
{
    static const struct str kinds[] = {[STIX_SDO] = STR_INIT("@sdo"),
        [STIX_SRO] = STR_INIT("@sro"),
        [STIX_SCO] = STR_INIT("@sco"),
        [STIX_META] = {NULL, 0}};
    for (struct str rest = str_of(targets); rest.len;) {
        struct str word = str_cut(&rest, ' ');
        if (str_eq(word, name) || (kinds[type->kind].len && str_eq(word, kinds[type->kind])))
            return true;
    }
    return false;
}

static enum err check_id(struct object_reading *r, const struct stix_property *property,
    const struct object_path *path, struct json value, struct str text)
{
    struct stix_id id;
    if (stix_id_parse(text, &id) != ERR_OK)
        return object_refuse(r, path, value, letter_faults[TYPE_ID]);
    const struct stix_type *type = property->targets ? stix_type_find(id.type) : NULL;
    if (type && !is_target(property->targets, id.type, type))
        return object_refuse(r, path, value,
            (struct object_fault){"STIX-2.9-target", "refers to an object of a wrong type"});
    return ERR_OK;
}

static bool is_plain(enum type_letter letter, struct json value)
{
    int64_t n;
    bool b;
    switch (letter) {
    case TYPE_STRING:
        return json_is(value, JSON_STRING);
    case TYPE_INT:
        return json_int(value, &n) == ERR_OK;
    case TYPE_FLOAT:
        return json_is(value, JSON_NUMBER);
    case TYPE_BOOL:
        return json_bool(value, &b);
    case TYPE_HASHES:
        return is_hashes(value);
    case TYPE_DICT:
    case TYPE_OBJECT:
        return is_full_object(value);
    case TYPE_EXTERNAL:
        return is_external(value);
    case TYPE_GRANULAR:
        return is_granular(value);
    case TYPE_TIME:
    case TYPE_ID:
    case TYPE_BINARY:
    case TYPE_HEX:
    case TYPE_LETTERS:
        break;
    }
    return false;
}

enum err object_check_value(struct object_reading *r, const struct stix_property *property,
    const struct object_path *path, struct json value)
{
    enum type_letter letter = (enum type_letter)property->letter;
    bool is_text =
        letter == TYPE_TIME || letter == TYPE_ID || letter == TYPE_BINARY || letter == TYPE_HEX;
    struct str text;
    int64_t us;
    if (!is_text)
        return is_plain(letter, value) ? ERR_OK
                                       : object_refuse(r, path, value, letter_faults[letter]);
    enum err e = json_string(r->arena, value, &text);
    if (e == ERR_LIMIT)
        return e;
    if (e == ERR_OK && letter == TYPE_ID)
        return check_id(r, property, path, value, text);
    bool ok = e == ERR_OK;
    if (letter == TYPE_TIME)
        ok = ok && time_parse(text, &us) == ERR_OK;
    else if (letter == TYPE_BINARY)
        ok = ok && is_base64(text);
    else
        ok = ok && value_is_hex(text) && text.len % 2 == 0;
    return ok ? ERR_OK : object_refuse(r, path, value, letter_faults[letter]);
}

static enum err check_list(struct object_reading *r, const struct stix_property *property,
    const struct object_path *path, struct json list)
{
    struct object_path item = {.outer = path};
    if (!json_is(list, JSON_ARRAY) || json_len(list) == 0)
        return object_refuse(
            r, path, list, (struct object_fault){"STIX-2.12-list", "not a list with an item"});
    for (struct json_iter it = json_iter(list); json_next(&it); item.index++)
        TRY(object_check_value(r, property, &item, it.value));
    return ERR_OK;
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

static enum err time_of(struct arena *a, struct json value, int64_t *out)
{
    struct str text;
    TRY(json_string(a, value, &text));
    return time_parse(text, out);
}

// The value is known to be of its type.
static enum err field_set(struct object_reading *r, enum common_field field, struct json value)
{
    struct stix_object *o = r->object;
    switch (field) {
    case FIELD_CREATED_BY:
        return json_string(r->arena, value, &o->created_by_ref);
    case FIELD_CREATED:
        o->has_created = true;
        return time_of(r->arena, value, &o->created_us);
    case FIELD_MODIFIED:
        o->has_modified = true;
        return time_of(r->arena, value, &o->modified_us);
    case FIELD_REVOKED:
        o->is_revoked = json_is(value, JSON_TRUE);
        return ERR_OK;
    case FIELD_LABELS:
        return texts_of(r->arena, value, &o->labels, &o->n_labels);
    case FIELD_MARKINGS:
        return texts_of(r->arena, value, &o->marking_refs, &o->n_marking_refs);
    case FIELD_GRANULAR:
        return granular_of(r->arena, value, o);
    case FIELD_CONFIDENCE:
    case FIELD_NONE:
        break;
    }
    return ERR_OK;
}

static enum err confidence_check(
    struct object_reading *r, const struct object_path *path, struct json value)
{
    int64_t n;
    if (json_int(value, &n) == ERR_OK && n >= 0 && n <= 100)
        return ERR_OK;
    return object_refuse(
        r, path, value, (struct object_fault){"STIX-3.2-confidence", "not within 0 to 100"});
}

const struct stix_property *object_property_find(
    const struct object_reading *r, struct str key, enum common_field *field)
{
    *field = FIELD_NONE;
    for (size_t i = 0; i < stix_common_n; i++)
        if ((stix_common[i].allowed & r->column) && str_eq(stix_common[i].property.name, key)) {
            *field = (enum common_field)stix_common[i].field;
            return &stix_common[i].property;
        }
    for (size_t i = 0; r->type && i < r->type->n_properties; i++)
        if (str_eq(r->type->properties[i].name, key))
            return &r->type->properties[i];
    return NULL;
}

enum err object_check_property(
    struct object_reading *r, const struct json_iter *it, struct str key)
{
    struct object_path path = {.key = key};
    enum common_field field;
    const struct stix_property *property = object_property_find(r, key, &field);
    if (!property)
        return ERR_OK; // kept as it is
    if (property->flags & PROPERTY_LIST)
        TRY(check_list(r, property, &path, it->value));
    else
        TRY(object_check_value(r, property, &path, it->value));
    if (field == FIELD_CONFIDENCE)
        TRY(confidence_check(r, &path, it->value));
    return field_set(r, field, it->value);
}
