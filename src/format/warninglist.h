// SPDX-License-Identifier: Apache-2.0
// Warning lists of MISP: values that are harmless, or too common to mean anything (addresses of
// resolvers, well-known sites, hashes of empty files). docs/formats/warninglists.md says what
// is read and what it matches.
#pragma once

#include "stix/value.h"
#include "json/json.h"

#define WARNING_NAME_BYTES_MAX 512

// type, its word in a list
#define WARNING_TYPE_LIST(X)  \
    X(STRING, "string")       \
    X(HOSTNAME, "hostname")   \
    X(CIDR, "cidr")           \
    X(SUBSTRING, "substring") \
    X(REGEX, "regex")

enum warning_type {
#define WARNING_TYPE_ENUM(name, word) WARNING_##name,
    WARNING_TYPE_LIST(WARNING_TYPE_ENUM)
#undef WARNING_TYPE_ENUM
        WARNING_TYPES
};
struct str warning_type_word(enum warning_type type);

// Texts live in the document or the arena.
struct warning_list {
    struct str name;
    struct str description;
    int64_t version;
    enum warning_type type;
    unsigned classes;    // of values that it is about: 1u << enum stix_class
    struct json entries; // an array of strings
};

// ERR_INVALID or ERR_LIMIT with *fault; nothing of a list is taken when a part of it is wrong.
enum err warning_list_read(struct arena *a, struct str document, struct warning_list *out,
    struct fault *fault) MUST_USE;
