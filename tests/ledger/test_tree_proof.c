// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include "ledger/tree.h"

#define SIZES  300u
#define MANY   1000000u
#define ROUNDS 40u

static uint64_t random_below(uint64_t n)
{
    static uint64_t seed = 20231123;
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (seed >> 11) % n;
}

static void make_leaves(struct ledger_hash *leaves, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t number = (uint32_t)i;
        leaves[i] = ledger_leaf_hash((struct str){(char *)&number, sizeof number});
    }
}

static void flip(struct ledger_hash *h)
{
    uint64_t bit = random_below(256);
    h->bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
}

// The proof holds; with any one part changed it does not.
static void check_inclusion(const struct ledger_reader *r, const struct ledger_hash *leaf,
    uint64_t index, const struct ledger_head *head)
{
    struct ledger_proof proof;
    assert_int_equal(ledger_inclusion_prove(r, index, head->size, &proof), ERR_OK);
    assert_int_equal(ledger_inclusion_verify(&proof, index, leaf, head), ERR_OK);
    for (size_t i = 0; i < proof.n; i++) {
        struct ledger_proof bad = proof;
        flip(&bad.hashes[i]);
        assert_int_equal(ledger_inclusion_verify(&bad, index, leaf, head), ERR_CORRUPT);
    }
    struct ledger_proof bad = proof;
    bad.n++;
    assert_int_equal(ledger_inclusion_verify(&bad, index, leaf, head), ERR_CORRUPT);
    if (proof.n) {
        bad.n = proof.n - 1;
        assert_int_equal(ledger_inclusion_verify(&bad, index, leaf, head), ERR_CORRUPT);
        uint64_t other = index ? index - 1 : index + 1;
        assert_int_equal(ledger_inclusion_verify(&proof, other, leaf, head), ERR_CORRUPT);
    }
    struct ledger_hash other_leaf = *leaf;
    flip(&other_leaf);
    assert_int_equal(ledger_inclusion_verify(&proof, index, &other_leaf, head), ERR_CORRUPT);
    struct ledger_head other_head = *head;
    flip(&other_head.root);
    assert_int_equal(ledger_inclusion_verify(&proof, index, leaf, &other_head), ERR_CORRUPT);
}

static void check_consistency(const struct ledger_reader *r, const struct ledger_head *old_head,
    const struct ledger_head *new_head)
{
    struct ledger_proof proof;
    assert_int_equal(
        ledger_consistency_prove(r, old_head->size, new_head->size, &proof), ERR_OK);
    assert_int_equal(ledger_consistency_verify(&proof, old_head, new_head), ERR_OK);
    for (size_t i = 0; i < proof.n; i++) {
        struct ledger_proof bad = proof;
        flip(&bad.hashes[i]);
        assert_int_equal(ledger_consistency_verify(&bad, old_head, new_head), ERR_CORRUPT);
    }
    struct ledger_proof bad = proof;
    bad.n = proof.n ? proof.n - 1 : 1;
    assert_int_equal(ledger_consistency_verify(&bad, old_head, new_head), ERR_CORRUPT);
    bad.n = proof.n + 1;
    assert_int_equal(ledger_consistency_verify(&bad, old_head, new_head), ERR_CORRUPT);
    struct ledger_head other = *old_head;
    flip(&other.root);
    assert_int_equal(ledger_consistency_verify(&proof, &other, new_head), ERR_CORRUPT);
    other = *new_head;
    flip(&other.root);
    enum err want = old_head->size ? ERR_CORRUPT : ERR_OK; // nothing ties 0 to any root
    if (new_head->size == 0)
        want = ERR_CORRUPT;
    assert_int_equal(ledger_consistency_verify(&proof, old_head, &other), want);
}

static void every_proof_up_to_300_holds_and_no_changed_one_L1(void **state)
{
    static struct ledger_hash leaves[SIZES];
    static struct ledger_head heads[SIZES + 1];
    make_leaves(leaves, SIZES);
    struct ledger_leaves all = {leaves, SIZES};
    struct ledger_reader r = ledger_leaves_reader(&all);
    for (size_t n = 0; n <= SIZES; n++)
        heads[n] = (struct ledger_head){n, ledger_root_of(leaves, n)};
    for (size_t n = 0; n <= SIZES; n++) {
        for (size_t i = 0; i < n; i++)
            check_inclusion(&r, &leaves[i], i, &heads[n]);
        for (size_t i = 0; i <= n; i++)
            check_consistency(&r, &heads[i], &heads[n]);
    }
}

// What a store keeps: leaf hashes, and the root of each full tile per level.
struct tiles {
    struct ledger_hash *levels[3];
    size_t n[3];
    size_t reads;
};

static enum err tiles_read(
    void *context, unsigned level, uint64_t first, size_t n, struct ledger_hash *out)
{
    struct tiles *t = context;
    assert_true(level < 3 && first + n <= t->n[level] && n <= LEDGER_TILE_WIDTH);
    assert_true(first / LEDGER_TILE_WIDTH == (first + n - 1) / LEDGER_TILE_WIDTH);
    memcpy(out, t->levels[level] + first, n * sizeof *out);
    t->reads += n;
    return ERR_OK;
}

static void proofs_of_a_million_entries_read_few_hashes(void **state)
{
    struct arena a;
    arena_init(&a, 64 * MIB);
    struct tiles t = {.n = {MANY}};
    for (size_t i = 0; i < 3; i++) {
        t.levels[i] = NEW_N(&a, struct ledger_hash, MANY >> 8 * i);
        assert_non_null(t.levels[i]);
    }
    make_leaves(t.levels[0], MANY);
    struct ledger_frontier f = {0};
    for (size_t i = 0; i < MANY; i++) {
        struct ledger_hash done[LEDGER_TILE_LEVELS_MAX];
        size_t n = ledger_frontier_append(&f, &t.levels[0][i], done);
        for (size_t j = 0; j < n; j++)
            t.levels[j + 1][t.n[j + 1]++] = done[j];
    }
    struct ledger_reader r = {tiles_read, &t};
    for (size_t round = 0; round < ROUNDS; round++) {
        struct ledger_head old_head = {.size = 1 + random_below(MANY)};
        struct ledger_head new_head = {.size = 1 + random_below(MANY)};
        if (old_head.size > new_head.size) {
            struct ledger_head other = old_head;
            old_head = new_head;
            new_head = other;
        }
        assert_int_equal(ledger_root_read(&r, old_head.size, &old_head.root), ERR_OK);
        assert_int_equal(ledger_root_read(&r, new_head.size, &new_head.root), ERR_OK);
        t.reads = 0;
        check_consistency(&r, &old_head, &new_head);
        assert_true(t.reads < 1600);
        t.reads = 0;
        uint64_t index = random_below(new_head.size);
        check_inclusion(&r, &t.levels[0][index], index, &new_head);
        assert_true(t.reads < 1600);
    }
    arena_release(&a);
}

static void sizes_that_make_no_sense_are_refused(void **state)
{
    struct ledger_hash leaf = ledger_leaf_hash(STR("a"));
    struct ledger_leaves one = {&leaf, 1};
    struct ledger_reader r = ledger_leaves_reader(&one);
    struct ledger_proof proof = {0};
    struct ledger_head head = {1, leaf}, empty = {0, ledger_empty_root()};
    assert_int_equal(ledger_inclusion_prove(&r, 1, 1, &proof), ERR_INVALID);
    assert_int_equal(ledger_consistency_prove(&r, 2, 1, &proof), ERR_INVALID);
    assert_int_equal(ledger_inclusion_verify(&proof, 1, &leaf, &head), ERR_CORRUPT);
    assert_int_equal(ledger_inclusion_verify(&proof, 0, &leaf, &empty), ERR_CORRUPT);
    assert_int_equal(ledger_consistency_verify(&proof, &head, &empty), ERR_CORRUPT);
    proof.n = PROOF_HASHES_MAX + 1;
    assert_int_equal(ledger_inclusion_verify(&proof, 0, &leaf, &head), ERR_CORRUPT);
    assert_int_equal(ledger_consistency_verify(&proof, &empty, &head), ERR_CORRUPT);
    head.size = UINT64_MAX; // hostile: as deep as the type allows
    for (size_t n = 0; n <= PROOF_HASHES_MAX; n++) {
        proof.n = n;
        assert_int_equal(ledger_inclusion_verify(&proof, 5, &leaf, &head), ERR_CORRUPT);
        assert_int_equal(
            ledger_consistency_verify(&proof, &(struct ledger_head){3, leaf}, &head),
            ERR_CORRUPT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_proof_up_to_300_holds_and_no_changed_one_L1),
        cmocka_unit_test(proofs_of_a_million_entries_read_few_hashes),
        cmocka_unit_test(sizes_that_make_no_sense_are_refused),
    };
    return RUN_TESTS(tests);
}
