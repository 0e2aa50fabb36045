// SPDX-License-Identifier: Apache-2.0
// All that is wrong with an object: for people who write STIX. Reading (stix/object.h) stops at
// the first error and never looks for warnings.
#pragma once

#include "stix/rules.h"

#define STIX_FINDINGS_MAX 1000 // kept of one object; the rest are counted

// `path` is empty for the object itself ("objects.0.name" of a container is an ordinary path).
// `detail` is more about it in English, static, NULL when the rule says it all.
struct stix_finding {
    enum stix_rule rule;
    struct str path; // in the arena
    size_t at;       // a position in the bytes
    const char *detail;
};

struct stix_findings {
    struct stix_finding *items; // in the arena, in the order of the text as far as possible
    size_t n, room;
    size_t errors, warnings;
    bool is_stix_2_0; // one error says so and nothing else was looked at
};

// Every finding of one object, with warnings. ERR_OK whatever was found; ERR_LIMIT past the
// arena.
enum err stix_check(struct arena *a, struct str bytes, struct stix_findings *out) MUST_USE;

// The same for what is around the objects of a bundle: its text with the list of objects
// replaced by null, and the number of objects.
enum err stix_check_bundle(struct arena *a, struct str envelope, uint64_t n_objects,
    struct stix_findings *out) MUST_USE;
