// SPDX-License-Identifier: Apache-2.0
// The batch: how entries and payloads of one log travel, whoever carries them. Frames in this
// order: header, cosigned note (or none), entries, proof, checkpoint, payloads.
#pragma once

#include "ledger/checkpoint.h"
#include "ledger/commitment.h"
#include "ledger/frame.h"
#include "ledger/keyring.h"
#include "ledger/sequence.h"

struct ledger_batch_header {
    struct str from; // origin of the log
    struct str to;   // origin of the partner's log
    struct ledger_hash agreement;
    uint64_t first;    // index of the first entry
    uint64_t old_size; // first + number of entries: where the consistency proof starts
};

// One leaf of an entry's commitment tree: salt and object, or, of what was recalled or
// destroyed before it was delivered, the commitment alone.
struct ledger_payload {
    uint64_t index; // of the entry
    uint16_t leaf;
    const unsigned char *salt;       // NULL: the commitment alone
    struct str bytes;                // the object
    const unsigned char *commitment; // read when salt is NULL
};
struct ledger_hash ledger_payload_commitment(const struct ledger_payload *payload);

// Writing, in order. The buffer's error is sticky; check it once at the end.
void ledger_batch_put_header(struct buf *b, const struct ledger_batch_header *header);
// A whole checkpoint note of the partner's log with our cosignature.
void ledger_batch_put_cosigned(struct buf *b, struct str note);
void ledger_batch_put_entry(struct buf *b, struct str entry);
void ledger_batch_put_proof(struct buf *b, const struct ledger_proof *proof);
void ledger_batch_put_checkpoint(struct buf *b, struct str note);
void ledger_batch_put_payload(struct buf *b, const struct ledger_payload *payload);
void ledger_batch_put_end(struct buf *b);

struct ledger_batch_entry {
    struct str bytes;
    struct ledger_hash leaf_hash;
    size_t at; // in the file
};

// A batch taken apart; slices of the file.
struct ledger_batch {
    struct ledger_batch_header header;
    struct str cosigned; // empty when there is none
    struct ledger_batch_entry *entries;
    size_t n_entries;
    struct ledger_proof proof;
    struct str checkpoint;
    size_t checkpoint_at;
    struct ledger_payload *payloads;
    size_t n_payloads;
};

// Form, order and digest; no signature. ERR_INVALID or ERR_CORRUPT with *fault, ERR_LIMIT.
enum err ledger_batch_parse(struct arena *a, struct str file, struct ledger_batch *out,
    struct ledger_fault *fault) MUST_USE;

// What the receiver knows of the log before the batch.
struct ledger_batch_facts {
    const struct ledger_key *log;    // the author's
    struct str partner_origin;       // the receiver's own log
    struct ledger_hash agreement;    // of the entry before header.first
    struct ledger_frontier frontier; // of the author's log at header.first
    struct ledger_sequence sequence; // of the author's log at header.first
    // The author's keys; NULL when `log` is the only one there is.
    const struct ledger_keyring *keys;
    // Every agreement of the link, in order: an entry may go over to a later one, never back.
    // NULL: `agreement` alone.
    const struct ledger_hash *agreements;
    size_t n_agreements;
};

// The entries of a verified batch, and the author's checkpoint above them.
struct ledger_batch_result {
    struct ledger_entry *entries;    // n_entries, parsed
    struct ledger_frontier frontier; // after the last entry
    struct ledger_sequence sequence; // after the last entry
    struct ledger_checkpoint checkpoint;
    struct ledger_keyring keys;   // after the last entry, when there were keys before
    struct ledger_hash agreement; // of the last entry
};

// Header, signature, every entry, numbers, and that the checkpoint contains exactly these
// entries after those held. Not checked here: `x` (ledger_peer_check), payloads against `cr`,
// handling. ERR_INVALID, ERR_CORRUPT or ERR_DENIED with *fault; ERR_CONFLICT when header.first
// is not the size of the frontier given (LE-SEQ-GAP or LE-SEQ-DUP).
enum err ledger_batch_verify(struct arena *a, const struct ledger_batch *batch,
    const struct ledger_batch_facts *facts, struct ledger_batch_result *out,
    struct ledger_fault *fault) MUST_USE;
