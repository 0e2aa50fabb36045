// SPDX-License-Identifier: Apache-2.0
// Access Control Specification 3.0, whose defaults are deny. What it says of nations, of
// further sharing and of classification is taken over; a rule that denies, or restricts to
// people or organisations, cannot be kept here, so the whole marking is then unknown.
#include "stix/marking_priv.h"

#define POLICY_REFERENCE "urn:isa:policy:acs:ns:v3.0?privdefault=deny&sharedefault=deny"

static bool is_one_of(struct str text, const struct str *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(words[i], text))
            return true;
    return false;
}

static enum err classification_read(struct json v, bool *above)
{
    *above = json_is_string(v, STR("C")) || json_is_string(v, STR("S")) ||
             json_is_string(v, STR("TS"));
    return *above || json_is_string(v, STR("U")) ? ERR_OK : ERR_INVALID;
}

static enum err determination_read(struct arena *a, struct json v, struct stix_marking *m)
{
    static const struct str neutral[] = {STR_INIT("AIS"), STR_INIT("FOUO"), STR_INIT("PUBREL"),
        STR_INIT("INFORMATION-DIRECTLY-RELATED-TO-CYBERSECURITY-THREAT"),
        STR_INIT("PII-NECESSARY-TO-UNDERSTAND-THREAT"), STR_INIT("NO-PII-PRESENT")};
    struct str *words;
    size_t n;
    TRY(marking_texts(a, v, &words, &n));
    for (size_t i = 0; i < n; i++) {
        bool is_noforn = str_eq(words[i], STR("NF"));
        if (!is_noforn && !is_one_of(words[i], neutral, LEN(neutral)))
            return ERR_INVALID;
        m->is_noforn = m->is_noforn || is_noforn;
    }
    return ERR_OK;
}

// permitted_organizations, shareability and entity restrict to whom nobody here can tell apart.
static enum err control_read(
    struct arena *a, struct str key, struct json v, struct stix_marking *m)
{
    if (str_eq(key, STR("permitted_nationalities")))
        return marking_nationalities(a, v, m);
    return str_eq(key, STR("formal_determination")) ? determination_read(a, v, m) : ERR_INVALID;
}

// The classification is looked for first: it counts also beside what is unknown.
static enum err controls_read(
    struct arena *a, struct json v, struct stix_marking *m, bool *above)
{
    struct json classification;
    if (!json_get(v, STR("classification"), &classification))
        return ERR_INVALID;
    TRY(classification_read(classification, above));
    for (struct json_iter it = json_iter(v); json_next(&it);) {
        struct str key;
        TRY(json_key(a, &it, &key));
        if (!str_eq(key, STR("classification")))
            TRY(control_read(a, key, it.value, m));
    }
    return ERR_OK;
}

static bool permits(struct json rule)
{
    struct json effect;
    return json_get(rule, STR("rule_effect"), &effect) && json_is_string(effect, STR("permit"));
}

// What is permitted adds nothing to the rules here; every denial would have to be kept.
static enum err privileges_read(struct json v)
{
    if (!json_is(v, JSON_ARRAY))
        return ERR_INVALID;
    for (struct json_iter it = json_iter(v); json_next(&it);)
        if (!permits(it.value))
            return ERR_INVALID;
    return ERR_OK;
}

// Sharing further is denied (originator control) unless foreign governments are permitted.
static enum err sharing_read(struct arena *a, struct json v, struct stix_marking *m)
{
    if (!json_is(v, JSON_ARRAY))
        return ERR_INVALID;
    for (struct json_iter it = json_iter(v); json_next(&it);) {
        struct json scope;
        struct str *words;
        size_t n;
        if (!permits(it.value) || !json_get(it.value, STR("sharing_scope"), &scope))
            return ERR_INVALID;
        TRY(marking_texts(a, scope, &words, &n));
        if (is_one_of(STR("FOREIGNGOV"), words, n) || is_one_of(STR("ALL"), words, n))
            m->is_orcon = false;
    }
    return ERR_OK;
}

enum required {
    HAS_IDENTIFIER = 1,
    HAS_CREATED = 2,
    HAS_CUSTODIAN = 4,
    HAS_REFERENCE = 8,
    HAS_CONTROLS = 16,
    HAS_ALL = 31,
};

// Who made it and when, and how it came to its classification: no restriction.
static bool is_neutral(struct str key)
{
    static const struct str keys[] = {STR_INIT("name"),
        STR_INIT("responsible_entity_originator"), STR_INIT("authority_reference"),
        STR_INIT("original_classification"), STR_INIT("derivative_classification"),
        STR_INIT("declassification"), STR_INIT("public_release")};
    return is_one_of(key, keys, LEN(keys));
}

struct acs {
    struct stix_marking marking;
    unsigned seen;
    bool above;
};

static enum err property_read(struct arena *a, struct str key, struct json v, struct acs *acs)
{
    static const struct {
        struct str key;
        unsigned flag;
    } texts[] = {{STR_INIT("identifier"), HAS_IDENTIFIER},
        {STR_INIT("create_date_time"), HAS_CREATED},
        {STR_INIT("responsible_entity_custodian"), HAS_CUSTODIAN}};
    for (size_t i = 0; i < LEN(texts); i++)
        if (str_eq(texts[i].key, key)) {
            acs->seen |= texts[i].flag;
            return json_is(v, JSON_STRING) ? ERR_OK : ERR_INVALID;
        }
    if (str_eq(key, STR("extension_type")))
        return json_is_string(v, STR("property-extension")) ? ERR_OK : ERR_INVALID;
    if (str_eq(key, STR("policy_reference"))) {
        acs->seen |= HAS_REFERENCE;
        return json_is_string(v, STR(POLICY_REFERENCE)) ? ERR_OK : ERR_INVALID;
    }
    if (str_eq(key, STR("control_set"))) {
        acs->seen |= HAS_CONTROLS;
        return controls_read(a, v, &acs->marking, &acs->above);
    }
    if (str_eq(key, STR("access_privilege")))
        return privileges_read(v);
    if (str_eq(key, STR("further_sharing")))
        return sharing_read(a, v, &acs->marking);
    return is_neutral(key) ? ERR_OK : ERR_INVALID;
}

// Every property is looked at, so that a classification counts also beside what is unknown.
enum err marking_acs_read(struct arena *a, struct json extension, struct stix_marking *out)
{
    struct acs acs = {.marking = {.kind = STIX_MARKING_ACS, .is_orcon = true}};
    bool is_known = json_is(extension, JSON_OBJECT);
    for (struct json_iter it = json_iter(extension); json_next(&it);) {
        struct str key;
        TRY(json_key(a, &it, &key));
        enum err e = property_read(a, key, it.value, &acs);
        is_known = is_known && e == ERR_OK;
        if (e != ERR_INVALID)
            TRY(e);
    }
    if (acs.above)
        return marking_above(out);
    if (!is_known || acs.seen != HAS_ALL)
        return marking_unknown(out, "a property of the access control is not understood");
    *out = acs.marking;
    return ERR_OK;
}
