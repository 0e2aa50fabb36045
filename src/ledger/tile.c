// SPDX-License-Identifier: Apache-2.0
#include "ledger/tile.h"

#define LEVEL_MAX 63u

static void put_three_digits(struct buf *b, uint64_t n)
{
    buf_put_byte(b, (char)('0' + n / 100));
    buf_put_byte(b, (char)('0' + n / 10 % 10));
    buf_put_byte(b, (char)('0' + n % 10));
}

void ledger_tile_path_put(struct buf *b, struct ledger_tile tile)
{
    buf_put(b, STR("tile/"));
    if (tile.is_entries)
        buf_put(b, STR("entries"));
    else
        buf_put_u64(b, tile.level);
    uint64_t unit = 1; // of the first element
    while (tile.index / unit >= 1000)
        unit *= 1000;
    for (; unit > 0; unit /= 1000) {
        buf_put(b, unit > 1 ? STR("/x") : STR("/"));
        put_three_digits(b, tile.index / unit % 1000);
    }
    if (tile.width < LEDGER_TILE_WIDTH) {
        buf_put(b, STR(".p/"));
        buf_put_u64(b, tile.width);
    }
}

static enum err three_digits_parse(struct str text, uint64_t *index)
{
    if (text.len != 3)
        return ERR_INVALID;
    uint64_t n = 0;
    for (size_t i = 0; i < 3; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return ERR_INVALID;
        n = 10 * n + (unsigned)(text.ptr[i] - '0');
    }
    if (__builtin_mul_overflow(*index, 1000u, index) ||
        __builtin_add_overflow(*index, n, index) || *index > INT64_MAX)
        return ERR_INVALID;
    return ERR_OK;
}

// "x001/x234/067": one form only, so no leading element of zeros.
static enum err index_parse(struct str text, uint64_t *out)
{
    uint64_t index = 0;
    struct str rest = text;
    bool is_first = true;
    while (str_starts(rest, STR("x"))) {
        rest = str_from(rest, 1);
        TRY(three_digits_parse(str_cut(&rest, '/'), &index));
        if (is_first && index == 0)
            return ERR_INVALID;
        is_first = false;
    }
    TRY(three_digits_parse(rest, &index));
    *out = index;
    return ERR_OK;
}

enum err ledger_tile_path_parse(struct str path, struct ledger_tile *out)
{
    struct ledger_tile tile = {.width = LEDGER_TILE_WIDTH};
    struct str rest = path;
    if (!str_eq(str_cut(&rest, '/'), STR("tile")))
        return ERR_INVALID;
    struct str level = str_cut(&rest, '/');
    uint64_t n = 0;
    tile.is_entries = str_eq(level, STR("entries"));
    if (!tile.is_entries) {
        TRY(str_to_u64(level, &n));
        if (n > LEVEL_MAX)
            return ERR_INVALID;
        tile.level = (unsigned)n;
    }
    size_t partial_at = str_find(rest, STR(".p/"));
    if (partial_at < rest.len) {
        TRY(str_to_u64(str_from(rest, partial_at + 3), &n));
        if (n < 1 || n >= LEDGER_TILE_WIDTH)
            return ERR_INVALID;
        tile.width = (unsigned)n;
    }
    TRY(index_parse(str_to(rest, partial_at), &tile.index));
    *out = tile;
    return ERR_OK;
}

unsigned ledger_tile_width(unsigned level, uint64_t index, uint64_t size)
{
    unsigned height = level * LEDGER_TILE_HEIGHT;
    uint64_t hashes = height < 64 ? size >> height : 0;
    if (index > hashes / LEDGER_TILE_WIDTH)
        return 0;
    uint64_t after = hashes - index * LEDGER_TILE_WIDTH;
    return after < LEDGER_TILE_WIDTH ? (unsigned)after : LEDGER_TILE_WIDTH;
}

enum err ledger_tile_put(
    struct buf *b, const struct ledger_reader *r, struct ledger_tile tile, uint64_t size)
{
    struct ledger_hash hashes[LEDGER_TILE_WIDTH];
    if (tile.is_entries || tile.width < 1 ||
        tile.width > ledger_tile_width(tile.level, tile.index, size))
        return ERR_NOT_FOUND;
    TRY(r->read(r->context, tile.level, tile.index * LEDGER_TILE_WIDTH, tile.width, hashes));
    for (unsigned i = 0; i < tile.width; i++)
        buf_put(b, ledger_hash_str(&hashes[i]));
    return b->err;
}

void ledger_bundle_put(struct buf *b, struct str entry)
{
    if (entry.len > LEDGER_ENTRY_BYTES_MAX) {
        b->err = ERR_LIMIT;
        return;
    }
    buf_put_u16be(b, (uint16_t)entry.len);
    buf_put(b, entry);
}

enum err ledger_bundle_next(struct reader *bundle, struct str *entry)
{
    if (bundle->err != ERR_OK)
        return bundle->err;
    if (reader_at_end(bundle))
        return ERR_NOT_FOUND;
    struct str bytes = read_bytes(bundle, read_u16be(bundle));
    if (bundle->err == ERR_OK)
        *entry = bytes;
    return bundle->err;
}
