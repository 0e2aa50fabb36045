// SPDX-License-Identifier: Apache-2.0
// The two logs of a pair as the partner may read them (C2SP tlog-tiles), and add-checkpoint
// (C2SP tlog-witness). A log is named by the SHA-256 of its origin in hex. Whatever is not of
// the pair is not found: another partner's log gives the same answer as one that does not exist
// (V1).
#pragma once

#include "exchange/exchange.h"

// The newest checkpoint with all its signatures, of our log the newest signed, of the partner's
// the newest that we have cosigned; with is_cosigned, of either the newest cosigned.
// ERR_NOT_FOUND before the first.
enum err exchange_log_checkpoint(struct exchange *ex, struct arena *a, struct str party,
    struct str log, bool is_cosigned, struct str *note) MUST_USE;
// "tile/0/x001/067" or "tile/entries/000.p/7": what is under a signed checkpoint. A partial
// tile stays readable when the tile is full. ERR_INVALID: no such form of a path.
enum err exchange_log_tile(struct exchange *ex, struct arena *a, struct str party,
    struct str log, struct str path, struct str *bytes) MUST_USE;

struct exchange_witnessed {
    unsigned status;         // the table of C2SP tlog-witness
    struct str content_type; // of the body
    struct str body;
};
// The partner's checkpoint, cosigned when all its entries are held; the new state is durable
// before this returns. A checkpoint that contradicts what is held freezes the link.
enum err exchange_add_checkpoint(struct exchange *ex, struct arena *a, struct str party,
    struct str body, struct exchange_witnessed *out) MUST_USE;
