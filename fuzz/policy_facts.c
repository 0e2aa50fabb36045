// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"
#include "policy/record.h"

#include "base/limits.h"

// Facts that are read print as they were, and a decision is made of them.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena scratch;
    arena_init(&scratch, 64 * MIB);
    struct str text = {(const char *)data, size};
    struct policy_facts facts;
    struct policy_nations nations;
    struct fault fault = {0};
    enum err e = policy_facts_parse(&scratch, text, &facts, &fault);
    if (e == ERR_OK) {
        struct buf b = buf_in(&scratch, size + KIB);
        MUST_HOLD(policy_facts_put(&b, &facts) == ERR_OK);
        MUST_HOLD(str_eq(buf_str(&b), text));
        MUST_HOLD(policy_decide(&facts).why < POLICY_WHYS);
        MUST_HOLD(policy_expand(&scratch, &facts, &nations) == ERR_OK);
    } else {
        MUST_HOLD(e == ERR_LIMIT || (fault.why && fault.at <= size));
    }
    arena_release(&scratch);
    return 0;
}
