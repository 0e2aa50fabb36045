// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"
#include "stix/object.h"

#include "base/limits.h"

// An object that is read is of its id's type, and its references and values are sorted sets. A
// refusal says why and where.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena scratch;
    arena_init(&scratch, 64 * MIB);
    struct stix_object o;
    struct stix_problem problem = {0};
    unsigned char digest[SHA256_BYTES];
    enum err e =
        stix_object_read(&scratch, (struct str){(const char *)data, size}, &o, &problem);
    if (e == ERR_OK) {
        struct json type;
        MUST_HOLD(json_get(o.root, STR("type"), &type) && json_is_string(type, o.id.type));
        for (size_t i = 1; i < o.n_refs; i++)
            MUST_HOLD(str_cmp(o.refs[i - 1].id, o.refs[i].id) < 0);
        for (size_t i = 1; i < o.n_values; i++)
            MUST_HOLD(str_cmp(o.values[i - 1], o.values[i]) < 0);
        e = stix_digest(&scratch, o.root, digest);
        MUST_HOLD(e == ERR_OK || e == ERR_INVALID);
    } else {
        MUST_HOLD(problem.rule && problem.why && problem.at <= size);
    }
    arena_release(&scratch);
    return 0;
}
