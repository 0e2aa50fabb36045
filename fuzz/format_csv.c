// SPDX-License-Identifier: Apache-2.0
#include "format/csv_in.h"
#include "format_sink.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct format_about about = {.now_us = 1, .wants_indicators = true};
    struct str text = {(const char *)data, size};
    struct fault fault = {0};
    struct arena a;
    arena_init(&a, 64 * MIB);
    enum err e = format_csv_read(&a, text, &about, &sink, &fault);
    MUST_HOLD(e == ERR_OK || e == ERR_LIMIT || fault.why);
    arena_release(&a);
    return 0;
}
