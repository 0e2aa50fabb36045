// SPDX-License-Identifier: Apache-2.0
// An entry that parses composes to the same bytes.
#include "fuzz.h"

#include "ledger/entry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = {(const char *)data, size}, again;
    struct arena a;
    struct ledger_entry entry;
    struct ledger_fault fault = {0};
    arena_init(&a, 32 * MIB);
    enum err e = ledger_entry_parse(&a, bytes, &entry, &fault);
    MUST_HOLD(e == ERR_OK || (fault.code != LEDGER_CODE_OK && fault.where.at <= size));
    if (e == ERR_OK) {
        MUST_HOLD(ledger_entry_compose(&a, &entry, &again, NULL) == ERR_OK);
        MUST_HOLD(str_eq(again, bytes));
    }
    arena_release(&a);
    return 0;
}
