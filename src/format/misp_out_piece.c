// SPDX-License-Identifier: Apache-2.0
// Attributes, objects, clusters and reports of an event. What came from MISP goes back as it
// was; of other STIX the values go, and a pattern that MISP cannot say goes whole.
#include "format/misp_out_priv.h"

#include "base/limits.h"
#include "format/seen_priv.h"
#include "stix/pattern.h"

static const struct {
    struct str type, galaxy;
} clusters[] = {
    {STR_INIT("threat-actor"), STR_INIT("threat-actor")},
    {STR_INIT("intrusion-set"), STR_INIT("mitre-intrusion-set")},
    {STR_INIT("attack-pattern"), STR_INIT("mitre-attack-pattern")},
    {STR_INIT("malware"), STR_INIT("mitre-malware")},
    {STR_INIT("tool"), STR_INIT("mitre-tool")},
    {STR_INIT("course-of-action"), STR_INIT("mitre-course-of-action")},
};

// Values that one attribute says, by the path of a pattern or of an observable.
static const struct {
    struct str path, type, category;
} values[] = {
    {STR_INIT("ipv4-addr:value"), STR_INIT("ip-dst"), STR_INIT("Network activity")},
    {STR_INIT("ipv6-addr:value"), STR_INIT("ip-dst"), STR_INIT("Network activity")},
    {STR_INIT("domain-name:value"), STR_INIT("domain"), STR_INIT("Network activity")},
    {STR_INIT("url:value"), STR_INIT("url"), STR_INIT("Network activity")},
    {STR_INIT("email-addr:value"), STR_INIT("email"), STR_INIT("Payload delivery")},
    {STR_INIT("file:hashes.MD5"), STR_INIT("md5"), STR_INIT("Payload delivery")},
    {STR_INIT("file:hashes.SHA-1"), STR_INIT("sha1"), STR_INIT("Payload delivery")},
    {STR_INIT("file:hashes.SHA-256"), STR_INIT("sha256"), STR_INIT("Payload delivery")},
    {STR_INIT("file:hashes.SHA-512"), STR_INIT("sha512"), STR_INIT("Payload delivery")},
    {STR_INIT("file:hashes.SHA3-256"), STR_INIT("sha3-256"), STR_INIT("Payload delivery")},
    {STR_INIT("file:hashes.SHA3-512"), STR_INIT("sha3-512"), STR_INIT("Payload delivery")},
    {STR_INIT("file:hashes.SSDEEP"), STR_INIT("ssdeep"), STR_INIT("Payload delivery")},
    {STR_INIT("file:hashes.TLSH"), STR_INIT("tlsh"), STR_INIT("Payload delivery")},
    {STR_INIT("file:name"), STR_INIT("filename"), STR_INIT("Payload delivery")},
    {STR_INIT("mac-addr:value"), STR_INIT("mac-address"), STR_INIT("Network activity")},
    {STR_INIT("autonomous-system:number"), STR_INIT("AS"), STR_INIT("Network activity")},
    {STR_INIT("windows-registry-key:key"), STR_INIT("regkey"),
        STR_INIT("Persistence mechanism")},
    {STR_INIT("mutex:name"), STR_INIT("mutex"), STR_INIT("Artifacts dropped")},
};

static size_t value_form(struct str type, struct str path)
{
    size_t i = 0;
    while (
        i < LEN(values) &&
        !(str_starts(values[i].path, type) && values[i].path.len == type.len + 1 + path.len &&
            values[i].path.ptr[type.len] == ':' && str_ends(values[i].path, path)))
        i++;
    return i;
}

static bool is_cluster(struct str type, struct str *galaxy)
{
    for (size_t i = 0; i < LEN(clusters); i++)
        if (str_eq(clusters[i].type, type)) {
            *galaxy = clusters[i].galaxy;
            return true;
        }
    return false;
}

static bool has(const struct misp_item *it, const char *key)
{
    struct json v;
    return json_get(it->root, str_of(key), &v);
}

// A note about the event itself.
static bool is_report(const struct misp_out *m, const struct misp_item *it)
{
    struct json refs;
    if (!m->event || !str_eq(it->type, STR("note")) ||
        !json_get(it->root, STR("object_refs"), &refs))
        return false;
    for (struct json_iter each = json_iter(refs); json_next(&each);)
        if (json_is_string(each.value, m->event->id))
            return true;
    return false;
}

enum misp_out_kind misp_out_kind(const struct misp_out *m, const struct misp_item *it)
{
    struct str galaxy;
    struct json v;
    if (has(it, "x_misp_attributes"))
        return MISP_OUT_OBJECT;
    if (has(it, "x_misp_type") && has(it, "x_misp_value"))
        return MISP_OUT_ATTRIBUTE;
    if (is_cluster(it->type, &galaxy))
        return MISP_OUT_CLUSTER;
    if (str_eq(it->type, STR("indicator")) || str_eq(it->type, STR("vulnerability")))
        return MISP_OUT_ATTRIBUTE;
    for (size_t i = 0; i < LEN(values); i++) {
        struct str path = values[i].path, type = str_cut(&path, ':');
        bool is_hash = str_starts(path, STR("hashes."));
        if (str_eq(type, it->type) && json_get(it->root, is_hash ? STR("hashes") : path, &v))
            return MISP_OUT_ATTRIBUTE;
    }
    return is_report(m, it) ? MISP_OUT_REPORT : MISP_OUT_NONE;
}

// What hangs on an attribute ------------------------------------------------------------------

static enum err put_sightings(struct misp_out *m, const struct misp_item *it)
{
    bool is_begun = false;
    for (struct misp_item *s = it->about; s; s = s->next_about) {
        if (!str_eq(s->type, STR("sighting")))
            continue;
        if (!is_begun) {
            json_put_key(&m->json, STR("Sighting"));
            json_begin_array(&m->json);
        }
        is_begun = s->is_placed = true;
        json_begin_object(&m->json);
        json_member_string(&m->json, STR("uuid"), misp_out_uuid(s->id));
        json_member_string(&m->json, STR("type"), STR("0"));
        misp_out_time(
            m, s->root, has(s, "first_seen") ? "first_seen" : "created", "date_sighting");
        misp_out_copy(m, s->root, "description", "source");
        json_end_object(&m->json);
    }
    if (is_begun)
        json_end_array(&m->json);
    return m->out->buf->err;
}

static enum err put_galaxies(struct misp_out *m, const struct misp_item *it)
{
    bool is_begun = false;
    for (struct misp_item *r = it->about; r; r = r->next_about) {
        struct str galaxy, how = misp_out_text(m, r->root, "relationship_type");
        struct misp_item *to = misp_out_find(m, misp_out_text(m, r->root, "target_ref"));
        bool is_said = str_eq(
            how, str_eq(it->type, STR("indicator")) ? STR("indicates") : STR("related-to"));
        if (!to || !is_said || !is_cluster(to->type, &galaxy))
            continue;
        if (!is_begun) {
            json_put_key(&m->json, STR("Galaxy"));
            json_begin_array(&m->json);
        }
        is_begun = r->is_placed = to->is_placed = true;
        TRY(misp_out_cluster(m, to));
    }
    if (is_begun)
        json_end_array(&m->json);
    return m->out->buf->err;
}

static void put_state(struct misp_out *m, const struct misp_item *it)
{
    bool revoked = false;
    struct json v;
    misp_out_time(m, it->root, "modified", "timestamp");
    if (json_get(it->root, STR("revoked"), &v) && json_bool(v, &revoked) && revoked)
        json_member_bool(&m->json, STR("deleted"), true);
}

static enum err put_common(struct misp_out *m, struct misp_item *it)
{
    put_state(m, it);
    TRY(misp_out_tags(m, it, false));
    TRY(put_galaxies(m, it));
    return put_sightings(m, it);
}

static void put_distribution(struct misp_out *m)
{
    json_member_string(&m->json, STR("distribution"), STR("5"));
}

// Attributes ----------------------------------------------------------------------------------

// As MISP had it.
static enum err put_own(struct misp_out *m, struct misp_item *it)
{
    bool to_ids = str_eq(it->type, STR("indicator"));
    struct json v;
    if (json_get(it->root, STR("x_misp_to_ids"), &v) && json_bool(v, &to_ids))
        to_ids = true;
    json_begin_object(&m->json);
    json_member_string(&m->json, STR("uuid"), misp_out_uuid(it->id));
    misp_out_copy(m, it->root, "x_misp_type", "type");
    misp_out_copy(m, it->root, "x_misp_category", "category");
    misp_out_copy(m, it->root, "x_misp_value", "value");
    json_member_bool(&m->json, STR("to_ids"), to_ids);
    misp_out_copy(m, it->root, "x_misp_comment", "comment");
    misp_out_copy(m, it->root, "x_misp_first_seen", "first_seen");
    misp_out_copy(m, it->root, "x_misp_last_seen", "last_seen");
    put_distribution(m);
    TRY(put_common(m, it));
    json_end_object(&m->json);
    return m->out->buf->err;
}

struct said {
    struct str uuid, type, category, value;
    bool to_ids;
};

static enum err put_said(struct misp_out *m, struct misp_item *it, const struct said *said)
{
    struct str comment = misp_out_text(m, it->root, "description");
    json_begin_object(&m->json);
    json_member_string(&m->json, STR("uuid"), said->uuid);
    json_member_string(&m->json, STR("type"), said->type);
    json_member_string(&m->json, STR("category"), said->category);
    json_member_string(&m->json, STR("value"), said->value);
    json_member_bool(&m->json, STR("to_ids"), said->to_ids);
    if (comment.len == 0)
        comment = misp_out_text(m, it->root, "name");
    if (comment.len)
        json_member_string(&m->json, STR("comment"), comment);
    put_distribution(m);
    TRY(put_common(m, it));
    json_end_object(&m->json);
    return m->out->buf->err;
}

// Of several attributes of one object each has a UUID of its own, by what it says.
static enum err part_uuid(
    struct misp_out *m, const struct misp_item *it, const struct said *said, struct str *out)
{
    struct buf b = buf_in(m->out->a, STIX_OBJECT_BYTES_MAX);
    struct str id;
    buf_put(&b, it->id);
    buf_put(&b, said->type);
    buf_put(&b, said->value);
    TRY(b.err);
    TRY(make_id(m->out->a, STR("x"), buf_str(&b), &id));
    *out = str_from(id, 3);
    return ERR_OK;
}

static enum err put_pattern(struct misp_out *m, struct misp_item *it, struct str pattern)
{
    struct str language = misp_out_text(m, it->root, "pattern_type");
    bool is_known = str_eq(language, STR("yara")) || str_eq(language, STR("sigma")) ||
                    str_eq(language, STR("snort"));
    const struct said said = {.uuid = misp_out_uuid(it->id),
        .type = is_known                            ? language
                : str_eq(language, STR("stix"))     ? STR("stix2-pattern")
                : str_eq(language, STR("suricata")) ? STR("snort")
                                                    : STR("pattern-in-file"),
        .category = str_eq(language, STR("snort")) || str_eq(language, STR("suricata"))
                        ? STR("Network activity")
                        : STR("Payload installation"),
        .value = pattern,
        .to_ids = true};
    if (!is_known && !str_eq(language, STR("stix")))
        TRY(out_lose(m->out, it->id, "pattern_type", "changed",
            "MISP has no attribute for rules of this language"));
    return put_said(m, it, &said);
}

static enum err put_atoms(
    struct misp_out *m, struct misp_item *it, const struct stix_atom *atoms, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t form = value_form(atoms[i].type, atoms[i].path);
        struct said said = {.uuid = misp_out_uuid(it->id),
            .type = values[form].type,
            .category = values[form].category,
            .value = atoms[i].constant.text,
            .to_ids = true};
        if (n > 1)
            TRY(part_uuid(m, it, &said, &said.uuid));
        TRY(put_said(m, it, &said));
    }
    return n > 1 ? out_lose(m->out, it->id, "pattern", "changed",
                       "an attribute for each value, with UUIDs of their own")
                 : ERR_OK;
}

static enum err put_indicator(struct misp_out *m, struct misp_item *it)
{
    struct str pattern = misp_out_text(m, it->root, "pattern");
    const struct stix_node *tree;
    struct stix_atom *atoms;
    size_t n = 0;
    if (!str_eq(misp_out_text(m, it->root, "pattern_type"), STR("stix")) ||
        stix_pattern_parse(m->out->a, pattern, &tree, NULL) != ERR_OK || !out_is_any_of(tree))
        return put_pattern(m, it, pattern);
    TRY(stix_pattern_atoms(m->out->a, tree, &atoms, &n));
    for (size_t i = 0; i < n; i++)
        if (value_form(atoms[i].type, atoms[i].path) == LEN(values))
            return put_pattern(m, it, pattern);
    return n ? put_atoms(m, it, atoms, n) : put_pattern(m, it, pattern);
}

static enum err put_value(
    struct misp_out *m, struct misp_item *it, size_t form, struct json v, bool is_only)
{
    struct said said = {.uuid = misp_out_uuid(it->id),
        .type = values[form].type,
        .category = values[form].category};
    if (json_string(m->out->a, v, &said.value) != ERR_OK)
        said.value = json_span(v); // a number
    if (!is_only)
        TRY(part_uuid(m, it, &said, &said.uuid));
    return put_said(m, it, &said);
}

static enum err put_observable(struct misp_out *m, struct misp_item *it)
{
    struct json found[LEN(values)], hashes;
    size_t forms[LEN(values)], n = 0;
    bool has_hashes = json_get(it->root, STR("hashes"), &hashes);
    for (size_t i = 0; i < LEN(values); i++) {
        struct str path = values[i].path, type = str_cut(&path, ':');
        bool is_hash = str_starts(path, STR("hashes."));
        if (!str_eq(type, it->type) || (is_hash && !has_hashes))
            continue;
        if (json_get(is_hash ? hashes : it->root,
                is_hash ? str_from(path, sizeof "hashes." - 1) : path, &found[n]))
            forms[n++] = i;
    }
    for (size_t i = 0; i < n; i++)
        TRY(put_value(m, it, forms[i], found[i], n == 1));
    return n > 1 ? out_lose(m->out, it->id, "hashes", "changed",
                       "an attribute for each value, with UUIDs of their own")
                 : ERR_OK;
}

enum err misp_out_attribute(struct misp_out *m, struct misp_item *it)
{
    if (has(it, "x_misp_type"))
        return put_own(m, it);
    if (str_eq(it->type, STR("indicator")))
        return put_indicator(m, it);
    if (!str_eq(it->type, STR("vulnerability")))
        return put_observable(m, it);
    const struct said said = {.uuid = misp_out_uuid(it->id),
        .type = STR("vulnerability"),
        .category = STR("External analysis"),
        .value = misp_out_text(m, it->root, "name")};
    return put_said(m, it, &said);
}

// Objects, clusters, reports ------------------------------------------------------------------

// An attribute of an object. MISP's objects have no tags, galaxies or sightings: the level is
// on each attribute, and what else hangs on the object hangs on the first one.
static enum err put_inner(
    struct misp_out *m, const struct misp_item *it, struct json v, bool is_first)
{
    static const char *const keys[] = {"uuid", "object_relation", "type", "category", "value",
        "to_ids", "comment", "timestamp", "first_seen", "last_seen", "deleted"};
    struct misp_item inner = *it;
    json_begin_object(&m->json);
    for (size_t i = 0; i < LEN(keys); i++)
        misp_out_copy(m, v, keys[i], keys[i]);
    put_distribution(m);
    inner.root = v;
    TRY(misp_out_tags(m, &inner, false));
    if (is_first) {
        TRY(put_galaxies(m, it));
        TRY(put_sightings(m, it));
    }
    json_end_object(&m->json);
    return m->out->buf->err;
}

static enum err put_references(struct misp_out *m, const struct misp_item *it)
{
    json_put_key(&m->json, STR("ObjectReference"));
    json_begin_array(&m->json);
    for (struct misp_item *r = it->about; r; r = r->next_about) {
        struct str galaxy;
        struct misp_item *to = misp_out_find(m, misp_out_text(m, r->root, "target_ref"));
        if (!str_eq(r->type, STR("relationship")) || !to || is_cluster(to->type, &galaxy))
            continue;
        r->is_placed = true;
        json_begin_object(&m->json);
        json_member_string(&m->json, STR("uuid"), misp_out_uuid(r->id));
        json_member_string(&m->json, STR("referenced_uuid"), misp_out_uuid(to->id));
        misp_out_copy(m, r->root, "relationship_type", "relationship_type");
        misp_out_copy(m, r->root, "description", "comment");
        misp_out_time(m, r->root, "modified", "timestamp");
        json_end_object(&m->json);
    }
    json_end_array(&m->json);
    return m->out->buf->err;
}

enum err misp_out_object(struct misp_out *m, struct misp_item *it)
{
    struct json list;
    bool is_first = true;
    json_begin_object(&m->json);
    json_member_string(&m->json, STR("uuid"), misp_out_uuid(it->id));
    misp_out_copy(m, it->root, "x_misp_name", "name");
    misp_out_copy(m, it->root, "x_misp_meta_category", "meta-category");
    misp_out_copy(m, it->root, "x_misp_template_uuid", "template_uuid");
    misp_out_copy(m, it->root, "x_misp_template_version", "template_version");
    misp_out_copy(m, it->root, "x_misp_comment", "comment");
    put_distribution(m);
    put_state(m, it);
    TRY(put_references(m, it));
    json_put_key(&m->json, STR("Attribute"));
    json_begin_array(&m->json);
    if (json_get(it->root, STR("x_misp_attributes"), &list))
        for (struct json_iter each = json_iter(list); json_next(&each); is_first = false)
            TRY(put_inner(m, it, each.value, is_first));
    json_end_array(&m->json);
    json_end_object(&m->json);
    return m->out->buf->err;
}

// The galaxy that the cluster came from, when it says so.
static struct str galaxy_of(struct misp_out *m, const struct misp_item *it, struct str *number)
{
    struct json refs;
    struct str galaxy = {"", 0};
    *number = (struct str){"", 0};
    is_cluster(it->type, &galaxy);
    if (!json_get(it->root, STR("external_references"), &refs))
        return galaxy;
    for (struct json_iter each = json_iter(refs); json_next(&each);) {
        struct str id = misp_out_text(m, each.value, "external_id"),
                   source = misp_out_text(m, each.value, "source_name");
        if (str_eq(id, misp_out_uuid(it->id)))
            galaxy = source;
        if (str_eq(source, STR("mitre-attack")))
            *number = id;
    }
    return galaxy;
}

enum err misp_out_cluster(struct misp_out *m, struct misp_item *it)
{
    struct str number, galaxy = galaxy_of(m, it, &number);
    struct json names;
    json_begin_object(&m->json);
    json_member_string(&m->json, STR("type"), galaxy);
    json_put_key(&m->json, STR("GalaxyCluster"));
    json_begin_array(&m->json);
    json_begin_object(&m->json);
    json_member_string(&m->json, STR("uuid"), misp_out_uuid(it->id));
    json_member_string(&m->json, STR("type"), galaxy);
    json_member_string(&m->json, STR("value"), misp_out_text(m, it->root, "name"));
    misp_out_copy(m, it->root, "description", "description");
    json_put_key(&m->json, STR("meta"));
    json_begin_object(&m->json);
    if (number.len)
        json_member_strings(&m->json, STR("external_id"), &number, 1);
    if (json_get(it->root, STR("aliases"), &names)) {
        json_put_key(&m->json, STR("synonyms"));
        json_put_raw(&m->json, json_span(names));
    }
    json_end_object(&m->json);
    json_end_object(&m->json);
    json_end_array(&m->json);
    json_end_object(&m->json);
    return m->out->buf->err;
}

enum err misp_out_report(struct misp_out *m, struct misp_item *it)
{
    json_begin_object(&m->json);
    json_member_string(&m->json, STR("uuid"), misp_out_uuid(it->id));
    json_member_string(&m->json, STR("name"), misp_out_text(m, it->root, "abstract"));
    misp_out_copy(m, it->root, "content", "content");
    misp_out_time(m, it->root, "modified", "timestamp");
    put_distribution(m);
    TRY(misp_out_tags(m, it, false));
    json_end_object(&m->json);
    return m->out->buf->err;
}
