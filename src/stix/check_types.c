// SPDX-License-Identifier: Apache-2.0
// What tables do not say of single types.
#include "stix/check_priv.h"

static bool is_digits(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    return text.len > 0;
}

static bool is_capec(struct str text)
{
    return str_starts(text, STR("CAPEC-")) && is_digits(str_from(text, 6));
}

static bool is_cve(struct str text)
{
    return str_starts(text, STR("CVE-")) && text.len >= 13 && text.ptr[8] == '-' &&
           is_digits(str_to(str_from(text, 4), 4)) && is_digits(str_from(text, 9));
}

static enum err check_catalogue(
    struct checking *c, const struct object_path *path, struct json value)
{
    struct str source, id;
    struct json v;
    struct object_path at = {.outer = path, .key = STR("external_id")};
    if (!json_get(value, at.key, &v) || !member_text(c, value, at.key, &id) ||
        !member_text(c, value, STR("source_name"), &source))
        return ERR_OK;
    if (str_eq(source, STR("cve")) && str_eq(c->id.type, STR("vulnerability")) && !is_cve(id))
        return stix_check_report(c, &at, v, STIX_RULE_CVE);
    if (str_eq(source, STR("capec")) && str_eq(c->id.type, STR("attack-pattern")) &&
        !is_capec(id))
        return stix_check_report(c, &at, v, STIX_RULE_CAPEC);
    return ERR_OK;
}

// Section 2.5 is stricter than 2.7: only algorithms of the vocabulary.
enum err check_external_reference(
    struct checking *c, const struct object_path *path, struct json value)
{
    struct json hashes;
    struct object_path at = {.outer = path, .key = STR("hashes")};
    struct object_path member = {.outer = &at};
    TRY(check_catalogue(c, path, value));
    if (!json_get(value, at.key, &hashes) || !json_is(hashes, JSON_OBJECT))
        return ERR_OK;
    for (struct json_iter it = json_iter(hashes); json_next(&it);) {
        TRY(json_key(c->arena, &it, &member.key));
        if (!vocabulary_has(VOCABULARY_HASH_ALGORITHM, member.key))
            TRY(stix_check_report(c, &member, it.value, STIX_RULE_EXTERNAL_HASHES));
    }
    return ERR_OK;
}

// [n] of a list, or a member.
static bool select_step(struct json *v, struct str step)
{
    uint64_t index;
    if (!str_starts(step, STR("[")) || !str_ends(step, STR("]")))
        return json_get(*v, step, v);
    struct str digits = {step.ptr + 1, step.len - 2};
    if (!json_is(*v, JSON_ARRAY) || str_to_u64(digits, &index) != ERR_OK ||
        index >= json_len(*v))
        return false;
    for (struct json_iter it = json_iter(*v); json_next(&it);)
        if (index-- == 0) {
            *v = it.value;
            return true;
        }
    return false;
}

// Section 7.2.3.1: property names, dictionary keys and list indexes, joined by dots.
static bool selects(struct json root, struct str selector)
{
    struct json v = root;
    bool has_step = selector.len > 0 && !str_ends(selector, STR("."));
    while (has_step && selector.len)
        has_step = select_step(&v, str_cut(&selector, '.'));
    return has_step;
}

enum err check_granular_marking(
    struct checking *c, const struct object_path *path, struct json value)
{
    struct json selectors;
    struct object_path at = {.outer = path, .key = STR("selectors")};
    struct object_path item = {.outer = &at};
    struct object_path marking = {.outer = path, .key = STR("marking_ref")};
    struct str text;
    if (member_text(c, value, marking.key, &text) && str_eq(text, c->id.text))
        TRY(stix_check_report(c, &marking, value, STIX_RULE_MARKS_ITSELF));
    if (!json_get(value, at.key, &selectors))
        return ERR_OK;
    for (struct json_iter it = json_iter(selectors); json_next(&it); item.index++)
        if (check_text(c, it.value, &text) && !selects(c->root, text))
            TRY(stix_check_report(c, &item, it.value, STIX_RULE_SELECTOR));
    return ERR_OK;
}

// Another version of the language than ours is not judged.
enum err check_indicator(struct checking *c, const struct object_path *path, struct json value)
{
    struct str type, pattern, version = STR("2.1");
    struct json v;
    struct fault fault = {0};
    struct object_path at = {.outer = path, .key = STR("pattern")};
    if (!member_text(c, value, STR("pattern_type"), &type) || !str_eq(type, STR("stix")))
        return ERR_OK;
    if (member_text(c, value, STR("pattern_version"), &version) &&
        !str_eq(version, STR("2.1")) && !str_eq(version, STR("2.0")))
        return ERR_OK;
    if (!json_get(value, at.key, &v) || !member_text(c, value, at.key, &pattern))
        return ERR_OK;
    enum err e = stix_pattern_parse(c->arena, pattern, &c->pattern, &fault);
    if (e != ERR_INVALID)
        return e;
    bool is_plain = json_span(v).len == pattern.len + 2; // no escapes: positions agree
    return check_report_at(c, &at,
        (struct stix_finding){.rule = STIX_RULE_PATTERN,
            .at = json_at(v) + (is_plain ? 1 + fault.at : 0),
            .detail = fault.why});
}

enum err check_observed_data(
    struct checking *c, const struct object_path *path, struct json value)
{
    struct json refs;
    struct str text;
    struct stix_id id;
    struct object_path at = {.outer = path, .key = STR("object_refs")};
    if (!json_get(value, at.key, &refs) || !json_is(refs, JSON_ARRAY))
        return ERR_OK;
    for (struct json_iter it = json_iter(refs); json_next(&it);)
        if (check_text(c, it.value, &text) && stix_id_parse(text, &id) == ERR_OK &&
            is_type_of("@sco", id.type))
            return ERR_OK;
    return stix_check_report(c, &at, refs, STIX_RULE_OBSERVED_SCO);
}

// The four instances that the standard has (section 7.2.1.4).
static bool is_tlp(struct str id, struct str colour)
{
    static const struct {
        struct str colour, id;
    } known[] = {
        {STR_INIT("white"),
            STR_INIT("marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9")},
        {STR_INIT("green"),
            STR_INIT("marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da")},
        {STR_INIT("amber"),
            STR_INIT("marking-definition--f88d31f6-486f-44da-b317-01333bde0b82")},
        {STR_INIT("red"), STR_INIT("marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed")},
    };
    for (size_t i = 0; i < LEN(known); i++)
        if (str_eq(known[i].id, id) && str_eq(known[i].colour, colour))
            return true;
    return false;
}

enum err check_marking_definition(
    struct checking *c, const struct object_path *path, struct json value)
{
    struct str type, text;
    struct json definition, refs;
    struct object_path at = {.outer = path, .key = STR("definition")};
    struct object_path marks = {.outer = path, .key = STR("object_marking_refs")};
    if (json_get(value, marks.key, &refs))
        for (struct json_iter it = json_iter(refs); json_next(&it);)
            if (json_is_string(it.value, c->id.text))
                TRY(stix_check_report(c, &marks, it.value, STIX_RULE_MARKS_ITSELF));
    if (!member_text(c, value, STR("definition_type"), &type) ||
        !json_get(value, at.key, &definition))
        return ERR_OK;
    if (str_eq(type, STR("statement")) && !member_text(c, definition, STR("statement"), &text))
        return stix_check_report(c, &at, definition, STIX_RULE_STATEMENT);
    // Who only reads leaves forged markings to the policy, which looks for more of them.
    if (c->findings && str_eq(type, STR("tlp")) &&
        (!member_text(c, definition, STR("tlp"), &text) || !is_tlp(c->id.text, text)))
        return stix_check_report(c, &at, definition, STIX_RULE_TLP);
    return ERR_OK;
}

enum err check_language_content(
    struct checking *c, const struct object_path *path, struct json value)
{
    struct json contents;
    struct object_path at = {.outer = path, .key = STR("contents")};
    struct object_path member = {.outer = &at};
    if (!json_get(value, at.key, &contents) || !json_is(contents, JSON_OBJECT))
        return ERR_OK;
    for (struct json_iter it = json_iter(contents); json_next(&it);) {
        TRY(json_key(c->arena, &it, &member.key));
        if (!text_is_language(member.key))
            TRY(stix_check_report(c, &member, it.value, STIX_RULE_TRANSLATION_KEY));
        if (!json_is(it.value, JSON_OBJECT) || json_len(it.value) == 0)
            TRY(stix_check_report(c, &member, it.value, STIX_RULE_TRANSLATION));
    }
    return ERR_OK;
}

enum err check_extension_definition(
    struct checking *c, const struct object_path *path, struct json value)
{
    struct json types, names;
    struct object_path at = {.outer = path, .key = STR("extension_properties")};
    bool is_toplevel = false, has_names = json_get(value, at.key, &names);
    if (json_get(value, STR("extension_types"), &types))
        for (struct json_iter it = json_iter(types); json_next(&it);)
            is_toplevel |= json_is_string(it.value, STR("toplevel-property-extension"));
    if (has_names && !is_toplevel)
        return stix_check_report(c, &at, names, STIX_RULE_EXTENSION_PROPERTIES);
    if (is_toplevel && !has_names)
        return stix_check_report(c, &at, value, STIX_RULE_EXTENSION_NAMES);
    return ERR_OK;
}
