// SPDX-License-Identifier: Apache-2.0
// What a decision about one row cannot know: whether the rows that it refers to may go too.
#pragma once

#include "policy/decide.h"

// One row considered for one recipient.
struct policy_candidate {
    struct str id;
    const struct stix_ref *refs; // sorted by id, as stix_object_read gives them
    size_t n_refs;
    bool is_on_demand;               // a marking definition that goes only when a row needs it
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
enum err policy_close(struct arena *a, struct policy_candidate *candidates, size_t n,
    struct policy_ids known) MUST_USE;
