// SPDX-License-Identifier: Apache-2.0
// Attributes and objects. What is to be looked for (to_ids) becomes an indicator, what was seen
// an observed-data, a CVE number a vulnerability, a rule an indicator in its own language; what
// STIX has no object for is kept in an object of our own.
#include "format/misp_priv.h"

#include "base/limits.h"

#define OBJECT_ATTRIBUTES_MAX \
    1000 // their pattern stays below STIX_PATTERN_BYTES_MAX, as a rule

static const struct {
    struct str type, language;
} rules[] = {
    {STR_INIT("yara"), STR_INIT("yara")},
    {STR_INIT("sigma"), STR_INIT("sigma")},
    {STR_INIT("snort"), STR_INIT("snort")},
    {STR_INIT("stix2-pattern"), STR_INIT("stix")},
};

struct attribute {
    struct json v;
    struct str uuid, type, value, comment;
    int64_t at_us, first_us, last_us;
    bool to_ids, is_deleted;
    struct misp_tags tags;
    struct misp_part parts[MISP_PARTS_MAX];
    size_t n_parts;
};

static struct str rule_language(struct str type)
{
    for (size_t i = 0; i < LEN(rules); i++)
        if (str_eq(rules[i].type, type))
            return rules[i].language;
    return (struct str){"", 0};
}

static enum err read_parts(struct misp *m, struct attribute *it)
{
    enum err e = misp_parts(m, it->type, it->value, it->parts, &it->n_parts);
    if (e != ERR_NOT_FOUND)
        return e;
    it->n_parts = 0;
    return misp_lose(
        m, it->uuid, "value", "changed", "the value is not of its type: kept as text");
}

static enum err read_fields(
    struct misp *m, struct json v, struct misp_marking above, struct attribute *out)
{
    struct attribute it = {.v = v,
        .type = misp_text(m, v, "type"),
        .value = misp_text(m, v, "value"),
        .comment = misp_text(m, v, "comment"),
        .at_us = misp_seconds(m, v, "timestamp"),
        .first_us = misp_time(m, v, "first_seen"),
        .last_us = misp_time(m, v, "last_seen"),
        .to_ids = misp_flag(v, "to_ids"),
        .is_deleted = misp_flag(v, "deleted")};
    struct json other;
    TRY(misp_uuid(m, v, &it.uuid));
    TRY(misp_mark(m, v, it.uuid, above, &it.tags));
    if (json_get(v, STR("data"), &other) && json_is(other, JSON_STRING))
        TRY(misp_lose(m, it.uuid, "data", "dropped", "the file stays in the original"));
    if (json_get(v, STR("Note"), &other) || json_get(v, STR("Opinion"), &other) ||
        json_get(v, STR("Relationship"), &other))
        TRY(misp_lose(m, it.uuid, "Note", "dropped", "analyst data stays in the original"));
    TRY(read_parts(m, &it));
    *out = it;
    return ERR_OK;
}

static enum err begin(
    struct misp *m, const struct attribute *it, struct str type, struct misp_made *made)
{
    const struct misp_head head = {.type = type,
        .uuid = it->uuid,
        .created_us = m->event->begun_us,
        .modified_us = it->at_us ? it->at_us : m->event->at_us,
        .is_revoked = it->is_deleted,
        .tags = it->tags};
    return misp_begin(m, &head, made);
}

static void put_member(struct json_out *o, struct json v, const char *from, const char *as)
{
    struct json member;
    if (!json_get(v, str_of(from), &member) || json_is(member, JSON_NULL))
        return;
    if (json_is_string(member, STR("")))
        return;
    json_put_key(o, str_of(as));
    json_put_raw(o, json_span(member));
}

// What MISP says, so that it can be said to MISP again.
static void put_own(struct json_out *o, struct json v)
{
    put_member(o, v, "type", "x_misp_type");
    put_member(o, v, "category", "x_misp_category");
    put_member(o, v, "value", "x_misp_value");
    put_member(o, v, "comment", "x_misp_comment");
    put_member(o, v, "first_seen", "x_misp_first_seen");
    put_member(o, v, "last_seen", "x_misp_last_seen");
}

static int64_t valid_from(struct misp *m, int64_t first_us, int64_t at_us)
{
    if (first_us)
        return first_us;
    return at_us ? at_us : m->event->at_us ? m->event->at_us : m->about->now_us;
}

static enum err make_indicator(struct misp *m, const struct attribute *it, struct str pattern,
    struct str language, struct misp_made *made)
{
    TRY(begin(m, it, STR("indicator"), made));
    json_member_string(&made->out, STR("name"), str_to(it->value, 1000));
    if (it->comment.len)
        json_member_string(&made->out, STR("description"), it->comment);
    json_member_string(&made->out, STR("pattern"), pattern);
    json_member_string(&made->out, STR("pattern_type"), language);
    json_member_time(&made->out, STR("valid_from"), valid_from(m, it->first_us, it->at_us));
    return ERR_OK;
}

static void put_observed(struct misp *m, struct json_out *o, const struct attribute *it,
    const struct str *ids, size_t n)
{
    int64_t first = valid_from(m, it->first_us, it->at_us);
    json_member_time(o, STR("first_observed"), first);
    json_member_time(o, STR("last_observed"), it->last_us > first ? it->last_us : first);
    json_member_int(o, STR("number_observed"), 1);
    json_member_strings(o, STR("object_refs"), ids, n);
}

static enum err make_vulnerability(
    struct misp *m, const struct attribute *it, struct misp_made *made)
{
    struct json_out *o = &made->out;
    TRY(begin(m, it, STR("vulnerability"), made));
    json_member_string(o, STR("name"), it->value);
    if (it->comment.len)
        json_member_string(o, STR("description"), it->comment);
    if (!str_starts(it->value, STR("CVE-")))
        return ERR_OK;
    json_put_key(o, STR("external_references"));
    json_begin_array(o);
    json_begin_object(o);
    json_member_string(o, STR("source_name"), STR("cve"));
    json_member_string(o, STR("external_id"), it->value);
    json_end_object(o);
    json_end_array(o);
    return ERR_OK;
}

// The observables that stand for what the indicator looks for.
static void put_seen(struct misp_made *made, const struct str *ids, size_t n)
{
    if (n)
        json_member_strings(&made->out, STR("x_misp_object_refs"), ids, n);
}

static enum err make_piece(struct misp *m, const struct attribute *it, const struct str *ids,
    size_t n_ids, struct misp_made *made)
{
    struct str language = rule_language(it->type), pattern;
    if (language.len)
        return make_indicator(m, it, it->value, language, made);
    if (it->n_parts && it->to_ids) {
        TRY(misp_pattern(m, it->parts, it->n_parts, &pattern));
        TRY(make_indicator(m, it, pattern, STR("stix"), made));
        put_seen(made, ids, n_ids);
        return ERR_OK;
    }
    if (n_ids) {
        TRY(begin(m, it, STR("observed-data"), made));
        put_observed(m, &made->out, it, ids, n_ids);
        return ERR_OK;
    }
    if (str_eq(it->type, STR("vulnerability")))
        return make_vulnerability(m, it, made);
    TRY(begin(m, it, STR("x-misp-attribute"), made));
    if (it->to_ids)
        json_member_bool(&made->out, STR("x_misp_to_ids"), true);
    return ERR_OK;
}

// What hangs on a piece may name it, or be named with it.
static enum err remember(
    struct misp *m, struct str uuid, struct str id, struct misp_marking marking)
{
    struct misp_known *kept = NEW(m->a, struct misp_known);
    struct str key;
    TRY(kept ? str_copy(m->a, id, &kept->id) : ERR_LIMIT);
    TRY(str_copy(m->a, uuid, &key));
    kept->marking = m->marking = marking;
    return table_add(m->a, &m->event->known, key, kept);
}

enum err misp_read_attribute(struct misp *m, struct json v)
{
    struct attribute it;
    struct misp_made made;
    struct str ids[MISP_PARTS_MAX];
    size_t n_ids = 0;
    TRY(read_fields(m, v, m->event->tags.marking, &it));
    if (it.value.len == 0 || it.type.len == 0)
        return misp_lose(m, it.uuid, "value", "refused", "an attribute without type or value");
    // What was deleted is told as revoked, and its value stands for nothing any more.
    if (!it.is_deleted)
        TRY(misp_observe(m, it.parts, it.n_parts, it.tags.marking, ids, &n_ids));
    TRY(make_piece(m, &it, ids, n_ids, &made));
    put_own(&made.out, v);
    TRY(misp_end(m, &made, true));
    for (size_t i = 0; i < n_ids; i++)
        TRY(misp_refer(m, ids[i]));
    TRY(remember(m, it.uuid, made.id, it.tags.marking));
    TRY(misp_read_galaxies(m, v, made.id));
    TRY(misp_read_sightings(m, v, made.id));
    for (struct json_iter each = misp_list(v, "ShadowAttribute"); json_next(&each);)
        TRY(misp_read_proposal(m, each.value));
    return ERR_OK;
}

// Objects -----------------------------------------------------------------------------------

struct object {
    struct attribute *attributes;
    size_t n;
    struct misp_part *all, *sought; // values, and those of attributes to look for
    size_t n_all, n_sought;
    struct misp_marking marking;
};

static void put_attribute(struct json_out *o, const struct attribute *it)
{
    static const char *const keys[] = {"uuid", "object_relation", "type", "category", "value",
        "to_ids", "comment", "timestamp", "first_seen", "last_seen"};
    json_begin_object(o);
    for (size_t i = 0; i < LEN(keys); i++)
        put_member(o, it->v, keys[i], keys[i]);
    if (it->is_deleted)
        json_member_bool(o, STR("deleted"), true);
    if (it->tags.n)
        json_member_strings(o, STR("tags"), it->tags.labels, it->tags.n);
    json_end_object(o);
}

static void add_values(struct object *object, const struct attribute *it)
{
    if (it->is_deleted)
        return;
    for (size_t i = 0; i < it->n_parts; i++) {
        object->all[object->n_all++] = it->parts[i];
        if (it->to_ids)
            object->sought[object->n_sought++] = it->parts[i];
    }
}

static enum err read_object(struct misp *m, struct json v, struct object *out)
{
    struct json list;
    size_t room = json_get(v, STR("Attribute"), &list) ? json_len(list) + 1 : 1;
    struct object object = {.marking = out->marking};
    object.attributes = NEW_N(&m->scratch, struct attribute, room);
    object.all = NEW_N(&m->scratch, struct misp_part, MISP_PARTS_MAX * room);
    object.sought = NEW_N(&m->scratch, struct misp_part, MISP_PARTS_MAX * room);
    if (!object.attributes || !object.all || !object.sought)
        return ERR_LIMIT;
    for (struct json_iter it = misp_list(v, "Attribute"); json_next(&it);) {
        struct attribute *attribute = &object.attributes[object.n++];
        TRY(read_fields(m, it.value, out->marking, attribute));
        object.marking = misp_stricter(object.marking, attribute->tags.marking);
        add_values(&object, attribute);
    }
    *out = object;
    return ERR_OK;
}

static struct str name_of(const struct object *object, struct str name)
{
    for (size_t i = 0; i < object->n; i++)
        if (object->attributes[i].to_ids && object->attributes[i].value.len)
            return str_to(object->attributes[i].value, 1000);
    return name;
}

static enum err put_object(struct misp *m, const struct object *object,
    const struct attribute *head, const struct str *ids, size_t n_ids, struct misp_made *made)
{
    struct str pattern, name = misp_text(m, head->v, "name");
    if (object->n_sought) {
        struct attribute it = *head;
        it.value = name_of(object, name);
        TRY(misp_pattern(m, object->sought, object->n_sought, &pattern));
        TRY(make_indicator(m, &it, pattern, STR("stix"), made));
        put_seen(made, ids, n_ids);
        return ERR_OK;
    }
    if (n_ids) {
        TRY(begin(m, head, STR("observed-data"), made));
        put_observed(m, &made->out, head, ids, n_ids);
        return ERR_OK;
    }
    return begin(m, head, STR("x-misp-object"), made);
}

static void put_own_object(struct json_out *o, struct json v, const struct object *object)
{
    put_member(o, v, "name", "x_misp_name");
    put_member(o, v, "meta-category", "x_misp_meta_category");
    put_member(o, v, "template_uuid", "x_misp_template_uuid");
    put_member(o, v, "template_version", "x_misp_template_version");
    put_member(o, v, "comment", "x_misp_comment");
    json_put_key(o, STR("x_misp_attributes"));
    json_begin_array(o);
    for (size_t i = 0; i < object->n; i++)
        put_attribute(o, &object->attributes[i]);
    json_end_array(o);
}

static enum err read_attached(struct misp *m, struct str id, const struct object *object)
{
    for (size_t i = 0; i < object->n; i++) {
        struct json v = object->attributes[i].v;
        TRY(remember(m, object->attributes[i].uuid, id, object->marking));
        TRY(misp_read_galaxies(m, v, id));
        TRY(misp_read_sightings(m, v, id));
        for (struct json_iter each = misp_list(v, "ShadowAttribute"); json_next(&each);)
            TRY(misp_read_proposal(m, each.value));
    }
    return ERR_OK;
}

enum err misp_read_object(struct misp *m, struct json v)
{
    struct attribute head = {.v = v,
        .comment = misp_text(m, v, "comment"),
        .at_us = misp_seconds(m, v, "timestamp"),
        .first_us = misp_time(m, v, "first_seen"),
        .last_us = misp_time(m, v, "last_seen"),
        .is_deleted = misp_flag(v, "deleted")};
    struct object object = {0};
    struct misp_made made;
    struct json list;
    size_t n_ids = 0;
    TRY(misp_uuid(m, v, &head.uuid));
    TRY(misp_mark(m, v, head.uuid, m->event->tags.marking, &head.tags));
    object.marking = head.tags.marking;
    struct misp_marking own = object.marking;
    if (json_get(v, STR("Attribute"), &list) && json_len(list) > OBJECT_ATTRIBUTES_MAX)
        return misp_lose(m, head.uuid, "Attribute", "refused", "more than 1,000 attributes");
    TRY(read_object(m, v, &object));
    head.tags.marking = object.marking;
    if (object.marking.tlps != own.tlps || object.marking.is_home != own.is_home)
        TRY(misp_lose(m, head.uuid, "Attribute", "changed",
            "one of its attributes is marked more strictly: the whole object is"));
    struct str *ids = NEW_N(&m->scratch, struct str, object.n_all + 1);
    TRY(ids ? ERR_OK : ERR_LIMIT);
    if (!head.is_deleted)
        TRY(misp_observe(m, object.all, object.n_all, object.marking, ids, &n_ids));
    TRY(put_object(m, &object, &head, ids, n_ids, &made));
    put_own_object(&made.out, v, &object);
    TRY(misp_end(m, &made, true));
    for (size_t i = 0; i < n_ids; i++)
        TRY(misp_refer(m, ids[i]));
    TRY(remember(m, head.uuid, made.id, head.tags.marking));
    return read_attached(m, made.id, &object);
}
