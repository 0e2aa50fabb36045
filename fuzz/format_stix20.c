// SPDX-License-Identifier: Apache-2.0
#include "format/stix20.h"
#include "format_sink.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    struct fault fault = {0};
    struct arena a;
    arena_init(&a, 64 * MIB);
    if (format_is_stix20(&a, text)) {
        enum err e = format_stix20_read(&a, text, 0, &sink, &fault);
        MUST_HOLD(e == ERR_OK || e == ERR_LIMIT);
    }
    arena_release(&a);
    return 0;
}
