// SPDX-License-Identifier: Apache-2.0
// Evidence is refused or counted, never more than it holds. The input is the file without its
// end frame.
#include "fuzz.h"

#include "crypto/sign.h"
#include "ledger/evidence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct ledger_evidence evidence;
    struct ledger_evidence_counts c;
    struct ledger_fault fault = {0};
    arena_init(&a, 64 * MIB);
    MUST_HOLD(sign_init() == ERR_OK);
    struct buf b = buf_in(&a, 16 * MIB);
    buf_put(&b, (struct str){(const char *)data, size});
    ledger_evidence_put_end(&b);
    enum err e = ledger_evidence_parse(&a, buf_str(&b), &evidence, &fault);
    MUST_HOLD(e == ERR_OK || fault.where.at <= b.len);
    if (e == ERR_OK) {
        e = ledger_evidence_verify(&a, &evidence, NULL, &c, &fault);
        MUST_HOLD(e == ERR_OK || fault.where.at <= b.len);
        MUST_HOLD(c.entries <= evidence.sides[0].n_entries + evidence.sides[1].n_entries);
        MUST_HOLD(e != ERR_OK ||
                  c.entries == c.releases + c.flashes + c.receipts + c.recalls + c.acks);
        MUST_HOLD(
            c.payloads_checked <= evidence.sides[0].n_payloads + evidence.sides[1].n_payloads);
    }
    arena_release(&a);
    return 0;
}
