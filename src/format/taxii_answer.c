// SPDX-License-Identifier: Apache-2.0
#include "format/taxii_answer.h"

#include "base/time.h"
#include "json/json.h"

// A member that is there must be of its type; `null` counts as missing, as servers write it.
static bool get(struct json v, const char *key, struct json *out)
{
    return json_get(v, str_of(key), out) && !json_is(*out, JSON_NULL);
}

static enum err wrong(struct json v, const char *why, struct fault *fault)
{
    return fault_set(fault, ERR_INVALID, json_at(v), why);
}

static enum err take_text(
    struct arena *a, struct json v, const char *key, struct str *out, struct fault *fault)
{
    struct json member;
    *out = STR("");
    if (!get(v, key, &member))
        return ERR_OK;
    enum err e = json_string(a, member, out);
    return e == ERR_INVALID ? wrong(member, "a text is not a string", fault) : e;
}

static enum err take_count(struct json v, const char *key, int64_t *out, struct fault *fault)
{
    struct json member;
    *out = 0;
    if (!get(v, key, &member))
        return ERR_OK;
    if (json_int(member, out) != ERR_OK || *out < 0)
        return wrong(member, "a count is not a number from 0 on", fault);
    return ERR_OK;
}

static enum err take_flag(struct json v, const char *key, bool *out, struct fault *fault)
{
    struct json member;
    *out = false;
    if (get(v, key, &member) && !json_bool(member, out))
        return wrong(member, "a flag is neither true nor false", fault);
    return ERR_OK;
}

// The list's items; empty when it is missing.
static enum err take_list(
    struct json v, const char *key, struct json_iter *out, size_t *n, struct fault *fault)
{
    struct json member;
    *out = (struct json_iter){0};
    *n = 0;
    if (!get(v, key, &member))
        return ERR_OK;
    if (!json_is(member, JSON_ARRAY))
        return wrong(member, "a list is not an array", fault);
    if (json_len(member) > TAXII_NAMES_MAX)
        return fault_set(fault, ERR_LIMIT, json_at(member), "a list has too many items");
    *out = json_iter(member);
    *n = json_len(member);
    return ERR_OK;
}

static enum err take_object(
    struct arena *a, struct str text, struct json *out, struct fault *fault)
{
    TRY(json_parse(a, text, out, fault));
    return json_is(*out, JSON_OBJECT) ? ERR_OK
                                      : wrong(*out, "the answer is not an object", fault);
}

static enum err read_versions(struct json v, struct taxii_place *place, struct fault *fault)
{
    struct json_iter it;
    size_t n;
    TRY(take_list(v, "versions", &it, &n, fault));
    while (json_next(&it))
        place->speaks |= json_is_string(it.value, STR("application/taxii+json;version=2.1")) ||
                         json_is_string(it.value, STR("application/taxii+json; version=2.1")) ||
                         json_is_string(it.value, STR("taxii-2.1"));
    place->is_root = n > 0 || place->content_bytes_max > 0;
    return ERR_OK;
}

enum err taxii_place_read(
    struct arena *a, struct str text, struct taxii_place *out, struct fault *fault)
{
    struct json v;
    struct json_iter it;
    size_t n;
    *out = (struct taxii_place){.n_roots = 0};
    TRY(take_object(a, text, &v, fault));
    TRY(take_text(a, v, "title", &out->title, fault));
    TRY(take_text(a, v, "default", &out->default_root, fault));
    TRY(take_count(v, "max_content_length", &out->content_bytes_max, fault));
    TRY(read_versions(v, out, fault));
    TRY(take_list(v, "api_roots", &it, &n, fault));
    out->roots = NEW_N(a, struct str, n + 1);
    if (!out->roots)
        return ERR_LIMIT;
    while (json_next(&it)) {
        if (!json_is(it.value, JSON_STRING))
            return wrong(it.value, "an API root is not a string", fault);
        TRY(json_string(a, it.value, &out->roots[out->n_roots++]));
    }
    return ERR_OK;
}

static enum err read_collection(
    struct arena *a, struct json v, struct taxii_collection *out, struct fault *fault)
{
    if (!json_is(v, JSON_OBJECT))
        return wrong(v, "a collection is not an object", fault);
    TRY(take_text(a, v, "id", &out->id, fault));
    TRY(take_text(a, v, "alias", &out->alias, fault));
    TRY(take_text(a, v, "title", &out->title, fault));
    TRY(take_flag(v, "can_read", &out->can_read, fault));
    TRY(take_flag(v, "can_write", &out->can_write, fault));
    return out->id.len ? ERR_OK : wrong(v, "a collection has no id", fault);
}

enum err taxii_collections_read(
    struct arena *a, struct str text, struct taxii_collections *out, struct fault *fault)
{
    struct json v;
    struct json_iter it;
    size_t n;
    *out = (struct taxii_collections){.n = 0};
    TRY(take_object(a, text, &v, fault));
    TRY(take_list(v, "collections", &it, &n, fault));
    out->items = NEW_N(a, struct taxii_collection, n + 1);
    if (!out->items)
        return ERR_LIMIT;
    while (json_next(&it))
        TRY(read_collection(a, it.value, &out->items[out->n++], fault));
    return ERR_OK;
}

enum err taxii_collection_find(
    const struct taxii_collections *all, struct str name, const struct taxii_collection **out)
{
    size_t titled = 0;
    *out = all->n == 1 ? all->items : NULL;
    if (name.len == 0)
        return *out ? ERR_OK : ERR_NOT_FOUND;
    *out = NULL;
    for (size_t i = 0; i < all->n; i++)
        if (str_eq(all->items[i].id, name)) {
            *out = &all->items[i];
            return ERR_OK;
        }
    for (size_t i = 0; i < all->n; i++)
        if (str_eq(all->items[i].alias, name)) {
            *out = &all->items[i];
            return ERR_OK;
        }
    for (size_t i = 0; i < all->n; i++)
        if (str_eq(all->items[i].title, name)) {
            *out = &all->items[i];
            titled++;
        }
    return titled > 1 ? ERR_CONFLICT : titled ? ERR_OK : ERR_NOT_FOUND;
}

enum err taxii_envelope_read(
    struct arena *a, struct str text, struct taxii_envelope *out, struct fault *fault)
{
    struct json v;
    *out = (struct taxii_envelope){.more = false};
    TRY(take_object(a, text, &v, fault));
    struct str next;
    TRY(take_flag(v, "more", &out->more, fault));
    TRY(take_text(a, v, "next", &next, fault));
    return str_copy(a, next, &out->next);
}

static enum err read_failure(
    struct arena *a, struct json v, struct taxii_failure *out, struct fault *fault)
{
    if (!json_is(v, JSON_OBJECT))
        return wrong(v, "a failure is not an object", fault);
    TRY(take_text(a, v, "id", &out->id, fault));
    TRY(take_text(a, v, "version", &out->version, fault));
    return take_text(a, v, "message", &out->message, fault);
}

static enum err read_failures(
    struct arena *a, struct json v, struct taxii_status *out, struct fault *fault)
{
    struct json member;
    if (!get(v, "failures", &member))
        return ERR_OK;
    if (!json_is(member, JSON_ARRAY))
        return wrong(member, "a list is not an array", fault);
    out->items = NEW_N(a, struct taxii_failure, TAXII_NAMES_MAX);
    if (!out->items)
        return ERR_LIMIT;
    for (struct json_iter it = json_iter(member); json_next(&it) && out->n < TAXII_NAMES_MAX;)
        TRY(read_failure(a, it.value, &out->items[out->n++], fault));
    return ERR_OK;
}

enum err taxii_status_read(
    struct arena *a, struct str text, struct taxii_status *out, struct fault *fault)
{
    struct json v;
    struct str word;
    *out = (struct taxii_status){.n = 0};
    TRY(take_object(a, text, &v, fault));
    TRY(take_text(a, v, "id", &out->id, fault));
    TRY(take_text(a, v, "status", &word, fault));
    TRY(take_count(v, "total_count", &out->total, fault));
    TRY(take_count(v, "success_count", &out->successes, fault));
    TRY(take_count(v, "failure_count", &out->failures, fault));
    TRY(take_count(v, "pending_count", &out->pendings, fault));
    out->is_complete = str_eq(word, STR("complete"));
    if (!out->is_complete && !str_eq(word, STR("pending")))
        return wrong(v, "the status is neither complete nor pending", fault);
    return read_failures(a, v, out, fault);
}

bool taxii_is_later(struct str a, struct str b)
{
    int64_t a_us, b_us;
    if (time_parse(a, &a_us) != ERR_OK || time_parse(b, &b_us) != ERR_OK)
        return false;
    if (a_us != b_us)
        return a_us > b_us;
    // Of the same length only digits differ.
    return a.len == b.len && str_cmp(a, b) > 0;
}
