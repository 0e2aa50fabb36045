// SPDX-License-Identifier: Apache-2.0
// The state of one check, shared by its steps: each property against its row, rules between
// properties, what tables do not say.
#pragma once

#include "stix/check.h"
#include "stix/pattern.h"
#include "stix/schema_priv.h"

// One step on the way from the object to a value, for the text of a path.
struct object_path {
    const struct object_path *outer; // NULL at the object
    struct str key;                  // decoded; empty for an item
    size_t index;                    // of an item
};

struct checking {
    struct arena *arena;
    struct json root;
    struct stix_id id;
    const struct stix_type *type; // NULL for a custom one
    enum stix_kind kind;
    unsigned column;
    struct json container;           // while its observables are checked
    bool in_container;               // references are keys of the container
    const struct stix_node *pattern; // of an indicator, when it could be read
    bool is_full;                    // a text did not fit the arena: nothing found is true
    struct stix_findings *findings;  // NULL: stop at the first error, warn of nothing
    struct stix_problem *problem;    // where to stop
};

// Where the common properties of section 3.2 apply and are required.
enum type_column {
    COLUMN_SDO = 1,
    COLUMN_SRO = 2,
    COLUMN_SCO = 4,
    COLUMN_EXTENSION = 8,
    COLUMN_LANGUAGE = 16,
    COLUMN_MARKING = 32,
};
struct common_property {
    struct stix_property property;
    unsigned char allowed, required; // enum type_column, joined by or
};
extern const struct common_property stix_common[];
extern const size_t stix_common_n;
unsigned stix_column(struct str type, enum stix_kind kind);

// Notes that the rule is broken. ERR_INVALID stops the check; ERR_OK goes on.
enum err stix_check_report(struct checking *c, const struct object_path *path,
    struct json value, enum stix_rule rule) MUST_USE;
enum err check_report_at(
    struct checking *c, const struct object_path *path, struct stix_finding finding) MUST_USE;

// Parses into c->root.
enum err check_bytes(struct checking *c, struct str bytes, size_t max_bytes) MUST_USE;
// The whole object: c->root is set. Fills c->id, c->kind, c->column and c->pattern.
enum err check_object(struct checking *c) MUST_USE;

// An object against a shape; common properties too when it is the object itself.
enum err check_shape(struct checking *c, const struct object_path *path,
    const struct stix_shape *shape, struct json object) MUST_USE;
enum err check_property(struct checking *c, const struct stix_property *property,
    const struct object_path *path, struct json value) MUST_USE;
// What no table describes: references are identifiers, lists are not empty.
enum err check_free(struct checking *c, const struct object_path *path, struct json value,
    bool may_be_empty) MUST_USE;
enum err check_rules(struct checking *c, const struct object_path *path,
    const struct stix_shape *shape, struct json object) MUST_USE;
enum err check_form(struct checking *c, enum form form, const struct object_path *path,
    struct json value) MUST_USE;
enum err check_hashes(
    struct checking *c, const struct object_path *path, struct json value) MUST_USE;
enum err check_dictionary(struct checking *c, enum content content,
    const struct object_path *path, struct json value) MUST_USE;
enum err check_container(
    struct checking *c, const struct object_path *path, struct json value) MUST_USE;
enum err check_extensions(
    struct checking *c, const struct object_path *path, struct json value) MUST_USE;
// Warnings about the id of the object.
enum err check_own_id(struct checking *c) MUST_USE;

// shape_check
enum err check_external_reference(
    struct checking *c, const struct object_path *path, struct json value) MUST_USE;
enum err check_granular_marking(
    struct checking *c, const struct object_path *path, struct json value) MUST_USE;
enum err check_indicator(
    struct checking *c, const struct object_path *path, struct json value) MUST_USE;
enum err check_observed_data(
    struct checking *c, const struct object_path *path, struct json value) MUST_USE;
enum err check_relationship(
    struct checking *c, const struct object_path *path, struct json value) MUST_USE;
enum err check_marking_definition(
    struct checking *c, const struct object_path *path, struct json value) MUST_USE;
enum err check_language_content(
    struct checking *c, const struct object_path *path, struct json value) MUST_USE;
enum err check_extension_definition(
    struct checking *c, const struct object_path *path, struct json value) MUST_USE;

// A string, decoded; false when it is none, or the arena is full, which c->is_full remembers.
bool check_text(struct checking *c, struct json value, struct str *out);
// The same for a member.
bool member_text(struct checking *c, struct json object, struct str key, struct str *out);
bool text_is_language(struct str text);
bool hash_is_of(struct str algorithm, struct str text);
bool is_type_of(const char *targets, struct str name);
