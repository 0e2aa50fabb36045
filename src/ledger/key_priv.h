// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ledger/note.h"

// Whether a signature may stand under that name: not empty, UTF-8, no Unicode space, no `+`.
bool ledger_key_name_fits(struct str name);
// Does what the key's type says. ERR_CORRUPT unless the payload signs the text, ERR_LIMIT past
// the arena (scratch).
enum err ledger_key_check(struct arena *a, const struct ledger_key *key, struct str text,
    struct str payload) MUST_USE;
// What a cosignature of that second signs.
enum err ledger_cosigned_message(
    struct arena *a, struct str text, uint64_t time_s, struct str *out) MUST_USE;
