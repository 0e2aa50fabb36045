// SPDX-License-Identifier: Apache-2.0
#include "base/err.h"

const char *err_text(enum err e)
{
    static const char *const texts[] = {
#define ERR_TEXT(name, text) [ERR_##name] = text,
        ERR_LIST(ERR_TEXT)
#undef ERR_TEXT
    };
    return (size_t)e < LEN(texts) ? texts[e] : "unknown error";
}

const char *err_name(enum err e)
{
    static const char *const names[] = {
#define ERR_NAME(name, text) [ERR_##name] = #name,
        ERR_LIST(ERR_NAME)
#undef ERR_NAME
    };
    return (size_t)e < LEN(names) ? names[e] : "UNKNOWN";
}

enum err fault_set(struct fault *fault, enum err e, size_t at, const char *why)
{
    if (fault)
        *fault = (struct fault){.at = at, .why = why};
    return e;
}
