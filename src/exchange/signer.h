// SPDX-License-Identifier: Apache-2.0
// Asking the signer: a separate process that holds the log and cosignature keys, keeps
// the journal of all it has signed, and refuses what is not consistent with it.
#pragma once

#include "ledger/checkpoint.h"

// What changes when this enum changes: node/signer.c and exchange/signer.c, which are always of
// one build, since the signer is the same executable.
enum signer_message {
    SIGNER_STATE = 1,      // block origin -> u64 size, root
    SIGNER_CHECKPOINT = 2, // block origin, u32 key id, u64 old size, u64 size, root, block
                           // hashes -> the signed note
    SIGNER_COSIGN = 3,     // the same -> block signature line, u64 time
    SIGNER_HAS_KEY = 4,    // block name, u32 key id -> nothing; or a refusal
    SIGNER_ANSWER = 64,
    SIGNER_REFUSAL = 65, // u8 enum err, text
};

#define SIGNER_MESSAGE_BYTES_MAX (64 * KIB)

struct signer;

// Starts the process for the data directory; started again by itself when it has died.
// Call it before the first thread of the process, and before it confines itself.
enum err signer_start(const char *dir, struct signer **out) MUST_USE;
void signer_stop(struct signer *s); // NULL does nothing
// The signer reads its keys when it starts. After a new log key it is started again, by the
// next call.
void signer_reload(struct signer *s);

// Whether the signer has that key. ERR_NOT_FOUND when it has not.
enum err signer_has_key(struct signer *s, const struct ledger_key *key) MUST_USE;

// A step of one log: from what was signed last to a larger tree.
struct signer_step {
    struct str origin;
    uint32_t key_id; // of our key that signs
    uint64_t old_size;
    struct ledger_head head;
    struct ledger_proof proof; // old_size to head.size
};
// The last head signed or cosigned for this origin; size 0 before the first. Any thread, one at
// a time inside. ERR_IO when the signer cannot be reached.
enum err signer_state(struct signer *s, struct str origin, struct ledger_head *out) MUST_USE;
// Journals durably, then signs. The note is in the arena. ERR_CORRUPT: not consistent with the
// journal (nothing was journaled); ERR_NOT_FOUND: no key for this origin.
enum err signer_checkpoint(struct signer *s, struct arena *a, const struct signer_step *step,
    struct str *note) MUST_USE;
// The cosignature line over a partner's checkpoint, whose text is rebuilt from the step. The
// caller holds all its entries durably and has checked the author's signature.
enum err signer_cosign(struct signer *s, struct arena *a, const struct signer_step *step,
    struct str *line, uint64_t *time_s) MUST_USE;
