// SPDX-License-Identifier: Apache-2.0
// An approval that parses prints to the same bytes.
#include "fuzz.h"

#include "ledger/approval.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = {(const char *)data, size};
    struct arena a;
    struct ledger_approval approval;
    struct ledger_fault fault = {0};
    arena_init(&a, 4 * 1024 * 1024);
    enum err e = ledger_approval_parse(&a, bytes, &approval, &fault);
    MUST_HOLD(e == ERR_OK || (fault.code != LEDGER_CODE_OK && fault.where.why));
    if (e == ERR_OK) {
        struct buf again = buf_in(&a, LEDGER_APPROVAL_BYTES_MAX);
        ledger_approval_put(&again, &approval);
        MUST_HOLD(str_starts(buf_str(&again), bytes) && again.len <= bytes.len + 1);
    }
    arena_release(&a);
    return 0;
}
