// SPDX-License-Identifier: Apache-2.0
// The object types of STIX 2.1 Errata 01, sections 4 to 7, and their own properties. Where the
// text and the published schemas differ, what is required is what both require: grouping.name
// and malware.is_family may be absent, sighting.summary is a boolean.
#include "stix/types_priv.h"

#define S  TYPE_STRING
#define I  TYPE_INT
#define R  PROPERTY_REQUIRED
#define L  PROPERTY_LIST
#define LR (PROPERTY_LIST | PROPERTY_REQUIRED)

static const struct stix_property attack_pattern[] = {
    {STR_INIT("name"), S, R, NULL},
    {STR_INIT("description"), S, 0, NULL},
    {STR_INIT("aliases"), S, L, NULL},
    {STR_INIT("kill_chain_phases"), TYPE_OBJECT, L, NULL},
};

static const struct stix_property campaign[] = {
    {STR_INIT("name"), S, R, NULL},
    {STR_INIT("description"), S, 0, NULL},
    {STR_INIT("aliases"), S, L, NULL},
    {STR_INIT("first_seen"), TYPE_TIME, 0, NULL},
    {STR_INIT("last_seen"), TYPE_TIME, 0, NULL},
    {STR_INIT("objective"), S, 0, NULL},
};

static const struct stix_property course_of_action[] = {
    {STR_INIT("name"), S, R, NULL},
    {STR_INIT("description"), S, 0, NULL},
};

static const struct stix_property grouping[] = {
    {STR_INIT("name"), S, 0, NULL},
    {STR_INIT("description"), S, 0, NULL},
    {STR_INIT("context"), S, R, NULL},
    {STR_INIT("object_refs"), TYPE_ID, LR, NULL},
};

static const struct stix_property identity[] = {
    {STR_INIT("name"), S, R, NULL},
    {STR_INIT("description"), S, 0, NULL},
    {STR_INIT("roles"), S, L, NULL},
    {STR_INIT("identity_class"), S, 0, NULL},
    {STR_INIT("sectors"), S, L, NULL},
    {STR_INIT("contact_information"), S, 0, NULL},
};

static const struct stix_property incident[] = {
    {STR_INIT("name"), S, R, NULL},
    {STR_INIT("description"), S, 0, NULL},
};

static const struct stix_property indicator[] = {
    {STR_INIT("name"), S, 0, NULL},
    {STR_INIT("description"), S, 0, NULL},
    {STR_INIT("indicator_types"), S, L, NULL},
    {STR_INIT("pattern"), S, R, NULL},
    {STR_INIT("pattern_type"), S, R, NULL},
    {STR_INIT("pattern_version"), S, 0, NULL},
    {STR_INIT("valid_from"), TYPE_TIME, R, NULL},
    {STR_INIT("valid_until"), TYPE_TIME, 0, NULL},
    {STR_INIT("kill_chain_phases"), TYPE_OBJECT, L, NULL},
};

static const struct stix_property infrastructure[] = {
    {STR_INIT("name"), S, R, NULL},
    {STR_INIT("description"), S, 0, NULL},
    {STR_INIT("infrastructure_types"), S, L, NULL},
    {STR_INIT("aliases"), S, L, NULL},
    {STR_INIT("kill_chain_phases"), TYPE_OBJECT, L, NULL},
    {STR_INIT("first_seen"), TYPE_TIME, 0, NULL},
    {STR_INIT("last_seen"), TYPE_TIME, 0, NULL},
};

static const struct stix_property intrusion_set[] = {
    {STR_INIT("name"), S, R, NULL},
    {STR_INIT("description"), S, 0, NULL},
    {STR_INIT("aliases"), S, L, NULL},
    {STR_INIT("first_seen"), TYPE_TIME, 0, NULL},
    {STR_INIT("last_seen"), TYPE_TIME, 0, NULL},
    {STR_INIT("goals"), S, L, NULL},
    {STR_INIT("resource_level"), S, 0, NULL},
    {STR_INIT("primary_motivation"), S, 0, NULL},
    {STR_INIT("secondary_motivations"), S, L, NULL},
};

static const struct stix_property location[] = {
    {STR_INIT("name"), S, 0, NULL},
    {STR_INIT("description"), S, 0, NULL},
    {STR_INIT("latitude"), TYPE_FLOAT, 0, NULL},
    {STR_INIT("longitude"), TYPE_FLOAT, 0, NULL},
    {STR_INIT("precision"), TYPE_FLOAT, 0, NULL},
    {STR_INIT("region"), S, 0, NULL},
    {STR_INIT("country"), S, 0, NULL},
    {STR_INIT("administrative_area"), S, 0, NULL},
    {STR_INIT("city"), S, 0, NULL},
    {STR_INIT("street_address"), S, 0, NULL},
    {STR_INIT("postal_code"), S, 0, NULL},
};

static const struct stix_property malware[] = {
    {STR_INIT("name"), S, 0, NULL},
    {STR_INIT("description"), S, 0, NULL},
    {STR_INIT("malware_types"), S, L, NULL},
    {STR_INIT("is_family"), TYPE_BOOL, 0, NULL},
    {STR_INIT("aliases"), S, L, NULL},
    {STR_INIT("kill_chain_phases"), TYPE_OBJECT, L, NULL},
    {STR_INIT("first_seen"), TYPE_TIME, 0, NULL},
    {STR_INIT("last_seen"), TYPE_TIME, 0, NULL},
    {STR_INIT("operating_system_refs"), TYPE_ID, L, "software"},
    {STR_INIT("architecture_execution_envs"), S, L, NULL},
    {STR_INIT("implementation_languages"), S, L, NULL},
    {STR_INIT("capabilities"), S, L, NULL},
    {STR_INIT("sample_refs"), TYPE_ID, L, "file artifact"},
};

static const struct stix_property malware_analysis[] = {
    {STR_INIT("product"), S, R, NULL},
    {STR_INIT("version"), S, 0, NULL},
    {STR_INIT("host_vm_ref"), TYPE_ID, 0, "software"},
    {STR_INIT("operating_system_ref"), TYPE_ID, 0, "software"},
    {STR_INIT("installed_software_refs"), TYPE_ID, L, "software"},
    {STR_INIT("configuration_version"), S, 0, NULL},
    {STR_INIT("modules"), S, L, NULL},
    {STR_INIT("analysis_engine_version"), S, 0, NULL},
    {STR_INIT("analysis_definition_version"), S, 0, NULL},
    {STR_INIT("submitted"), TYPE_TIME, 0, NULL},
    {STR_INIT("analysis_started"), TYPE_TIME, 0, NULL},
    {STR_INIT("analysis_ended"), TYPE_TIME, 0, NULL},
    {STR_INIT("result_name"), S, 0, NULL},
    {STR_INIT("result"), S, 0, NULL},
    {STR_INIT("analysis_sco_refs"), TYPE_ID, L, "@sco"},
    {STR_INIT("sample_ref"), TYPE_ID, 0, "file network-traffic artifact"},
};

static const struct stix_property note[] = {
    {STR_INIT("abstract"), S, 0, NULL},
    {STR_INIT("content"), S, R, NULL},
    {STR_INIT("authors"), S, L, NULL},
    {STR_INIT("object_refs"), TYPE_ID, LR, NULL},
};

static const struct stix_property observed_data[] = {
    {STR_INIT("first_observed"), TYPE_TIME, R, NULL},
    {STR_INIT("last_observed"), TYPE_TIME, R, NULL},
    {STR_INIT("number_observed"), I, R, NULL},
    {STR_INIT("objects"), TYPE_DICT, 0, NULL},
    {STR_INIT("object_refs"), TYPE_ID, L, "@sco @sro"},
};

static const struct stix_property opinion[] = {
    {STR_INIT("explanation"), S, 0, NULL},
    {STR_INIT("authors"), S, L, NULL},
    {STR_INIT("opinion"), S, R, NULL},
    {STR_INIT("object_refs"), TYPE_ID, LR, NULL},
};

static const struct stix_property report[] = {
    {STR_INIT("name"), S, R, NULL},
    {STR_INIT("description"), S, 0, NULL},
    {STR_INIT("report_types"), S, L, NULL},
    {STR_INIT("published"), TYPE_TIME, R, NULL},
    {STR_INIT("object_refs"), TYPE_ID, LR, NULL},
};

static const struct stix_property threat_actor[] = {
    {STR_INIT("name"), S, R, NULL},
    {STR_INIT("description"), S, 0, NULL},
    {STR_INIT("threat_actor_types"), S, L, NULL},
    {STR_INIT("aliases"), S, L, NULL},
    {STR_INIT("first_seen"), TYPE_TIME, 0, NULL},
    {STR_INIT("last_seen"), TYPE_TIME, 0, NULL},
    {STR_INIT("roles"), S, L, NULL},
    {STR_INIT("goals"), S, L, NULL},
    {STR_INIT("sophistication"), S, 0, NULL},
    {STR_INIT("resource_level"), S, 0, NULL},
    {STR_INIT("primary_motivation"), S, 0, NULL},
    {STR_INIT("secondary_motivations"), S, L, NULL},
    {STR_INIT("personal_motivations"), S, L, NULL},
};

static const struct stix_property tool[] = {
    {STR_INIT("name"), S, R, NULL},
    {STR_INIT("description"), S, 0, NULL},
    {STR_INIT("tool_types"), S, L, NULL},
    {STR_INIT("aliases"), S, L, NULL},
    {STR_INIT("kill_chain_phases"), TYPE_OBJECT, L, NULL},
    {STR_INIT("tool_version"), S, 0, NULL},
};

static const struct stix_property vulnerability[] = {
    {STR_INIT("name"), S, R, NULL},
    {STR_INIT("description"), S, 0, NULL},
};

static const struct stix_property relationship[] = {
    {STR_INIT("relationship_type"), S, R, NULL},
    {STR_INIT("description"), S, 0, NULL},
    {STR_INIT("source_ref"), TYPE_ID, R, "@sdo @sco"},
    {STR_INIT("target_ref"), TYPE_ID, R, "@sdo @sco"},
    {STR_INIT("start_time"), TYPE_TIME, 0, NULL},
    {STR_INIT("stop_time"), TYPE_TIME, 0, NULL},
};

static const struct stix_property sighting[] = {
    {STR_INIT("description"), S, 0, NULL},
    {STR_INIT("first_seen"), TYPE_TIME, 0, NULL},
    {STR_INIT("last_seen"), TYPE_TIME, 0, NULL},
    {STR_INIT("count"), I, 0, NULL},
    {STR_INIT("sighting_of_ref"), TYPE_ID, R, "@sdo"},
    {STR_INIT("observed_data_refs"), TYPE_ID, L, "observed-data"},
    {STR_INIT("where_sighted_refs"), TYPE_ID, L, "identity location"},
    {STR_INIT("summary"), TYPE_BOOL, 0, NULL},
};

static const struct stix_property artifact[] = {
    {STR_INIT("mime_type"), S, 0, NULL},
    {STR_INIT("payload_bin"), TYPE_BINARY, 0, NULL},
    {STR_INIT("url"), S, 0, NULL},
    {STR_INIT("hashes"), TYPE_HASHES, 0, NULL},
    {STR_INIT("encryption_algorithm"), S, 0, NULL},
    {STR_INIT("decryption_key"), S, 0, NULL},
};

static const struct stix_property autonomous_system[] = {
    {STR_INIT("number"), I, R, NULL},
    {STR_INIT("name"), S, 0, NULL},
    {STR_INIT("rir"), S, 0, NULL},
};

static const struct stix_property directory[] = {
    {STR_INIT("path"), S, R, NULL},
    {STR_INIT("path_enc"), S, 0, NULL},
    {STR_INIT("ctime"), TYPE_TIME, 0, NULL},
    {STR_INIT("mtime"), TYPE_TIME, 0, NULL},
    {STR_INIT("atime"), TYPE_TIME, 0, NULL},
    {STR_INIT("contains_refs"), TYPE_ID, L, "file directory"},
};

static const struct stix_property domain_name[] = {
    {STR_INIT("value"), S, R, NULL},
    {STR_INIT("resolves_to_refs"), TYPE_ID, L, "ipv4-addr ipv6-addr domain-name"},
};

static const struct stix_property email_addr[] = {
    {STR_INIT("value"), S, R, NULL},
    {STR_INIT("display_name"), S, 0, NULL},
    {STR_INIT("belongs_to_ref"), TYPE_ID, 0, "user-account"},
};

static const struct stix_property email_message[] = {
    {STR_INIT("is_multipart"), TYPE_BOOL, R, NULL},
    {STR_INIT("date"), TYPE_TIME, 0, NULL},
    {STR_INIT("content_type"), S, 0, NULL},
    {STR_INIT("from_ref"), TYPE_ID, 0, "email-addr"},
    {STR_INIT("sender_ref"), TYPE_ID, 0, "email-addr"},
    {STR_INIT("to_refs"), TYPE_ID, L, "email-addr"},
    {STR_INIT("cc_refs"), TYPE_ID, L, "email-addr"},
    {STR_INIT("bcc_refs"), TYPE_ID, L, "email-addr"},
    {STR_INIT("message_id"), S, 0, NULL},
    {STR_INIT("subject"), S, 0, NULL},
    {STR_INIT("received_lines"), S, L, NULL},
    {STR_INIT("additional_header_fields"), TYPE_DICT, 0, NULL},
    {STR_INIT("body"), S, 0, NULL},
    {STR_INIT("body_multipart"), TYPE_OBJECT, L, NULL},
    {STR_INIT("raw_email_ref"), TYPE_ID, 0, "artifact"},
};

static const struct stix_property file[] = {
    {STR_INIT("hashes"), TYPE_HASHES, 0, NULL},
    {STR_INIT("size"), I, 0, NULL},
    {STR_INIT("name"), S, 0, NULL},
    {STR_INIT("name_enc"), S, 0, NULL},
    {STR_INIT("magic_number_hex"), TYPE_HEX, 0, NULL},
    {STR_INIT("mime_type"), S, 0, NULL},
    {STR_INIT("ctime"), TYPE_TIME, 0, NULL},
    {STR_INIT("mtime"), TYPE_TIME, 0, NULL},
    {STR_INIT("atime"), TYPE_TIME, 0, NULL},
    {STR_INIT("parent_directory_ref"), TYPE_ID, 0, "directory"},
    {STR_INIT("contains_refs"), TYPE_ID, L, "@sco"},
    {STR_INIT("content_ref"), TYPE_ID, 0, "artifact"},
};

static const struct stix_property ipv4_addr[] = {
    {STR_INIT("value"), S, R, NULL},
    {STR_INIT("resolves_to_refs"), TYPE_ID, L, "mac-addr"},
    {STR_INIT("belongs_to_refs"), TYPE_ID, L, "autonomous-system"},
};

static const struct stix_property ipv6_addr[] = {
    {STR_INIT("value"), S, R, NULL},
    {STR_INIT("resolves_to_refs"), TYPE_ID, L, "mac-addr"},
    {STR_INIT("belongs_to_refs"), TYPE_ID, L, "autonomous-system"},
};

static const struct stix_property mac_addr[] = {
    {STR_INIT("value"), S, R, NULL},
};

static const struct stix_property mutex[] = {
    {STR_INIT("name"), S, R, NULL},
};

static const struct stix_property network_traffic[] = {
    {STR_INIT("start"), TYPE_TIME, 0, NULL},
    {STR_INIT("end"), TYPE_TIME, 0, NULL},
    {STR_INIT("is_active"), TYPE_BOOL, 0, NULL},
    {STR_INIT("src_ref"), TYPE_ID, 0, "ipv4-addr ipv6-addr mac-addr domain-name"},
    {STR_INIT("dst_ref"), TYPE_ID, 0, "ipv4-addr ipv6-addr mac-addr domain-name"},
    {STR_INIT("src_port"), I, 0, NULL},
    {STR_INIT("dst_port"), I, 0, NULL},
    {STR_INIT("protocols"), S, LR, NULL},
    {STR_INIT("src_byte_count"), I, 0, NULL},
    {STR_INIT("dst_byte_count"), I, 0, NULL},
    {STR_INIT("src_packets"), I, 0, NULL},
    {STR_INIT("dst_packets"), I, 0, NULL},
    {STR_INIT("ipfix"), TYPE_DICT, 0, NULL},
    {STR_INIT("src_payload_ref"), TYPE_ID, 0, "artifact"},
    {STR_INIT("dst_payload_ref"), TYPE_ID, 0, "artifact"},
    {STR_INIT("encapsulates_refs"), TYPE_ID, L, "network-traffic"},
    {STR_INIT("encapsulated_by_ref"), TYPE_ID, 0, "network-traffic"},
};

static const struct stix_property process[] = {
    {STR_INIT("is_hidden"), TYPE_BOOL, 0, NULL},
    {STR_INIT("pid"), I, 0, NULL},
    {STR_INIT("created_time"), TYPE_TIME, 0, NULL},
    {STR_INIT("cwd"), S, 0, NULL},
    {STR_INIT("command_line"), S, 0, NULL},
    {STR_INIT("environment_variables"), TYPE_DICT, 0, NULL},
    {STR_INIT("opened_connection_refs"), TYPE_ID, L, "network-traffic"},
    {STR_INIT("creator_user_ref"), TYPE_ID, 0, "user-account"},
    {STR_INIT("image_ref"), TYPE_ID, 0, "file"},
    {STR_INIT("parent_ref"), TYPE_ID, 0, "process"},
    {STR_INIT("child_refs"), TYPE_ID, L, "process"},
};

static const struct stix_property software[] = {
    {STR_INIT("name"), S, R, NULL},
    {STR_INIT("cpe"), S, 0, NULL},
    {STR_INIT("swid"), S, 0, NULL},
    {STR_INIT("languages"), S, L, NULL},
    {STR_INIT("vendor"), S, 0, NULL},
    {STR_INIT("version"), S, 0, NULL},
};

static const struct stix_property url[] = {
    {STR_INIT("value"), S, R, NULL},
};

static const struct stix_property user_account[] = {
    {STR_INIT("user_id"), S, 0, NULL},
    {STR_INIT("credential"), S, 0, NULL},
    {STR_INIT("account_login"), S, 0, NULL},
    {STR_INIT("account_type"), S, 0, NULL},
    {STR_INIT("display_name"), S, 0, NULL},
    {STR_INIT("is_service_account"), TYPE_BOOL, 0, NULL},
    {STR_INIT("is_privileged"), TYPE_BOOL, 0, NULL},
    {STR_INIT("can_escalate_privs"), TYPE_BOOL, 0, NULL},
    {STR_INIT("is_disabled"), TYPE_BOOL, 0, NULL},
    {STR_INIT("account_created"), TYPE_TIME, 0, NULL},
    {STR_INIT("account_expires"), TYPE_TIME, 0, NULL},
    {STR_INIT("credential_last_changed"), TYPE_TIME, 0, NULL},
    {STR_INIT("account_first_login"), TYPE_TIME, 0, NULL},
    {STR_INIT("account_last_login"), TYPE_TIME, 0, NULL},
};

static const struct stix_property windows_registry_key[] = {
    {STR_INIT("key"), S, 0, NULL},
    {STR_INIT("values"), TYPE_OBJECT, L, NULL},
    {STR_INIT("modified_time"), TYPE_TIME, 0, NULL},
    {STR_INIT("creator_user_ref"), TYPE_ID, 0, "user-account"},
    {STR_INIT("number_of_subkeys"), I, 0, NULL},
};

static const struct stix_property x509_certificate[] = {
    {STR_INIT("is_self_signed"), TYPE_BOOL, 0, NULL},
    {STR_INIT("hashes"), TYPE_HASHES, 0, NULL},
    {STR_INIT("version"), S, 0, NULL},
    {STR_INIT("serial_number"), S, 0, NULL},
    {STR_INIT("signature_algorithm"), S, 0, NULL},
    {STR_INIT("issuer"), S, 0, NULL},
    {STR_INIT("validity_not_before"), TYPE_TIME, 0, NULL},
    {STR_INIT("validity_not_after"), TYPE_TIME, 0, NULL},
    {STR_INIT("subject"), S, 0, NULL},
    {STR_INIT("subject_public_key_algorithm"), S, 0, NULL},
    {STR_INIT("subject_public_key_modulus"), S, 0, NULL},
    {STR_INIT("subject_public_key_exponent"), I, 0, NULL},
    {STR_INIT("x509_v3_extensions"), TYPE_DICT, 0, NULL},
};

static const struct stix_property marking_definition[] = {
    {STR_INIT("name"), S, 0, NULL},
    {STR_INIT("definition_type"), S, 0, NULL},
    {STR_INIT("definition"), TYPE_DICT, 0, NULL},
};

static const struct stix_property language_content[] = {
    {STR_INIT("object_ref"), TYPE_ID, R, NULL},
    {STR_INIT("object_modified"), TYPE_TIME, 0, NULL},
    {STR_INIT("contents"), TYPE_DICT, R, NULL},
};

static const struct stix_property extension_definition[] = {
    {STR_INIT("name"), S, R, NULL},
    {STR_INIT("description"), S, 0, NULL},
    {STR_INIT("schema"), S, R, NULL},
    {STR_INIT("version"), S, R, NULL},
    {STR_INIT("extension_types"), S, LR, NULL},
    {STR_INIT("extension_properties"), S, L, NULL},
};

static const struct stix_type types[] = {
    {STR_INIT("attack-pattern"), STIX_SDO, attack_pattern, LEN(attack_pattern)},
    {STR_INIT("campaign"), STIX_SDO, campaign, LEN(campaign)},
    {STR_INIT("course-of-action"), STIX_SDO, course_of_action, LEN(course_of_action)},
    {STR_INIT("grouping"), STIX_SDO, grouping, LEN(grouping)},
    {STR_INIT("identity"), STIX_SDO, identity, LEN(identity)},
    {STR_INIT("incident"), STIX_SDO, incident, LEN(incident)},
    {STR_INIT("indicator"), STIX_SDO, indicator, LEN(indicator)},
    {STR_INIT("infrastructure"), STIX_SDO, infrastructure, LEN(infrastructure)},
    {STR_INIT("intrusion-set"), STIX_SDO, intrusion_set, LEN(intrusion_set)},
    {STR_INIT("location"), STIX_SDO, location, LEN(location)},
    {STR_INIT("malware"), STIX_SDO, malware, LEN(malware)},
    {STR_INIT("malware-analysis"), STIX_SDO, malware_analysis, LEN(malware_analysis)},
    {STR_INIT("note"), STIX_SDO, note, LEN(note)},
    {STR_INIT("observed-data"), STIX_SDO, observed_data, LEN(observed_data)},
    {STR_INIT("opinion"), STIX_SDO, opinion, LEN(opinion)},
    {STR_INIT("report"), STIX_SDO, report, LEN(report)},
    {STR_INIT("threat-actor"), STIX_SDO, threat_actor, LEN(threat_actor)},
    {STR_INIT("tool"), STIX_SDO, tool, LEN(tool)},
    {STR_INIT("vulnerability"), STIX_SDO, vulnerability, LEN(vulnerability)},
    {STR_INIT("relationship"), STIX_SRO, relationship, LEN(relationship)},
    {STR_INIT("sighting"), STIX_SRO, sighting, LEN(sighting)},
    {STR_INIT("artifact"), STIX_SCO, artifact, LEN(artifact)},
    {STR_INIT("autonomous-system"), STIX_SCO, autonomous_system, LEN(autonomous_system)},
    {STR_INIT("directory"), STIX_SCO, directory, LEN(directory)},
    {STR_INIT("domain-name"), STIX_SCO, domain_name, LEN(domain_name)},
    {STR_INIT("email-addr"), STIX_SCO, email_addr, LEN(email_addr)},
    {STR_INIT("email-message"), STIX_SCO, email_message, LEN(email_message)},
    {STR_INIT("file"), STIX_SCO, file, LEN(file)},
    {STR_INIT("ipv4-addr"), STIX_SCO, ipv4_addr, LEN(ipv4_addr)},
    {STR_INIT("ipv6-addr"), STIX_SCO, ipv6_addr, LEN(ipv6_addr)},
    {STR_INIT("mac-addr"), STIX_SCO, mac_addr, LEN(mac_addr)},
    {STR_INIT("mutex"), STIX_SCO, mutex, LEN(mutex)},
    {STR_INIT("network-traffic"), STIX_SCO, network_traffic, LEN(network_traffic)},
    {STR_INIT("process"), STIX_SCO, process, LEN(process)},
    {STR_INIT("software"), STIX_SCO, software, LEN(software)},
    {STR_INIT("url"), STIX_SCO, url, LEN(url)},
    {STR_INIT("user-account"), STIX_SCO, user_account, LEN(user_account)},
    {STR_INIT("windows-registry-key"), STIX_SCO, windows_registry_key,
        LEN(windows_registry_key)},
    {STR_INIT("x509-certificate"), STIX_SCO, x509_certificate, LEN(x509_certificate)},
    {STR_INIT("marking-definition"), STIX_META, marking_definition, LEN(marking_definition)},
    {STR_INIT("language-content"), STIX_META, language_content, LEN(language_content)},
    {STR_INIT("extension-definition"), STIX_META, extension_definition,
        LEN(extension_definition)},
};

const struct stix_type *stix_type_find(struct str name)
{
    for (size_t i = 0; i < LEN(types); i++)
        if (str_eq(types[i].name, name))
            return &types[i];
    return NULL;
}
