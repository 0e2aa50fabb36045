// SPDX-License-Identifier: Apache-2.0
// What hangs on an event and its attributes: organisations, galaxy clusters, sightings,
// reports, proposals, references.
#include "format/misp_priv.h"

#include "base/limits.h"
#include "format/seen_priv.h"

#define SIGHTING_SEEN  0
#define SIGHTING_FALSE 1

// Older than any version that its owner publishes: a real one takes the place of ours.
#define PLACEHOLDER_US 1

// Galaxies whose clusters STIX has a type for; any other keeps its tag alone.
static const struct {
    const char *galaxy;
    struct str type;
} galaxies[] = {
    {"threat-actor", STR_INIT("threat-actor")},
    {"microsoft-activity-group", STR_INIT("threat-actor")},
    {"mitre-intrusion-set", STR_INIT("intrusion-set")},
    {"mitre-enterprise-attack-intrusion-set", STR_INIT("intrusion-set")},
    {"mitre-attack-pattern", STR_INIT("attack-pattern")},
    {"mitre-enterprise-attack-attack-pattern", STR_INIT("attack-pattern")},
    {"mitre-mobile-attack-attack-pattern", STR_INIT("attack-pattern")},
    {"mitre-malware", STR_INIT("malware")},
    {"mitre-enterprise-attack-malware", STR_INIT("malware")},
    {"malpedia", STR_INIT("malware")},
    {"ransomware", STR_INIT("malware")},
    {"rat", STR_INIT("malware")},
    {"banker", STR_INIT("malware")},
    {"backdoor", STR_INIT("malware")},
    {"botnet", STR_INIT("malware")},
    {"stealer", STR_INIT("malware")},
    {"cryptominers", STR_INIT("malware")},
    {"android", STR_INIT("malware")},
    {"mitre-tool", STR_INIT("tool")},
    {"mitre-enterprise-attack-tool", STR_INIT("tool")},
    {"tool", STR_INIT("tool")},
    {"mitre-course-of-action", STR_INIT("course-of-action")},
    {"mitre-enterprise-attack-course-of-action", STR_INIT("course-of-action")},
};

static struct str galaxy_type(struct str galaxy)
{
    for (size_t i = 0; i < LEN(galaxies); i++)
        if (str_eq(str_of(galaxies[i].galaxy), galaxy))
            return galaxies[i].type;
    return (struct str){"", 0};
}

enum err misp_read_creator(struct misp *m, struct json orgc, struct str *id)
{
    struct misp_head head = {.type = STR("identity"),
        .created_us = PLACEHOLDER_US,
        .modified_us = PLACEHOLDER_US,
        .has_no_creator = true,
        .tags.marking = m->marking};
    struct misp_made made;
    struct str name = misp_text(m, orgc, "name");
    *id = (struct str){"", 0};
    if (name.len == 0)
        return ERR_OK;
    TRY(misp_uuid(m, orgc, &head.uuid));
    TRY(misp_begin(m, &head, &made));
    made.is_once = true;
    json_member_string(&made.out, STR("name"), name);
    json_member_string(&made.out, STR("identity_class"), STR("organization"));
    TRY(misp_end(m, &made, true)); // so that it goes where the report goes
    return str_copy(m->a, made.id, id);
}

// An object of ours between two others; its id says which.
static enum err relate(struct misp *m, const char *how, struct str from, struct str to)
{
    struct misp_head head = {.type = STR("relationship"),
        .created_us = m->event->begun_us,
        .modified_us = m->event->at_us,
        .tags.marking = m->marking};
    struct buf b = buf_in(&m->scratch, KIB);
    struct misp_made made;
    struct str id;
    buf_put(&b, from);
    buf_put(&b, str_of(how));
    buf_put(&b, to);
    TRY(make_id(&m->scratch, STR("relationship"), buf_str(&b), &id));
    head.uuid = str_from(id, sizeof "relationship--" - 1);
    TRY(misp_begin(m, &head, &made));
    made.is_once = true;
    json_member_string(&made.out, STR("relationship_type"), str_of(how));
    json_member_string(&made.out, STR("source_ref"), from);
    json_member_string(&made.out, STR("target_ref"), to);
    return misp_end(m, &made, true);
}

static void put_names(struct misp *m, struct json_out *o, struct json meta, const char *key)
{
    size_t n = 0;
    for (struct json_iter it = misp_list(meta, "synonyms"); json_next(&it);)
        n += json_is(it.value, JSON_STRING);
    if (n == 0)
        return;
    json_put_key(o, str_of(key));
    json_begin_array(o);
    for (struct json_iter it = misp_list(meta, "synonyms"); json_next(&it);) {
        struct str name;
        if (json_string(&m->scratch, it.value, &name) == ERR_OK)
            json_put_string(o, name);
    }
    json_end_array(o);
}

static void put_reference(struct json_out *o, struct str source, struct str id)
{
    json_begin_object(o);
    json_member_string(o, STR("source_name"), source);
    json_member_string(o, STR("external_id"), id);
    json_end_object(o);
}

// The cluster by its galaxy and UUID, and by the numbers that MITRE gives.
static void put_references(
    struct misp *m, struct json_out *o, struct json meta, struct str galaxy, struct str uuid)
{
    json_put_key(o, STR("external_references"));
    json_begin_array(o);
    put_reference(o, galaxy, uuid);
    for (struct json_iter it = misp_list(meta, "external_id"); json_next(&it);) {
        struct str id;
        if (json_string(&m->scratch, it.value, &id) == ERR_OK && id.len)
            put_reference(o, STR("mitre-attack"), id);
    }
    json_end_array(o);
}

static enum err put_cluster(struct misp *m, struct json v, struct str galaxy, struct str *id)
{
    struct misp_head head = {.type = galaxy_type(galaxy),
        .created_us = PLACEHOLDER_US,
        .modified_us = PLACEHOLDER_US,
        .has_no_creator = true,
        .tags.marking = m->marking};
    struct str text = misp_text(m, v, "description");
    struct misp_made made;
    struct json meta = v;
    bool is_malware = str_eq(head.type, STR("malware"));
    TRY(misp_uuid(m, v, &head.uuid));
    TRY(misp_begin(m, &head, &made));
    made.is_once = true;
    json_member_string(&made.out, STR("name"), misp_text(m, v, "value"));
    if (text.len)
        json_member_string(&made.out, STR("description"), text);
    if (is_malware)
        json_member_bool(&made.out, STR("is_family"), true);
    if (json_get(v, STR("meta"), &meta) && !str_eq(head.type, STR("course-of-action")))
        put_names(m, &made.out, meta, "aliases");
    put_references(m, &made.out, meta, galaxy, head.uuid);
    *id = made.id;
    return misp_end(m, &made, true);
}

enum err misp_read_galaxies(struct misp *m, struct json v, struct str subject)
{
    for (struct json_iter it = misp_list(v, "Galaxy"); json_next(&it);)
        for (struct json_iter each = misp_list(it.value, "GalaxyCluster"); json_next(&each);) {
            struct str galaxy = misp_text(m, each.value, "type"), id;
            if (galaxy.len == 0)
                galaxy = misp_text(m, it.value, "type");
            if (misp_text(m, each.value, "value").len == 0)
                continue;
            if (galaxy_type(galaxy).len == 0) {
                TRY(misp_lose(m, misp_text(m, each.value, "uuid"), "GalaxyCluster", "dropped",
                    "STIX has no type for its galaxy: the tag is kept as a label"));
                continue;
            }
            TRY(put_cluster(m, each.value, galaxy, &id));
            if (subject.len)
                TRY(relate(m,
                    str_starts(subject, STR("indicator")) ? "indicates" : "related-to", subject,
                    id));
        }
    return ERR_OK;
}

static enum err put_opinion(struct misp *m, struct misp_head *head, struct str subject)
{
    struct misp_made made;
    head->type = STR("opinion");
    TRY(misp_begin(m, head, &made));
    json_member_string(&made.out, STR("explanation"), STR("false positive"));
    json_member_string(&made.out, STR("opinion"), STR("strongly-disagree"));
    json_member_strings(&made.out, STR("object_refs"), &subject, 1);
    return misp_end(m, &made, true);
}

// Of an anonymous sighting MISP gives no organisation: neither do we.
static enum err read_sighting(struct misp *m, struct json v, struct str subject)
{
    int64_t at_us = misp_seconds(m, v, "date_sighting");
    struct misp_head head = {.type = STR("sighting"),
        .created_us = at_us,
        .modified_us = at_us,
        .has_no_creator = true,
        .tags.marking = m->marking};
    struct misp_made made;
    struct str source = misp_text(m, v, "source");
    int64_t type = misp_number(m, v, "type");
    TRY(misp_uuid(m, v, &head.uuid));
    if (type == SIGHTING_FALSE)
        return put_opinion(m, &head, subject);
    if (type > SIGHTING_SEEN)
        return misp_lose(m, head.uuid, "Sighting", "dropped",
            "an expiration stays in the original; what ends is said by valid_until");
    TRY(misp_begin(m, &head, &made));
    if (source.len)
        json_member_string(&made.out, STR("description"), source);
    if (at_us) {
        json_member_time(&made.out, STR("first_seen"), at_us);
        json_member_time(&made.out, STR("last_seen"), at_us);
    }
    json_member_int(&made.out, STR("count"), 1);
    json_member_string(&made.out, STR("sighting_of_ref"), subject);
    return misp_end(m, &made, true);
}

enum err misp_read_sightings(struct misp *m, struct json v, struct str subject)
{
    for (struct json_iter it = misp_list(v, "Sighting"); json_next(&it);)
        TRY(read_sighting(m, it.value, subject));
    return ERR_OK;
}

static enum err put_note(struct misp *m, const struct misp_head *head, struct str title,
    struct str content, struct str about)
{
    struct misp_made made;
    TRY(misp_begin(m, head, &made));
    json_member_string(&made.out, STR("abstract"), title);
    json_member_string(&made.out, STR("content"), content);
    json_member_strings(&made.out, STR("object_refs"), &about, 1);
    return misp_end(m, &made, true);
}

enum err misp_read_report(struct misp *m, struct json v)
{
    struct misp_head head = {.type = STR("note"),
        .created_us = m->event->begun_us,
        .modified_us = misp_seconds(m, v, "timestamp"),
        .is_revoked = misp_flag(v, "deleted"),
        .tags.marking = m->marking};
    struct str content = misp_text(m, v, "content");
    TRY(misp_uuid(m, v, &head.uuid));
    if (content.len == 0)
        return ERR_OK;
    if (m->event->info.len == 0)
        return misp_lose(m, head.uuid, "EventReport", "dropped", "its event has no name");
    TRY(misp_mark(m, v, head.uuid, m->marking, &head.tags));
    return put_note(m, &head, misp_text(m, v, "name"), content, m->event->id);
}

// What somebody else would have the owner change: a note, which changes nothing by itself.
enum err misp_read_proposal(struct misp *m, struct json v)
{
    struct misp_head head = {.type = STR("note"),
        .modified_us = misp_seconds(m, v, "timestamp"),
        .has_no_creator = true,
        .tags.marking = m->marking};
    struct json org;
    struct buf b = buf_in(&m->scratch, STIX_OBJECT_BYTES_MAX);
    struct str old = misp_text(m, v, "old_uuid");
    struct misp_known *about = old.len ? table_find(&m->event->known, old) : NULL;
    TRY(misp_uuid(m, v, &head.uuid));
    buf_put(&b, misp_flag(v, "proposal_to_delete") ? STR("delete: ") : STR(""));
    buf_put(&b, misp_text(m, v, "category"));
    buf_put(&b, STR(", "));
    buf_put(&b, misp_text(m, v, "type"));
    buf_put(&b, STR(": "));
    buf_put(&b, misp_text(m, v, "value"));
    if (json_get(v, STR("Org"), &org) && misp_text(m, org, "name").len) {
        buf_put(&b, STR("\nproposed by "));
        buf_put(&b, misp_text(m, org, "name"));
    }
    struct str content = buf_str(&b);
    return put_note(m, &head, STR("proposal"), content, about ? about->id : m->event->id);
}

// MISP's words have spaces, capitals and underscores; STIX wants lower case and hyphens.
static enum err relationship_type(struct misp *m, struct str word, struct str *out)
{
    struct buf b = buf_in(&m->scratch, 256);
    for (size_t i = 0; i < word.len && i < 200; i++) {
        char c = ascii_lower(word.ptr[i]);
        bool is_good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (is_good || (b.len && b.ptr[b.len - 1] != '-'))
            buf_put_byte(&b, is_good ? c : '-');
    }
    while (b.len && b.ptr[b.len - 1] == '-')
        b.len--;
    *out = b.len ? buf_str(&b) : STR("related-to");
    return b.err;
}

static enum err read_reference(struct misp *m, struct json v, const struct misp_known *from)
{
    struct misp_head head = {.type = STR("relationship"),
        .created_us = m->event->begun_us,
        .modified_us = misp_seconds(m, v, "timestamp"),
        .is_revoked = misp_flag(v, "deleted")};
    struct misp_made made;
    struct str how, comment = misp_text(m, v, "comment"),
                    to = misp_text(m, v, "referenced_uuid");
    struct misp_known *target = to.len ? table_find(&m->event->known, to) : NULL;
    TRY(misp_uuid(m, v, &head.uuid));
    if (!target)
        return misp_lose(m, head.uuid, "ObjectReference", "dropped",
            "what it refers to is not in the event");
    head.tags.marking = misp_stricter(from->marking, target->marking);
    TRY(relationship_type(m, misp_text(m, v, "relationship_type"), &how));
    TRY(misp_begin(m, &head, &made));
    json_member_string(&made.out, STR("relationship_type"), how);
    if (comment.len)
        json_member_string(&made.out, STR("description"), comment);
    json_member_string(&made.out, STR("source_ref"), from->id);
    json_member_string(&made.out, STR("target_ref"), target->id);
    return misp_end(m, &made, true);
}

enum err misp_read_references(struct misp *m, struct json object)
{
    struct str uuid;
    TRY(misp_uuid(m, object, &uuid));
    struct misp_known *from = table_find(&m->event->known, uuid);
    for (struct json_iter it = misp_list(object, "ObjectReference"); from && json_next(&it);)
        TRY(read_reference(m, it.value, from));
    return ERR_OK;
}
