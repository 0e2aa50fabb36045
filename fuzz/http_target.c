// SPDX-License-Identifier: Apache-2.0
// A value that was read, escaped again and read again is the same value.
#include "fuzz.h"

#include "base/buf.h"
#include "http/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena scratch;
    arena_init(&scratch, 1024 * 1024);
    struct str text = {(const char *)data, size};
    struct http_target t, again;
    struct str escaped;
    if (size < 4096 && http_target_parse(&scratch, text, &t, NULL) == ERR_OK) {
        MUST_HOLD(t.path.len > 0 && t.path.ptr[0] == '/');
        for (size_t i = 0; i < t.n_parameters; i++) {
            struct buf b = buf_in(&scratch, 1024 * 1024);
            MUST_HOLD(http_target_escape(&scratch, t.parameters[i].value, &escaped) == ERR_OK);
            buf_put(&b, STR("/?a="));
            buf_put(&b, escaped);
            MUST_HOLD(http_target_parse(&scratch, buf_str(&b), &again, NULL) == ERR_OK);
            MUST_HOLD(str_eq(again.parameters[0].value, t.parameters[i].value));
        }
    }
    arena_release(&scratch);
    return 0;
}
