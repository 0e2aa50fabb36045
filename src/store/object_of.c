// SPDX-License-Identifier: Apache-2.0
#include "store/object_of.h"

#include "base/limits.h"
#include "stix/text.h"
#include "stix/texts.h"
#include "store/text.h"

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

static enum stix_tlp tlp_of(const struct stix_object *object)
{
    enum stix_tlp tlp = STIX_TLP_CLEAR;
    struct stix_marking marking;
    for (size_t i = 0; i < object->n_marking_refs; i++)
        if (stix_marking_pinned(object->marking_refs[i], &marking) == ERR_OK &&
            marking.tlp > tlp)
            tlp = marking.tlp;
    return tlp;
}

// Its words first, then its marks.
static enum err put_numbers(struct arena *scratch, const struct stix_object *object,
    struct arena *a, struct store_object_in *row)
{
    struct stix_numbers words;
    struct stix_names names;
    struct stix_text label;
    TRY(stix_object_terms(scratch, object->root, &words));
    TRY(stix_aliases_read(scratch, object->root, &names));
    size_t n = words.n;
    uint32_t *numbers =
        NEW_N(a, uint32_t, n + names.n + object->n_labels + object->n_values + 1);
    if (!numbers)
        return ERR_LIMIT;
    if (n)
        memcpy(numbers, words.items, n * sizeof *numbers);
    for (size_t i = 0; i < names.n; i++)
        numbers[n++] = store_mark_number(STORE_MARK_ALIAS, names.items[i]);
    for (size_t i = 0; i < object->n_labels; i++) {
        TRY(stix_text_fold(scratch, object->labels[i], false, &label));
        numbers[n++] = store_mark_number(STORE_MARK_LABEL, label.folded);
    }
    for (size_t i = 0; i < object->n_values; i++)
        numbers[n++] = store_mark_number(STORE_MARK_VALUE, object->values[i]);
    if (object->created_by_ref.len)
        numbers[n++] = store_mark_number(STORE_MARK_AUTHOR, object->created_by_ref);
    row->numbers = numbers;
    row->numbers_n = n;
    return ERR_OK;
}

// Folding takes many times the room of what is kept, and a batch holds many objects.
static enum err numbers_of(
    struct arena *a, const struct stix_object *object, struct store_object_in *row)
{
    struct arena scratch;
    arena_init(&scratch, TEXT_ARENA_BYTES_MAX);
    enum err e = put_numbers(&scratch, object, a, row);
    arena_release(&scratch);
    return e;
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
        .tlp = tlp_of(object),
        .has_version = object->has_version};
    TRY(numbers_of(a, object, &row));
    TRY(stix_digest(a, object->root, row.digest));
    TRY(derivation(a, object, &row));
    *out = row;
    return ERR_OK;
}
