// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include "base/hex.h"
#include "hash/hash.h"
#include "ledger/tree.h"

#define LEAVES 1100u

// The definition of RFC 6962 section 2.1, word for word, as the oracle.
static struct ledger_hash naive_root(const struct ledger_hash *leaves, size_t n)
{
    if (n == 1)
        return leaves[0];
    size_t k = 1;
    while (2 * k < n)
        k *= 2;
    unsigned char text[65] = {1};
    struct ledger_hash left = naive_root(leaves, k), right = naive_root(leaves + k, n - k);
    memcpy(text + 1, left.bytes, 32);
    memcpy(text + 33, right.bytes, 32);
    struct ledger_hash out;
    hash_sha256((struct str){(char *)text, sizeof text}, out.bytes);
    return out;
}

static void make_leaves(struct ledger_hash *leaves, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t number = (uint32_t)i;
        leaves[i] = ledger_leaf_hash((struct str){(char *)&number, sizeof number});
    }
}

static void check_hex(const char *why, struct ledger_hash got, const char *want)
{
    struct ledger_hash hash;
    assert_int_equal(ledger_hash_parse_hex(str_of(want), &hash), ERR_OK);
    CHECK(why, ledger_hash_eq(&got, &hash));
}

static void published_and_own_check_values_hold(void **state)
{
    check_hex("empty tree", ledger_empty_root(),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    struct ledger_hash leaves[3] = {ledger_leaf_hash(STR("{\"k\":\"a\"}")),
        ledger_leaf_hash(STR("{\"k\":\"b\"}")), ledger_leaf_hash(STR("{\"k\":\"c\"}"))};
    check_hex("leaf a", leaves[0],
        "e7dbd74681573f9a5f58979fb0b7d20c3c405d033281b2198b7059d5052904f0");
    check_hex("leaf b", leaves[1],
        "a1cf332cde608dc89f26f59c15bd7419326ee06377716aa5e75c32b5b86a6af1");
    check_hex("leaf c", leaves[2],
        "7da4b7e9e54f24adeeb3c532187da8121d73429a80a764bcf63121bec1f2d9d8");
    check_hex("root of 2", ledger_root_of(leaves, 2),
        "86b0ceb0c918644006713732c71a584e0605dccd3bea0f1140097cdcacf99c5a");
    check_hex("root of 3", ledger_root_of(leaves, 3),
        "0ed6500ccdc9f6e71a66379dbfd139e3f126e178758c53d6bab72ded7d747d4b");
}

// The tree heads of the test data that implementations of RFC 6962 share.
static void roots_of_the_common_test_leaves_hold(void **state)
{
    static const struct str entries[] = {STR_INIT(""), STR_INIT("\x00"), STR_INIT("\x10"),
        STR_INIT("\x20\x21"), STR_INIT("\x30\x31"), STR_INIT("\x40\x41\x42\x43"),
        STR_INIT("\x50\x51\x52\x53\x54\x55\x56\x57"),
        STR_INIT("\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f")};
    static const char *const roots[] = {
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    struct ledger_hash leaves[LEN(entries)];
    for (size_t i = 0; i < LEN(entries); i++) {
        leaves[i] = ledger_leaf_hash(entries[i]);
        check_hex("root", ledger_root_of(leaves, i + 1), roots[i]);
    }
}

static void frontier_gives_the_naive_root_and_every_finished_tile(void **state)
{
    static struct ledger_hash leaves[LEAVES];
    make_leaves(leaves, LEAVES);
    struct ledger_frontier f = {0};
    for (size_t i = 0; i < LEAVES; i++) {
        struct ledger_hash tiles[LEDGER_TILE_LEVELS_MAX];
        size_t n = ledger_frontier_append(&f, &leaves[i], tiles);
        assert_int_equal(n, f.size % LEDGER_TILE_WIDTH == 0 ? 1 : 0);
        struct ledger_hash want = naive_root(leaves, f.size), got = ledger_frontier_root(&f);
        assert_memory_equal(got.bytes, want.bytes, 32);
        if (n) {
            want = naive_root(leaves + f.size - LEDGER_TILE_WIDTH, LEDGER_TILE_WIDTH);
            assert_memory_equal(tiles[0].bytes, want.bytes, 32);
        }
    }
}

static void one_leaf_can_finish_tiles_of_two_levels(void **state)
{
    struct ledger_frontier f = {0};
    struct ledger_hash leaf = ledger_leaf_hash(STR("same")), tiles[LEDGER_TILE_LEVELS_MAX];
    for (uint64_t i = 1; i < 2 * 65536; i++)
        ledger_frontier_append(&f, &leaf, NULL);
    assert_int_equal(ledger_frontier_append(&f, &leaf, tiles), 2);
    struct ledger_hash root = ledger_frontier_root(&f);
    struct ledger_hash twice = ledger_node_hash(&tiles[1], &tiles[1]);
    assert_memory_equal(root.bytes, twice.bytes, 32);
}

static void stored_frontier_comes_back(void **state)
{
    struct arena a;
    arena_init(&a, MIB);
    static struct ledger_hash leaves[300];
    make_leaves(leaves, LEN(leaves));
    struct ledger_frontier f = {0};
    for (size_t i = 0; i < LEN(leaves); i++) {
        struct buf b = buf_in(&a, 4096);
        ledger_frontier_put(&b, &f);
        struct ledger_frontier back;
        assert_int_equal(ledger_frontier_parse(buf_str(&b), &back), ERR_OK);
        struct ledger_hash want = ledger_frontier_root(&f), got = ledger_frontier_root(&back);
        assert_memory_equal(got.bytes, want.bytes, 32);
        assert_int_equal(
            ledger_frontier_parse(str_to(buf_str(&b), b.len - 1), &back), ERR_INVALID);
        buf_put_byte(&b, 0);
        assert_int_equal(ledger_frontier_parse(buf_str(&b), &back), ERR_INVALID);
        ledger_frontier_append(&f, &leaves[i], NULL);
    }
    struct str huge = STR("\x80\x00\x00\x00\x00\x00\x00\x00\x00");
    assert_int_equal(ledger_frontier_parse(huge, &f), ERR_INVALID);
    arena_release(&a);
}

static void frontier_and_root_of_any_size_can_be_read_back(void **state)
{
    static struct ledger_hash leaves[LEAVES];
    make_leaves(leaves, LEAVES);
    struct ledger_leaves all = {leaves, LEAVES};
    struct ledger_reader r = ledger_leaves_reader(&all);
    struct ledger_hash root = {{0}};
    for (size_t size = 0; size <= LEAVES; size++) {
        struct ledger_hash want = size ? naive_root(leaves, size) : ledger_empty_root();
        assert_int_equal(ledger_root_read(&r, size, &root), ERR_OK);
        assert_memory_equal(root.bytes, want.bytes, 32);
        struct ledger_frontier f;
        assert_int_equal(ledger_frontier_read(&r, size, &f), ERR_OK);
        assert_int_equal(f.size, size);
    }
    assert_int_equal(ledger_root_read(&r, LEAVES + 1, &root), ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_and_own_check_values_hold),
        cmocka_unit_test(roots_of_the_common_test_leaves_hold),
        cmocka_unit_test(frontier_gives_the_naive_root_and_every_finished_tile),
        cmocka_unit_test(one_leaf_can_finish_tiles_of_two_levels),
        cmocka_unit_test(stored_frontier_comes_back),
        cmocka_unit_test(frontier_and_root_of_any_size_can_be_read_back),
    };
    return RUN_TESTS(tests);
}
