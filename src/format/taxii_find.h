// SPDX-License-Identifier: Apache-2.0
// From the address of a TAXII 2.1 server to one of its collections (E1, E2, E4), for whoever
// can ask it.
#pragma once

#include "format/taxii_answer.h"

struct taxii_server {
    // The body of a good answer, in the arena of the search; an error is the asker's to
    // explain.
    enum err (*ask)(void *ctx, struct str target, struct str *body);
    // A reference that the server gives, as a target on the same server; *why when it is none.
    enum err (*resolve)(void *ctx, struct str reference, struct str *target, const char **why);
    void *ctx;
};
struct taxii_found {
    struct str objects;        // ".../collections/ID/objects/"
    struct str root;           // target of the API root, with its slash
    int64_t content_bytes_max; // 0: not said
    struct taxii_collection collection;
};
// Why nothing was found: a sentence, and what it is about. Empty when `ask` failed.
struct taxii_lost {
    const char *why;
    struct str about;
};
// `target` is an API root, or a discovery that names one; `name` an id, an alias, a title, or
// empty for the only one.
enum err taxii_find(struct arena *a, const struct taxii_server *server, struct str target,
    struct str name, struct taxii_found *out, struct taxii_lost *lost) MUST_USE;
