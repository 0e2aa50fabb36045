// SPDX-License-Identifier: Apache-2.0
// Tiles and entry bundles of C2SP tlog-tiles, rendered on request.
#pragma once

#include "base/reader.h"
#include "ledger/tree.h"

struct ledger_tile {
    bool is_entries; // an entry bundle: level is 0
    unsigned level;  // 0 to 63
    uint64_t index;
    unsigned width; // 1 to 256; below 256 the tile is partial
};

// "tile/0/x001/x234/067.p/112"
void ledger_tile_path_put(struct buf *b, struct ledger_tile tile);
enum err ledger_tile_path_parse(struct str path, struct ledger_tile *out) MUST_USE;
// Hashes (or entries) that the tile holds in a tree of that size: 0 (none), or up to 256.
unsigned ledger_tile_width(unsigned level, uint64_t index, uint64_t size);

// The hashes of the tile. ERR_NOT_FOUND when a tree of that size has no such tile.
enum err ledger_tile_put(struct buf *b, const struct ledger_reader *r, struct ledger_tile tile,
    uint64_t size) MUST_USE;

// One entry of a bundle: u16be length, then the entry. One over 65,535 bytes sets b->err.
void ledger_bundle_put(struct buf *b, struct str entry);
// The next entry of a bundle, a slice of it. ERR_NOT_FOUND at the end, ERR_INVALID when cut.
enum err ledger_bundle_next(struct reader *bundle, struct str *entry) MUST_USE;
