// SPDX-License-Identifier: Apache-2.0
// The relationships that the standard specifies: the tables of sections 4 and 6. Others are
// allowed.
#include "stix/check_priv.h"

static const struct {
    const char *sources, *name, *targets;
} known[] = {
    {"attack-pattern", "delivers", "malware"},
    {"attack-pattern", "targets", "identity location vulnerability"},
    {"attack-pattern", "uses", "malware tool"},
    {"campaign", "attributed-to", "intrusion-set threat-actor"},
    {"campaign", "compromises", "infrastructure"},
    {"campaign", "originates-from", "location"},
    {"campaign", "targets", "identity location vulnerability"},
    {"campaign", "uses", "attack-pattern infrastructure malware tool"},
    {"course-of-action", "investigates", "indicator"},
    {"course-of-action", "mitigates", "attack-pattern indicator malware tool vulnerability"},
    {"course-of-action", "remediates", "malware vulnerability"},
    {"domain-name", "resolves-to", "domain-name ipv4-addr ipv6-addr"},
    {"identity", "located-at", "location"},
    {"indicator", "indicates",
        "attack-pattern campaign infrastructure intrusion-set malware threat-actor tool"},
    {"indicator", "based-on", "observed-data"},
    {"infrastructure", "communicates-with",
        "infrastructure ipv4-addr ipv6-addr domain-name url"},
    {"infrastructure", "consists-of", "infrastructure observed-data @sco"},
    {"infrastructure", "controls", "infrastructure malware"},
    {"infrastructure", "delivers", "malware"},
    {"infrastructure", "has", "vulnerability"},
    {"infrastructure", "hosts", "tool malware"},
    {"infrastructure", "located-at", "location"},
    {"infrastructure", "uses", "infrastructure"},
    {"intrusion-set", "attributed-to", "threat-actor"},
    {"intrusion-set", "compromises", "infrastructure"},
    {"intrusion-set", "hosts", "infrastructure"},
    {"intrusion-set", "owns", "infrastructure"},
    {"intrusion-set", "originates-from", "location"},
    {"intrusion-set", "targets", "identity location vulnerability"},
    {"intrusion-set", "uses", "attack-pattern infrastructure malware tool"},
    {"ipv4-addr ipv6-addr", "belongs-to", "autonomous-system"},
    {"ipv4-addr ipv6-addr", "resolves-to", "mac-addr"},
    {"malware", "authored-by", "threat-actor intrusion-set"},
    {"malware", "beacons-to", "infrastructure"},
    {"malware", "exfiltrates-to", "infrastructure"},
    {"malware", "communicates-with", "ipv4-addr ipv6-addr domain-name url"},
    {"malware", "controls", "malware"},
    {"malware", "downloads", "malware tool file"},
    {"malware", "drops", "malware tool file"},
    {"malware", "exploits", "vulnerability"},
    {"malware", "originates-from", "location"},
    {"malware", "targets", "identity infrastructure location vulnerability"},
    {"malware", "uses", "attack-pattern infrastructure malware tool"},
    {"malware", "variant-of", "malware"},
    {"malware-analysis", "characterizes", "malware"},
    {"malware-analysis", "av-analysis-of", "malware"},
    {"malware-analysis", "static-analysis-of", "malware"},
    {"malware-analysis", "dynamic-analysis-of", "malware"},
    {"threat-actor", "attributed-to", "identity"},
    {"threat-actor", "impersonates", "identity"},
    {"threat-actor", "compromises", "infrastructure"},
    {"threat-actor", "hosts", "infrastructure"},
    {"threat-actor", "owns", "infrastructure"},
    {"threat-actor", "located-at", "location"},
    {"threat-actor", "targets", "identity location vulnerability"},
    {"threat-actor", "uses", "attack-pattern infrastructure malware tool"},
    {"tool", "delivers", "malware"},
    {"tool", "drops", "malware"},
    {"tool", "has", "vulnerability"},
    {"tool", "targets", "identity infrastructure location vulnerability"},
    {"tool", "uses", "infrastructure"},
};

static bool is_specified(struct str source, struct str name, struct str target)
{
    if (str_eq(name, STR("related-to")) || !stix_type_find(source) || !stix_type_find(target))
        return true;
    if (str_eq(name, STR("derived-from")) || str_eq(name, STR("duplicate-of")))
        return str_eq(source, target);
    for (size_t i = 0; i < LEN(known); i++)
        if (str_eq(str_of(known[i].name), name) && is_type_of(known[i].sources, source) &&
            is_type_of(known[i].targets, target))
            return true;
    return false;
}

enum err check_relationship(
    struct checking *c, const struct object_path *path, struct json value)
{
    struct str name, source, target;
    struct stix_id from, to;
    struct json v;
    struct object_path at = {.outer = path, .key = STR("relationship_type")};
    if (!c->findings || !member_text(c, value, at.key, &name) ||
        !member_text(c, value, STR("source_ref"), &source) ||
        !member_text(c, value, STR("target_ref"), &target) || !json_get(value, at.key, &v))
        return ERR_OK;
    if (stix_id_parse(source, &from) != ERR_OK || stix_id_parse(target, &to) != ERR_OK ||
        is_specified(from.type, name, to.type))
        return ERR_OK;
    return stix_check_report(c, &at, v, STIX_RULE_RELATIONSHIP);
}
