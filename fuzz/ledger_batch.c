// SPDX-License-Identifier: Apache-2.0
// A batch that parses is written the same again. The input is the file without its end frame,
// since no mutation finds a digest.
#include "fuzz.h"

#include "ledger/batch.h"

static void check_rewritten(struct arena *a, const struct ledger_batch *batch, struct str file)
{
    struct buf b = buf_in(a, BATCH_BYTES_MAX);
    ledger_batch_put_header(&b, &batch->header);
    if (batch->cosigned.ptr)
        ledger_batch_put_cosigned(&b, batch->cosigned);
    for (size_t i = 0; i < batch->n_entries; i++)
        ledger_batch_put_entry(&b, batch->entries[i].bytes);
    ledger_batch_put_proof(&b, &batch->proof);
    ledger_batch_put_checkpoint(&b, batch->checkpoint);
    for (size_t i = 0; i < batch->n_payloads; i++)
        ledger_batch_put_payload(&b, &batch->payloads[i]);
    ledger_batch_put_end(&b);
    MUST_HOLD(str_eq(buf_str(&b), file));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct ledger_batch batch;
    struct ledger_fault fault = {0};
    arena_init(&a, 64 * MIB);
    struct buf b = buf_in(&a, BATCH_BYTES_MAX);
    buf_put(&b, (struct str){(const char *)data, size});
    ledger_batch_put_end(&b);
    struct str file = buf_str(&b);
    enum err e = ledger_batch_parse(&a, file, &batch, &fault);
    MUST_HOLD(e == ERR_OK || fault.where.at <= file.len);
    if (e == ERR_OK) {
        struct ledger_key log = {.name = batch.header.from, .type = LEDGER_TYPE_NOTE};
        struct ledger_batch_facts facts = {.log = &log,
            .partner_origin = batch.header.to,
            .agreement = batch.header.agreement,
            .sequence = ledger_sequence_start(batch.header.from, batch.header.to)};
        struct ledger_batch_result result;
        check_rewritten(&a, &batch, file);
        MUST_HOLD(ledger_batch_verify(&a, &batch, &facts, &result, &fault) != ERR_OK);
    }
    arena_release(&a);
    return 0;
}
