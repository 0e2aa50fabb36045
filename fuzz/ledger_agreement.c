// SPDX-License-Identifier: Apache-2.0
// An offer that opens prints its text; an agreement that opens is the text of its note.
#include "fuzz.h"

#include "crypto/sign.h"
#include "ledger/agreement.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = {(const char *)data, size};
    struct arena a;
    struct ledger_offer offer;
    struct ledger_agreement agreement;
    bool signed_by[2];
    arena_init(&a, 32 * MIB);
    MUST_HOLD(sign_init() == ERR_OK);
    if (ledger_offer_open(&a, bytes, &offer, NULL) == ERR_OK) {
        struct buf b = buf_in(&a, AGREEMENT_BYTES_MAX);
        ledger_offer_put(&b, &offer);
        MUST_HOLD(str_starts(bytes, buf_str(&b)));
    }
    if (ledger_agreement_open(&a, bytes, &agreement, signed_by, NULL) == ERR_OK)
        MUST_HOLD(str_starts(bytes, agreement.text));
    // The text alone, which no signature protects.
    struct ledger_fault fault = {0};
    enum err e = ledger_agreement_parse(&a, bytes, &agreement, &fault);
    MUST_HOLD(e == ERR_OK || fault.where.at <= size);
    if (e == ERR_OK) {
        MUST_HOLD(str_cmp(agreement.parties[0].id, agreement.parties[1].id) < 0);
        MUST_HOLD(ledger_agreement_party(&agreement, agreement.parties[1].id));
    }
    arena_release(&a);
    return 0;
}
