// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include "base/limits.h"
#include "exchange/taxii.h"

// What a client may send of a query: lines, one a field. What is read as a cursor prints as
// itself.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const unsigned char key[TAXII_CURSOR_KEY_BYTES] = {7};
    struct arena a;
    struct str rest = {(const char *)data, size};
    struct taxii_filter filter;
    struct taxii_cursor cursor;
    const char *why;
    arena_init(&a, 64 * MIB);
    taxii_accepts(rest);
    taxii_is_content_type(rest);
    struct taxii_query query = {.added_after = str_cut(&rest, '\n'),
        .limit = str_cut(&rest, '\n'),
        .next = str_cut(&rest, '\n'),
        .id = str_cut(&rest, '\n'),
        .type = str_cut(&rest, '\n'),
        .version = str_cut(&rest, '\n')};
    if (taxii_filter_read(&a, &query, 100, &filter, &why) == ERR_OK)
        MUST_HOLD(filter.limit >= 1 && filter.limit <= 100);
    const struct taxii_scope scope = {.query = &query, .key = key};
    if (taxii_cursor_read(query.next, &scope, &cursor) == ERR_OK) {
        struct buf b = buf_in(&a, KIB);
        taxii_cursor_put(&b, &scope, &cursor);
        MUST_HOLD(str_eq(buf_str(&b), query.next));
    }
    arena_release(&a);
    return 0;
}
