// SPDX-License-Identifier: Apache-2.0
// Each value of a document that is taken, cut out, is a document of the same type (B1).
#include "fuzz.h"

#include "json/json.h"

static void check_value(struct json v)
{
    struct arena own;
    arena_init(&own, 64 << 20);
    struct json alone;
    MUST_HOLD(json_parse(&own, json_span(v), &alone, NULL) == ERR_OK);
    MUST_HOLD(json_type(alone) == json_type(v) && json_len(alone) == json_len(v));
    arena_release(&own);
}

// Children of the root and of its first levels; deeper ones were part of those.
static void check_children(struct arena *a, struct json v, unsigned levels)
{
    check_value(v);
    for (struct json_iter it = json_iter(v); levels && json_next(&it);) {
        struct str key;
        struct json same;
        check_children(a, it.value, levels - 1);
        if (!json_is(v, JSON_OBJECT))
            continue;
        MUST_HOLD(json_key(a, &it, &key) == ERR_OK);
        MUST_HOLD(json_get(v, key, &same) && same.node == it.value.node);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    arena_init(&a, 64 << 20);
    struct json v;
    struct fault fault = {0};
    if (json_parse(&a, (struct str){(const char *)data, size}, &v, &fault) == ERR_OK)
        check_children(&a, v, 3);
    else
        MUST_HOLD(fault.why && fault.at <= size);
    arena_release(&a);
    return 0;
}
