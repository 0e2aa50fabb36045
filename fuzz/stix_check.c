// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"
#include "stix/check.h"
#include "stix/object.h"

#include "base/limits.h"

// What reading refuses has an error, what it takes has none but where policy judges in its
// stead; findings stand within the text.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena scratch;
    arena_init(&scratch, 64 * MIB);
    struct str text = {(const char *)data, size};
    struct stix_findings all;
    struct stix_object o;
    struct stix_problem problem;
    if (stix_check(&scratch, text, &all) == ERR_OK) {
        enum err e = stix_object_read(&scratch, text, &o, &problem);
        size_t forged = 0;
        MUST_HOLD(all.errors + all.warnings >= all.n && all.n <= STIX_FINDINGS_MAX);
        for (size_t i = 0; i < all.n; i++) {
            MUST_HOLD(all.items[i].at <= size);
            forged += all.items[i].rule == STIX_RULE_TLP;
        }
        MUST_HOLD(e == ERR_LIMIT || (e == ERR_OK) == (all.errors == forged));
        MUST_HOLD(stix_check_bundle(&scratch, text, 0, &all) != ERR_INVALID);
    }
    arena_release(&scratch);
    return 0;
}
