// SPDX-License-Identifier: Apache-2.0
// What the standard says about types and properties, as tables.
#pragma once

#include "stix/object.h"

enum type_letter { // STIX 2.1 section 2
    TYPE_STRING,
    TYPE_INT,
    TYPE_FLOAT,
    TYPE_BOOL,
    TYPE_TIME,
    TYPE_ID,
    TYPE_BINARY,
    TYPE_HEX,
    TYPE_HASHES,
    TYPE_DICT,
    TYPE_OBJECT,
    TYPE_EXTERNAL,
    TYPE_GRANULAR,
    TYPE_LETTERS
};

enum property_flag {
    PROPERTY_LIST = 1,
    PROPERTY_REQUIRED = 2,
};

// `targets` of an identifier: type names and "@sdo", "@sro", "@sco", separated by blanks; NULL
// for any. A type that the standard does not define may always be referred to.
struct stix_property {
    struct str name;
    unsigned char letter;
    unsigned char flags;
    const char *targets;
};

struct stix_type {
    struct str name;
    enum stix_kind kind;
    const struct stix_property *properties;
    size_t n_properties;
};

// NULL for a type that the standard does not define.
const struct stix_type *stix_type_find(struct str name);

// Where the common properties of section 3.2 apply and are required.
enum type_column {
    COLUMN_SDO = 1,
    COLUMN_SRO = 2,
    COLUMN_SCO = 4,
    COLUMN_EXTENSION = 8,
    COLUMN_LANGUAGE = 16,
    COLUMN_MARKING = 32,
};

enum common_field {
    FIELD_NONE,
    FIELD_CREATED_BY,
    FIELD_CREATED,
    FIELD_MODIFIED,
    FIELD_REVOKED,
    FIELD_LABELS,
    FIELD_CONFIDENCE,
    FIELD_MARKINGS,
    FIELD_GRANULAR,
};

struct common_property {
    struct stix_property property;
    unsigned char allowed, required; // enum type_column, joined by or
    unsigned char field;
};
extern const struct common_property stix_common[];
extern const size_t stix_common_n;
unsigned stix_column(struct str type, enum stix_kind kind);

// Rules between the properties of one type.
enum type_rule_kind {
    RULE_ORDER,        // the second instant is not before the first
    RULE_ORDER_STRICT, // and later
    RULE_ONE_OF,       // at least one of the two is there
    RULE_EITHER,       // exactly one of the two is there
    RULE_TOGETHER,     // the first needs the second
};
struct type_rule {
    struct str type;
    enum type_rule_kind kind;
    struct str first, second;
    const char *rule, *why;
};
extern const struct type_rule stix_type_rules[];
extern const size_t stix_type_rules_n;
