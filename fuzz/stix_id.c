// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"
#include "stix/id.h"

#include "base/limits.h"

// An identifier that is accepted is made of its type, two hyphens and its UUID.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena scratch;
    arena_init(&scratch, MIB);
    struct str text = {(const char *)data, size};
    struct stix_id id;
    if (stix_id_parse(text, &id) == ERR_OK) {
        struct buf b = buf_in(&scratch, KIB);
        buf_put(&b, id.type);
        buf_put(&b, STR("--"));
        uuid_put(&b, id.uuid);
        MUST_HOLD(str_eq(buf_str(&b), text));
        MUST_HOLD(stix_type_check(id.type) == ERR_OK);
    }
    arena_release(&scratch);
    return 0;
}
