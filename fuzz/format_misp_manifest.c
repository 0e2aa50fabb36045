// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include "base/limits.h"
#include "format/misp_manifest.h"

// Each event is further on, and the end is the end.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct misp_manifest m = misp_manifest_of((struct str){(const char *)data, size});
    struct misp_manifest_item item;
    struct fault fault = {0};
    enum err e;
    arena_init(&a, 64 * MIB);
    for (size_t at = 0; (e = misp_manifest_next(&m, &a, &item, &fault)) == ERR_OK; at = m.at) {
        MUST_HOLD(m.at > at && m.at <= size);
        MUST_HOLD(item.uuid.len == 36 && item.changed_s >= 0);
    }
    MUST_HOLD(e != ERR_NOT_FOUND || m.at == size);
    arena_release(&a);
    return 0;
}
