// SPDX-License-Identifier: Apache-2.0
// The manifest of a MISP feed: an object with a member for each event, whose name is the
// event's uuid and whose value says when it was changed. A feed may have more events than an
// object of the JSON reader may have members, so that they are cut out one by one.
#pragma once

#include "base/str.h"

struct misp_manifest {
    struct str text;
    size_t at;
    bool is_over;
};
struct misp_manifest_item {
    struct str uuid; // a slice of the text, lower case
    int64_t changed_s;
};

struct misp_manifest misp_manifest_of(struct str text);
// The next event. ERR_NOT_FOUND at the end; ERR_INVALID: no manifest, and where. Duplicate
// names are not looked for. The scratch arena is rewound.
enum err misp_manifest_next(struct misp_manifest *m, struct arena *scratch,
    struct misp_manifest_item *out, struct fault *fault) MUST_USE;
