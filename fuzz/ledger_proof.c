// SPDX-License-Identifier: Apache-2.0
// What is printed of a proof file, or of a request to cosign, parses and prints the same again.
#include "fuzz.h"

#include "ledger/proof.h"
#include "ledger/witness.h"

static void check_proof_file(struct arena *a, struct str bytes)
{
    struct ledger_proof_file file, back;
    struct fault fault = {0};
    enum err e = ledger_proof_file_parse(a, bytes, &file, &fault);
    MUST_HOLD(e == ERR_OK || fault.at <= bytes.len);
    if (e != ERR_OK)
        return;
    struct buf once = buf_in(a, MIB), twice = buf_in(a, MIB);
    ledger_proof_file_put(&once, &file);
    MUST_HOLD(ledger_proof_file_parse(a, buf_str(&once), &back, NULL) == ERR_OK);
    ledger_proof_file_put(&twice, &back);
    MUST_HOLD(str_eq(buf_str(&once), buf_str(&twice)));
    struct ledger_head head = {.size = file.index + 1};
    struct ledger_hash leaf = ledger_leaf_hash(bytes);
    MUST_HOLD(ledger_inclusion_verify(&file.path, file.index, &leaf, &head) != ERR_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = {(const char *)data, size};
    struct ledger_add_checkpoint request;
    struct arena a;
    arena_init(&a, 16 * MIB);
    check_proof_file(&a, bytes);
    if (ledger_add_checkpoint_parse(bytes, &request, NULL) == ERR_OK) {
        struct buf b = buf_in(&a, 2 * size + KIB);
        ledger_add_checkpoint_put(&b, &request);
        MUST_HOLD(str_eq(buf_str(&b), bytes));
    }
    arena_release(&a);
    return 0;
}
