// SPDX-License-Identifier: Apache-2.0
// The canonical form is JSON and is its own canonical form (B1).
#include "fuzz.h"

#include "json/canonical.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    arena_init(&a, 64 << 20);
    struct json v, again;
    struct str once, twice;
    if (json_parse(&a, (struct str){(const char *)data, size}, &v, NULL) == ERR_OK &&
        json_canonical(&a, v, &once) == ERR_OK) {
        MUST_HOLD(json_parse(&a, once, &again, NULL) == ERR_OK);
        MUST_HOLD(json_canonical(&a, again, &twice) == ERR_OK);
        MUST_HOLD(str_eq(once, twice));
        enum err e = json_canonical_check(&a, once, &again, NULL);
        MUST_HOLD(e == ERR_OK || e == ERR_INVALID); // ERR_INVALID: its numbers
    }
    arena_release(&a);
    return 0;
}
