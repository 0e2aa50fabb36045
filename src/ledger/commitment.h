// SPDX-License-Identifier: Apache-2.0
// What a release entry says about an object: a salted hash of its raw bytes, so that a leaf can
// be shown to anyone and guessed by no one, and destroyed with the salt.
#pragma once

#include "ledger/tree.h"

#define LEDGER_SALT_BYTES 32

// SHA-256("cti-obj-v1" || 0x0A || salt || bytes)
struct ledger_hash ledger_commitment(
    const unsigned char salt[static LEDGER_SALT_BYTES], struct str bytes);
// The head over the commitments as leaves, in payload order: an entry's `cr`.
struct ledger_head ledger_commitments_head(const struct ledger_hash *commitments, size_t n);
