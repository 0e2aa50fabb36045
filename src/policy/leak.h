// SPDX-License-Identifier: Apache-2.0
// Does the text of an object name values of what is withheld? Looked for in free text (name,
// description, content, abstract, explanation), pattern and external_references. Values and
// text are compared defanged and in one case; a value counts where no ASCII letter or digit
// stands directly before or after it. Cost is linear in the text.
#pragma once

#include "policy/decide.h"

// Shorter values are not looked for: they are in every text.
#define POLICY_LEAK_BYTES_MIN 4

// Prepared values. Fields are private.
struct policy_leaks {
    const struct leak_value *items; // sorted by text
    size_t n;
};

// Values of withheld objects, as an analyst reads them, and none that the recipient has from
// elsewhere. They are borrowed.
enum err policy_leaks_prepare(
    struct arena *a, const struct str *values, size_t n, struct policy_leaks *out) MUST_USE;

struct policy_leak {
    bool is_found;
    struct str property; // top-level name
    struct str value;    // as given to policy_leaks_prepare
};
enum err policy_leak_scan(struct arena *a, const struct policy_leaks *leaks, struct json object,
    struct policy_leak *out) MUST_USE;

// What is permitted but names what is withheld waits for an officer's approval of the preview.
// What goes home goes. This is no fact of the decision: it depends on other objects, so neither
// the facts nor the record may show it.
struct policy_decision policy_leak_decide(
    struct policy_decision decision, const struct policy_facts *facts, bool is_found);
