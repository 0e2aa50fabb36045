// SPDX-License-Identifier: Apache-2.0
#include "store/object_of.h"

static enum err text_of(
    struct arena *a, const struct stix_object *object, struct str key, struct str *out)
{
    struct json v;
    *out = (struct str){"", 0};
    return json_get(object->root, key, &v) ? json_string(a, v, out) : ERR_OK;
}

// A relationship "derived-from" is somebody's word about another object; a sighting is itself
// made from what was sighted, by a machine.
static enum err derivation(
    struct arena *a, const struct stix_object *object, struct store_object_in *row)
{
    struct str verb;
    if (str_eq(object->id.type, STR("sighting"))) {
        row->derived = object->id.text;
        row->by_machine = true;
        return text_of(a, object, STR("sighting_of_ref"), &row->origin);
    }
    if (!str_eq(object->id.type, STR("relationship")))
        return ERR_OK;
    TRY(text_of(a, object, STR("relationship_type"), &verb));
    if (!str_eq(verb, STR("derived-from")))
        return ERR_OK;
    TRY(text_of(a, object, STR("source_ref"), &row->derived));
    return text_of(a, object, STR("target_ref"), &row->origin);
}

enum err store_object_of(struct arena *a, const struct stix_object *object, struct str bytes,
    struct store_object_in *out)
{
    struct str *refs = NEW_N(a, struct str, object->n_refs ? object->n_refs : 1);
    if (!refs)
        return ERR_LIMIT;
    for (size_t i = 0; i < object->n_refs; i++)
        refs[i] = object->refs[i].id;
    struct store_object_in row = {.id = object->id.text,
        .type = object->id.type,
        .bytes = bytes,
        .values = object->values,
        .values_n = object->n_values,
        .refs = refs,
        .refs_n = object->n_refs,
        .version_us = object->version_us,
        .has_version = object->has_version};
    TRY(stix_digest(a, object->root, row.digest));
    TRY(derivation(a, object, &row));
    *out = row;
    return ERR_OK;
}
