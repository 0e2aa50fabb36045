// SPDX-License-Identifier: Apache-2.0
// One more witness never loses a quorum.
#include "fuzz.h"

#include "ledger/quorum.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct ledger_quorum q;
    struct fault fault = {0};
    arena_init(&a, 16 * MIB);
    enum err e = ledger_quorum_parse(&a, (struct str){(const char *)data, size}, &q, &fault);
    MUST_HOLD(e == ERR_OK || fault.at <= size);
    if (e == ERR_OK) {
        bool signed_by[QUORUM_WITNESSES_MAX] = {false};
        bool was_met = ledger_quorum_met(&q, signed_by);
        for (size_t i = 0; i < q.n_witnesses; i++) {
            signed_by[i] = true;
            bool is_met = ledger_quorum_met(&q, signed_by);
            MUST_HOLD(is_met || !was_met);
            was_met = is_met;
        }
        MUST_HOLD(was_met);
    }
    arena_release(&a);
    return 0;
}
