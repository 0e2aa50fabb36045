// SPDX-License-Identifier: Apache-2.0
#include "ledger/fault.h"

const char *ledger_code_name(enum ledger_code code)
{
    static const char *const names[] = {
#define NAME(name, code, text) [LEDGER_CODE_##name] = code,
        LEDGER_CODE_LIST(NAME)
#undef NAME
    };
    return (size_t)code < LEN(names) ? names[code] : "";
}

const char *ledger_code_text(enum ledger_code code)
{
    static const char *const texts[] = {
#define TEXT(name, code, text) [LEDGER_CODE_##name] = text,
        LEDGER_CODE_LIST(TEXT)
#undef TEXT
    };
    return (size_t)code < LEN(texts) ? texts[code] : "";
}

enum err ledger_fault_set(
    struct ledger_fault *fault, enum err e, enum ledger_code code, size_t at, const char *why)
{
    if (fault)
        *fault = (struct ledger_fault){code, {at, why}};
    return e;
}
