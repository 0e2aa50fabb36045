// SPDX-License-Identifier: Apache-2.0
// What a TAXII 2.1 server answers, as its client reads it (C1): unknown properties are passed
// over (T8), `more` and lists may be missing (C7). Every text is of the server: it is judged
// where it is used.
#pragma once

#include "base/str.h"

#define TAXII_NAMES_MAX 1000 // collections or API roots of one answer

// Of a discovery or of an API root: either is what stands at a server's address.
struct taxii_place {
    struct str title;
    bool is_root;              // has `versions` or `max_content_length`
    bool speaks;               // TAXII 2.1 is among the versions
    int64_t content_bytes_max; // 0: not said
    struct str default_root;   // of a discovery; empty: none
    struct str *roots;
    size_t n_roots;
};
enum err taxii_place_read(
    struct arena *a, struct str text, struct taxii_place *out, struct fault *fault) MUST_USE;

struct taxii_collection {
    struct str id, alias, title;
    bool can_read, can_write;
};
struct taxii_collections {
    struct taxii_collection *items;
    size_t n;
};
enum err taxii_collections_read(struct arena *a, struct str text, struct taxii_collections *out,
    struct fault *fault) MUST_USE;
// By id, then by alias, then by title. ERR_NOT_FOUND; ERR_CONFLICT when two have that title. An
// empty name is the only one that there is.
enum err taxii_collection_find(const struct taxii_collections *all, struct str name,
    const struct taxii_collection **out) MUST_USE;

// An envelope without its objects: what says how to go on.
struct taxii_envelope {
    bool more;
    struct str next; // empty: none; outlives the text
};
enum err taxii_envelope_read(
    struct arena *a, struct str text, struct taxii_envelope *out, struct fault *fault) MUST_USE;

struct taxii_failure {
    struct str id, version, message;
};
struct taxii_status {
    struct str id;
    bool is_complete;
    int64_t total, successes, failures, pendings;
    struct taxii_failure *items; // of the failures that are named
    size_t n;
};
enum err taxii_status_read(
    struct arena *a, struct str text, struct taxii_status *out, struct fault *fault) MUST_USE;

// Which of two times of a server is later, as it wrote them: digits that we do not hold count
// too. False when either is no time.
bool taxii_is_later(struct str a, struct str b);
