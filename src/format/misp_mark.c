// SPDX-License-Identifier: Apache-2.0
// What may be done with a piece: TLP tags, and how far MISP would distribute it.
#include "format/misp_priv.h"
#include "format/seen_priv.h"

#include "base/limits.h"

#define LABELS_MAX 1000 // tags of one piece

enum distribution {
    OWN_ORGANISATION,
    COMMUNITY,
    CONNECTED,
    EVERYBODY,
    SHARING_GROUP,
    INHERITED,
};

static bool is_single(unsigned bits)
{
    return (bits & (bits - 1)) == 0;
}

// Of two single levels the stricter; a contradiction stays one.
struct misp_marking misp_stricter(struct misp_marking a, struct misp_marking b)
{
    struct misp_marking out = {.is_home = a.is_home || b.is_home};
    if (!is_single(a.tlps) || !is_single(b.tlps))
        out.tlps = a.tlps | b.tlps;
    else
        out.tlps = a.tlps > b.tlps ? a.tlps : b.tlps;
    return out;
}

void misp_put_markings(struct json_out *o, struct misp_marking marking)
{
    if (marking.tlps == 0)
        return;
    json_put_key(o, STR("object_marking_refs"));
    json_begin_array(o);
    for (enum stix_tlp tlp = STIX_TLP_CLEAR; tlp < STIX_TLPS; tlp++)
        if (marking.tlps & 1u << tlp)
            json_put_string(o, stix_tlp_id(tlp));
    json_end_array(o);
}

// The level of a tag of the taxonomy tlp. TLP 1 said white.
static enum err read_tlp(struct arena *a, struct str word, enum stix_tlp *out)
{
    TRY(seen_lower(a, word, &word));
    if (str_eq(word, STR("white"))) {
        *out = STIX_TLP_CLEAR;
        return ERR_OK;
    }
    return stix_tlp_parse(word, out);
}

static bool is_tlp(struct str name)
{
    static const char tlp[] = "tlp:";
    for (size_t i = 0; i < 4; i++)
        if (i >= name.len || ascii_lower(name.ptr[i]) != tlp[i])
            return false;
    return true;
}

static enum err read_tag(struct misp *m, struct json tag, struct str id, struct misp_tags *tags)
{
    enum stix_tlp tlp;
    struct str name = misp_text(m, tag, "name");
    if (name.len == 0 || tags->n == LABELS_MAX)
        return ERR_OK;
    if (str_eq(name, MISP_BY_TLP)) {
        tags->is_by_tlp = true;
        return ERR_OK;
    }
    if (!is_tlp(name)) {
        tags->labels[tags->n++] = name;
        return ERR_OK;
    }
    if (read_tlp(&m->scratch, str_trim(str_from(name, 4)), &tlp) == ERR_OK) {
        tags->marking.tlps |= 1u << tlp;
        return ERR_OK;
    }
    tags->labels[tags->n++] = name;
    tags->marking.is_home = true;
    return misp_lose(m, id, "Tag", "changed",
        "a TLP tag with a word that is not of TLP 2.0: nobody outside gets the object");
}

enum err misp_distribution(
    struct misp *m, struct json v, struct str id, struct misp_marking *marking)
{
    struct json group;
    switch (misp_number(m, v, "distribution")) {
    case OWN_ORGANISATION:
    case COMMUNITY:
        marking->is_home = true;
        return misp_lose(m, id, "distribution", "changed",
            "it is not for organisations outside: nobody outside our Participant gets it");
    case CONNECTED:
    case EVERYBODY:
        return misp_lose(m, id, "distribution", "changed",
            "what MISP would pass on further is not widened: the handling of the import holds");
    case SHARING_GROUP:
        marking->is_home = true;
        if (json_get(v, STR("SharingGroup"), &group) && misp_flag(group, "roaming"))
            return misp_lose(m, id, "distribution", "changed",
                "a roaming sharing group names nobody: nobody outside our Participant gets it");
        return misp_lose(m, id, "distribution", "changed",
            "the organisations of a sharing group are not known here: nobody outside our "
            "Participant gets it");
    default:
        return ERR_OK; // inherited, or nothing is said
    }
}

enum err misp_mark(struct misp *m, struct json v, struct str id, struct misp_marking above,
    struct misp_tags *out)
{
    struct json list;
    size_t room = json_get(v, STR("Tag"), &list) ? json_len(list) + 1 : 1;
    struct misp_tags tags = {.labels = NEW_N(&m->scratch, struct str, room)};
    TRY(tags.labels ? ERR_OK : ERR_LIMIT);
    for (struct json_iter it = misp_list(v, "Tag"); json_next(&it);)
        TRY(read_tag(m, it.value, id, &tags));
    if (!tags.is_by_tlp)
        TRY(misp_distribution(m, v, id, &tags.marking));
    unsigned own = tags.marking.tlps;
    tags.marking = misp_stricter(above, tags.marking);
    *out = tags;
    return own && tags.marking.tlps != own
               ? misp_lose(m, id, "Tag", "changed",
                     "its TLP tag is looser than that of its event: the stricter holds")
               : ERR_OK;
}
