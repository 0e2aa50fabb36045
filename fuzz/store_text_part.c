// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"
#include "store/text_part.h"

#include "base/limits.h"

// What is read and written again is read as the same rows.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena scratch;
    arena_init(&scratch, 64 * MIB);
    struct str rest = {(const char *)data, size}, list;
    uint32_t number;
    enum err e = ERR_OK;
    while (text_entry_next(&rest, &number, &list, &e)) {
        struct text_rows rows = {0}, again = {0};
        struct buf b = buf_in(&scratch, KIB);
        if (text_list_read(list, &rows) != ERR_OK)
            continue;
        text_entry_put(&b, number, &rows);
        MUST_HOLD(b.err == ERR_OK);
        MUST_HOLD(text_part_find(buf_str(&b), number, &again) == ERR_OK);
        MUST_HOLD(memcmp(&rows, &again, sizeof rows) == 0);
    }
    MUST_HOLD(e == ERR_OK || e == ERR_CORRUPT);
    arena_release(&scratch);
    return 0;
}
