// SPDX-License-Identifier: Apache-2.0
// Where the words stand, shown in the object's own spelling.
#include "api/query.h"

#include "base/utf8.h"
#include "stix/texts.h"

#define AROUND_BYTES    120u        // shown before and after what is meant
#define SHOWN_BYTES_MAX (256 * KIB) // of a field; a longer one is found, and not shown
#define MEANT_MAX       4u          // places shown of one field

struct place {
    size_t from, until;
};

// The first place where one of the names stands; the longest when several begin there.
static size_t find_any(
    struct str folded, size_t at, const struct query_any *any, size_t best, size_t *len)
{
    for (size_t i = 0; i < any->n; i++) {
        size_t found = stix_word_find(folded, at, any->items[i]);
        bool is_longer = found == best && any->items[i].len > *len;
        if (found < best || (found < folded.len && is_longer)) {
            best = found;
            *len = any->items[i].len;
        }
    }
    return best;
}

static size_t find_places(
    const struct query *query, const struct stix_text *text, struct place out[MEANT_MAX])
{
    size_t n = 0, at = 0;
    while (n < MEANT_MAX && at < text->folded.len) {
        size_t best = text->folded.len, len = 0;
        for (size_t i = 0; i < query->words_n; i++)
            best = find_any(text->folded, at, &query->words[i], best, &len);
        if (best == text->folded.len)
            break;
        struct place place = {text->from[best], text->until[best + len - 1]};
        if (n && place.from - out[0].from > 2 * AROUND_BYTES)
            break;
        if (n && place.from < out[n - 1].until)
            place.from = out[n - 1].until;
        if (place.until > place.from)
            out[n++] = place;
        at = best + len;
    }
    return n;
}

// The nearest begin of a character at or after a place.
static size_t boundary(struct str text, size_t at)
{
    while (at < text.len && ((unsigned char)text.ptr[at] & 0xc0) == 0x80)
        at++;
    return at;
}

static struct str part(struct str text, size_t from, size_t until)
{
    return (struct str){text.ptr + from, until - from};
}

static void put_snippet(
    struct json_out *o, struct str text, const struct place *places, size_t n)
{
    size_t first = places[0].from, end = places[n - 1].until;
    size_t at = first > AROUND_BYTES ? boundary(text, first - AROUND_BYTES) : 0;
    size_t stop = text.len - end > AROUND_BYTES ? boundary(text, end + AROUND_BYTES) : text.len;
    json_put_key(o, STR("snippet"));
    json_begin_array(o);
    for (size_t i = 0; i < n; i++) {
        json_put_string(o, part(text, at, places[i].from));
        json_put_string(o, part(text, places[i].from, places[i].until));
        at = places[i].until;
    }
    json_put_string(o, part(text, at, stop));
    json_end_array(o);
}

static enum err put_match(struct json_out *o, struct arena *a, const struct query *query,
    const struct stix_fields *fields)
{
    struct place places[MEANT_MAX];
    for (size_t i = 0; query->words_n && i < fields->n; i++) {
        struct stix_text folded;
        if (fields->items[i].text.len > SHOWN_BYTES_MAX)
            continue;
        TRY(stix_text_fold(a, fields->items[i].text, true, &folded));
        size_t n = find_places(query, &folded, places);
        if (n == 0)
            continue;
        json_member_string(o, STR("field"), fields->items[i].name);
        put_snippet(o, fields->items[i].text, places, n);
        return ERR_OK;
    }
    return ERR_OK;
}

static enum err put_texts(
    struct json_out *o, struct arena *a, const struct query *query, const struct query_hit *hit)
{
    static const struct str titles[] = {STR_INIT("name"), STR_INIT("value"),
        STR_INIT("abstract"), STR_INIT("opinion"), STR_INIT("relationship_type"),
        STR_INIT("path"), STR_INIT("key"), STR_INIT("subject")};
    struct json root, title;
    struct str text = {"", 0};
    struct stix_fields fields;
    TRY(json_parse(a, hit->bytes, &root, NULL));
    for (size_t i = 0; text.len == 0 && i < LEN(titles); i++)
        if (json_get(root, titles[i], &title) && json_is(title, JSON_STRING))
            TRY(json_string(a, title, &text));
    json_member_string(o, STR("title"), text);
    TRY(stix_fields_read(a, root, &fields));
    return put_match(o, a, query, &fields);
}

enum err query_put_texts(
    struct json_out *o, const struct query *query, const struct query_hit *hit)
{
    struct arena scratch; // the answer grows in the other
    arena_init(&scratch, REQUEST_ARENA_BYTES_MAX);
    enum err e = put_texts(o, &scratch, query, hit);
    arena_release(&scratch);
    return e;
}
