// SPDX-License-Identifier: Apache-2.0
#include "format/sniff.h"
#include "fuzz.h"

// A document is of a kind, or there is a reason.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fault fault = {0};
    enum format_kind kind = FORMAT_KINDS;
    enum err e = format_sniff((struct str){(const char *)data, size}, &kind, &fault);
    MUST_HOLD(e == ERR_OK ? kind < FORMAT_KINDS : fault.why != NULL);
    return 0;
}
