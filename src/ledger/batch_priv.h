// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ledger/batch.h"

// A payload as the bytes of one frame: index, leaf, salt, object. A leaf number with the
// highest bit is followed by the commitment alone.
void ledger_payload_put(struct buf *b, uint8_t type, const struct ledger_payload *payload);
enum err ledger_payload_parse(struct str bytes, struct ledger_payload *out) MUST_USE;
// The proof as 32 bytes per hash.
enum err ledger_proof_parse(struct str bytes, struct ledger_proof *out) MUST_USE;
