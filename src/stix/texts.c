// SPDX-License-Identifier: Apache-2.0
#include "stix/texts.h"

#include "base/sort.h"
#include "stix/text.h"

struct walk {
    struct arena *arena;
    struct stix_fields fields;
    size_t room;
    struct str top;
};

static bool is_skipped(struct str key)
{
    static const struct str keys[] = {STR_INIT("id"), STR_INIT("type"),
        STR_INIT("spec_version"), STR_INIT("selectors"), STR_INIT("payload_bin"),
        STR_INIT("extension_type")};
    for (size_t i = 0; i < LEN(keys); i++)
        if (str_eq(keys[i], key))
            return true;
    return str_ends(key, STR("_ref")) || str_ends(key, STR("_refs"));
}

// "2026-11-24T09:00:00Z"
static bool is_time(struct str s)
{
    return s.len >= 20 && s.len <= 32 && s.ptr[4] == '-' && s.ptr[10] == 'T' &&
           s.ptr[s.len - 1] == 'Z';
}

static enum err add(struct walk *w, struct str text)
{
    if (w->fields.n == w->room) {
        size_t room = w->room ? 2 * w->room : 16;
        struct stix_field *items = NEW_N(w->arena, struct stix_field, room);
        if (!items)
            return ERR_LIMIT;
        if (w->fields.n)
            memcpy(items, w->fields.items, w->fields.n * sizeof *items);
        w->fields.items = items;
        w->room = room;
    }
    w->fields.items[w->fields.n++] = (struct stix_field){.name = w->top, .text = text};
    return ERR_OK;
}

// NOLINTNEXTLINE(misc-no-recursion): no deeper than JSON_DEPTH_MAX
static enum err value_walk(struct walk *w, struct json value)
{
    struct str text, key;
    if (json_is(value, JSON_STRING)) {
        TRY(json_string(w->arena, value, &text));
        return text.len == 0 || is_time(text) ? ERR_OK : add(w, text);
    }
    for (struct json_iter it = json_iter(value); json_next(&it);) {
        if (it.is_object) {
            TRY(json_key(w->arena, &it, &key));
            if (is_skipped(key))
                continue;
        }
        TRY(value_walk(w, it.value));
    }
    return ERR_OK;
}

enum err stix_fields_read(struct arena *a, struct json root, struct stix_fields *out)
{
    struct walk w = {.arena = a};
    for (struct json_iter it = json_iter(root); json_next(&it);) {
        TRY(json_key(a, &it, &w.top));
        if (!is_skipped(w.top))
            TRY(value_walk(&w, it.value));
    }
    *out = w.fields;
    return ERR_OK;
}

static enum err name_add(struct arena *a, struct json value, struct stix_names *out)
{
    struct str text;
    struct stix_text folded;
    if (!json_is(value, JSON_STRING))
        return ERR_OK;
    TRY(json_string(a, value, &text));
    TRY(stix_text_fold(a, text, false, &folded));
    if (folded.folded.len)
        out->items[out->n++] = folded.folded;
    return ERR_OK;
}

enum err stix_aliases_read(struct arena *a, struct json root, struct stix_names *out)
{
    struct json aliases, name;
    *out = (struct stix_names){0};
    if (!json_get(root, STR("aliases"), &aliases) || json_len(aliases) == 0)
        return ERR_OK;
    out->items = NEW_N(a, struct str, json_len(aliases) + 1);
    if (!out->items)
        return ERR_LIMIT;
    if (json_get(root, STR("name"), &name))
        TRY(name_add(a, name, out));
    for (struct json_iter it = json_iter(aliases); json_next(&it);)
        TRY(name_add(a, it.value, out));
    return ERR_OK;
}

struct numbers {
    struct arena *arena;
    uint64_t *items;
    size_t n, room;
};

static enum err number_add(struct numbers *to, uint32_t number)
{
    if (to->n == to->room) {
        size_t room = to->room ? 2 * to->room : 256;
        uint64_t *items = NEW_N(to->arena, uint64_t, room);
        if (!items)
            return ERR_LIMIT;
        if (to->n)
            memcpy(items, to->items, to->n * sizeof *items);
        to->items = items;
        to->room = room;
    }
    to->items[to->n++] = number;
    return ERR_OK;
}

static enum err numbers_add(struct numbers *to, struct str text)
{
    struct stix_text folded;
    struct str term;
    TRY(stix_text_fold(to->arena, text, false, &folded));
    struct stix_terms it = stix_terms(folded.folded);
    while (stix_terms_next(&it, &term))
        TRY(number_add(to, stix_term_hash(term)));
    return ERR_OK;
}

enum err stix_object_terms(struct arena *a, struct json root, struct stix_numbers *out)
{
    struct stix_fields fields;
    struct numbers all = {.arena = a};
    TRY(stix_fields_read(a, root, &fields));
    for (size_t i = 0; i < fields.n; i++)
        TRY(numbers_add(&all, fields.items[i].text));
    uint64_t *spare = NEW_N(a, uint64_t, all.n + 1);
    uint32_t *items = NEW_N(a, uint32_t, all.n + 1);
    if (!spare || !items)
        return ERR_LIMIT;
    sort_u64(all.items, spare, all.n);
    size_t n = 0;
    for (size_t i = 0; i < all.n; i++)
        if (n == 0 || items[n - 1] != (uint32_t)all.items[i])
            items[n++] = (uint32_t)all.items[i];
    *out = (struct stix_numbers){.items = items, .n = n};
    return ERR_OK;
}
