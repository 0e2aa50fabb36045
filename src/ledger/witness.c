// SPDX-License-Identifier: Apache-2.0
#include "ledger/witness.h"

#include "base/reader.h"

static const struct {
    unsigned status;
    const char *text;
} verdicts[] = {
#define VERDICT(name, status, text) [LEDGER_VERDICT_##name] = {status, text},
    LEDGER_VERDICT_LIST(VERDICT)
#undef VERDICT
};

unsigned ledger_verdict_status(enum ledger_verdict v)
{
    return verdicts[v].status;
}

const char *ledger_verdict_text(enum ledger_verdict v)
{
    return verdicts[v].text;
}

enum ledger_verdict ledger_advance_check(const struct ledger_head *latest, uint64_t old_size,
    const struct ledger_head *next, const struct ledger_proof *proof)
{
    struct ledger_hash empty = ledger_empty_root();
    if (old_size > next->size)
        return LEDGER_VERDICT_OLD_AHEAD;
    if (old_size != latest->size)
        return LEDGER_VERDICT_OLD_DIFFERS;
    if (next->size == latest->size && !ledger_hash_eq(&next->root, &latest->root))
        return LEDGER_VERDICT_FORK;
    if (next->size == 0 && !ledger_hash_eq(&next->root, &empty))
        return LEDGER_VERDICT_BAD_PROOF;
    // From nothing, every tree grows; no hash can show it.
    if (old_size == 0)
        return proof->n == 0 ? LEDGER_VERDICT_ADVANCE : LEDGER_VERDICT_BAD_PROOF;
    if (ledger_consistency_verify(proof, latest, next) != ERR_OK)
        return LEDGER_VERDICT_BAD_PROOF;
    return LEDGER_VERDICT_ADVANCE;
}

void ledger_add_checkpoint_put(struct buf *b, const struct ledger_add_checkpoint *request)
{
    buf_put(b, STR("old "));
    buf_put_u64(b, request->old_size);
    buf_put_byte(b, '\n');
    for (size_t i = 0; i < request->proof.n; i++) {
        ledger_hash_put_base64(b, &request->proof.hashes[i]);
        buf_put_byte(b, '\n');
    }
    buf_put_byte(b, '\n');
    buf_put(b, request->note);
}

enum err ledger_add_checkpoint_parse(
    struct str body, struct ledger_add_checkpoint *out, struct fault *fault)
{
    struct reader r = reader_of(body);
    struct ledger_add_checkpoint request = {0};
    struct str line = read_line(&r);
    if (r.err != ERR_OK || !str_starts(line, STR("old ")) ||
        str_to_u64(str_from(line, 4), &request.old_size) != ERR_OK)
        return fault_set(fault, ERR_INVALID, 0, "no line with the old size");
    for (;;) {
        size_t at = r.at;
        line = read_line(&r);
        if (r.err != ERR_OK)
            return fault_set(fault, r.err, at, "no empty line before the checkpoint");
        if (line.len == 0)
            break;
        if (request.proof.n == PROOF_HASHES_MAX)
            return fault_set(fault, ERR_INVALID, at, "too many hashes");
        if (ledger_hash_parse_base64(line, &request.proof.hashes[request.proof.n]) != ERR_OK)
            return fault_set(fault, ERR_INVALID, at, "not a hash");
        request.proof.n++;
    }
    request.note = str_from(body, r.at);
    *out = request;
    return ERR_OK;
}

// The verdict of a checkpoint that could not be opened.
static enum err refused(enum err e, enum ledger_verdict *verdict)
{
    if (e == ERR_LIMIT)
        return e;
    *verdict = e == ERR_INVALID     ? LEDGER_VERDICT_MALFORMED
               : e == ERR_NOT_FOUND ? LEDGER_VERDICT_UNKNOWN_ORIGIN
                                    : LEDGER_VERDICT_BAD_SIGNATURE;
    return ERR_OK;
}

enum err ledger_witness_check(struct arena *a, const struct ledger_witness *witness,
    struct str body, enum ledger_verdict *verdict, struct ledger_checkpoint *out)
{
    struct ledger_add_checkpoint request;
    struct ledger_checkpoint checkpoint;
    *out = (struct ledger_checkpoint){0};
    enum err e = ledger_add_checkpoint_parse(body, &request, NULL);
    if (e == ERR_OK)
        e = ledger_keyring_open(a, witness->keys, request.note, &checkpoint, NULL);
    if (e != ERR_OK)
        return refused(e, verdict);
    *verdict = ledger_advance_check(
        &witness->latest, request.old_size, &checkpoint.head, &request.proof);
    if (*verdict == LEDGER_VERDICT_ADVANCE && checkpoint.head.size > witness->held_size)
        *verdict = LEDGER_VERDICT_NOT_HELD;
    *out = checkpoint;
    return ERR_OK;
}
