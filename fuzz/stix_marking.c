// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"
#include "stix/marking.h"

#include "base/limits.h"

static void must_be_a_set(const struct str *items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        MUST_HOLD(items[i].len > 0 && (i == 0 || str_cmp(items[i - 1], items[i]) < 0));
}

// A marking is of a kind; what it says are sorted sets, and why it is refused is said.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena scratch;
    arena_init(&scratch, 64 * MIB);
    struct stix_object o;
    struct stix_problem problem = {0};
    struct stix_marking m;
    struct str text = {(const char *)data, size};
    if (stix_object_read(&scratch, text, &o, &problem) == ERR_OK &&
        stix_marking_read(&scratch, &o, &m) == ERR_OK) {
        MUST_HOLD((m.kind >= STIX_MARKING_UNKNOWN) == (m.why != NULL));
        MUST_HOLD(!m.has_tlp || m.tlp < STIX_TLPS);
        must_be_a_set(m.relto, m.n_relto);
        must_be_a_set(m.caveats, m.n_caveats);
        must_be_a_set(m.national, m.n_national);
        for (size_t i = 0; i < m.n_national; i++)
            MUST_HOLD(!stix_national_is_above(m.national[i]));
    }
    arena_release(&scratch);
    return 0;
}
