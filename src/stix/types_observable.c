// SPDX-License-Identifier: Apache-2.0
// The cyber-observable objects of STIX 2.1 Errata 01, section 6, and their own properties.
#include "stix/schema_rows_priv.h"

static const struct stix_property artifact[] = {
    FORMED("mime_type", 0, FORM_MIME),
    PLAIN("payload_bin", 0, TYPE_BINARY),
    FORMED("url", 0, FORM_URL),
    PLAIN("hashes", 0, TYPE_HASHES),
    CLOSED("encryption_algorithm", 0, VOCABULARY_ENCRYPTION_ALGORITHM),
    TEXT("decryption_key", 0),
};

static const struct shape_rule artifact_rules[] = {
    RULE_ROW(RULE_EITHER, PAYLOAD, "payload_bin", "url"),
    RULE_ROW(RULE_TOGETHER, PAYLOAD_HASHES, "url", "hashes"),
    RULE_ROW(RULE_TOGETHER, DECRYPTION_KEY, "decryption_key", "encryption_algorithm"),
};

static const struct stix_property autonomous_system[] = {
    WHOLE("number", R, RANGE_ANY),
    TEXT("name", 0),
    TEXT("rir", 0),
};

static const struct stix_property directory[] = {
    TEXT("path", R),
    TEXT("path_enc", 0),
    PLAIN("ctime", 0, TYPE_TIME),
    PLAIN("mtime", 0, TYPE_TIME),
    PLAIN("atime", 0, TYPE_TIME),
    REF("contains_refs", L, "file directory"),
};

static const struct stix_property domain_name[] = {
    FORMED("value", R, FORM_DOMAIN),
    REF("resolves_to_refs", L | OLD, "ipv4-addr ipv6-addr domain-name"),
};

static const struct stix_property email_addr[] = {
    FORMED("value", R, FORM_EMAIL),
    TEXT("display_name", 0),
    REF("belongs_to_ref", 0, "user-account"),
};

static const struct stix_property email_message[] = {
    PLAIN("is_multipart", R, TYPE_BOOL),
    PLAIN("date", 0, TYPE_TIME),
    TEXT("content_type", 0),
    REF("from_ref", 0, "email-addr"),
    REF("sender_ref", 0, "email-addr"),
    REF("to_refs", L, "email-addr"),
    REF("cc_refs", L, "email-addr"),
    REF("bcc_refs", L, "email-addr"),
    TEXT("message_id", 0),
    TEXT("subject", 0),
    TEXT("received_lines", L),
    DICTIONARY("additional_header_fields", 0, CONTENT_STRINGS),
    TEXT("body", 0),
    PART("body_multipart", L, stix_mime_part),
    REF("raw_email_ref", 0, "artifact"),
};

static const struct shape_rule email_message_rules[] = {
    RULE_ROW(RULE_TRUE_FORBIDS, BODY, "is_multipart", "body"),
    RULE_ROW(RULE_FALSE_FORBIDS, BODY_MULTIPART, "is_multipart", "body_multipart"),
};

static const struct stix_property file[] = {
    PLAIN("hashes", 0, TYPE_HASHES),
    WHOLE("size", 0, RANGE_NATURAL),
    TEXT("name", 0),
    TEXT("name_enc", 0),
    PLAIN("magic_number_hex", 0, TYPE_HEX),
    FORMED("mime_type", 0, FORM_MIME),
    PLAIN("ctime", 0, TYPE_TIME),
    PLAIN("mtime", 0, TYPE_TIME),
    PLAIN("atime", 0, TYPE_TIME),
    REF("parent_directory_ref", 0, "directory"),
    REF("contains_refs", L, "@sco"),
    REF("content_ref", 0, "artifact"),
};

static const struct shape_rule file_rules[] = {
    RULE_ROW(RULE_ANY_OF, FILE_NAMED, "hashes name", ""),
    RULE_ROW(RULE_TOGETHER, FILE_NAME_ENC, "name_enc", "name"),
};

static const struct stix_property ipv4_addr[] = {
    FORMED("value", R, FORM_IPV4),
    REF("resolves_to_refs", L | OLD, "mac-addr"),
    REF("belongs_to_refs", L | OLD, "autonomous-system"),
};

static const struct stix_property ipv6_addr[] = {
    FORMED("value", R, FORM_IPV6),
    REF("resolves_to_refs", L | OLD, "mac-addr"),
    REF("belongs_to_refs", L | OLD, "autonomous-system"),
};

static const struct stix_property mac_addr[] = {
    FORMED("value", R, FORM_MAC),
};

static const struct stix_property mutex[] = {
    TEXT("name", R),
};

static const struct stix_property network_traffic[] = {
    PLAIN("start", 0, TYPE_TIME),
    PLAIN("end", 0, TYPE_TIME),
    PLAIN("is_active", 0, TYPE_BOOL),
    REF("src_ref", 0, "ipv4-addr ipv6-addr mac-addr domain-name"),
    REF("dst_ref", 0, "ipv4-addr ipv6-addr mac-addr domain-name"),
    WHOLE("src_port", 0, RANGE_PORT),
    WHOLE("dst_port", 0, RANGE_PORT),
    FORMED("protocols", LR, FORM_PROTOCOL),
    WHOLE("src_byte_count", 0, RANGE_NATURAL),
    WHOLE("dst_byte_count", 0, RANGE_NATURAL),
    WHOLE("src_packets", 0, RANGE_NATURAL),
    WHOLE("dst_packets", 0, RANGE_NATURAL),
    DICTIONARY("ipfix", 0, CONTENT_INT_OR_STRING),
    REF("src_payload_ref", 0, "artifact"),
    REF("dst_payload_ref", 0, "artifact"),
    REF("encapsulates_refs", L, "network-traffic"),
    REF("encapsulated_by_ref", 0, "network-traffic"),
};

static const struct shape_rule network_traffic_rules[] = {
    RULE_ROW(RULE_ANY_OF, TRAFFIC_ENDS, "src_ref dst_ref", ""),
    RULE_ROW(RULE_ORDER, TRAFFIC_END, "start", "end"),
    RULE_ROW(RULE_TRUE_FORBIDS, TRAFFIC_ACTIVE, "is_active", "end"),
};

static const struct stix_property process[] = {
    PLAIN("is_hidden", 0, TYPE_BOOL),
    WHOLE("pid", 0, RANGE_ANY),
    PLAIN("created_time", 0, TYPE_TIME),
    TEXT("cwd", 0),
    TEXT("command_line", 0),
    DICTIONARY("environment_variables", 0, CONTENT_STRING),
    REF("opened_connection_refs", L, "network-traffic"),
    REF("creator_user_ref", 0, "user-account"),
    REF("image_ref", 0, "file"),
    REF("parent_ref", 0, "process"),
    REF("child_refs", L, "process"),
};

static const struct shape_rule process_rules[] = {
    RULE_ROW(RULE_SOME_BUT_FIRST, PROCESS_EMPTY, "", ""),
};

static const struct stix_property software[] = {
    TEXT("name", R),
    FORMED("cpe", 0, FORM_CPE),
    TEXT("swid", 0),
    FORMED("languages", L, FORM_LANGUAGE),
    TEXT("vendor", 0),
    TEXT("version", 0),
};

static const struct stix_property url[] = {
    FORMED("value", R, FORM_URL),
};

static const struct stix_property user_account[] = {
    TEXT("user_id", 0),
    TEXT("credential", 0),
    TEXT("account_login", 0),
    WORD("account_type", 0, VOCABULARY_ACCOUNT_TYPE),
    TEXT("display_name", 0),
    PLAIN("is_service_account", 0, TYPE_BOOL),
    PLAIN("is_privileged", 0, TYPE_BOOL),
    PLAIN("can_escalate_privs", 0, TYPE_BOOL),
    PLAIN("is_disabled", 0, TYPE_BOOL),
    PLAIN("account_created", 0, TYPE_TIME),
    PLAIN("account_expires", 0, TYPE_TIME),
    PLAIN("credential_last_changed", 0, TYPE_TIME),
    PLAIN("account_first_login", 0, TYPE_TIME),
    PLAIN("account_last_login", 0, TYPE_TIME),
};

static const struct shape_rule user_account_rules[] = {
    RULE_ROW(RULE_SOME_BUT_FIRST, ACCOUNT_EMPTY, "", ""),
};

static const struct stix_property windows_registry_key[] = {
    FORMED("key", 0, FORM_REGISTRY_KEY),
    PART("values", L, stix_registry_value),
    PLAIN("modified_time", 0, TYPE_TIME),
    REF("creator_user_ref", 0, "user-account"),
    WHOLE("number_of_subkeys", 0, RANGE_ANY),
};

static const struct shape_rule windows_registry_key_rules[] = {
    RULE_ROW(RULE_SOME_BUT_FIRST, REGISTRY_EMPTY, "", ""),
};

static const struct stix_property x509_certificate[] = {
    PLAIN("is_self_signed", 0, TYPE_BOOL),
    PLAIN("hashes", 0, TYPE_HASHES),
    TEXT("version", 0),
    TEXT("serial_number", 0),
    TEXT("signature_algorithm", 0),
    TEXT("issuer", 0),
    PLAIN("validity_not_before", 0, TYPE_TIME),
    PLAIN("validity_not_after", 0, TYPE_TIME),
    TEXT("subject", 0),
    TEXT("subject_public_key_algorithm", 0),
    TEXT("subject_public_key_modulus", 0),
    WHOLE("subject_public_key_exponent", 0, RANGE_ANY),
    PART("x509_v3_extensions", 0, stix_x509_extensions),
};

static const struct shape_rule x509_certificate_rules[] = {
    RULE_ROW(RULE_SOME_BUT_FIRST, CERTIFICATE_EMPTY, "", ""),
};

const struct stix_type stix_observable_types[] = {
    {SHAPE_RULES("artifact", artifact, artifact_rules), STIX_SCO},
    {SHAPE("autonomous-system", autonomous_system), STIX_SCO},
    {SHAPE("directory", directory), STIX_SCO},
    {SHAPE("domain-name", domain_name), STIX_SCO},
    {SHAPE("email-addr", email_addr), STIX_SCO},
    {SHAPE_RULES("email-message", email_message, email_message_rules), STIX_SCO},
    {SHAPE_RULES("file", file, file_rules), STIX_SCO},
    {SHAPE("ipv4-addr", ipv4_addr), STIX_SCO},
    {SHAPE("ipv6-addr", ipv6_addr), STIX_SCO},
    {SHAPE("mac-addr", mac_addr), STIX_SCO},
    {SHAPE("mutex", mutex), STIX_SCO},
    {SHAPE_RULES("network-traffic", network_traffic, network_traffic_rules), STIX_SCO},
    {SHAPE_RULES("process", process, process_rules), STIX_SCO},
    {SHAPE("software", software), STIX_SCO},
    {SHAPE("url", url), STIX_SCO},
    {SHAPE_RULES("user-account", user_account, user_account_rules), STIX_SCO},
    {SHAPE_RULES("windows-registry-key", windows_registry_key, windows_registry_key_rules),
        STIX_SCO},
    {SHAPE_RULES("x509-certificate", x509_certificate, x509_certificate_rules), STIX_SCO},
};
const size_t stix_observable_types_n = LEN(stix_observable_types);
