// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"
#include "stix/pattern.h"

#include "base/limits.h"

// What is printed for a pattern is a pattern that prints the same.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena scratch;
    arena_init(&scratch, 64 * MIB);
    struct str text = {(const char *)data, size};
    const struct stix_node *pattern, *again;
    struct stix_atom *atoms;
    size_t n;
    struct fault fault = {0};
    if (stix_pattern_parse(&scratch, text, &pattern, &fault) == ERR_OK) {
        struct buf first = buf_in(&scratch, MIB), second = buf_in(&scratch, MIB);
        stix_pattern_put(&first, pattern);
        if (first.len <= STIX_PATTERN_BYTES_MAX) {
            MUST_HOLD(stix_pattern_parse(&scratch, buf_str(&first), &again, NULL) == ERR_OK);
            stix_pattern_put(&second, again);
            MUST_HOLD(str_eq(buf_str(&first), buf_str(&second)));
        }
        enum err e = stix_pattern_atoms(&scratch, pattern, &atoms, &n);
        MUST_HOLD(e == ERR_OK || e == ERR_LIMIT);
    } else {
        MUST_HOLD(fault.why && fault.at <= size);
    }
    arena_release(&scratch);
    return 0;
}
