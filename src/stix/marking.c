// SPDX-License-Identifier: Apache-2.0
#include "stix/marking_priv.h"

#include "base/sort.h"
#include "base/time.h"

#define TLP_2_0_EXTENSION "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
#define PROJECT_IDENTITY  "identity--055be760-0e95-4795-bfea-1e18ea2f33c7"

#define ONE(name, word, uuid)                                                               \
    "{\"type\":\"marking-definition\",\"spec_version\":\"2.1\",\"id\":\"marking-definition" \
    "--" uuid "\",\"created\":\"2017-01-20T00:00:00.000Z\",\"definition_type\":\"tlp\","    \
    "\"name\":\"" name "\",\"definition\":{\"tlp\":\"" word "\"}}"
#define TWO(name, word, uuid)                                                               \
    "{\"type\":\"marking-definition\",\"spec_version\":\"2.1\",\"id\":\"marking-definition" \
    "--" uuid "\",\"created\":\"2022-10-01T00:00:00.000Z\",\"name\":\"" name                \
    "\",\"extensions\":{\"" TLP_2_0_EXTENSION                                               \
    "\":{\"extension_type\":\"property-extension\",\"tlp_2_0\":\"" word "\"}}}"

// tlp, version, name, word in the body, UUID
#define PINNED_LIST(X)                                                                 \
    X(CLEAR, ONE, "TLP:WHITE", "white", "613f2e26-407d-48c7-9eca-b8e91df99dc9")        \
    X(GREEN, ONE, "TLP:GREEN", "green", "34098fce-860f-48ae-8e50-ebd3cc5e41da")        \
    X(AMBER_STRICT, ONE, "TLP:AMBER", "amber", "f88d31f6-486f-44da-b317-01333bde0b82") \
    X(RED, ONE, "TLP:RED", "red", "5e57c739-391a-4eb3-b6be-7d15ca92d5ed")              \
    X(CLEAR, TWO, "TLP:CLEAR", "clear", "94868c89-83c2-464b-929b-a1a8aa3c8487")        \
    X(GREEN, TWO, "TLP:GREEN", "green", "bab4a63c-aed9-4cf5-a766-dfca5abac2bb")        \
    X(AMBER, TWO, "TLP:AMBER", "amber", "55d920b0-5e8b-4f79-9ee9-91f868d9b421")        \
    X(AMBER_STRICT, TWO, "TLP:AMBER+STRICT", "amber+strict",                           \
        "939a9414-2ddd-4d32-a0cd-375ea402b003")                                        \
    X(RED, TWO, "TLP:RED", "red", "e828b379-4e03-4974-9ac4-e53a884c97c1")

enum { ONE_DAYS = 17186, TWO_DAYS = 19266 }; // days of `created` since 1970

static const struct pinned {
    struct str id, name, word, body;
    int64_t created_us;
    enum stix_tlp tlp;
    bool is_two;
} pinned[] = {
#define PINNED_ROW(level, form, name, word, uuid)                                  \
    {STR_INIT("marking-definition--" uuid), STR_INIT(name), STR_INIT(word),        \
        STR_INIT(form(name, word, uuid)), form##_DAYS * INT64_C(86400) * US_PER_S, \
        STIX_TLP_##level, form##_DAYS != ONE_DAYS},
    PINNED_LIST(PINNED_ROW)
#undef PINNED_ROW
};

static const struct {
    struct str id, body;
} project[] = {
    {STR_INIT(PROJECT_IDENTITY),
        STR_INIT("{\"type\":\"identity\",\"spec_version\":\"2.1\",\"id\":\"" PROJECT_IDENTITY
                 "\",\"created\":\"2026-11-23T00:00:00.000Z\","
                 "\"modified\":\"2026-11-23T00:00:00.000Z\",\"name\":\"Bongsu\","
                 "\"identity_class\":\"system\"}")},
    {STR_INIT(STIX_RELEASABILITY_EXTENSION),
        STR_INIT("{\"type\":\"extension-definition\",\"spec_version\":\"2.1\",\"id\":"
                 "\"" STIX_RELEASABILITY_EXTENSION "\",\"created_by_ref\":\"" PROJECT_IDENTITY
                 "\",\"created\":\"2026-11-23T00:00:00.000Z\","
                 "\"modified\":\"2026-11-23T00:00:00.000Z\",\"name\":\"Releasability\","
                 "\"description\":\"Releasability, originator control, caveats, national "
                 "marking, embargo and expiry on a marking-definition.\","
                 "\"schema\":\"permitted_nationalities: list of trigraphs; "
                 "formal_determination: list with NF; orcon: boolean; caveats: list of "
                 "string; national_marking: string or list of string; embargo_until, expires: "
                 "timestamp\","
                 "\"version\":\"1.0.0\",\"extension_types\":[\"property-extension\"]}")},
};

struct str stix_tlp_word(enum stix_tlp tlp)
{
    static const struct str words[] = {
#define STIX_TLP_WORD(name, word) STR_INIT(word),
        STIX_TLP_LIST(STIX_TLP_WORD)
#undef STIX_TLP_WORD
    };
    return words[tlp];
}

struct str stix_tlp_id(enum stix_tlp tlp)
{
    for (size_t i = 0; i < LEN(pinned); i++)
        if (pinned[i].is_two && pinned[i].tlp == tlp)
            return pinned[i].id;
    return (struct str){"", 0};
}

enum err stix_tlp_parse(struct str word, enum stix_tlp *out)
{
    for (enum stix_tlp tlp = 0; tlp < STIX_TLPS; tlp++)
        if (str_eq(stix_tlp_word(tlp), word)) {
            *out = tlp;
            return ERR_OK;
        }
    return ERR_INVALID;
}

struct str stix_builtin(size_t i)
{
    if (i < LEN(pinned))
        return pinned[i].body;
    i -= LEN(pinned);
    return i < LEN(project) ? project[i].body : (struct str){"", 0};
}

static const struct pinned *pinned_find(struct str id)
{
    for (size_t i = 0; i < LEN(pinned); i++)
        if (str_eq(pinned[i].id, id))
            return &pinned[i];
    return NULL;
}

bool stix_is_builtin(struct str id)
{
    for (size_t i = 0; i < LEN(project); i++)
        if (str_eq(project[i].id, id))
            return true;
    return pinned_find(id) != NULL;
}

enum err stix_marking_pinned(struct str id, struct stix_marking *out)
{
    const struct pinned *row = pinned_find(id);
    if (!row)
        return ERR_NOT_FOUND;
    *out = (struct stix_marking){.kind = STIX_MARKING_TLP, .has_tlp = true, .tlp = row->tlp};
    return ERR_OK;
}

static bool is_one_member(struct json object, struct str key, struct json *out)
{
    return json_is(object, JSON_OBJECT) && json_len(object) == 1 && json_get(object, key, out);
}

static bool is_pinned_extension(const struct pinned *row, struct json extensions)
{
    struct json extension, type, tlp;
    return is_one_member(extensions, STR(TLP_2_0_EXTENSION), &extension) &&
           json_len(extension) == 2 && json_get(extension, STR("extension_type"), &type) &&
           json_is_string(type, STR("property-extension")) &&
           json_get(extension, STR("tlp_2_0"), &tlp) && json_is_string(tlp, row->word);
}

// Whether a member is one that the pinned body has. Spelling and order are free, a name may be
// left out, anything more or other is a forgery.
static bool is_pinned_member(
    const struct stix_object *object, const struct pinned *row, struct str key, struct json v)
{
    struct json tlp;
    if (str_eq(key, STR("type")) || str_eq(key, STR("id")) || str_eq(key, STR("spec_version")))
        return true; // stix_object_read has checked them
    if (str_eq(key, STR("created")))
        return object->created_us == row->created_us;
    if (str_eq(key, STR("name")))
        return json_is_string(v, row->name);
    if (str_eq(key, STR("definition_type")))
        return !row->is_two && json_is_string(v, STR("tlp"));
    if (str_eq(key, STR("definition")))
        return !row->is_two && is_one_member(v, STR("tlp"), &tlp) &&
               json_is_string(tlp, row->word);
    return str_eq(key, STR("extensions")) && row->is_two && is_pinned_extension(row, v);
}

static enum err is_pinned_body(
    struct arena *a, const struct stix_object *object, const struct pinned *row, bool *out)
{
    struct json v;
    *out = json_get(object->root, row->is_two ? STR("extensions") : STR("definition"), &v);
    for (struct json_iter it = json_iter(object->root); json_next(&it);) {
        struct str key;
        TRY(json_key(a, &it, &key));
        *out = *out && is_pinned_member(object, row, key, it.value);
    }
    return ERR_OK;
}

// "TLP" in any case, alone or with more than letters behind it.
static bool looks_like_tlp(struct str name)
{
    name = str_trim(name);
    static const char tlp[] = "tlp";
    for (size_t i = 0; i < 3; i++)
        if (name.len < 3 || ascii_lower(name.ptr[i]) != tlp[i])
            return false;
    char next = name.len > 3 ? ascii_lower(name.ptr[3]) : ':';
    return next < 'a' || next > 'z';
}

static enum err member_looks_like_tlp(
    struct arena *a, struct json object, struct str key, bool *out)
{
    struct json v;
    struct str text;
    if (!json_get(object, key, &v) || !json_is(v, JSON_STRING))
        return ERR_OK;
    TRY(json_string(a, v, &text));
    *out = *out || looks_like_tlp(text);
    return ERR_OK;
}

// A body that says TLP under an identifier that is not TLP's.
static enum err is_look_alike(struct arena *a, const struct stix_object *object, bool *out)
{
    struct json definition, extensions, v;
    *out = false;
    TRY(member_looks_like_tlp(a, object->root, STR("name"), out));
    TRY(member_looks_like_tlp(a, object->root, STR("definition_type"), out));
    if (json_get(object->root, STR("definition"), &definition))
        *out = *out || json_get(definition, STR("tlp"), &v) ||
               json_get(definition, STR("tlp_2_0"), &v);
    if (!json_get(object->root, STR("extensions"), &extensions))
        return ERR_OK;
    *out = *out || json_get(extensions, STR(TLP_2_0_EXTENSION), &v);
    for (struct json_iter it = json_iter(extensions); json_next(&it);) {
        struct str key;
        TRY(json_key(a, &it, &key));
        bool is_iep = str_eq(key, STR(IEP_EXTENSION)); // where tlp is a property of its own
        *out = *out || json_get(it.value, STR("tlp_2_0"), &v) ||
               (!is_iep && json_get(it.value, STR("tlp"), &v));
    }
    return ERR_OK;
}

enum err marking_unknown(struct stix_marking *out, const char *why)
{
    *out = (struct stix_marking){.kind = STIX_MARKING_UNKNOWN, .why = why};
    return ERR_OK;
}

enum err marking_above(struct stix_marking *out)
{
    *out = (struct stix_marking){
        .kind = STIX_MARKING_ABOVE, .why = "a classification above what a node may hold"};
    return ERR_OK;
}

static int by_text(const void *a, const void *b)
{
    const struct str *left = a, *right = b;
    return str_cmp(*left, *right);
}

// A list of texts as a sorted set. ERR_INVALID when it is none.
enum err marking_texts(struct arena *a, struct json list, struct str **out, size_t *n)
{
    size_t items = json_is(list, JSON_ARRAY) ? json_len(list) : 0, kept = 0;
    struct str *texts = NEW_N(a, struct str, items + 1),
               *spare = NEW_N(a, struct str, items + 1);
    if (!json_is(list, JSON_ARRAY))
        return ERR_INVALID;
    if (!texts || !spare)
        return ERR_LIMIT;
    size_t i = 0;
    for (struct json_iter it = json_iter(list); json_next(&it); i++) {
        TRY(json_string(a, it.value, &texts[i]));
        if (texts[i].len == 0)
            return ERR_INVALID;
    }
    sort_items(texts, spare, items, sizeof *texts, by_text);
    for (i = 0; i < items; i++)
        if (kept == 0 || !str_eq(texts[kept - 1], texts[i]))
            texts[kept++] = texts[i];
    *out = texts;
    *n = kept;
    return ERR_OK;
}

enum err marking_instant(struct arena *a, struct json v, int64_t *out)
{
    struct str text;
    TRY(json_string(a, v, &text));
    return time_parse(text, out);
}

// "ZZZ" is how an empty list is printed elsewhere, so no list may name it.
enum err marking_nationalities(struct arena *a, struct json v, struct stix_marking *out)
{
    TRY(marking_texts(a, v, &out->relto, &out->n_relto));
    for (size_t i = 0; i < out->n_relto; i++) {
        struct str code = out->relto[i];
        if (code.len < 3 || code.len > 4 || str_eq(code, STR("ZZZ")))
            return ERR_INVALID;
        for (size_t k = 0; k < code.len; k++)
            if (code.ptr[k] < 'A' || code.ptr[k] > 'Z')
                return ERR_INVALID;
    }
    out->has_relto = true;
    return ERR_OK;
}

static enum err determination_read(struct arena *a, struct json v, struct stix_marking *out)
{
    struct str *words;
    size_t n;
    TRY(marking_texts(a, v, &words, &n));
    out->is_noforn = n == 1 && str_eq(words[0], STR("NF"));
    return out->is_noforn ? ERR_OK : ERR_INVALID;
}

// One text, or a list of them.
static enum err national_read(struct arena *a, struct json v, struct stix_marking *out)
{
    if (!json_is(v, JSON_STRING))
        return marking_texts(a, v, &out->national, &out->n_national);
    out->national = NEW(a, struct str);
    if (!out->national)
        return ERR_LIMIT;
    TRY(json_string(a, v, out->national));
    out->n_national = out->national->len > 0;
    return ERR_OK;
}

static enum err property_read(
    struct arena *a, struct str key, struct json v, struct stix_marking *out)
{
    if (str_eq(key, STR("extension_type")))
        return json_is_string(v, STR("property-extension")) ? ERR_OK : ERR_INVALID;
    if (str_eq(key, STR("permitted_nationalities")))
        return marking_nationalities(a, v, out);
    if (str_eq(key, STR("formal_determination")))
        return determination_read(a, v, out);
    if (str_eq(key, STR("orcon")))
        return json_bool(v, &out->is_orcon) ? ERR_OK : ERR_INVALID;
    if (str_eq(key, STR("caveats")))
        return marking_texts(a, v, &out->caveats, &out->n_caveats);
    if (str_eq(key, STR("national_marking")))
        return national_read(a, v, out);
    if (str_eq(key, STR("embargo_until"))) {
        out->has_embargo = true;
        return marking_instant(a, v, &out->embargo_us);
    }
    if (str_eq(key, STR("expires"))) {
        out->has_expiry = true;
        return marking_instant(a, v, &out->expiry_us);
    }
    return ERR_INVALID;
}

// A property or a value that is not understood may restrict: all of it is then unknown.
static enum err releasability_read(
    struct arena *a, struct json extension, struct stix_marking *out)
{
    struct stix_marking m = {.kind = STIX_MARKING_RELEASABILITY};
    if (!json_is(extension, JSON_OBJECT))
        return marking_unknown(out, "the releasability extension is not an object");
    for (struct json_iter it = json_iter(extension); json_next(&it);) {
        struct str key;
        TRY(json_key(a, &it, &key));
        enum err e = property_read(a, key, it.value, &m);
        if (e == ERR_INVALID)
            return marking_unknown(out, "a property of the releasability is not understood");
        TRY(e);
    }
    for (size_t i = 0; i < m.n_national; i++)
        if (stix_national_is_above(m.national[i]))
            return marking_above(out);
    *out = m;
    return ERR_OK;
}

enum err stix_marking_read(
    struct arena *a, const struct stix_object *object, struct stix_marking *out)
{
    struct json extensions, extension, type, definition, statement;
    if (!str_eq(object->id.type, STR("marking-definition")))
        return ERR_INVALID;
    const struct pinned *row = pinned_find(object->id.text);
    bool is_body = false;
    if (row)
        TRY(is_pinned_body(a, object, row, &is_body));
    if (is_body)
        return stix_marking_pinned(object->id.text, out);
    bool look_alike;
    TRY(is_look_alike(a, object, &look_alike));
    if (row || look_alike) {
        *out = (struct stix_marking){.kind = STIX_MARKING_FORGED};
        out->why = row ? "an identifier of TLP with another body"
                       : "looks like TLP under an identifier that is not TLP's";
        return ERR_OK;
    }
    bool has_definition = json_get(object->root, STR("definition_type"), &type);
    if (json_get(object->root, STR("extensions"), &extensions)) {
        if (has_definition)
            return marking_unknown(out, "both a definition and an extension");
        if (is_one_member(extensions, STR(STIX_RELEASABILITY_EXTENSION), &extension))
            return releasability_read(a, extension, out);
        if (is_one_member(extensions, STR(IEP_EXTENSION), &extension))
            return marking_iep_read(a, extension, out);
        if (is_one_member(extensions, STR(ACS_EXTENSION), &extension))
            return marking_acs_read(a, extension, out);
        return marking_unknown(out, "a marking scheme that is not known here");
    }
    if (has_definition && json_is_string(type, STR("statement")) &&
        json_get(object->root, STR("definition"), &definition) &&
        is_one_member(definition, STR("statement"), &statement) &&
        json_is(statement, JSON_STRING)) {
        *out = (struct stix_marking){.kind = STIX_MARKING_STATEMENT};
        return ERR_OK;
    }
    return marking_unknown(out, "a marking scheme that is not known here");
}
