// SPDX-License-Identifier: Apache-2.0
// The domain, relationship and meta objects of STIX 2.1 Errata 01, sections 4, 5 and 7, and
// their own properties. Where the text and the published schemas differ, what is required is
// what both require: grouping.name and malware.is_family may be absent, sighting.summary is a
// boolean.
#include "stix/schema_rows_priv.h"

static const struct stix_property attack_pattern[] = {
    TEXT("name", R),
    TEXT("description", 0),
    TEXT("aliases", L),
    PART("kill_chain_phases", L, stix_kill_chain_phase),
};

static const struct stix_property campaign[] = {
    TEXT("name", R),
    TEXT("description", 0),
    TEXT("aliases", L),
    PLAIN("first_seen", 0, TYPE_TIME),
    PLAIN("last_seen", 0, TYPE_TIME),
    TEXT("objective", 0),
};

static const struct shape_rule campaign_rules[] = {
    SEEN(CAMPAIGN_SEEN),
};

static const struct stix_property course_of_action[] = {
    TEXT("name", R),
    TEXT("description", 0),
};

static const struct stix_property grouping[] = {
    TEXT("name", WANTED),
    TEXT("description", 0),
    WORD("context", R, VOCABULARY_GROUPING_CONTEXT),
    REF("object_refs", LR, NULL),
};

static const struct stix_property identity[] = {
    TEXT("name", R),
    TEXT("description", 0),
    TEXT("roles", L),
    WORD("identity_class", 0, VOCABULARY_IDENTITY_CLASS),
    WORD("sectors", L, VOCABULARY_INDUSTRY_SECTOR),
    TEXT("contact_information", 0),
};

static const struct stix_property incident[] = {
    TEXT("name", R),
    TEXT("description", 0),
};

static const struct stix_property indicator[] = {
    TEXT("name", WANTED),
    TEXT("description", WANTED),
    WORD("indicator_types", L, VOCABULARY_INDICATOR_TYPE),
    TEXT("pattern", R),
    WORD("pattern_type", R, VOCABULARY_PATTERN_TYPE),
    TEXT("pattern_version", 0),
    PLAIN("valid_from", R, TYPE_TIME),
    PLAIN("valid_until", 0, TYPE_TIME),
    PART("kill_chain_phases", L, stix_kill_chain_phase),
};

static const struct shape_rule indicator_rules[] = {
    RULE_ROW(RULE_ORDER_STRICT, VALID_UNTIL, "valid_from", "valid_until"),
};

static const struct stix_property infrastructure[] = {
    TEXT("name", R),
    TEXT("description", 0),
    WORD("infrastructure_types", L, VOCABULARY_INFRASTRUCTURE_TYPE),
    TEXT("aliases", L),
    PART("kill_chain_phases", L, stix_kill_chain_phase),
    PLAIN("first_seen", 0, TYPE_TIME),
    PLAIN("last_seen", 0, TYPE_TIME),
};

static const struct shape_rule infrastructure_rules[] = {
    SEEN(INFRASTRUCTURE_SEEN),
};

static const struct stix_property intrusion_set[] = {
    TEXT("name", R),
    TEXT("description", 0),
    TEXT("aliases", L),
    PLAIN("first_seen", 0, TYPE_TIME),
    PLAIN("last_seen", 0, TYPE_TIME),
    TEXT("goals", L),
    WORD("resource_level", 0, VOCABULARY_ATTACK_RESOURCE_LEVEL),
    WORD("primary_motivation", 0, VOCABULARY_ATTACK_MOTIVATION),
    WORD("secondary_motivations", L, VOCABULARY_ATTACK_MOTIVATION),
};

static const struct shape_rule intrusion_set_rules[] = {
    SEEN(INTRUSION_SEEN),
};

static const struct stix_property location[] = {
    TEXT("name", 0),
    TEXT("description", 0),
    DECIMAL("latitude", 0, RANGE_LATITUDE),
    DECIMAL("longitude", 0, RANGE_LONGITUDE),
    DECIMAL("precision", 0, RANGE_NATURAL),
    WORD("region", 0, VOCABULARY_REGION),
    FORMED("country", 0, FORM_COUNTRY),
    TEXT("administrative_area", 0),
    TEXT("city", 0),
    TEXT("street_address", 0),
    TEXT("postal_code", 0),
};

static const struct shape_rule location_rules[] = {
    RULE_ROW(RULE_ANY_OF, PLACE, "region country latitude", ""),
    RULE_ROW(RULE_TOGETHER, LATITUDE, "latitude", "longitude"),
    RULE_ROW(RULE_TOGETHER, LONGITUDE, "longitude", "latitude"),
    RULE_ROW(RULE_TOGETHER, PLACE_PRECISION, "precision", "latitude"),
};

static const struct stix_property malware[] = {
    TEXT("name", 0),
    TEXT("description", 0),
    WORD("malware_types", L, VOCABULARY_MALWARE_TYPE),
    PLAIN("is_family", WANTED, TYPE_BOOL),
    TEXT("aliases", L),
    PART("kill_chain_phases", L, stix_kill_chain_phase),
    PLAIN("first_seen", 0, TYPE_TIME),
    PLAIN("last_seen", 0, TYPE_TIME),
    REF("operating_system_refs", L, "software"),
    WORD("architecture_execution_envs", L, VOCABULARY_PROCESSOR_ARCHITECTURE),
    WORD("implementation_languages", L, VOCABULARY_IMPLEMENTATION_LANGUAGE),
    WORD("capabilities", L, VOCABULARY_MALWARE_CAPABILITIES),
    REF("sample_refs", L, "file artifact"),
};

static const struct shape_rule malware_rules[] = {
    SEEN(MALWARE_SEEN),
    RULE_ROW(RULE_TRUE_NEEDS, FAMILY, "is_family", "name"),
};

static const struct stix_property malware_analysis[] = {
    TEXT("product", R),
    TEXT("version", 0),
    REF("host_vm_ref", 0, "software"),
    REF("operating_system_ref", 0, "software"),
    REF("installed_software_refs", L, "software"),
    TEXT("configuration_version", 0),
    TEXT("modules", L),
    TEXT("analysis_engine_version", 0),
    TEXT("analysis_definition_version", 0),
    PLAIN("submitted", 0, TYPE_TIME),
    PLAIN("analysis_started", 0, TYPE_TIME),
    PLAIN("analysis_ended", 0, TYPE_TIME),
    TEXT("result_name", 0),
    WORD("result", 0, VOCABULARY_MALWARE_RESULT),
    REF("analysis_sco_refs", L, "@sco"),
    REF("sample_ref", 0, "file network-traffic artifact"),
};

static const struct shape_rule malware_analysis_rules[] = {
    RULE_ROW(RULE_ANY_OF, ANALYSIS_RESULT, "result analysis_sco_refs", ""),
};

static const struct stix_property note[] = {
    TEXT("abstract", 0),
    TEXT("content", R),
    TEXT("authors", L),
    REF("object_refs", LR, NULL),
};

static const struct stix_property observed_data[] = {
    PLAIN("first_observed", R, TYPE_TIME),
    PLAIN("last_observed", R, TYPE_TIME),
    WHOLE("number_observed", R, RANGE_OBSERVED),
    {STR_INIT("objects"), TYPE_CONTAINER, OLD, 0, NULL, NULL},
    REF("object_refs", L, "@sco @sro"),
};

static const struct shape_rule observed_data_rules[] = {
    RULE_ROW(RULE_ORDER, LAST_OBSERVED, "first_observed", "last_observed"),
    RULE_ROW(RULE_EITHER, OBSERVED_OBJECTS, "objects", "object_refs"),
};

static const struct stix_property opinion[] = {
    TEXT("explanation", 0),
    TEXT("authors", L),
    CLOSED("opinion", R, VOCABULARY_OPINION),
    REF("object_refs", LR, NULL),
};

static const struct stix_property report[] = {
    TEXT("name", R),
    TEXT("description", 0),
    WORD("report_types", L, VOCABULARY_REPORT_TYPE),
    PLAIN("published", R, TYPE_TIME),
    REF("object_refs", LR, NULL),
};

static const struct stix_property threat_actor[] = {
    TEXT("name", R),
    TEXT("description", 0),
    WORD("threat_actor_types", L, VOCABULARY_THREAT_ACTOR_TYPE),
    TEXT("aliases", L),
    PLAIN("first_seen", 0, TYPE_TIME),
    PLAIN("last_seen", 0, TYPE_TIME),
    WORD("roles", L, VOCABULARY_THREAT_ACTOR_ROLE),
    TEXT("goals", L),
    WORD("sophistication", 0, VOCABULARY_THREAT_ACTOR_SOPHISTICATION),
    WORD("resource_level", 0, VOCABULARY_ATTACK_RESOURCE_LEVEL),
    WORD("primary_motivation", 0, VOCABULARY_ATTACK_MOTIVATION),
    WORD("secondary_motivations", L, VOCABULARY_ATTACK_MOTIVATION),
    WORD("personal_motivations", L, VOCABULARY_ATTACK_MOTIVATION),
};

static const struct shape_rule threat_actor_rules[] = {
    SEEN(ACTOR_SEEN),
};

static const struct stix_property tool[] = {
    TEXT("name", R),
    TEXT("description", 0),
    WORD("tool_types", L, VOCABULARY_TOOL_TYPE),
    TEXT("aliases", L),
    PART("kill_chain_phases", L, stix_kill_chain_phase),
    TEXT("tool_version", 0),
};

static const struct stix_property vulnerability[] = {
    TEXT("name", R),
    TEXT("description", 0),
};

static const struct stix_property relationship[] = {
    FORMED("relationship_type", R, FORM_RELATIONSHIP),
    TEXT("description", 0),
    REF("source_ref", R, "@sdo @sco"),
    REF("target_ref", R, "@sdo @sco"),
    PLAIN("start_time", 0, TYPE_TIME),
    PLAIN("stop_time", 0, TYPE_TIME),
};

static const struct shape_rule relationship_rules[] = {
    RULE_ROW(RULE_ORDER_STRICT, STOP_TIME, "start_time", "stop_time"),
};

static const struct stix_property sighting[] = {
    TEXT("description", 0),
    PLAIN("first_seen", 0, TYPE_TIME),
    PLAIN("last_seen", 0, TYPE_TIME),
    WHOLE("count", 0, RANGE_COUNT),
    REF("sighting_of_ref", R, "@sdo"),
    REF("observed_data_refs", L, "observed-data"),
    REF("where_sighted_refs", L, "identity location"),
    PLAIN("summary", 0, TYPE_BOOL),
};

static const struct shape_rule sighting_rules[] = {
    SEEN(SIGHTING_SEEN),
};

static const struct stix_property marking_definition[] = {
    TEXT("name", 0),
    WORD("definition_type", OLD, VOCABULARY_DEFINITION_TYPE),
    DICTIONARY("definition", OLD, CONTENT_ANY),
};

static const struct shape_rule marking_definition_rules[] = {
    RULE_ROW(RULE_ANY_OF, DEFINITION, "definition_type definition extensions", ""),
    RULE_ROW(RULE_TOGETHER, DEFINITION_TYPE, "definition_type", "definition"),
    RULE_ROW(RULE_TOGETHER, DEFINITION_TYPE, "definition", "definition_type"),
};

static const struct stix_property language_content[] = {
    REF("object_ref", R, NULL),
    PLAIN("object_modified", 0, TYPE_TIME),
    DICTIONARY("contents", R, CONTENT_ANY),
};

static const struct stix_property extension_definition[] = {
    TEXT("name", R),
    TEXT("description", WANTED),
    TEXT("schema", R),
    FORMED("version", R, FORM_VERSION),
    CLOSED("extension_types", LR, VOCABULARY_EXTENSION_TYPE),
    FORMED("extension_properties", L, FORM_PROPERTY_NAME),
};

const struct stix_type stix_domain_types[] = {
    {SHAPE("attack-pattern", attack_pattern), STIX_SDO},
    {SHAPE_RULES("campaign", campaign, campaign_rules), STIX_SDO},
    {SHAPE("course-of-action", course_of_action), STIX_SDO},
    {SHAPE("grouping", grouping), STIX_SDO},
    {SHAPE("identity", identity), STIX_SDO},
    {SHAPE("incident", incident), STIX_SDO},
    {SHAPE_BOTH("indicator", indicator, indicator_rules, check_indicator), STIX_SDO},
    {SHAPE_RULES("infrastructure", infrastructure, infrastructure_rules), STIX_SDO},
    {SHAPE_RULES("intrusion-set", intrusion_set, intrusion_set_rules), STIX_SDO},
    {SHAPE_RULES("location", location, location_rules), STIX_SDO},
    {SHAPE_RULES("malware", malware, malware_rules), STIX_SDO},
    {SHAPE_RULES("malware-analysis", malware_analysis, malware_analysis_rules), STIX_SDO},
    {SHAPE("note", note), STIX_SDO},
    {SHAPE_BOTH("observed-data", observed_data, observed_data_rules, check_observed_data),
        STIX_SDO},
    {SHAPE("opinion", opinion), STIX_SDO},
    {SHAPE("report", report), STIX_SDO},
    {SHAPE_RULES("threat-actor", threat_actor, threat_actor_rules), STIX_SDO},
    {SHAPE("tool", tool), STIX_SDO},
    {SHAPE("vulnerability", vulnerability), STIX_SDO},
    {SHAPE_BOTH("relationship", relationship, relationship_rules, check_relationship),
        STIX_SRO},
    {SHAPE_RULES("sighting", sighting, sighting_rules), STIX_SRO},
    {SHAPE_BOTH("marking-definition", marking_definition, marking_definition_rules,
         check_marking_definition),
        STIX_META},
    {SHAPE_CHECK("language-content", language_content, check_language_content), STIX_META},
    {SHAPE_CHECK("extension-definition", extension_definition, check_extension_definition),
        STIX_META},
};
const size_t stix_domain_types_n = LEN(stix_domain_types);
