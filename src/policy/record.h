// SPDX-License-Identifier: Apache-2.0
// The decision record: what is kept of a decision, and hashed into the ledger. Canonical JSON.
#pragma once

#include "policy/decide.h"

#define POLICY_ENGINE_VERSION 2 // rises when a rule changes

struct policy_record {
    struct str id, version, source;  // the row; version as its timestamp text
    const unsigned char *commitment; // SHA256_BYTES
    const struct policy_facts *facts;
    struct policy_decision decision;
};

// The facts as canonical JSON; their SHA-256 is in the record.
enum err policy_facts_put(struct buf *b, const struct policy_facts *facts) MUST_USE;
// What policy_facts_put printed, so that the decision can be taken again. ERR_INVALID unless
// the text is exactly what it would print.
enum err policy_facts_parse(
    struct arena *a, struct str text, struct policy_facts *out, struct fault *fault) MUST_USE;

// The object's list of nationalities with the agreement's communities put in: sorted, each
// once. What the record and the entry's `exp` say.
struct policy_nations {
    const struct str *items;
    size_t n;
};
enum err policy_expand(
    struct arena *a, const struct policy_facts *facts, struct policy_nations *out) MUST_USE;
enum err policy_record_put(
    struct arena *a, struct buf *b, const struct policy_record *record) MUST_USE;
