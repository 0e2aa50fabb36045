// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include "base/base64.h"
#include "base/hex.h"
#include "base/limits.h"
#include "base/time.h"
#include "base/uuid.h"

#include <string.h>

// Small forms that much is made of: what is read prints as itself, and a time as an equal one.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct str text = {(const char *)data, size}, bytes;
    unsigned char uuid[UUID_BYTES], hash[32];
    int64_t us, again;
    arena_init(&a, 64 * MIB);
    struct buf as_uuid = buf_in(&a, KIB), as_hex = buf_in(&a, KIB), as_time = buf_in(&a, KIB);
    struct buf as_base64 = buf_in(&a, 16 * MIB);
    if (uuid_parse(text, uuid) == ERR_OK) {
        uuid_put(&as_uuid, uuid);
        MUST_HOLD(str_eq(buf_str(&as_uuid), text));
    }
    if (hex_parse(text, false, hash, sizeof hash) == ERR_OK) {
        hex_put(&as_hex, hash, sizeof hash);
        MUST_HOLD(str_eq(buf_str(&as_hex), text));
        MUST_HOLD(hex_parse(text, true, hash, sizeof hash) == ERR_OK);
    }
    if (time_parse(text, &us) == ERR_OK) {
        time_put(&as_time, us);
        MUST_HOLD(time_parse(buf_str(&as_time), &again) == ERR_OK && again == us);
    }
    bool is_base64 = base64_parse(&a, text, &bytes) == ERR_OK;
    if (is_base64) {
        base64_put(&as_base64, bytes);
        MUST_HOLD(str_eq(buf_str(&as_base64), text));
    }
    bool is_hash = is_base64 && bytes.len == sizeof hash;
    MUST_HOLD((base64_parse_exact(text, hash, sizeof hash) == ERR_OK) == is_hash);
    MUST_HOLD(!is_hash || memcmp(hash, bytes.ptr, sizeof hash) == 0);
    arena_release(&a);
    return 0;
}
