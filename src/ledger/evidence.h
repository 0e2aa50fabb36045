// SPDX-License-Identifier: Apache-2.0
// Both ledgers of a link in one file, for a third party without a network: per direction the
// policy file, the entries below a cosigned checkpoint, that checkpoint, and the payloads that
// the holder wants to disclose. Side 0 and side 1 are the two logs.
#pragma once

#include "ledger/batch.h"
#include "ledger/quorum.h"

#define EVIDENCE_AGREEMENTS_MAX 64u
#define EVIDENCE_BYTES_MAX      (1024u * MIB) // one evidence file

// Writing: side 0 (quorum, entries, checkpoint, payloads), side 1, end.
void ledger_evidence_put_quorum(struct buf *b, unsigned side, struct str quorum_text);
void ledger_evidence_put_entry(struct buf *b, struct str entry);
// The cosigned note whose size is the number of entries put before it.
void ledger_evidence_put_checkpoint(struct buf *b, struct str note);
// Payloads of one entry are either all there, in full or as commitments, or left out.
void ledger_evidence_put_payload(struct buf *b, const struct ledger_payload *payload);
// After both sides: the signed agreements that the entries stand under, in order.
void ledger_evidence_put_agreement(struct buf *b, struct str note);
void ledger_evidence_put_end(struct buf *b);

struct ledger_evidence_side {
    struct str quorum_text;
    struct str note;
    size_t note_at;
    struct ledger_batch_entry *entries;
    size_t n_entries;
    struct ledger_payload *payloads; // in the order of the file
    size_t n_payloads;
};

struct ledger_evidence {
    struct ledger_evidence_side sides[2];
    struct str agreements[EVIDENCE_AGREEMENTS_MAX];
    size_t n_agreements;
};

// Form only.
enum err ledger_evidence_parse(struct arena *a, struct str file, struct ledger_evidence *out,
    struct ledger_fault *fault) MUST_USE;

struct ledger_evidence_counts {
    uint64_t entries, releases, flashes, receipts, recalls, acks, grants, keys;
    uint64_t agreements;       // that the entries stand under; 0: the file has none
    uint64_t gaps;             // places where the numbers of a log jump
    uint64_t unreceipted;      // releases, flashes and recalls without a receipt in the file
    uint64_t peers_unchecked;  // `x` and receipts beyond the other log's checkpoint here
    uint64_t payloads_checked; // objects whose bytes are those that were committed to
};

// Everything: checkpoints under the policy, every entry, numbers, entanglement, receipts (each
// answers an entry of the other log, and no two the same), recalls and acks, payloads. With the
// agreements: that each entry stands under one of them, that no key changed without its party's
// root, and that both checkpoints are signed by the keys of their sizes.
// `trusted` is the pair of policies that the verifier holds on its own (side 0, side 1), or
// NULL to use those in the file, which then prove no more than that the file agrees with
// itself. *counts is written in any case, up to the first error.
enum err ledger_evidence_verify(struct arena *a, const struct ledger_evidence *evidence,
    const struct ledger_quorum *trusted, struct ledger_evidence_counts *counts,
    struct ledger_fault *fault) MUST_USE;
// One entry as a tlog-proof file.
enum err ledger_evidence_proof(struct arena *a, const struct ledger_evidence *evidence,
    unsigned side, uint64_t index, struct str *out) MUST_USE;
