// SPDX-License-Identifier: Apache-2.0
// One check for both who want the first error only and who want every finding: only
// stix_check_report knows the difference. So every step must stand on its own, whatever the
// steps before it found.
#include "stix/check_priv.h"

#include "base/limits.h"

#define PATH_BYTES_MAX (64 * KIB)

// NOLINTNEXTLINE(misc-no-recursion): as deep as the reader allows
static void put_path(struct buf *b, const struct object_path *path)
{
    if (path->outer)
        put_path(b, path->outer);
    if (path->key.len) {
        if (path->outer)
            buf_put_byte(b, '.');
        buf_put(b, path->key);
    } else {
        buf_put_byte(b, '[');
        buf_put_u64(b, path->index);
        buf_put_byte(b, ']');
    }
}

static enum err finding_add(struct checking *c, const struct stix_finding *finding)
{
    struct stix_findings *all = c->findings;
    if (stix_rule_text(finding->rule)->level == STIX_ERROR)
        all->errors++;
    else
        all->warnings++;
    if (all->n == STIX_FINDINGS_MAX)
        return ERR_OK;
    if (all->n == all->room) {
        size_t room = all->room ? 2 * all->room : 8;
        struct stix_finding *larger = NEW_N(c->arena, struct stix_finding, room);
        if (!larger)
            return ERR_LIMIT;
        if (all->n)
            memcpy(larger, all->items, all->n * sizeof *larger);
        all->items = larger;
        all->room = room;
    }
    all->items[all->n++] = *finding;
    return ERR_OK;
}

enum err check_report_at(
    struct checking *c, const struct object_path *path, struct stix_finding finding)
{
    const struct stix_rule_text *text = stix_rule_text(finding.rule);
    if (c->is_full)
        return ERR_LIMIT;
    if (!c->findings && text->level == STIX_WARNING)
        return ERR_OK;
    struct buf b = buf_in(c->arena, PATH_BYTES_MAX);
    if (path)
        put_path(&b, path);
    TRY(buf_end(&b, &finding.path));
    if (c->findings)
        return finding_add(c, &finding);
    const char *why = finding.detail ? finding.detail : text->en;
    *c->problem = (struct stix_problem){text->id, why, finding.path, finding.at};
    return ERR_INVALID;
}

enum err stix_check_report(
    struct checking *c, const struct object_path *path, struct json value, enum stix_rule rule)
{
    return check_report_at(c, path, (struct stix_finding){.rule = rule, .at = json_at(value)});
}

// Nothing more can be told about this object.
static enum err give_up(
    struct checking *c, struct str key, struct json value, enum stix_rule rule)
{
    struct object_path path = {.key = key};
    TRY(stix_check_report(c, key.len ? &path : NULL, value, rule));
    return ERR_INVALID;
}

static enum err member_string(
    struct checking *c, struct str key, struct json *value, struct str *out)
{
    if (!json_get(c->root, key, value))
        return give_up(c, key, c->root, STIX_RULE_REQUIRED);
    enum err e = json_string(c->arena, *value, out);
    return e == ERR_INVALID ? give_up(c, key, *value, STIX_RULE_STRING) : e;
}

static enum err check_type_and_id(struct checking *c)
{
    struct json v;
    struct str type, id;
    if (!json_is(c->root, JSON_OBJECT)) {
        TRY(check_report_at(c, NULL,
            (struct stix_finding){.rule = STIX_RULE_JSON,
                .at = json_at(c->root),
                .detail = "not a JSON object"}));
        return ERR_INVALID;
    }
    TRY(member_string(c, STR("type"), &v, &type));
    if (str_eq(type, STR("bundle")))
        return give_up(c, STR("type"), v, STIX_RULE_BUNDLE_INSIDE);
    if (stix_type_check(type) != ERR_OK)
        return give_up(c, STR("type"), v, STIX_RULE_TYPE_NAME);
    TRY(member_string(c, STR("id"), &v, &id));
    if (stix_id_parse(id, &c->id) != ERR_OK)
        return give_up(c, STR("id"), v, STIX_RULE_IDENTIFIER);
    if (!str_eq(c->id.type, type))
        return give_up(c, STR("id"), v, STIX_RULE_ID_TYPE);
    return ERR_OK;
}

// The kind that an extension gives to a new type (section 7.3).
static bool extension_kind(struct json extension, enum stix_kind *out)
{
    static const struct {
        struct str word;
        enum stix_kind kind;
    } words[] = {{STR_INIT("new-sdo"), STIX_SDO}, {STR_INIT("new-sco"), STIX_SCO},
        {STR_INIT("new-sro"), STIX_SRO}};
    struct json type;
    if (!json_get(extension, STR("extension_type"), &type))
        return false;
    for (size_t i = 0; i < LEN(words); i++)
        if (json_is_string(type, words[i].word)) {
            *out = words[i].kind;
            return true;
        }
    return false;
}

// A custom object without such an extension shows its kind by having versions or not.
static enum err custom_kind(struct checking *c)
{
    struct json extensions, created, type;
    if (json_get(c->root, STR("extensions"), &extensions))
        for (struct json_iter it = json_iter(extensions); json_next(&it);)
            if (extension_kind(it.value, &c->kind))
                return ERR_OK;
    c->kind = json_get(c->root, STR("created"), &created) ? STIX_SDO : STIX_SCO;
    struct object_path path = {.key = STR("type")};
    if (!json_get(c->root, STR("type"), &type))
        return ERR_INVALID;
    return stix_check_report(c, &path, type, STIX_RULE_CUSTOM_OBJECT);
}

static enum err check_version(struct checking *c)
{
    struct json v;
    if (json_get(c->root, STR("spec_version"), &v)) {
        if (json_is_string(v, STR("2.1")))
            return ERR_OK;
        bool is_old = json_is_string(v, STR("2.0"));
        if (is_old && c->findings)
            c->findings->is_stix_2_0 = true;
        return give_up(
            c, STR("spec_version"), v, is_old ? STIX_RULE_STIX_2_0 : STIX_RULE_SPEC_VERSION);
    }
    if (c->kind == STIX_SCO)
        return ERR_OK;
    if (c->findings)
        c->findings->is_stix_2_0 = true;
    return give_up(c, STR(""), c->root, STIX_RULE_STIX_2_0);
}

static enum err check_required_common(struct checking *c)
{
    struct json v;
    for (size_t i = 0; i < stix_common_n; i++) {
        struct object_path path = {.key = stix_common[i].property.name};
        if ((stix_common[i].required & c->column) && !json_get(c->root, path.key, &v))
            TRY(stix_check_report(c, &path, c->root, STIX_RULE_REQUIRED));
    }
    return ERR_OK;
}

// Versions (section 3.2, 3.6): what the tables have found to be timestamps.
static enum err check_times(struct checking *c)
{
    static const struct shape_rule order[] = {
        {RULE_ORDER, STIX_RULE_MODIFIED, STR_INIT("created"), STR_INIT("modified")}};
    static const struct str names[] = {STR_INIT("created"), STR_INIT("modified")};
    static const struct stix_shape versions = {
        .name = STR_INIT(""), .rules = order, .n_rules = LEN(order)};
    for (size_t i = 0; i < LEN(names) && c->kind != STIX_SCO; i++) {
        struct json v;
        struct str text;
        struct object_path path = {.key = names[i]};
        if (!json_get(c->root, names[i], &v) || !member_text(c, c->root, names[i], &text))
            continue;
        size_t point = str_index(text, '.');
        if (text.len < point + 5) // three digits and Z
            TRY(stix_check_report(c, &path, v, STIX_RULE_PRECISION));
    }
    return check_rules(c, NULL, &versions, c->root);
}

enum err check_object(struct checking *c)
{
    TRY(check_type_and_id(c));
    c->type = stix_type_find(c->id.type);
    if (c->type)
        c->kind = c->type->kind;
    else
        TRY(custom_kind(c));
    c->column = stix_column(c->id.type, c->kind);
    TRY(check_version(c));
    TRY(check_shape(c, NULL, c->type ? &c->type->shape : NULL, c->root));
    TRY(check_required_common(c));
    TRY(check_times(c));
    TRY(c->findings ? check_own_id(c) : ERR_OK);
    return c->is_full ? ERR_LIMIT : ERR_OK;
}

enum err check_bytes(struct checking *c, struct str bytes, size_t max_bytes)
{
    struct fault fault = {0};
    enum err e = ERR_LIMIT;
    if (bytes.len <= max_bytes)
        e = json_parse(c->arena, bytes, &c->root, &fault);
    if (e == ERR_OK)
        return ERR_OK;
    enum stix_rule rule = e == ERR_LIMIT ? STIX_RULE_LIMIT : STIX_RULE_JSON;
    enum err noted = check_report_at(
        c, NULL, (struct stix_finding){.rule = rule, .at = fault.at, .detail = fault.why});
    return noted == ERR_OK || e == ERR_INVALID ? ERR_INVALID : ERR_LIMIT;
}

enum err stix_check(struct arena *a, struct str bytes, struct stix_findings *out)
{
    struct checking c = {.arena = a, .findings = out};
    *out = (struct stix_findings){0};
    enum err e = check_bytes(&c, bytes, STIX_OBJECT_BYTES_MAX);
    if (e == ERR_OK)
        e = check_object(&c);
    return e == ERR_INVALID ? ERR_OK : e; // noted already
}

static enum err check_envelope(struct checking *c, uint64_t n_objects)
{
    struct json v;
    struct str text;
    struct object_path objects = {.key = STR("objects")}, id = {.key = STR("id")},
                       version = {.key = STR("spec_version")};
    struct stix_id parsed;
    if (!member_text(c, c->root, STR("type"), &text) || !str_eq(text, STR("bundle")))
        return ERR_OK; // a TAXII envelope, or a list of one's own
    if (!member_text(c, c->root, STR("id"), &text) || stix_id_parse(text, &parsed) != ERR_OK ||
        !str_eq(parsed.type, STR("bundle")))
        TRY(stix_check_report(c, &id, c->root, STIX_RULE_BUNDLE_ID));
    if (json_get(c->root, STR("spec_version"), &v))
        TRY(stix_check_report(c, &version, v, STIX_RULE_BUNDLE_VERSION));
    if (json_get(c->root, STR("objects"), &v) && n_objects == 0)
        TRY(stix_check_report(c, &objects, v, STIX_RULE_BUNDLE_OBJECTS));
    return ERR_OK;
}

enum err stix_check_bundle(
    struct arena *a, struct str envelope, uint64_t n_objects, struct stix_findings *out)
{
    struct checking c = {.arena = a, .findings = out};
    *out = (struct stix_findings){0};
    enum err e = check_bytes(&c, envelope, JSON_ENVELOPE_BYTES_MAX);
    if (e == ERR_OK)
        e = check_envelope(&c, n_objects);
    return e == ERR_INVALID ? ERR_OK : e;
}
