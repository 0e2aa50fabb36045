// SPDX-License-Identifier: Apache-2.0
// A line of destroyed.log that is read is put again as it was.
#include "fuzz.h"

#include "base/buf.h"
#include "store/destroyed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str text = {(const char *)data, n};
    struct store_destroyed_line line;
    if (store_destroyed_line_parse(text, &line) != ERR_OK)
        return 0;
    struct arena a;
    arena_init(&a, 4 * 1024 * 1024);
    struct buf b = buf_in(&a, 2 * n + 1024);
    store_destroyed_line_put(&b, &line);
    MUST_HOLD(b.err != ERR_OK || str_eq(str_to(buf_str(&b), b.len - 1), text));
    arena_release(&a);
    return 0;
}
