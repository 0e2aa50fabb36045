// SPDX-License-Identifier: Apache-2.0
// The first byte of the input is a chunk size; the rest gives the same elements and the same
// end in such chunks as in one (B1).
#include "fuzz.h"

#include "json/json.h"
#include "json/split.h"

#define ELEMENT_BYTES_MAX 200

static struct str split(struct arena *a, struct str text, size_t chunk_bytes)
{
    struct buf log = buf_in(a, SIZE_MAX / 2);
    struct arena own;
    arena_init(&own, 64 << 20);
    struct json_splitter *s;
    MUST_HOLD(json_splitter_new(&own, ELEMENT_BYTES_MAX, &s) == ERR_OK);
    enum json_split got = JSON_SPLIT_MORE;
    for (size_t at = 0; at < text.len && got != JSON_SPLIT_FAILED; at += chunk_bytes) {
        json_splitter_feed(s, str_to(str_from(text, at), chunk_bytes));
        struct str element;
        uint64_t position;
        while ((got = json_splitter_next(s, &element, &position)) == JSON_SPLIT_ELEMENT) {
            MUST_HOLD(str_eq(element, str_to(str_from(text, position), element.len)));
            buf_put_u64be(&log, position);
            buf_put_u64be(&log, element.len);
        }
    }
    struct fault fault = {0};
    buf_put_byte(&log, (char)json_splitter_end(s, &fault));
    buf_put_u64be(&log, fault.at);
    buf_put(&log, str_of(fault.why));
    arena_release(&own);
    return buf_str(&log);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct arena a;
    arena_init(&a, 256 << 20);
    struct str text = {(const char *)data + 1, size - 1};
    MUST_HOLD(str_eq(split(&a, text, SIZE_MAX / 2), split(&a, text, data[0] % 64 + 1u)));
    arena_release(&a);
    return 0;
}
