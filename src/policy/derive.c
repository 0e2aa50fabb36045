// SPDX-License-Identifier: Apache-2.0
#include "policy/derive.h"

// What an originator's CLEAR information needs no grant for, what is made of it needs none for.
static bool needs_consent(const struct handling *input, struct str author)
{
    return !str_eq(input->originator, author) &&
           (input->tlp > STIX_TLP_CLEAR || input->is_orcon);
}

static enum err consent_fold(struct arena *a, struct handling *h, const struct handling *input)
{
    struct buf b = buf_in(a, STR(POLICY_CONSENT_CAVEAT).len + input->originator.len);
    struct str caveat;
    buf_put(&b, STR(POLICY_CONSENT_CAVEAT));
    buf_put(&b, input->originator);
    TRY(buf_end(&b, &caveat));
    struct handling one = {.cav = &caveat, .n_cav = 1};
    return policy_handling_fold(a, h, &one, h);
}

enum err policy_derive(struct arena *a, const struct handling *own, struct policy_inputs inputs,
    struct str home, struct handling *out)
{
    struct handling h = *own;
    for (size_t i = 0; i < inputs.n; i++) {
        const struct handling *input = &inputs.items[i];
        if (home.len > 0 && str_eq(input->originator, home))
            continue;
        TRY(policy_handling_fold(a, &h, input, &h));
        if (needs_consent(input, own->originator))
            TRY(consent_fold(a, &h, input));
    }
    *out = h;
    return ERR_OK;
}
