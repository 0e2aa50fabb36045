// SPDX-License-Identifier: Apache-2.0
// When a tree head may be signed or cosigned: the rules of C2SP tlog-witness add-checkpoint.
// The signer asks ledger_advance_check for its own logs, the cosigner ledger_witness_check for
// the partner's.
#pragma once

#include "ledger/keyring.h"

// name, HTTP status of add-checkpoint, what a person reads
#define LEDGER_VERDICT_LIST(X)                                       \
    X(ADVANCE, 200, "accepted")                                      \
    X(MALFORMED, 400, "malformed request")                           \
    X(OLD_AHEAD, 400, "the old size is larger than the checkpoint")  \
    X(BAD_SIGNATURE, 403, "no valid signature by the log's key")     \
    X(UNKNOWN_ORIGIN, 404, "unknown origin")                         \
    X(OLD_DIFFERS, 409, "the old size is not the one last cosigned") \
    X(BAD_PROOF, 422, "the consistency proof does not hold")         \
    X(FORK, 422, "the same size with another root")                  \
    X(NOT_HELD, 503, "the entries of that size have not arrived")

enum ledger_verdict {
#define LEDGER_VERDICT_ENUM(name, status, text) LEDGER_VERDICT_##name,
    LEDGER_VERDICT_LIST(LEDGER_VERDICT_ENUM)
#undef LEDGER_VERDICT_ENUM
};

unsigned ledger_verdict_status(enum ledger_verdict v);
const char *ledger_verdict_text(enum ledger_verdict v);

// May the head that was signed last (size 0 and the empty root before the first) be followed by
// `next`? `old_size` is the size that the proof starts from.
enum ledger_verdict ledger_advance_check(const struct ledger_head *latest, uint64_t old_size,
    const struct ledger_head *next, const struct ledger_proof *proof);

// The body of add-checkpoint: "old <size>", base64 hashes, blank line, note.
struct ledger_add_checkpoint {
    uint64_t old_size;
    struct ledger_proof proof;
    struct str note;
};
void ledger_add_checkpoint_put(struct buf *b, const struct ledger_add_checkpoint *request);
enum err ledger_add_checkpoint_parse(
    struct str body, struct ledger_add_checkpoint *out, struct fault *fault) MUST_USE;

// What the cosigner knows of one log.
struct ledger_witness {
    const struct ledger_keyring *keys; // of the author
    struct ledger_head latest;         // cosigned last
    uint64_t held_size;                // entries that are stored durably
};

// The whole rule. *out is the checkpoint, which the log has signed whatever the verdict;
// without an origin when the log has not. On LEDGER_VERDICT_ADVANCE it is to be cosigned and
// the new state: the caller persists out->head before it answers, in one step with this check.
// ERR_LIMIT past the arena.
enum err ledger_witness_check(struct arena *a, const struct ledger_witness *witness,
    struct str body, enum ledger_verdict *verdict, struct ledger_checkpoint *out) MUST_USE;
