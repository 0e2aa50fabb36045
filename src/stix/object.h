// SPDX-License-Identifier: Apache-2.0
// One STIX 2.1 object, read strictly and once. What the standard does not know (custom types,
// unknown properties and extensions) is kept and accepted. STIX 2.0 objects are refused with a
// problem that names 2.0.
#pragma once

#include "hash/hash.h"
#include "stix/id.h"
#include "json/json.h"

enum stix_kind {
    STIX_SDO, // domain object
    STIX_SRO, // relationship object
    STIX_SCO, // cyber-observable object
    STIX_META,
};

// In what places of an object a reference stands; one identifier may stand in several.
enum stix_ref_role {
    STIX_REF_CREATOR = 1, // created_by_ref
    STIX_REF_MARKING = 2, // object_marking_refs and the marking_ref of granular markings
    STIX_REF_END = 4,     // source_ref, target_ref, sighting_of_ref
    STIX_REF_SINGLE = 8,  // any other *_ref, at any depth
    STIX_REF_LIST = 16,   // any other *_refs, at any depth
};

struct stix_ref {
    struct str id;
    unsigned roles; // enum stix_ref_role, joined by or
};

// A granular marking (section 7.2.3), selectors as received.
struct stix_granular {
    struct str marking_ref; // empty for a language marking
    struct str lang;
    struct json selectors; // a list of strings
};

// Why an object is refused. `rule` ("STIX-2.9-identifier") and `why` are static; `path`
// ("object_marking_refs[1]", empty for the object itself) lives in the arena; `at` is a
// position in the bytes.
struct stix_problem {
    const char *rule;
    const char *why;
    struct str path;
    size_t at;
};

struct stix_object {
    struct json root;
    struct stix_id id; // id.type is the object's type
    enum stix_kind kind;
    bool is_custom; // a type that the standard does not define
    bool has_created, has_modified;
    bool has_version; // false for a SCO without created
    bool is_revoked;
    int64_t created_us, modified_us;
    int64_t version_us;        // modified, else created
    struct str created_by_ref; // empty when absent
    struct str *labels;
    size_t n_labels;
    struct str *marking_refs; // object_marking_refs, in document order
    size_t n_marking_refs;
    struct stix_granular *granular;
    size_t n_granular;
    struct stix_ref *refs; // all references, sorted by id, each id once
    size_t n_refs;
    struct str *values; // value keys (stix/value.h) to index, sorted, each once
    size_t n_values;
    struct str pattern, pattern_type; // indicators; empty otherwise
    bool is_pattern_unread;           // a STIX pattern that does not parse: kept, not indexed
    bool has_valid_from, has_valid_until;
    int64_t valid_from_us, valid_until_us;
};

// Reads one object (never a bundle: a bundle inside a bundle is refused). The result points
// into `bytes` and the arena. ERR_INVALID with *problem, or ERR_LIMIT.
enum err stix_object_read(struct arena *a, struct str bytes, struct stix_object *out,
    struct stix_problem *problem) MUST_USE;

// SHA-256 of the RFC 8785 text: two objects are equal when their bytes or their digests are.
enum err stix_digest(
    struct arena *a, struct json root, unsigned char out[static SHA256_BYTES]) MUST_USE;
