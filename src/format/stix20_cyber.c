// SPDX-License-Identifier: Apache-2.0
// The observables of a 2.0 container as objects: renamed properties, references by identifier
// in place of keys, and deterministic identifiers. What names another is made after it.
#include "format/seen_priv.h"
#include "format/stix20_priv.h"
#include "stix/observable.h"

#define ITEMS_MAX 10000
#define DEPTH_MAX 32

static const struct {
    struct str type, was, is; // "" drops the property: the original has it
} renamed[] = {
    {STR_INIT("file"), STR_INIT("created"), STR_INIT("ctime")},
    {STR_INIT("file"), STR_INIT("modified"), STR_INIT("mtime")},
    {STR_INIT("file"), STR_INIT("accessed"), STR_INIT("atime")},
    {STR_INIT("file"), STR_INIT("is_encrypted"), STR_INIT("")},
    {STR_INIT("file"), STR_INIT("encryption_algorithm"), STR_INIT("")},
    {STR_INIT("file"), STR_INIT("decryption_key"), STR_INIT("")},
    {STR_INIT("directory"), STR_INIT("created"), STR_INIT("ctime")},
    {STR_INIT("directory"), STR_INIT("modified"), STR_INIT("mtime")},
    {STR_INIT("directory"), STR_INIT("accessed"), STR_INIT("atime")},
    {STR_INIT("process"), STR_INIT("created"), STR_INIT("created_time")},
    {STR_INIT("process"), STR_INIT("binary_ref"), STR_INIT("image_ref")},
    {STR_INIT("process"), STR_INIT("name"), STR_INIT("")},
    {STR_INIT("process"), STR_INIT("arguments"), STR_INIT("")},
    {STR_INIT("user-account"), STR_INIT("password_last_changed"),
        STR_INIT("credential_last_changed")},
    {STR_INIT("windows-registry-key"), STR_INIT("modified"), STR_INIT("modified_time")},
};

struct item {
    struct str key; // in the container
    struct json value;
    struct str type;
    struct str id; // empty: not made yet
    bool is_being_made;
};

struct container {
    struct upgrade *u;
    struct item *items;
    size_t n;
    struct str *markings;
    size_t n_markings;
    size_t depth;
};

static enum err make_item(struct container *c, struct item *item);

static struct item *find(struct container *c, struct str key)
{
    for (size_t i = 0; i < c->n; i++)
        if (str_eq(c->items[i].key, key))
            return &c->items[i];
    return NULL;
}

// A key of the container as the id of what it names. *is_there is false for what is not there,
// and for a circle.
static enum err put_ref(
    struct container *c, struct json_out *o, struct json v, bool only_look, bool *is_there)
{
    struct str key;
    if (json_string(c->u->a, v, &key) != ERR_OK)
        key = STR("");
    struct item *item = find(c, key);
    *is_there = item && !item->is_being_made && c->depth < DEPTH_MAX;
    if (!*is_there)
        return only_look ? upgrade_lose(c->u, v, STR("objects"), "dropped",
                               "the reference names no observable, or goes in a circle")
                         : ERR_OK;
    TRY(make_item(c, item));
    if (!only_look)
        json_put_string(o, item->id);
    return ERR_OK;
}

static enum err put_refs(struct container *c, struct json_out *o, struct str key, struct json v)
{
    size_t n = 0;
    bool is_there;
    for (struct json_iter it = json_iter(v); json_next(&it);) {
        TRY(put_ref(c, o, it.value, true, &is_there));
        if (!is_there)
            continue;
        if (n++ == 0) {
            json_put_key(o, key);
            json_begin_array(o);
        }
        TRY(put_ref(c, o, it.value, false, &is_there));
    }
    if (n)
        json_end_array(o);
    return ERR_OK;
}

static enum err put_value(
    struct container *c, struct json_out *o, struct str key, struct json v);

static enum err put_members(struct container *c, struct json_out *o, struct json v)
{
    for (struct json_iter it = json_iter(v); json_next(&it);) {
        struct str key;
        TRY(json_key(c->u->a, &it, &key));
        TRY(put_value(c, o, key, it.value));
    }
    return ERR_OK;
}

static enum err put_list(struct container *c, struct json_out *o, struct json v)
{
    json_begin_array(o);
    for (struct json_iter it = json_iter(v); json_next(&it);) {
        if (!json_is(it.value, JSON_OBJECT)) {
            json_put_raw(o, json_span(it.value));
            continue;
        }
        json_begin_object(o);
        TRY(put_members(c, o, it.value));
        json_end_object(o);
    }
    json_end_array(o);
    return ERR_OK;
}

static enum err put_value(
    struct container *c, struct json_out *o, struct str key, struct json v)
{
    bool is_there;
    if (str_ends(key, STR("_refs")) && json_is(v, JSON_ARRAY))
        return put_refs(c, o, key, v);
    if (str_ends(key, STR("_ref"))) {
        TRY(put_ref(c, o, v, true, &is_there));
        if (!is_there)
            return ERR_OK;
        json_put_key(o, key);
        return put_ref(c, o, v, false, &is_there);
    }
    json_put_key(o, key);
    if (json_is(v, JSON_ARRAY))
        return put_list(c, o, v);
    if (!json_is(v, JSON_OBJECT)) {
        json_put_raw(o, json_span(v));
        return ERR_OK;
    }
    json_begin_object(o);
    TRY(put_members(c, o, v));
    json_end_object(o);
    return ERR_OK;
}

static enum err put_property(struct container *c, struct json_out *o, const struct item *item,
    struct str key, struct json v)
{
    for (size_t i = 0; i < LEN(renamed); i++) {
        if (!str_eq(renamed[i].type, item->type) || !str_eq(renamed[i].was, key))
            continue;
        if (renamed[i].is.len)
            return put_value(c, o, renamed[i].is, v);
        return upgrade_lose(c->u, v, key, "dropped", "2.1 has no such property");
    }
    return put_value(c, o, key, v);
}

// Without id and markings: what the id is made from.
static enum err put_item(struct container *c, struct json_out *o, const struct item *item)
{
    json_begin_object(o);
    json_member_string(o, STR("type"), item->type);
    json_member_string(o, STR("spec_version"), STR("2.1"));
    for (struct json_iter it = json_iter(item->value); json_next(&it);) {
        struct str key;
        TRY(json_key(c->u->a, &it, &key));
        if (!str_eq(key, STR("type")) && !str_eq(key, STR("id")) &&
            !str_eq(key, STR("spec_version")))
            TRY(put_property(c, o, item, key, it.value));
    }
    json_end_object(o);
    return o->buf->err;
}

// By its content when the standard says how, else by where it stood.
static enum err name_item(struct container *c, struct item *item, struct str bare)
{
    struct json root;
    struct stix_id id;
    struct buf b = buf_in(c->u->a, 4 * KIB);
    TRY(json_parse(c->u->a, bare, &root, NULL));
    enum err e = stix_observable_id(c->u->a, item->type, root, &id);
    if (e == ERR_OK)
        item->id = id.text;
    if (e != ERR_NOT_FOUND)
        return e;
    buf_put(&b, str_to(c->u->id, KIB));
    buf_put_byte(&b, '#');
    buf_put(&b, str_to(item->key, KIB));
    return make_id(c->u->a, item->type, buf_str(&b), &item->id);
}

static enum err put_whole(
    const struct container *c, const struct item *item, struct str bare, struct json_out *o)
{
    json_begin_object(o);
    json_member_string(o, STR("id"), item->id);
    json_put_raw(o, str_to(str_from(bare, 1), bare.len - 2));
    if (c->n_markings)
        json_member_strings(o, STR("object_marking_refs"), c->markings, c->n_markings);
    json_end_object(o);
    return o->buf->err;
}

static enum err make_item(struct container *c, struct item *item)
{
    struct buf bare = buf_in(c->u->a, STIX_OBJECT_BYTES_MAX),
               whole = buf_in(c->u->a, STIX_OBJECT_BYTES_MAX);
    struct json_out o = json_out(&bare), o_whole = json_out(&whole);
    if (item->id.len)
        return ERR_OK;
    item->is_being_made = true;
    c->depth++;
    TRY(put_item(c, &o, item));
    TRY(name_item(c, item, buf_str(&bare)));
    TRY(put_whole(c, item, buf_str(&bare), &o_whole));
    c->depth--;
    item->is_being_made = false;
    const struct format_object object = {.bytes = buf_str(&whole),
        .original = json_span(item->value),
        .at = c->u->at + json_at(item->value),
        .is_once = true};
    return c->u->sink->object(c->u->sink->ctx, &object);
}

static enum err list_items(struct container *c, struct json from)
{
    c->items = NEW_N(c->u->a, struct item, json_len(from) + 1);
    if (!c->items || json_len(from) > ITEMS_MAX)
        return ERR_LIMIT;
    for (struct json_iter it = json_iter(from); json_next(&it);) {
        struct item *item = &c->items[c->n++];
        struct json type;
        TRY(json_key(c->u->a, &it, &item->key));
        item->value = it.value;
        if (!json_is(it.value, JSON_OBJECT) || !json_get(it.value, STR("type"), &type))
            return ERR_INVALID;
        TRY(json_string(c->u->a, type, &item->type));
        if (stix_type_check(item->type) != ERR_OK)
            return ERR_INVALID;
    }
    return ERR_OK;
}

static enum err add_marking(struct arena *a, struct json v, struct str *list, size_t *n)
{
    struct str id;
    TRY(json_string(a, v, &id));
    for (size_t i = 0; i < *n; i++)
        if (str_eq(list[i], id))
            return ERR_OK;
    list[(*n)++] = id;
    return ERR_OK;
}

// Does a granular marking mark something inside the container?
static bool marks_inside(struct arena *a, struct json marking)
{
    struct json selectors;
    struct str text;
    if (!json_get(marking, STR("selectors"), &selectors))
        return false;
    for (struct json_iter it = json_iter(selectors); json_next(&it);)
        if (json_string(a, it.value, &text) == ERR_OK && str_starts(text, STR("objects")))
            return true;
    return false;
}

enum err upgrade_markings(struct upgrade *u, struct str **out, size_t *n)
{
    struct json refs = u->root, granular = u->root, ref;
    bool has_refs = json_get(u->root, STR("object_marking_refs"), &refs);
    bool has_granular = json_get(u->root, STR("granular_markings"), &granular);
    *n = 0;
    *out = NEW_N(u->a, struct str, json_len(refs) + json_len(granular) + 1);
    if (!*out)
        return ERR_LIMIT;
    for (struct json_iter it = json_iter(refs); has_refs && json_next(&it);)
        TRY(add_marking(u->a, it.value, *out, n));
    for (struct json_iter it = json_iter(granular); has_granular && json_next(&it);)
        if (marks_inside(u->a, it.value) && json_get(it.value, STR("marking_ref"), &ref))
            TRY(add_marking(u->a, ref, *out, n));
    return ERR_OK;
}

enum err upgrade_container(struct upgrade *u, struct json from, struct str **refs, size_t *n)
{
    struct container c = {.u = u};
    if (!json_is(from, JSON_OBJECT) || json_len(from) == 0)
        return ERR_INVALID;
    TRY(upgrade_markings(u, &c.markings, &c.n_markings));
    TRY(list_items(&c, from));
    *refs = NEW_N(u->a, struct str, c.n);
    if (!*refs)
        return ERR_LIMIT;
    *n = 0;
    for (size_t i = 0; i < c.n; i++) {
        TRY(make_item(&c, &c.items[i]));
        bool is_twice = false;
        for (size_t j = 0; j < *n && !is_twice; j++)
            is_twice = str_eq((*refs)[j], c.items[i].id);
        if (!is_twice)
            (*refs)[(*n)++] = c.items[i].id;
    }
    return ERR_OK;
}
