// SPDX-License-Identifier: Apache-2.0
// All that people may search in an object: every text in it, at any depth, but identifiers,
// references, times, types and payloads.
#pragma once

#include "stix/object.h"

struct stix_field {
    struct str name; // the property of the object that holds it
    struct str text; // decoded
};
struct stix_fields {
    struct stix_field *items; // in the order of the object
    size_t n;
};
enum err stix_fields_read(struct arena *a, struct json root, struct stix_fields *out) MUST_USE;

// The folded name and aliases of an object that has aliases; none of any other.
struct stix_names {
    struct str *items;
    size_t n;
};
enum err stix_aliases_read(struct arena *a, struct json root, struct stix_names *out) MUST_USE;

// The numbers (stix_term_hash) of all terms of an object, ascending, each once.
struct stix_numbers {
    uint32_t *items;
    size_t n;
};
enum err stix_object_terms(
    struct arena *a, struct json root, struct stix_numbers *out) MUST_USE;
