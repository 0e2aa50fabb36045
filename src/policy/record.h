// SPDX-License-Identifier: Apache-2.0
// The decision record: what is kept of a decision, and hashed into the ledger. Canonical JSON.
#pragma once

#include "policy/decide.h"

#define POLICY_ENGINE_VERSION 1

struct policy_record {
    struct str id, version, source;  // the row; version as its timestamp text
    const unsigned char *commitment; // SHA256_BYTES
    const struct policy_facts *facts;
    struct policy_decision decision;
};

// The facts as canonical JSON; their SHA-256 is in the record.
enum err policy_facts_put(struct buf *b, const struct policy_facts *facts) MUST_USE;
enum err policy_record_put(
    struct arena *a, struct buf *b, const struct policy_record *record) MUST_USE;
