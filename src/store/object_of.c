// SPDX-License-Identifier: Apache-2.0
#include "store/object_of.h"

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
    *out = row;
    return ERR_OK;
}
