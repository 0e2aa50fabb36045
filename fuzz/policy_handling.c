// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"
#include "policy/handling.h"

#include "base/limits.h"

// A block that is read prints as it was; folding it with itself changes nothing.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena scratch;
    arena_init(&scratch, 64 * MIB);
    struct str text = {(const char *)data, size};
    struct handling h, folded;
    struct fault fault = {0};
    if (policy_handling_parse(&scratch, text, &h, &fault) == ERR_OK) {
        struct buf b = buf_in(&scratch, size + KIB);
        policy_handling_put(&b, &h);
        MUST_HOLD(str_eq(buf_str(&b), text));
        MUST_HOLD(policy_handling_fold(&scratch, &h, &h, &folded) == ERR_OK);
        MUST_HOLD(policy_handling_equal(&h, &folded));
        MUST_HOLD(policy_handling_covers(&h, &folded));
    } else {
        MUST_HOLD(fault.why && fault.at <= size);
    }
    arena_release(&scratch);
    return 0;
}
