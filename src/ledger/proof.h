// SPDX-License-Identifier: Apache-2.0
// C2SP tlog-proof: one entry's inclusion proof with the cosigned checkpoint, as a text file
// that is checked off line.
#pragma once

#include "ledger/quorum.h"

struct ledger_proof_file {
    uint64_t index;
    struct ledger_proof path;
    struct str extra; // decoded; not authenticated, never trusted
    struct str note;  // the checkpoint, verbatim
};

// `extra` is written when it is not empty.
void ledger_proof_file_put(struct buf *b, const struct ledger_proof_file *file);
enum err ledger_proof_file_parse(struct arena *a, struct str text,
    struct ledger_proof_file *out, struct fault *fault) MUST_USE;
// ERR_OK when the entry is in the log at file->index under a checkpoint that the policy
// accepts; errors as ledger_quorum_open, and ERR_CORRUPT when the path does not lead to the
// root.
enum err ledger_proof_file_verify(struct arena *a, const struct ledger_proof_file *file,
    const struct ledger_quorum *q, struct str entry, struct ledger_checkpoint *out) MUST_USE;
