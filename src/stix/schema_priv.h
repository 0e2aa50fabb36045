// SPDX-License-Identifier: Apache-2.0
// What the standard says about types and properties, as tables.
#pragma once

#include "stix/object.h"
#include "stix/vocabulary_priv.h"

enum type_letter { // STIX 2.1 section 2
    TYPE_STRING,   // detail: enum form
    TYPE_INT,      // detail: enum range
    TYPE_FLOAT,    // detail: enum range
    TYPE_BOOL,
    TYPE_TIME,
    TYPE_ID,
    TYPE_BINARY,
    TYPE_HEX,
    TYPE_HASHES,
    TYPE_DICTIONARY, // detail: enum content
    TYPE_WORD,       // of an open vocabulary; detail: enum vocabulary
    TYPE_CLOSED,     // of an enumeration; detail: enum vocabulary
    TYPE_PART,       // an object of the shape
    TYPE_CONTAINER,  // the deprecated dictionary of observables
    TYPE_EXTENSIONS,
};

enum property_flag {
    PROPERTY_LIST = 1,
    PROPERTY_REQUIRED = 2,
    PROPERTY_WANTED = 4, // should be there
    PROPERTY_OLD = 8,    // deprecated
};

enum form {
    FORM_ANY,
    FORM_COUNTRY,
    FORM_CPE,
    FORM_DOMAIN,
    FORM_EMAIL,
    FORM_HYPHENS,
    FORM_IPV4,
    FORM_IPV6,
    FORM_LANGUAGE,
    FORM_LOWER,
    FORM_MAC,
    FORM_MIME,
    FORM_PRIORITY,
    FORM_PROPERTY_NAME,
    FORM_PROTOCOL,
    FORM_REGISTRY_KEY,
    FORM_RELATIONSHIP,
    FORM_URL,
    FORM_VERSION,
    FORMS
};

enum range {
    RANGE_ANY,
    RANGE_CONFIDENCE,
    RANGE_COUNT,
    RANGE_ENTROPY,
    RANGE_LATITUDE,
    RANGE_LONGITUDE,
    RANGE_NATURAL,
    RANGE_OBSERVED,
    RANGE_PORT,
};

enum content { // of a dictionary's values
    CONTENT_ANY,
    CONTENT_INT,
    CONTENT_INT_OR_STRING,
    CONTENT_STRING,
    CONTENT_STRINGS, // lists of strings
};

struct stix_shape;

// `targets` of an identifier: type names and "@sdo", "@sro", "@sco", separated by blanks; NULL
// for any. A type that the standard does not define may always be referred to.
struct stix_property {
    struct str name;
    unsigned char letter, flags, detail;
    const char *targets;
    const struct stix_shape *shape; // of TYPE_PART
};

// Rules between the properties of one shape. `first` may be several names, separated by blanks.
enum shape_rule_kind {
    RULE_ORDER,          // the second instant is not before the first
    RULE_ORDER_STRICT,   // and later
    RULE_ANY_OF,         // at least one of the first is there
    RULE_EITHER,         // exactly one of the two is there
    RULE_TOGETHER,       // the first needs the second
    RULE_TRUE_NEEDS,     // when the first is true, the second is there
    RULE_TRUE_FORBIDS,   // when the first is true, the second is not
    RULE_FALSE_FORBIDS,  // when the first is false
    RULE_SOME_BUT_FIRST, // a property of the shape other than the first, or an extension
};
struct shape_rule {
    enum shape_rule_kind kind;
    enum stix_rule rule;
    struct str first, second;
};

struct checking;
struct object_path;
typedef enum err (*shape_check)(
    struct checking *c, const struct object_path *path, struct json value);

// A type, a predefined extension or a nested type.
struct stix_shape {
    struct str name;
    const struct stix_property *properties;
    size_t n_properties;
    const struct shape_rule *rules;
    size_t n_rules;
    shape_check check; // what tables do not say; may be NULL
};

struct stix_type {
    struct stix_shape shape;
    enum stix_kind kind;
};

// NULL for a type that the standard does not define.
const struct stix_type *stix_type_find(struct str name);
// The predefined extension of an observable; NULL when there is none.
const struct stix_shape *stix_extension_find(struct str type, struct str name);

extern const struct stix_type stix_domain_types[], stix_observable_types[];
extern const size_t stix_domain_types_n, stix_observable_types_n;
extern const struct stix_shape stix_kill_chain_phase, stix_external_reference,
    stix_granular_marking, stix_mime_part, stix_registry_value, stix_x509_extensions;
