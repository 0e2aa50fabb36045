// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include "base/limits.h"
#include "base/reader.h"
#include "ledger/tile.h"

// A path that is read prints as itself; a bundle is its entries one after another, to the place
// where it is cut.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct str text = {(const char *)data, size}, entry;
    struct ledger_tile tile;
    struct reader bundle = reader_of(text);
    arena_init(&a, 64 * MIB);
    struct buf path = buf_in(&a, KIB), all = buf_in(&a, 16 * MIB);
    if (ledger_tile_path_parse(text, &tile) == ERR_OK) {
        ledger_tile_path_put(&path, tile);
        MUST_HOLD(str_eq(buf_str(&path), text));
    }
    enum err e;
    while ((e = ledger_bundle_next(&bundle, &entry)) == ERR_OK)
        ledger_bundle_put(&all, entry);
    MUST_HOLD(e == ERR_NOT_FOUND || e == ERR_INVALID);
    MUST_HOLD(str_starts(text, buf_str(&all)));
    MUST_HOLD(e == ERR_INVALID || all.len == size);
    arena_release(&a);
    return 0;
}
