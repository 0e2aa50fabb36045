// SPDX-License-Identifier: Apache-2.0
#include "ledger/evidence.h"

#include <assert.h>

#include "ledger/batch_priv.h"
#include "ledger/proof.h"

#define MAGIC STR("bongsu-evidence/1\n")

// Per side, in this order.
enum frame_type {
    FRAME_QUORUM = 1,
    FRAME_ENTRY,
    FRAME_CHECKPOINT,
    FRAME_PAYLOAD,
    FRAME_AGREEMENT, // behind the second side
    FRAME_TYPES,
};

void ledger_evidence_put_quorum(struct buf *b, unsigned side, struct str quorum_text)
{
    if (side == 0)
        buf_put(b, MAGIC);
    ledger_frame_put(b, FRAME_QUORUM, quorum_text);
}

void ledger_evidence_put_entry(struct buf *b, struct str entry)
{
    ledger_frame_put(b, FRAME_ENTRY, entry);
}

void ledger_evidence_put_checkpoint(struct buf *b, struct str note)
{
    ledger_frame_put(b, FRAME_CHECKPOINT, note);
}

void ledger_evidence_put_payload(struct buf *b, const struct ledger_payload *payload)
{
    ledger_payload_put(b, FRAME_PAYLOAD, payload);
}

void ledger_evidence_put_agreement(struct buf *b, struct str note)
{
    ledger_frame_put(b, FRAME_AGREEMENT, note);
}

void ledger_evidence_put_end(struct buf *b)
{
    ledger_frame_put_end(b);
}

static enum err broken(struct ledger_fault *fault, enum err e, size_t at, const char *why)
{
    return ledger_fault_set(fault, e, LEDGER_CODE_PARSE, at, why);
}

// What may follow what; the first frame of a side is its policy.
static const bool follows[FRAME_TYPES][FRAME_TYPES] = {
    [0] = {[FRAME_QUORUM] = true},
    [FRAME_QUORUM] = {[FRAME_ENTRY] = true, [FRAME_CHECKPOINT] = true},
    [FRAME_ENTRY] = {[FRAME_ENTRY] = true, [FRAME_CHECKPOINT] = true},
    [FRAME_CHECKPOINT] =
        {[FRAME_PAYLOAD] = true, [FRAME_QUORUM] = true, [FRAME_AGREEMENT] = true},
    [FRAME_PAYLOAD] = {[FRAME_PAYLOAD] = true, [FRAME_QUORUM] = true, [FRAME_AGREEMENT] = true},
    [FRAME_AGREEMENT] = {[FRAME_AGREEMENT] = true},
};

struct frame_counts {
    size_t entries[2], payloads[2], agreements;
};

static enum err frames_count(
    struct ledger_frames frames, struct frame_counts *counts, struct ledger_fault *fault)
{
    struct ledger_frame f;
    struct fault where = {0};
    uint8_t last = 0;
    size_t n_sides = 0;
    enum err e;
    while ((e = ledger_frames_next(&frames, &f, &where)) == ERR_OK) {
        if (f.type >= FRAME_TYPES || !follows[last][f.type])
            return broken(fault, ERR_INVALID, f.at, "a frame out of order");
        n_sides += f.type == FRAME_QUORUM;
        if (n_sides > 2)
            return broken(fault, ERR_INVALID, f.at, "a third log");
        counts->agreements += f.type == FRAME_AGREEMENT;
        if (counts->agreements > EVIDENCE_AGREEMENTS_MAX ||
            (f.type == FRAME_AGREEMENT && n_sides != 2))
            return broken(fault, ERR_INVALID, f.at, "an agreement too many, or out of order");
        counts->entries[n_sides - 1] += f.type == FRAME_ENTRY;
        counts->payloads[n_sides - 1] += f.type == FRAME_PAYLOAD;
        last = f.type;
    }
    if (e != ERR_NOT_FOUND)
        return broken(fault, e, where.at, where.why);
    if (n_sides != 2 || last < FRAME_CHECKPOINT)
        return broken(fault, ERR_INVALID, frames.reader.at, "not two logs with checkpoints");
    return ERR_OK;
}

static enum err frame_take(
    const struct ledger_frame *f, struct ledger_evidence_side *side, struct ledger_fault *fault)
{
    switch ((enum frame_type)f->type) {
    case FRAME_QUORUM:
        side->quorum_text = f->bytes;
        break;
    case FRAME_ENTRY:
        // The first pass has counted them. NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
        side->entries[side->n_entries++] =
            (struct ledger_batch_entry){f->bytes, ledger_leaf_hash(f->bytes), f->at};
        break;
    case FRAME_CHECKPOINT:
        side->note = f->bytes;
        side->note_at = f->at;
        break;
    case FRAME_PAYLOAD:
        if (ledger_payload_parse(f->bytes, &side->payloads[side->n_payloads++]) != ERR_OK)
            return broken(fault, ERR_INVALID, f->at, "a malformed payload");
        break;
    case FRAME_AGREEMENT: // of no side
    case FRAME_TYPES:
        break;
    }
    return ERR_OK;
}

enum err ledger_evidence_parse(
    struct arena *a, struct str file, struct ledger_evidence *out, struct ledger_fault *fault)
{
    struct ledger_evidence evidence = {0};
    struct frame_counts counts = {0};
    struct ledger_frames frames;
    struct ledger_frame f;
    struct fault where = {0};
    if (file.len > EVIDENCE_BYTES_MAX)
        return broken(fault, ERR_LIMIT, EVIDENCE_BYTES_MAX, "the file is too long");
    enum err e = ledger_frames_open(file, MAGIC, &frames, &where);
    if (e != ERR_OK)
        return broken(fault, e, where.at, where.why);
    TRY(frames_count(frames, &counts, fault));
    for (size_t i = 0; i < 2; i++) {
        struct ledger_evidence_side *side = &evidence.sides[i];
        side->entries = NEW_N(a, struct ledger_batch_entry, counts.entries[i]);
        side->payloads = NEW_N(a, struct ledger_payload, counts.payloads[i]);
        if (!side->entries || !side->payloads)
            return broken(fault, ERR_LIMIT, 0, "too many frames");
    }
    struct ledger_evidence_side *side = NULL;
    while (ledger_frames_next(&frames, &f, NULL) == ERR_OK) {
        if (f.type == FRAME_QUORUM)
            side = side ? side + 1 : evidence.sides;
        assert(side); // frames_count has seen a policy first
        if (f.type == FRAME_AGREEMENT)
            evidence.agreements[evidence.n_agreements++] = f.bytes;
        else
            TRY(frame_take(&f, side, fault));
    }
    *out = evidence;
    return ERR_OK;
}

enum err ledger_evidence_proof(struct arena *a, const struct ledger_evidence *evidence,
    unsigned side, uint64_t index, struct str *out)
{
    const struct ledger_evidence_side *s = &evidence->sides[side];
    struct ledger_hash *hashes = NEW_N(a, struct ledger_hash, s->n_entries);
    if (!hashes)
        return ERR_LIMIT;
    for (size_t i = 0; i < s->n_entries; i++)
        hashes[i] = s->entries[i].leaf_hash;
    struct ledger_leaves leaves = {hashes, s->n_entries};
    struct ledger_reader r = ledger_leaves_reader(&leaves);
    struct ledger_proof_file file = {.index = index, .note = s->note};
    TRY(ledger_inclusion_prove(&r, index, s->n_entries, &file.path));
    struct buf b = buf_in(a, 2 * NOTE_BYTES_MAX);
    ledger_proof_file_put(&b, &file);
    return buf_end(&b, out);
}
