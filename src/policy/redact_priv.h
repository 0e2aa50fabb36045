// SPDX-License-Identifier: Apache-2.0
// Writing an object again without what must not go: shared by policy_cut and policy_redact.
#pragma once

#include "policy/redact.h"

// One selector of one granular marking.
struct selector {
    struct str text;
    size_t granular;             // its place in the object's list
    const struct handling *part; // what its marking says; NULL for one that restricts nothing
    struct str kept;             // its text in what is written, empty when gone
    bool is_found;               // it names something
};

struct writing {
    struct arena *arena;
    const struct stix_object *object;
    struct policy_markings markings;
    const struct policy_facts *facts;
    const struct policy_names *names; // NULL: references stay as they are
    struct str id;                    // to write, empty: as received
    struct str modified;              // the same
    bool is_bare;                     // leave `modified` out
    bool is_whole;                    // parts are not judged
    struct buf out;
    struct buf path;            // of the value being written, as it will be
    struct selector *selectors; // sorted by text
    size_t n_selectors;
    bool is_changed; // something is gone or renamed
};

enum err writing_begin(struct writing *w, const struct stix_object *object) MUST_USE;
// The bytes. object_marking_refs are written as `marking_refs`, before granular_markings, last.
struct marking_refs {
    const struct str *items;
    size_t n;
};
enum err writing_put(struct writing *w, struct marking_refs refs, struct str *bytes) MUST_USE;
// A restrictive selector names nothing: what it meant to protect is not known.
bool writing_has_lost_selector(const struct writing *w);
// Meta objects go as received or not at all: a marking definition stands for what it says, and
// a translation may say what was taken out of what it translates. A statement is neutral: it
// may carry a marking, under another id, wherever it travels.
bool redact_is_fixed(const struct stix_object *object);
// What the recipient calls an id; empty when it must not see it.
struct str writing_name(const struct writing *w, struct str id);
