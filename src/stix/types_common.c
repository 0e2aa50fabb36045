// SPDX-License-Identifier: Apache-2.0
#include "stix/types_priv.h"

#define ALL      0x3f
#define NOT_SCO  (ALL & ~COLUMN_SCO)
#define MODIFIED (NOT_SCO & ~COLUMN_MARKING)
#define OWNED    (COLUMN_SDO | COLUMN_SRO | COLUMN_LANGUAGE)

const struct common_property stix_common[] = {
    {{STR_INIT("type"), TYPE_STRING, 0, NULL}, ALL, ALL, FIELD_NONE},
    {{STR_INIT("id"), TYPE_ID, 0, NULL}, ALL, ALL, FIELD_NONE},
    {{STR_INIT("spec_version"), TYPE_STRING, 0, NULL}, ALL, NOT_SCO, FIELD_NONE},
    {{STR_INIT("created_by_ref"), TYPE_ID, 0, "identity"}, NOT_SCO, COLUMN_EXTENSION,
        FIELD_CREATED_BY},
    {{STR_INIT("created"), TYPE_TIME, 0, NULL}, NOT_SCO, NOT_SCO, FIELD_CREATED},
    {{STR_INIT("modified"), TYPE_TIME, 0, NULL}, MODIFIED, MODIFIED, FIELD_MODIFIED},
    {{STR_INIT("revoked"), TYPE_BOOL, 0, NULL}, MODIFIED, 0, FIELD_REVOKED},
    {{STR_INIT("labels"), TYPE_STRING, PROPERTY_LIST, NULL}, MODIFIED, 0, FIELD_LABELS},
    {{STR_INIT("confidence"), TYPE_INT, 0, NULL}, OWNED, 0, FIELD_CONFIDENCE},
    {{STR_INIT("lang"), TYPE_STRING, 0, NULL}, COLUMN_SDO | COLUMN_SRO, 0, FIELD_NONE},
    {{STR_INIT("external_references"), TYPE_EXTERNAL, PROPERTY_LIST, NULL}, NOT_SCO, 0,
        FIELD_NONE},
    {{STR_INIT("object_marking_refs"), TYPE_ID, PROPERTY_LIST, "marking-definition"}, ALL, 0,
        FIELD_MARKINGS},
    {{STR_INIT("granular_markings"), TYPE_GRANULAR, PROPERTY_LIST, NULL}, ALL, 0,
        FIELD_GRANULAR},
    {{STR_INIT("defanged"), TYPE_BOOL, 0, NULL}, COLUMN_SCO, 0, FIELD_NONE},
    {{STR_INIT("extensions"), TYPE_DICT, 0, NULL}, ALL & ~COLUMN_EXTENSION, 0, FIELD_NONE},
};
const size_t stix_common_n = LEN(stix_common);

unsigned stix_column(struct str type, enum stix_kind kind)
{
    switch (kind) {
    case STIX_SDO:
        return COLUMN_SDO;
    case STIX_SRO:
        return COLUMN_SRO;
    case STIX_SCO:
        return COLUMN_SCO;
    case STIX_META:
        break;
    }
    if (str_eq(type, STR("marking-definition")))
        return COLUMN_MARKING;
    return str_eq(type, STR("language-content")) ? COLUMN_LANGUAGE : COLUMN_EXTENSION;
}

#define SEEN(type, rule)                                                           \
    {                                                                              \
        STR_INIT(type), RULE_ORDER, STR_INIT("first_seen"), STR_INIT("last_seen"), \
            rule "-last-seen", "last_seen is before first_seen"                    \
    }

const struct type_rule stix_type_rules[] = {
    SEEN("campaign", "STIX-4.2"),
    SEEN("infrastructure", "STIX-4.8"),
    SEEN("intrusion-set", "STIX-4.9"),
    SEEN("malware", "STIX-4.11"),
    SEEN("threat-actor", "STIX-4.17"),
    SEEN("sighting", "STIX-5.2"),
    {STR_INIT("indicator"), RULE_ORDER_STRICT, STR_INIT("valid_from"), STR_INIT("valid_until"),
        "STIX-4.7-valid-until", "valid_until is not after valid_from"},
    {STR_INIT("location"), RULE_TOGETHER, STR_INIT("latitude"), STR_INIT("longitude"),
        "STIX-4.10-latitude", "latitude without longitude"},
    {STR_INIT("location"), RULE_TOGETHER, STR_INIT("longitude"), STR_INIT("latitude"),
        "STIX-4.10-longitude", "longitude without latitude"},
    {STR_INIT("location"), RULE_TOGETHER, STR_INIT("precision"), STR_INIT("latitude"),
        "STIX-4.10-precision", "precision without latitude and longitude"},
    {STR_INIT("malware-analysis"), RULE_ONE_OF, STR_INIT("result"),
        STR_INIT("analysis_sco_refs"), "STIX-4.12-result",
        "neither result nor analysis_sco_refs"},
    {STR_INIT("observed-data"), RULE_ORDER, STR_INIT("first_observed"),
        STR_INIT("last_observed"), "STIX-4.14-last-observed",
        "last_observed is before first_observed"},
    {STR_INIT("observed-data"), RULE_EITHER, STR_INIT("objects"), STR_INIT("object_refs"),
        "STIX-4.14-objects", "not exactly one of objects and object_refs"},
    {STR_INIT("relationship"), RULE_ORDER_STRICT, STR_INIT("start_time"), STR_INIT("stop_time"),
        "STIX-5.1-stop-time", "stop_time is not after start_time"},
    {STR_INIT("artifact"), RULE_EITHER, STR_INIT("payload_bin"), STR_INIT("url"),
        "STIX-6.1-payload", "not exactly one of payload_bin and url"},
    {STR_INIT("artifact"), RULE_TOGETHER, STR_INIT("url"), STR_INIT("hashes"),
        "STIX-6.1-hashes", "url without hashes"},
    {STR_INIT("artifact"), RULE_TOGETHER, STR_INIT("decryption_key"),
        STR_INIT("encryption_algorithm"), "STIX-6.1-key",
        "decryption_key without encryption_algorithm"},
    {STR_INIT("file"), RULE_ONE_OF, STR_INIT("hashes"), STR_INIT("name"), "STIX-6.7-file",
        "neither hashes nor name"},
    {STR_INIT("network-traffic"), RULE_ONE_OF, STR_INIT("src_ref"), STR_INIT("dst_ref"),
        "STIX-6.12-ends", "neither src_ref nor dst_ref"},
    {STR_INIT("network-traffic"), RULE_ORDER, STR_INIT("start"), STR_INIT("end"),
        "STIX-6.12-end", "end is before start"},
    {STR_INIT("marking-definition"), RULE_ONE_OF, STR_INIT("definition_type"),
        STR_INIT("extensions"), "STIX-7.2.1-definition", "neither a definition nor extensions"},
    {STR_INIT("marking-definition"), RULE_TOGETHER, STR_INIT("definition_type"),
        STR_INIT("definition"), "STIX-7.2.1-definition", "definition_type without definition"},
    {STR_INIT("marking-definition"), RULE_TOGETHER, STR_INIT("definition"),
        STR_INIT("definition_type"), "STIX-7.2.1-type", "definition without definition_type"},
};
const size_t stix_type_rules_n = LEN(stix_type_rules);
