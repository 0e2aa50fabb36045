// SPDX-License-Identifier: Apache-2.0
// Dictionaries of all kinds: hashes, extensions, the deprecated container of observables.
#include "stix/check_priv.h"
#include "stix/value_priv.h"

static bool is_alphanumeric(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = ascii_lower(text.ptr[i]);
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
            return false;
    }
    return true;
}

static bool is_key(struct str key, size_t min)
{
    for (size_t i = 0; i < key.len; i++) {
        char c = ascii_lower(key.ptr[i]);
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
            return false;
    }
    return key.len >= min && key.len <= 250;
}

static bool has_upper(struct str key)
{
    for (size_t i = 0; i < key.len; i++)
        if (key.ptr[i] != ascii_lower(key.ptr[i]))
            return true;
    return false;
}

// The format of the published schema: the text says "the appropriate format" only. A TLSH may
// begin with the T1 of its later versions.
bool hash_is_of(struct str algorithm, struct str text)
{
    static const struct {
        struct str algorithm;
        size_t digits;
    } known[] = {{STR_INIT("MD5"), 32}, {STR_INIT("SHA-1"), 40}, {STR_INIT("SHA-256"), 64},
        {STR_INIT("SHA-512"), 128}, {STR_INIT("SHA3-256"), 64}, {STR_INIT("SHA3-512"), 128}};
    for (size_t i = 0; i < LEN(known); i++)
        if (str_eq(algorithm, known[i].algorithm))
            return text.len == known[i].digits && value_is_hex(text);
    if (str_eq(algorithm, STR("TLSH")))
        return is_alphanumeric(text) &&
               (text.len == 70 || (text.len == 72 && str_starts(text, STR("T1"))));
    if (!str_eq(algorithm, STR("SSDEEP")))
        return true;
    for (size_t i = 0; i < text.len; i++)
        if (!is_alphanumeric(str_to(str_from(text, i), 1)) &&
            str_index(STR("/+:."), text.ptr[i]) == 4)
            return false;
    return text.len > 0 && text.len <= 128;
}

static enum err check_hash(
    struct checking *c, const struct object_path *path, struct json value)
{
    struct str text;
    if (!is_key(path->key, 3))
        return stix_check_report(c, path, value, STIX_RULE_HASH_KEY);
    if (!json_is(value, JSON_STRING))
        return stix_check_report(c, path, value, STIX_RULE_STRING);
    TRY(json_string(c->arena, value, &text));
    if (!hash_is_of(path->key, text))
        return stix_check_report(c, path, value, STIX_RULE_HASH_VALUE);
    if (c->findings && !vocabulary_has(VOCABULARY_HASH_ALGORITHM, path->key))
        return stix_check_report(c, path, value, STIX_RULE_HASH_ALGORITHM);
    return ERR_OK;
}

enum err check_hashes(struct checking *c, const struct object_path *path, struct json value)
{
    struct object_path member = {.outer = path};
    struct json v;
    if (!json_is(value, JSON_OBJECT) || json_len(value) == 0)
        return stix_check_report(c, path, value, STIX_RULE_HASHES);
    for (struct json_iter it = json_iter(value); json_next(&it);) {
        TRY(json_key(c->arena, &it, &member.key));
        TRY(check_hash(c, &member, it.value));
    }
    return json_get(value, STR("SHA-256"), &v)
               ? ERR_OK
               : stix_check_report(c, path, value, STIX_RULE_HASH_SHA_256);
}

static bool is_strings(struct json list)
{
    for (struct json_iter it = json_iter(list); json_next(&it);)
        if (!json_is(it.value, JSON_STRING))
            return false;
    return json_is(list, JSON_ARRAY) && json_len(list) > 0;
}

static bool is_content(enum content content, struct json v)
{
    int64_t n;
    switch (content) {
    case CONTENT_ANY:
        return !json_is(v, JSON_NULL);
    case CONTENT_INT:
        return json_int(v, &n) == ERR_OK;
    case CONTENT_INT_OR_STRING:
        return json_is(v, JSON_STRING) || json_int(v, &n) == ERR_OK;
    case CONTENT_STRING:
        return json_is(v, JSON_STRING);
    case CONTENT_STRINGS:
        return is_strings(v);
    }
    return true;
}

enum err check_dictionary(
    struct checking *c, enum content content, const struct object_path *path, struct json value)
{
    struct object_path member = {.outer = path};
    if (!json_is(value, JSON_OBJECT) || json_len(value) == 0)
        return stix_check_report(c, path, value, STIX_RULE_DICTIONARY);
    for (struct json_iter it = json_iter(value); json_next(&it);) {
        TRY(json_key(c->arena, &it, &member.key));
        if (!is_key(member.key, 1))
            TRY(stix_check_report(c, &member, it.value, STIX_RULE_DICTIONARY_KEY));
        if (has_upper(member.key))
            TRY(stix_check_report(c, &member, it.value, STIX_RULE_DICTIONARY_CASE));
        if (!is_content(content, it.value))
            TRY(stix_check_report(c, &member, it.value, STIX_RULE_DICTIONARY_VALUE));
        TRY(check_free(c, &member, it.value, false));
    }
    return ERR_OK;
}

// A defined extension (section 7.3): any content, but it says of what kind it is.
static enum err check_defined(
    struct checking *c, const struct object_path *path, struct json value)
{
    struct json type;
    struct str text;
    struct object_path at = {.outer = path, .key = STR("extension_type")};
    bool ok = json_get(value, at.key, &type) && member_text(c, value, at.key, &text) &&
              vocabulary_has(VOCABULARY_EXTENSION_TYPE, text);
    if (!ok)
        TRY(stix_check_report(c, &at, value, STIX_RULE_EXTENSION_TYPE));
    return check_free(c, path, value, true);
}

static enum err check_extension(
    struct checking *c, const struct object_path *path, struct json value)
{
    struct stix_id id;
    const struct stix_shape *shape = stix_extension_find(c->id.type, path->key);
    if (!json_is(value, JSON_OBJECT) || json_len(value) == 0)
        return stix_check_report(c, path, value, STIX_RULE_EXTENSION);
    if (shape)
        return check_shape(c, path, shape, value);
    if (str_starts(path->key, STR("extension-definition--"))) {
        if (stix_id_parse(path->key, &id) != ERR_OK)
            TRY(stix_check_report(c, path, value, STIX_RULE_IDENTIFIER));
        return check_defined(c, path, value);
    }
    TRY(stix_check_report(c, path, value, STIX_RULE_CUSTOM_EXTENSION));
    return check_free(c, path, value, true);
}

enum err check_extensions(struct checking *c, const struct object_path *path, struct json value)
{
    struct object_path member = {.outer = path};
    if (!json_is(value, JSON_OBJECT) || json_len(value) == 0)
        return stix_check_report(c, path, value, STIX_RULE_DICTIONARY);
    for (struct json_iter it = json_iter(value); json_next(&it);) {
        TRY(json_key(c->arena, &it, &member.key));
        TRY(check_extension(c, &member, it.value));
    }
    return ERR_OK;
}

static enum err check_local(
    struct checking *c, const struct object_path *path, struct json value)
{
    struct str type;
    if (!member_text(c, value, STR("type"), &type) || stix_type_check(type) != ERR_OK)
        return stix_check_report(c, path, value, STIX_RULE_CONTAINER);
    const struct stix_type *known = stix_type_find(type);
    if (known && known->kind != STIX_SCO)
        return stix_check_report(c, path, value, STIX_RULE_CONTAINER);
    c->id.type = type;
    return known ? check_shape(c, path, &known->shape, value) : ERR_OK;
}

enum err check_container(struct checking *c, const struct object_path *path, struct json value)
{
    struct object_path member = {.outer = path};
    struct checking outer = *c;
    enum err e = ERR_OK;
    if (!json_is(value, JSON_OBJECT) || json_len(value) == 0)
        return stix_check_report(c, path, value, STIX_RULE_CONTAINER);
    c->in_container = true;
    c->container = value;
    c->column = COLUMN_SCO;
    for (struct json_iter it = json_iter(value); e == ERR_OK && json_next(&it);) {
        e = json_key(c->arena, &it, &member.key);
        if (e == ERR_OK)
            e = check_local(c, &member, it.value);
    }
    c->in_container = false;
    c->id = outer.id;
    c->column = outer.column;
    return e;
}
