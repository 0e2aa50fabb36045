// SPDX-License-Identifier: Apache-2.0
// The Information Exchange Policy 2.0 of FIRST. Its TLP is that of TLP 1; its dates are embargo
// and expiry; what it forbids becomes caveats, which travel and are shown to officers.
#include "stix/marking_priv.h"

#include "base/sort.h"

enum { CAVEATS_MAX = 5 };

static enum err caveat_add(struct arena *a, struct stix_marking *m, struct str caveat)
{
    if (!m->caveats)
        m->caveats = NEW_N(a, struct str, CAVEATS_MAX);
    if (!m->caveats)
        return ERR_LIMIT;
    m->caveats[m->n_caveats++] = caveat;
    return ERR_OK;
}

static enum err tlp_read(struct json v, struct stix_marking *m)
{
    static const struct {
        struct str word;
        enum stix_tlp tlp;
    } words[] = {{STR_INIT("white"), STIX_TLP_CLEAR}, {STR_INIT("green"), STIX_TLP_GREEN},
        {STR_INIT("amber"), STIX_TLP_AMBER_STRICT}, {STR_INIT("red"), STIX_TLP_RED}};
    for (size_t i = 0; i < LEN(words); i++)
        if (json_is_string(v, words[i].word)) {
            m->has_tlp = true;
            m->tlp = words[i].tlp;
            return ERR_OK;
        }
    return ERR_INVALID;
}

static enum err actions_read(struct arena *a, struct json v, struct stix_marking *m)
{
    static const struct {
        struct str word, caveat;
    } actions[] = {{STR_INIT("none"), STR_INIT("IEP-PA-0")},
        {STR_INIT("contact-for-instruction"), STR_INIT("IEP-PA-1")},
        {STR_INIT("internally-visible-actions"), STR_INIT("IEP-PA-2")},
        {STR_INIT("externally-visible-indirect-actions"), STR_INIT("IEP-PA-3")}};
    for (size_t i = 0; i < LEN(actions); i++)
        if (json_is_string(v, actions[i].word))
            return caveat_add(a, m, actions[i].caveat);
    return json_is_string(v, STR("externally-visible-direct-actions")) ? ERR_OK : ERR_INVALID;
}

// Two words, of which one restricts.
static const struct duty {
    struct str key, free, bound, caveat;
} duties[] = {
    {STR_INIT("affected_party_notifications"), STR_INIT("may"), STR_INIT("must-not"),
        STR_INIT("IEP-NONOTIFY")},
    {STR_INIT("provider_attribution"), STR_INIT("may"), STR_INIT("must-not"),
        STR_INIT("IEP-NOATTRIBUTION")},
    {STR_INIT("unmodified_resale"), STR_INIT("may"), STR_INIT("must-not"),
        STR_INIT("IEP-NORESALE")},
    {STR_INIT("encrypt_in_transit"), STR_INIT("may"), STR_INIT("must"),
        STR_INIT("IEP-ENCRYPT")},
};

static enum err duty_read(
    struct arena *a, const struct duty *duty, struct json v, struct stix_marking *m)
{
    bool must_attribute =
        str_eq(duty->key, STR("provider_attribution")) && json_is_string(v, STR("must"));
    if (json_is_string(v, duty->free) || must_attribute)
        return ERR_OK;
    return json_is_string(v, duty->bound) ? caveat_add(a, m, duty->caveat) : ERR_INVALID;
}

// Names, numbers and links, which restrict nothing.
static bool is_neutral(struct str key, struct json v)
{
    static const struct str keys[] = {STR_INIT("name"), STR_INIT("id"), STR_INIT("description"),
        STR_INIT("iep_version"), STR_INIT("external_reference")};
    for (size_t i = 0; i < LEN(keys); i++)
        if (str_eq(keys[i], key))
            return true;
    return str_eq(key, STR("extension_type")) && json_is_string(v, STR("property-extension"));
}

static enum err property_read(
    struct arena *a, struct str key, struct json v, struct stix_marking *m)
{
    if (str_eq(key, STR("attribution"))) // the name in FIRST's own JSON
        key = STR("provider_attribution");
    for (size_t i = 0; i < LEN(duties); i++)
        if (str_eq(duties[i].key, key))
            return duty_read(a, &duties[i], v, m);
    if (str_eq(key, STR("tlp")))
        return tlp_read(v, m);
    if (str_eq(key, STR("permitted_actions")))
        return actions_read(a, v, m);
    bool is_start = str_eq(key, STR("start_date"));
    if (!is_start && !str_eq(key, STR("end_date")))
        return is_neutral(key, v) ? ERR_OK : ERR_INVALID;
    if (json_is(v, JSON_NULL)) // FIRST's JSON writes null for no date
        return ERR_OK;
    *(is_start ? &m->has_embargo : &m->has_expiry) = true;
    return marking_instant(a, v, is_start ? &m->embargo_us : &m->expiry_us);
}

static int by_text(const void *a, const void *b)
{
    const struct str *left = a, *right = b;
    return str_cmp(*left, *right);
}

enum err marking_iep_read(struct arena *a, struct json extension, struct stix_marking *out)
{
    struct stix_marking m = {.kind = STIX_MARKING_IEP};
    struct str spare[CAVEATS_MAX];
    bool has_attribution = false;
    if (!json_is(extension, JSON_OBJECT))
        return marking_unknown(out, "the exchange policy is not an object");
    for (struct json_iter it = json_iter(extension); json_next(&it);) {
        struct str key;
        TRY(json_key(a, &it, &key));
        bool attributes =
            str_eq(key, STR("attribution")) || str_eq(key, STR("provider_attribution"));
        enum err e =
            attributes && has_attribution ? ERR_INVALID : property_read(a, key, it.value, &m);
        has_attribution = has_attribution || attributes;
        if (e == ERR_INVALID)
            return marking_unknown(out, "a property of the exchange policy is not understood");
        TRY(e);
    }
    sort_items(m.caveats, spare, m.n_caveats, sizeof *spare, by_text);
    *out = m;
    return ERR_OK;
}
