// SPDX-License-Identifier: Apache-2.0
// A statement that is read prints the text of its note.
#include "fuzz.h"

#include "crypto/sign.h"
#include "ledger/statement.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = {(const char *)data, size};
    struct arena a;
    struct ledger_statement statement;
    struct ledger_fault fault = {0};
    arena_init(&a, 4 * MIB);
    MUST_HOLD(sign_init() == ERR_OK);
    if (ledger_statement_read(&a, bytes, &statement, NULL) == ERR_OK) {
        struct buf b = buf_in(&a, LEDGER_STATEMENT_BYTES_MAX);
        ledger_statement_put(&b, &statement);
        MUST_HOLD(str_starts(bytes, buf_str(&b)));
    }
    enum err e = ledger_statement_parse(&a, bytes, &statement, &fault);
    MUST_HOLD(e == ERR_OK || fault.where.at <= size);
    arena_release(&a);
    return 0;
}
