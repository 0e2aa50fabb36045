// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"
#include "stix/value.h"

#include "base/limits.h"

#include <string.h>

// A normal form is its own normal form.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena scratch;
    arena_init(&scratch, 64 * MIB);
    struct str text = {(const char *)data, size}, keys[STIX_CANDIDATES_MAX];
    size_t n;
    if (stix_value_candidates(&scratch, text, keys, &n) == ERR_OK) {
        MUST_HOLD(n > 0 && n <= STIX_CANDIDATES_MAX);
    }
    for (enum stix_class c = 0; c < STIX_CLASSES; c++) {
        struct str key, again;
        if (stix_value_key(&scratch, c, text, &key) != ERR_OK)
            continue;
        struct str form = key, word = str_cut(&form, ':');
        enum stix_class got = str_eq(word, STR("ip")) ? STIX_CLASS_IP : c;
        MUST_HOLD(str_eq(word, stix_class_word(got)));
        MUST_HOLD(key.len <= STIX_VALUE_BYTES_MAX + 16);
        if (form.ptr[0] == '#')
            continue;
        MUST_HOLD(stix_value_key(&scratch, got, form, &again) == ERR_OK);
        MUST_HOLD(str_eq(key, again));
    }
    struct stix_net net, same;
    struct buf printed = buf_in(&scratch, KIB);
    if (stix_net_parse(text, &net) == ERR_OK) {
        stix_net_put(&printed, &net);
        MUST_HOLD(stix_net_parse(buf_str(&printed), &same) == ERR_OK);
        MUST_HOLD(same.n == net.n && same.prefix == net.prefix && net.prefix <= 8 * net.n);
        MUST_HOLD(memcmp(same.bytes, net.bytes, net.n) == 0);
    }
    arena_release(&scratch);
    return 0;
}
