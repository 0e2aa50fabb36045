// SPDX-License-Identifier: Apache-2.0
// What a decision about one row cannot know: whether the rows that it refers to may go too.
#pragma once

#include "policy/redact.h"

// One row considered for one recipient.
struct policy_candidate {
    struct str id;
    const struct stix_ref *refs; // sorted by id, as stix_object_read or policy_cut gives them
    size_t n_refs;
    const struct policy_need *needs; // of policy_cut
    size_t n_needs;
    bool may_vary;     // references may be taken out of it and renamed (policy_redact)
    bool keeps_refs;   // with may_vary: they may be renamed, and none is taken out
    bool is_variant;   // in: it goes as a variant already; out: also because of its references
    bool is_on_demand; // a marking definition that goes only when a row needs it
    struct policy_decision decision; // in: of the row alone; out: with its references
    bool is_included;                // out: permitted, and asked for or needed
};

struct policy_ids {
    const struct str *items; // sorted bytewise
    size_t n;
};

// Takes permission away until nothing changes. A reference is good when it names a built-in
// object, an identifier that the recipient holds or originated (`known`), or a permitted
// candidate; created_by_ref is always good. A row with a bad end is denied, a row with another
// bad reference is held (needs redaction). A row that goes home (rule R4) goes as received. The
// result does not depend on candidates that are not permitted, and "not held" and "withheld"
// are the same.
//
// A row that may vary loses its bad references and goes as a variant, unless one of its needs
// has no good reference left: then it is denied. What refers to a row that goes only as a
// variant is a variant too, for it says the variant's id. With keeps_refs any bad reference
// denies or holds it, as if it could not vary.
enum err policy_close(struct arena *a, struct policy_candidate *candidates, size_t n,
    struct policy_ids known) MUST_USE;
// The same when the recipient holds some objects only as variants: references to `renamed` are
// good, and make a variant.
struct policy_held {
    struct policy_ids known, renamed;
};
enum err policy_close_variants(struct arena *a, struct policy_candidate *candidates, size_t n,
    struct policy_held held) MUST_USE;

// What the recipient calls each object of the rows that are included, and each that it holds:
// for policy_redact. A row that goes as received, or is held so, keeps its id.
enum err policy_names_make(struct arena *a, const struct policy_candidate *candidates, size_t n,
    struct policy_held held, const unsigned char key[static POLICY_RECIPIENT_KEY_BYTES],
    struct policy_names *out) MUST_USE;
