// SPDX-License-Identifier: Apache-2.0
// The types inside of objects (sections 2, 6 and 7.2.3) and the predefined extensions of
// observables (section 6).
#include "stix/schema_rows_priv.h"

static const struct stix_property kill_chain_phase[] = {
    FORMED("kill_chain_name", R, FORM_HYPHENS),
    FORMED("phase_name", R, FORM_HYPHENS),
};
const struct stix_shape stix_kill_chain_phase = SHAPE("kill-chain-phase", kill_chain_phase);

static const struct stix_property external_reference[] = {
    TEXT("source_name", R),
    TEXT("description", 0),
    FORMED("url", 0, FORM_URL),
    PLAIN("hashes", 0, TYPE_HASHES),
    TEXT("external_id", 0),
};

static const struct shape_rule external_reference_rules[] = {
    RULE_ROW(RULE_ANY_OF, EXTERNAL, "description url external_id", ""),
};

const struct stix_shape stix_external_reference = SHAPE_BOTH("external-reference",
    external_reference, external_reference_rules, check_external_reference);

static const struct stix_property granular_marking[] = {
    TEXT("selectors", LR),
    REF("marking_ref", 0, "marking-definition"),
    FORMED("lang", 0, FORM_LANGUAGE),
};

static const struct shape_rule granular_marking_rules[] = {
    RULE_ROW(RULE_EITHER, GRANULAR, "marking_ref", "lang"),
};

const struct stix_shape stix_granular_marking = SHAPE_BOTH(
    "granular-marking", granular_marking, granular_marking_rules, check_granular_marking);

static const struct shape_rule not_empty[] = {
    RULE_ROW(RULE_SOME_BUT_FIRST, EXTENSION_EMPTY, "", ""),
};

static const struct stix_property email_mime_part_type_rows[] = {
    TEXT("body", 0),
    REF("body_raw_ref", 0, "artifact file"),
    TEXT("content_type", 0),
    TEXT("content_disposition", 0),
};

static const struct shape_rule mime_part_rules[] = {
    RULE_ROW(RULE_ANY_OF, MIME_PART, "body body_raw_ref", ""),
};

const struct stix_shape stix_mime_part =
    SHAPE_RULES("email-mime-part-type", email_mime_part_type_rows, mime_part_rules);

static const struct stix_property windows_pe_optional_header_type_rows[] = {
    PLAIN("magic_hex", 0, TYPE_HEX),
    PLAIN("win32_version_value_hex", 0, TYPE_HEX),
    PLAIN("checksum_hex", 0, TYPE_HEX),
    PLAIN("subsystem_hex", 0, TYPE_HEX),
    PLAIN("dll_characteristics_hex", 0, TYPE_HEX),
    PLAIN("loader_flags_hex", 0, TYPE_HEX),
    WHOLE("major_linker_version", 0, RANGE_ANY),
    WHOLE("minor_linker_version", 0, RANGE_ANY),
    WHOLE("size_of_code", 0, RANGE_NATURAL),
    WHOLE("size_of_initialized_data", 0, RANGE_NATURAL),
    WHOLE("size_of_uninitialized_data", 0, RANGE_NATURAL),
    WHOLE("address_of_entry_point", 0, RANGE_ANY),
    WHOLE("base_of_code", 0, RANGE_ANY),
    WHOLE("base_of_data", 0, RANGE_ANY),
    WHOLE("image_base", 0, RANGE_ANY),
    WHOLE("section_alignment", 0, RANGE_ANY),
    WHOLE("file_alignment", 0, RANGE_ANY),
    WHOLE("major_os_version", 0, RANGE_ANY),
    WHOLE("minor_os_version", 0, RANGE_ANY),
    WHOLE("major_image_version", 0, RANGE_ANY),
    WHOLE("minor_image_version", 0, RANGE_ANY),
    WHOLE("major_subsystem_version", 0, RANGE_ANY),
    WHOLE("minor_subsystem_version", 0, RANGE_ANY),
    WHOLE("size_of_image", 0, RANGE_NATURAL),
    WHOLE("size_of_headers", 0, RANGE_NATURAL),
    WHOLE("size_of_stack_reserve", 0, RANGE_NATURAL),
    WHOLE("size_of_stack_commit", 0, RANGE_NATURAL),
    WHOLE("size_of_heap_reserve", 0, RANGE_NATURAL),
    WHOLE("size_of_heap_commit", 0, RANGE_NATURAL),
    WHOLE("number_of_rva_and_sizes", 0, RANGE_ANY),
    PLAIN("hashes", 0, TYPE_HASHES),
};

static const struct stix_shape windows_pe_optional_header_type = SHAPE_RULES(
    "windows-pe-optional-header-type", windows_pe_optional_header_type_rows, not_empty);

static const struct stix_property windows_pe_section_type_rows[] = {
    TEXT("name", R),
    WHOLE("size", 0, RANGE_NATURAL),
    DECIMAL("entropy", 0, RANGE_ENTROPY),
    PLAIN("hashes", 0, TYPE_HASHES),
};

static const struct stix_shape windows_pe_section_type =
    SHAPE("windows-pe-section-type", windows_pe_section_type_rows);

static const struct stix_property windows_registry_value_type_rows[] = {
    TEXT("name", 0),
    TEXT("data", 0),
    CLOSED("data_type", 0, VOCABULARY_WINDOWS_REGISTRY_DATATYPE),
};

const struct stix_shape stix_registry_value =
    SHAPE_RULES("windows-registry-value-type", windows_registry_value_type_rows, not_empty);

static const struct stix_property x509_v3_extensions_type_rows[] = {
    TEXT("basic_constraints", 0),
    TEXT("name_constraints", 0),
    TEXT("policy_constraints", 0),
    TEXT("key_usage", 0),
    TEXT("extended_key_usage", 0),
    TEXT("subject_key_identifier", 0),
    TEXT("authority_key_identifier", 0),
    TEXT("subject_alternative_name", 0),
    TEXT("issuer_alternative_name", 0),
    TEXT("subject_directory_attributes", 0),
    TEXT("crl_distribution_points", 0),
    TEXT("inhibit_any_policy", 0),
    TEXT("certificate_policies", 0),
    TEXT("policy_mappings", 0),
    PLAIN("private_key_usage_period_not_before", 0, TYPE_TIME),
    PLAIN("private_key_usage_period_not_after", 0, TYPE_TIME),
};

const struct stix_shape stix_x509_extensions =
    SHAPE_RULES("x509-v3-extensions-type", x509_v3_extensions_type_rows, not_empty);

static const struct stix_property alternate_data_stream_type_rows[] = {
    TEXT("name", R),
    PLAIN("hashes", 0, TYPE_HASHES),
    WHOLE("size", 0, RANGE_NATURAL),
};

static const struct stix_shape alternate_data_stream_type =
    SHAPE("alternate-data-stream-type", alternate_data_stream_type_rows);

static const struct stix_property archive_ext[] = {
    REF("contains_refs", LR, "file directory"),
    TEXT("comment", 0),
};

static const struct stix_property ntfs_ext[] = {
    TEXT("sid", 0),
    PART("alternate_data_streams", L, alternate_data_stream_type),
};

static const struct stix_property pdf_ext[] = {
    TEXT("version", 0),
    PLAIN("is_optimized", 0, TYPE_BOOL),
    DICTIONARY("document_info_dict", 0, CONTENT_STRING),
    TEXT("pdfid0", 0),
    TEXT("pdfid1", 0),
};

static const struct stix_property raster_image_ext[] = {
    WHOLE("image_height", 0, RANGE_ANY),
    WHOLE("image_width", 0, RANGE_ANY),
    WHOLE("bits_per_pixel", 0, RANGE_ANY),
    DICTIONARY("exif_tags", 0, CONTENT_INT_OR_STRING),
};

static const struct stix_property windows_pebinary_ext[] = {
    WORD("pe_type", R, VOCABULARY_WINDOWS_PEBINARY_TYPE),
    TEXT("imphash", 0),
    PLAIN("machine_hex", 0, TYPE_HEX),
    WHOLE("number_of_sections", 0, RANGE_NATURAL),
    PLAIN("time_date_stamp", 0, TYPE_TIME),
    PLAIN("pointer_to_symbol_table_hex", 0, TYPE_HEX),
    WHOLE("number_of_symbols", 0, RANGE_NATURAL),
    WHOLE("size_of_optional_header", 0, RANGE_NATURAL),
    PLAIN("characteristics_hex", 0, TYPE_HEX),
    PLAIN("file_header_hashes", 0, TYPE_HASHES),
    PART("optional_header", 0, windows_pe_optional_header_type),
    PART("sections", L, windows_pe_section_type),
};

static const struct shape_rule windows_pebinary_rules[] = {
    RULE_ROW(RULE_SOME_BUT_FIRST, EXTENSION_EMPTY, "pe_type", ""),
};

static const struct stix_property http_request_ext[] = {
    FORMED("request_method", R, FORM_LOWER),
    TEXT("request_value", R),
    FORMED("request_version", 0, FORM_LOWER),
    DICTIONARY("request_header", 0, CONTENT_STRINGS),
    WHOLE("message_body_length", 0, RANGE_ANY),
    REF("message_body_data_ref", 0, "artifact"),
};

static const struct stix_property icmp_ext[] = {
    PLAIN("icmp_type_hex", R, TYPE_HEX),
    PLAIN("icmp_code_hex", R, TYPE_HEX),
};

static const struct stix_property socket_ext[] = {
    CLOSED("address_family", R, VOCABULARY_NETWORK_SOCKET_ADDRESS_FAMILY),
    PLAIN("is_blocking", 0, TYPE_BOOL),
    PLAIN("is_listening", 0, TYPE_BOOL),
    DICTIONARY("options", 0, CONTENT_INT),
    CLOSED("socket_type", 0, VOCABULARY_NETWORK_SOCKET_TYPE),
    WHOLE("socket_descriptor", 0, RANGE_NATURAL),
    WHOLE("socket_handle", 0, RANGE_ANY),
};

static const struct stix_property tcp_ext[] = {
    PLAIN("src_flags_hex", 0, TYPE_HEX),
    PLAIN("dst_flags_hex", 0, TYPE_HEX),
};

static const struct stix_property windows_process_ext[] = {
    PLAIN("aslr_enabled", 0, TYPE_BOOL),
    PLAIN("dep_enabled", 0, TYPE_BOOL),
    FORMED("priority", 0, FORM_PRIORITY),
    TEXT("owner_sid", 0),
    TEXT("windows_title", 0),
    DICTIONARY("startup_info", 0, CONTENT_ANY),
    CLOSED("integrity_level", 0, VOCABULARY_WINDOWS_INTEGRITY_LEVEL),
};

static const struct stix_property windows_service_ext[] = {
    TEXT("service_name", 0),
    TEXT("descriptions", L),
    TEXT("display_name", 0),
    TEXT("group_name", 0),
    CLOSED("start_type", 0, VOCABULARY_WINDOWS_SERVICE_START_TYPE),
    REF("service_dll_refs", L, "file"),
    CLOSED("service_type", 0, VOCABULARY_WINDOWS_SERVICE_TYPE),
    CLOSED("service_status", 0, VOCABULARY_WINDOWS_SERVICE_STATUS),
};

static const struct stix_property unix_account_ext[] = {
    WHOLE("gid", 0, RANGE_ANY),
    TEXT("groups", L),
    TEXT("home_dir", 0),
    TEXT("shell", 0),
};

static const struct {
    struct str type;
    struct stix_shape shape;
} extensions[] = {
    {STR_INIT("file"), SHAPE("archive-ext", archive_ext)},
    {STR_INIT("file"), SHAPE_RULES("ntfs-ext", ntfs_ext, not_empty)},
    {STR_INIT("file"), SHAPE_RULES("pdf-ext", pdf_ext, not_empty)},
    {STR_INIT("file"), SHAPE_RULES("raster-image-ext", raster_image_ext, not_empty)},
    {STR_INIT("file"),
        SHAPE_RULES("windows-pebinary-ext", windows_pebinary_ext, windows_pebinary_rules)},
    {STR_INIT("network-traffic"), SHAPE("http-request-ext", http_request_ext)},
    {STR_INIT("network-traffic"), SHAPE("icmp-ext", icmp_ext)},
    {STR_INIT("network-traffic"), SHAPE("socket-ext", socket_ext)},
    {STR_INIT("network-traffic"), SHAPE_RULES("tcp-ext", tcp_ext, not_empty)},
    {STR_INIT("process"), SHAPE_RULES("windows-process-ext", windows_process_ext, not_empty)},
    {STR_INIT("process"), SHAPE_RULES("windows-service-ext", windows_service_ext, not_empty)},
    {STR_INIT("user-account"), SHAPE_RULES("unix-account-ext", unix_account_ext, not_empty)},
};

const struct stix_shape *stix_extension_find(struct str type, struct str name)
{
    for (size_t i = 0; i < LEN(extensions); i++)
        if (str_eq(extensions[i].shape.name, name) && str_eq(extensions[i].type, type))
            return &extensions[i].shape;
    return NULL;
}
