// SPDX-License-Identifier: Apache-2.0
// From objects to events: a report or grouping with what it names is one.
#include "format/misp_out_priv.h"

#include "base/limits.h"
#include "base/time.h"
#include "format/seen_priv.h"

#define DOCUMENT_EVENT "Objects of no report"

struct str misp_out_text(const struct misp_out *m, struct json v, const char *key)
{
    struct json member;
    struct str text;
    if (!json_get(v, str_of(key), &member) || json_string(m->out->a, member, &text) != ERR_OK)
        return (struct str){"", 0};
    return text;
}

struct misp_item *misp_out_find(const struct misp_out *m, struct str id)
{
    return id.len ? table_find(&m->by_id, id) : NULL;
}

struct str misp_out_uuid(struct str id)
{
    return str_from(id, str_find(id, STR("--")) + 2);
}

void misp_out_time(struct misp_out *m, struct json v, const char *key, const char *as)
{
    int64_t us;
    struct str text = misp_out_text(m, v, key);
    char digits[24];
    size_t n = sizeof digits;
    if (text.len == 0 || time_parse(text, &us) != ERR_OK || us < 0)
        return;
    for (uint64_t s = (uint64_t)(us / US_PER_S); n == sizeof digits || s; s /= 10)
        digits[--n] = (char)('0' + s % 10);
    json_member_string(&m->json, str_of(as), (struct str){digits + n, sizeof digits - n});
}

void misp_out_copy(struct misp_out *m, struct json v, const char *from, const char *as)
{
    struct json member;
    if (!json_get(v, str_of(from), &member))
        return;
    json_put_key(&m->json, str_of(as));
    json_put_raw(&m->json, json_span(member));
}

static void put_tag(struct misp_out *m, struct str name)
{
    json_begin_object(&m->json);
    json_member_string(&m->json, STR("name"), name);
    json_end_object(&m->json);
}

static enum err put_tlp(struct misp_out *m, enum stix_tlp tlp)
{
    struct buf b = buf_in(m->out->scratch, 64);
    buf_put(&b, STR("tlp:"));
    buf_put(&b, stix_tlp_word(tlp));
    put_tag(m, buf_str(&b));
    return b.err;
}

enum err misp_out_tags(struct misp_out *m, const struct misp_item *it, bool is_event)
{
    struct json labels;
    const struct misp_item *event = is_event ? NULL : m->event;
    bool is_said = event && event->is_tagged && it->is_tagged && event->tlp == it->tlp;
    json_put_key(&m->json, STR("Tag"));
    json_begin_array(&m->json);
    if (is_event)
        put_tag(m, MISP_BY_TLP);
    if (it->is_tagged && !is_said)
        TRY(put_tlp(m, it->tlp));
    if (json_get(it->root, STR("labels"), &labels) || json_get(it->root, STR("tags"), &labels))
        for (struct json_iter each = json_iter(labels); json_next(&each);) {
            struct str label;
            TRY(json_string(m->out->a, each.value, &label));
            put_tag(m, label);
        }
    json_end_array(&m->json);
    bool is_looser = event && event->is_tagged && (!it->is_tagged || it->tlp < event->tlp);
    return is_looser ? out_lose(m->out, it->id, "object_marking_refs", "changed",
                           "its event is marked more strictly: who reads the event back gets "
                           "the stricter")
                     : ERR_OK;
}

// Reading the items ---------------------------------------------------------------------------

// The strictest level that the bytes themselves name.
static enum err read_marking(struct misp_out *m, struct misp_item *it)
{
    struct json refs;
    if (!json_get(it->root, STR("object_marking_refs"), &refs))
        return ERR_OK;
    for (struct json_iter each = json_iter(refs); json_next(&each);) {
        struct str id;
        struct stix_marking marking;
        TRY(json_string(m->out->a, each.value, &id));
        if (stix_marking_pinned(id, &marking) != ERR_OK || !marking.has_tlp)
            continue;
        it->tlp = it->is_tagged && it->tlp > marking.tlp ? it->tlp : marking.tlp;
        it->is_tagged = true;
    }
    return ERR_OK;
}

static enum err read_item(struct misp_out *m, const struct format_item *from)
{
    struct misp_item *it = &m->items[m->n];
    bool may;
    *it = (struct misp_item){.item = from};
    TRY(json_parse(m->out->a, from->bytes, &it->root, NULL));
    it->id = misp_out_text(m, it->root, "id");
    it->type = misp_out_text(m, it->root, "type");
    if (str_eq(it->type, STR("marking-definition")))
        return ERR_OK; // tags say the level
    TRY(out_may_say(m->out, from, it->id, &may));
    if (!may)
        return ERR_OK;
    TRY(read_marking(m, it));
    m->n++;
    return misp_out_find(m, it->id) ? ERR_OK : table_add(m->out->a, &m->by_id, it->id, it);
}

// Sightings and relationships are written with what they are about.
static void hang(struct misp_out *m, struct misp_item *it, const char *key)
{
    struct misp_item *about = misp_out_find(m, misp_out_text(m, it->root, key));
    if (!about)
        return;
    it->next_about = about->about;
    about->about = it;
}

static enum err read_items(struct misp_out *m)
{
    const struct format_items *items = m->out->items;
    m->items = NEW_N(m->out->a, struct misp_item, items->n + 1);
    if (!m->items)
        return ERR_LIMIT;
    for (size_t i = 0; i < items->n; i++)
        TRY(read_item(m, &items->items[i]));
    for (size_t i = 0; i < m->n; i++) {
        if (str_eq(m->items[i].type, STR("relationship")))
            hang(m, &m->items[i], "source_ref");
        if (str_eq(m->items[i].type, STR("sighting")))
            hang(m, &m->items[i], "sighting_of_ref");
    }
    return ERR_OK;
}

// Writing events ------------------------------------------------------------------------------

static bool is_event(const struct misp_item *it)
{
    return str_eq(it->type, STR("report")) || str_eq(it->type, STR("grouping"));
}

// Whose items an event has: those that its report names, or all that no report has placed.
struct members {
    struct misp_item **items;
    size_t n;
};

static enum err find_members(struct misp_out *m, struct members *out)
{
    struct json refs;
    *out = (struct members){.items = NEW_N(m->out->a, struct misp_item *, m->n + 1)};
    if (!out->items)
        return ERR_LIMIT;
    if (!m->event) {
        for (size_t i = 0; i < m->n; i++)
            if (!m->items[i].is_placed && !is_event(&m->items[i]))
                out->items[out->n++] = &m->items[i];
        return ERR_OK;
    }
    if (!json_get(m->event->root, STR("object_refs"), &refs))
        return ERR_OK;
    for (struct json_iter each = json_iter(refs); json_next(&each);) {
        struct str id;
        TRY(json_string(m->out->a, each.value, &id));
        struct misp_item *it = misp_out_find(m, id);
        if (it && it->is_placed && misp_out_kind(m, it) == MISP_OUT_ATTRIBUTE)
            TRY(out_lose(
                m->out, id, "", "changed", "it stands in the event of another report"));
        if (it && !is_event(it))
            out->items[out->n++] = it;
    }
    return ERR_OK;
}

// What the observations of the event refer to is said by them.
static enum err place_observed(struct misp_out *m, const struct members *members)
{
    for (size_t i = 0; i < members->n; i++) {
        struct misp_item *it = members->items[i];
        struct json own, refs;
        bool is_ours = json_get(it->root, STR("x_misp_type"), &own) ||
                       json_get(it->root, STR("x_misp_attributes"), &own);
        if (!is_ours || !(json_get(it->root, STR("object_refs"), &refs) ||
                            json_get(it->root, STR("x_misp_object_refs"), &refs)))
            continue;
        for (struct json_iter each = json_iter(refs); json_next(&each);) {
            struct str id;
            TRY(json_string(m->out->a, each.value, &id));
            struct misp_item *seen = misp_out_find(m, id);
            if (seen)
                seen->is_placed = true;
        }
    }
    return ERR_OK;
}

static enum err put_list(struct misp_out *m, const char *key, const struct members *members,
    enum misp_out_kind kind, enum err (*put)(struct misp_out *, struct misp_item *))
{
    json_put_key(&m->json, str_of(key));
    json_begin_array(&m->json);
    for (size_t i = 0; i < members->n; i++) {
        struct misp_item *it = members->items[i];
        if (misp_out_kind(m, it) != kind || (it->is_placed && kind != MISP_OUT_CLUSTER))
            continue;
        it->is_placed = true;
        TRY(put(m, it));
    }
    json_end_array(&m->json);
    return m->out->buf->err;
}

static void put_organisation(struct misp_out *m)
{
    struct misp_item *it = misp_out_find(m, misp_out_text(m, m->event->root, "created_by_ref"));
    if (!it)
        return;
    it->is_placed = true;
    json_put_key(&m->json, STR("Orgc"));
    json_begin_object(&m->json);
    json_member_string(&m->json, STR("uuid"), misp_out_uuid(it->id));
    json_member_string(&m->json, STR("name"), misp_out_text(m, it->root, "name"));
    json_end_object(&m->json);
}

// MISP knows the day of an event. One that began within a day says it by its parts.
static void put_date(struct misp_out *m, struct str created)
{
    if (created.len >= 20 && str_eq(str_to(str_from(created, 10), 9), STR("T00:00:00")))
        json_member_string(&m->json, STR("date"), str_to(created, 10));
}

static enum err put_report_head(struct misp_out *m)
{
    struct json v = m->event->root;
    m->event->is_placed = true;
    json_member_string(&m->json, STR("uuid"), misp_out_uuid(m->event->id));
    json_member_string(&m->json, STR("info"), misp_out_text(m, v, "name"));
    put_date(m, misp_out_text(m, v, "created"));
    misp_out_time(m, v, "modified", "timestamp");
    json_member_bool(&m->json, STR("published"), str_eq(m->event->type, STR("report")));
    put_organisation(m);
    return misp_out_tags(m, m->event, true);
}

static enum err put_loose_head(struct misp_out *m, const struct members *members)
{
    struct buf b = buf_in(m->out->a, m->out->buf->max_bytes);
    struct str id;
    for (size_t i = 0; i < members->n; i++)
        buf_put(&b, members->items[i]->id);
    TRY(b.err);
    TRY(make_id(m->out->a, STR("x"), buf_str(&b), &id));
    json_member_string(&m->json, STR("uuid"), str_from(id, 3));
    json_member_string(&m->json, STR("info"), STR(DOCUMENT_EVENT));
    json_put_key(&m->json, STR("Tag"));
    json_begin_array(&m->json);
    put_tag(m, MISP_BY_TLP);
    json_end_array(&m->json);
    return ERR_OK;
}

static enum err put_event(struct misp_out *m, struct misp_item *event)
{
    struct members members;
    m->event = event;
    TRY(find_members(m, &members));
    TRY(place_observed(m, &members));
    if (!event && members.n == 0)
        return ERR_OK;
    json_begin_object(&m->json);
    json_put_key(&m->json, STR("Event"));
    json_begin_object(&m->json);
    json_member_string(&m->json, STR("distribution"), STR("0"));
    json_member_string(&m->json, STR("threat_level_id"), STR("4"));
    json_member_string(&m->json, STR("analysis"), STR("0"));
    TRY(event ? put_report_head(m) : put_loose_head(m, &members));
    TRY(put_list(m, "Galaxy", &members, MISP_OUT_CLUSTER, misp_out_cluster));
    TRY(put_list(m, "Attribute", &members, MISP_OUT_ATTRIBUTE, misp_out_attribute));
    TRY(put_list(m, "Object", &members, MISP_OUT_OBJECT, misp_out_object));
    TRY(put_list(m, "EventReport", &members, MISP_OUT_REPORT, misp_out_report));
    json_end_object(&m->json);
    json_end_object(&m->json);
    return m->out->buf->err;
}

enum err out_misp(const struct out *o)
{
    struct misp_out m = {.out = o, .json = json_out(o->buf)};
    TRY(read_items(&m));
    json_begin_object(&m.json);
    json_put_key(&m.json, STR("response"));
    json_begin_array(&m.json);
    for (size_t i = 0; i < m.n; i++)
        if (is_event(&m.items[i]))
            TRY(put_event(&m, &m.items[i]));
    TRY(put_event(&m, NULL));
    json_end_array(&m.json);
    json_end_object(&m.json);
    buf_put_byte(o->buf, '\n');
    for (size_t i = 0; i < m.n; i++)
        if (!m.items[i].is_placed)
            TRY(out_lose(
                o, m.items[i].id, "type", "dropped", "a MISP event has no place for it"));
    return o->buf->err;
}
