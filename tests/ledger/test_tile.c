// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include "ledger/tile.h"

static void paths_print_and_parse(void **state)
{
    static const struct {
        struct str path;
        struct ledger_tile tile;
    } cases[] = {
        {STR_INIT("tile/0/x001/x234/067"), {.index = 1234067, .width = 256}},
        {STR_INIT("tile/0/x001/x234/067.p/112"), {.index = 1234067, .width = 112}},
        {STR_INIT("tile/2/000.p/1"), {.level = 2, .width = 1}},
        {STR_INIT("tile/63/999"), {.level = 63, .index = 999, .width = 256}},
        {STR_INIT("tile/1/x001/000"), {.level = 1, .index = 1000, .width = 256}},
        {STR_INIT("tile/entries/x273/x000/005.p/255"),
            {.is_entries = true, .index = 273000005, .width = 255}},
        {STR_INIT("tile/0/x009/x223/x372/x036/x854/x775/807"),
            {.index = INT64_MAX, .width = 256}},
    };
    struct arena a;
    arena_init(&a, MIB);
    for (size_t i = 0; i < LEN(cases); i++) {
        struct buf b = buf_in(&a, 200);
        ledger_tile_path_put(&b, cases[i].tile);
        CHECK_STR("printed", buf_str(&b), cases[i].path);
        struct ledger_tile t = {0};
        CHECK_ERR(cases[i].path.ptr, ledger_tile_path_parse(cases[i].path, &t), ERR_OK);
        CHECK(cases[i].path.ptr,
            t.is_entries == cases[i].tile.is_entries && t.level == cases[i].tile.level &&
                t.index == cases[i].tile.index && t.width == cases[i].tile.width);
    }
    arena_release(&a);
}

static void other_paths_are_refused(void **state)
{
    static const char *const paths[] = {"", "tile", "tile/0", "tile/0/", "tile/0/67",
        "tile/0/0067", "tile/0/06a", "tile/0/001/067", "tile/0/x000/067", "tile/0/x001/x067",
        "tile/0/x001/", "tile/64/000", "tile/00/000", "tile/-1/000", "tile/0/000.p/0",
        "tile/0/000.p/256", "tile/0/000.p/", "tile/0/000.p/01", "tile/0/000.p/1/",
        "tile/0/000.p", "tile/data/000", "tile/0/000/", "/tile/0/000",
        "tile/0/x009/x223/x372/x036/x854/x775/808",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999"};
    for (size_t i = 0; i < LEN(paths); i++) {
        struct ledger_tile t;
        CHECK_ERR(paths[i], ledger_tile_path_parse(str_of(paths[i]), &t), ERR_INVALID);
    }
}

static void widths_follow_from_the_size(void **state)
{
    static const struct {
        unsigned level, want;
        uint64_t index, size;
    } cases[] = {{0, 256, 272, 70000}, {0, 112, 273, 70000}, {0, 0, 274, 70000},
        {1, 256, 0, 70000}, {1, 17, 1, 70000}, {1, 0, 2, 70000}, {2, 1, 0, 70000},
        {3, 0, 0, 70000}, {0, 256, 0, 256}, {1, 1, 0, 256}, {0, 255, 0, 255}, {1, 0, 0, 255},
        {0, 0, 0, 0}, {63, 0, 0, INT64_MAX}, {7, 127, 0, INT64_MAX}};
    for (size_t i = 0; i < LEN(cases); i++)
        assert_int_equal(
            ledger_tile_width(cases[i].level, cases[i].index, cases[i].size), cases[i].want);
}

static void rendered_tiles_hold_the_hashes_in_order(void **state)
{
    struct arena a;
    arena_init(&a, MIB);
    static struct ledger_hash leaves[600];
    for (size_t i = 0; i < LEN(leaves); i++)
        leaves[i].bytes[0] = (unsigned char)i;
    struct ledger_leaves all = {leaves, LEN(leaves)};
    struct ledger_reader r = ledger_leaves_reader(&all);
    struct buf b = buf_in(&a, 8192);
    assert_int_equal(
        ledger_tile_put(&b, &r, (struct ledger_tile){.index = 1, .width = 256}, 600), ERR_OK);
    assert_int_equal(b.len, 8192);
    assert_memory_equal(b.ptr, leaves + 256, 8192);
    b = buf_in(&a, 8192);
    struct ledger_tile top = {.level = 1, .width = 2};
    assert_int_equal(ledger_tile_put(&b, &r, top, 600), ERR_OK);
    struct ledger_hash want = ledger_root_of(leaves + 256, 256);
    assert_memory_equal(b.ptr + 32, want.bytes, 32);
    top.width = 3;
    assert_int_equal(ledger_tile_put(&b, &r, top, 600), ERR_NOT_FOUND);
    top.width = 0;
    assert_int_equal(ledger_tile_put(&b, &r, top, 600), ERR_NOT_FOUND);
    arena_release(&a);
}

static void bundles_carry_entries_up_to_65535_bytes_SV9(void **state)
{
    struct arena a;
    arena_init(&a, MIB);
    static char longest[LEDGER_ENTRY_BYTES_MAX + 1];
    struct buf b = buf_in(&a, 256 * KIB);
    ledger_bundle_put(&b, STR("first"));
    ledger_bundle_put(&b, STR(""));
    ledger_bundle_put(&b, (struct str){longest, LEDGER_ENTRY_BYTES_MAX});
    struct reader bundle = reader_of(buf_str(&b));
    struct str entry;
    assert_int_equal(ledger_bundle_next(&bundle, &entry), ERR_OK);
    CHECK_STR("first", entry, STR("first"));
    assert_int_equal(ledger_bundle_next(&bundle, &entry), ERR_OK);
    CHECK_STR("empty", entry, STR(""));
    assert_int_equal(ledger_bundle_next(&bundle, &entry), ERR_OK);
    assert_int_equal(entry.len, LEDGER_ENTRY_BYTES_MAX);
    assert_int_equal(ledger_bundle_next(&bundle, &entry), ERR_NOT_FOUND);
    bundle = reader_of(STR("\x00\x05"
                           "firs"));
    assert_int_equal(ledger_bundle_next(&bundle, &entry), ERR_INVALID);
    assert_int_equal(ledger_bundle_next(&bundle, &entry), ERR_INVALID);
    ledger_bundle_put(&b, (struct str){longest, sizeof longest});
    assert_int_equal(b.err, ERR_LIMIT);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_print_and_parse),
        cmocka_unit_test(other_paths_are_refused),
        cmocka_unit_test(widths_follow_from_the_size),
        cmocka_unit_test(rendered_tiles_hold_the_hashes_in_order),
        cmocka_unit_test(bundles_carry_entries_up_to_65535_bytes_SV9),
    };
    return RUN_TESTS(tests);
}
