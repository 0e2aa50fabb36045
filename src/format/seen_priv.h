// SPDX-License-Identifier: Apache-2.0
// A value that was found in a text or a cell, and what it becomes.
#pragma once

#include "base/str.h"
#include "stix/marking.h"

enum seen_type {
    SEEN_IPV4, // or a range
    SEEN_IPV6,
    SEEN_DOMAIN,
    SEEN_URL,
    SEEN_EMAIL,
    SEEN_MD5,
    SEEN_SHA1,
    SEEN_SHA256,
    SEEN_SHA512,
    SEEN_CVE,
    SEEN_TYPES
};

struct seen {
    enum seen_type type;
    struct str value;   // as STIX has it
    const char *change; // what was done to it besides refanging; NULL: nothing
};

// How sure one can be that a name is a domain.
enum seen_place {
    SEEN_IN_PROSE, // a top-level domain that we know, and no file name
    SEEN_ALONE,    // the only thing in its line or cell: any top-level domain, no file name
    SEEN_DEFANGED, // somebody took care that it does not work
};

// Reads a text that is one value and nothing else, without defanging. ERR_NOT_FOUND.
enum err seen_read(
    struct arena *a, struct str plain, enum seen_place place, struct seen *out) MUST_USE;
// The same when the type is known: any name is a domain.
enum err seen_read_as(
    struct arena *a, struct str plain, enum seen_type type, struct seen *out) MUST_USE;

// A copy in lower case, ASCII only.
enum err seen_lower(struct arena *a, struct str s, struct str *out) MUST_USE;

// An object that was made. Texts in the arena.
struct made {
    struct str id;
    struct str bytes;
};

// Several hashes are one file; otherwise there is one value. A CVE becomes a vulnerability.
// `marking` may be empty.
struct make {
    const struct seen *values;
    size_t n;
    struct str marking;
    struct str text; // description
    struct str name;
    const struct str *labels;
    size_t n_labels;
    int64_t now_us;   // of what needs a time
    int64_t first_us; // 0: not known
    const struct str *refs;
    size_t n_refs;
};
enum err make_observable(struct arena *a, const struct make *m, struct made *out) MUST_USE;
enum err make_indicator(struct arena *a, const struct make *m, struct made *out) MUST_USE;
// Everything that one document named, together; `key` is its digest.
enum err make_grouping(
    struct arena *a, const struct make *m, struct str key, struct made *out) MUST_USE;
// "<type>--" and a name-based UUID of our own namespace.
enum err make_id(struct arena *a, struct str type, struct str name, struct str *out) MUST_USE;
