// SPDX-License-Identifier: Apache-2.0
// Roots and proofs from stored hashes. A range of leaves is cut into complete subtrees; the
// root of a complete subtree of height h comes from the 2^(h mod 8) hashes of the highest tile
// level that lies inside it.
#include "ledger/tree.h"

// Root of the complete subtree of that height whose index among its like is `index`.
static enum err subtree_read(
    const struct ledger_reader *r, unsigned height, uint64_t index, struct ledger_hash *out)
{
    struct ledger_hash hashes[LEDGER_TILE_WIDTH / 2];
    unsigned level = height / LEDGER_TILE_HEIGHT;
    size_t n = (size_t)1 << height % LEDGER_TILE_HEIGHT;
    TRY(r->read(r->context, level, index * n, n, hashes));
    for (; n > 1; n /= 2)
        for (size_t i = 0; i < n / 2; i++)
            hashes[i] = ledger_node_hash(&hashes[2 * i], &hashes[2 * i + 1]);
    *out = hashes[0];
    return ERR_OK;
}

// Frontier of the leaves begin..end-1 alone; `begin` is a multiple of a power of two that is at
// least their number, as it is for every subtree that RFC 6962 splits off.
static enum err range_read(
    const struct ledger_reader *r, uint64_t begin, uint64_t end, struct ledger_frontier *out)
{
    struct ledger_frontier f = {.size = end - begin};
    uint64_t at = begin;
    for (unsigned height = 64; height-- > 0;) {
        if (!(f.size >> height & 1))
            continue;
        TRY(subtree_read(r, height, at >> height, &f.nodes[height]));
        at += UINT64_C(1) << height;
    }
    *out = f;
    return ERR_OK;
}

static enum err range_root(
    const struct ledger_reader *r, uint64_t begin, uint64_t end, struct ledger_hash *out)
{
    struct ledger_frontier f;
    TRY(range_read(r, begin, end, &f));
    *out = ledger_frontier_root(&f);
    return ERR_OK;
}

enum err ledger_root_read(const struct ledger_reader *r, uint64_t size, struct ledger_hash *out)
{
    return range_root(r, 0, size, out);
}

enum err ledger_frontier_read(
    const struct ledger_reader *r, uint64_t size, struct ledger_frontier *out)
{
    return range_read(r, 0, size, out);
}

// Largest power of two below n, for n > 1.
static uint64_t split_at(uint64_t n)
{
    return UINT64_C(1) << (63 - __builtin_clzll(n - 1));
}

static void reverse(struct ledger_proof *proof)
{
    for (size_t i = 0; i < proof->n / 2; i++) {
        struct ledger_hash other = proof->hashes[i];
        proof->hashes[i] = proof->hashes[proof->n - 1 - i];
        proof->hashes[proof->n - 1 - i] = other;
    }
}

enum err ledger_inclusion_prove(
    const struct ledger_reader *r, uint64_t index, uint64_t size, struct ledger_proof *out)
{
    if (index >= size || size > INT64_MAX)
        return ERR_INVALID;
    struct ledger_proof proof = {0};
    uint64_t begin = 0, end = size;
    // From the root down; each step keeps the half with the leaf and notes the other's root.
    while (end - begin > 1) {
        uint64_t middle = begin + split_at(end - begin);
        bool is_left = index < middle;
        uint64_t other_begin = is_left ? middle : begin, other_end = is_left ? end : middle;
        TRY(range_root(r, other_begin, other_end, &proof.hashes[proof.n++]));
        begin = is_left ? begin : middle;
        end = is_left ? middle : end;
    }
    reverse(&proof);
    *out = proof;
    return ERR_OK;
}

enum err ledger_consistency_prove(const struct ledger_reader *r, uint64_t old_size,
    uint64_t new_size, struct ledger_proof *out)
{
    if (old_size > new_size || new_size > INT64_MAX)
        return ERR_INVALID;
    struct ledger_proof proof = {0};
    uint64_t begin = 0, end = new_size;
    // From the root down to the subtree that ends where the old tree ended.
    while (old_size > 0 && old_size < end) {
        uint64_t middle = begin + split_at(end - begin);
        bool is_left = old_size <= middle;
        uint64_t other_begin = is_left ? middle : begin, other_end = is_left ? end : middle;
        TRY(range_root(r, other_begin, other_end, &proof.hashes[proof.n++]));
        begin = is_left ? begin : middle;
        end = is_left ? middle : end;
    }
    // When that subtree is the whole old tree, its root is known to the verifier.
    if (begin > 0)
        TRY(range_root(r, begin, end, &proof.hashes[proof.n++]));
    reverse(&proof);
    *out = proof;
    return ERR_OK;
}

static enum err leaves_read(
    void *context, unsigned level, uint64_t first, size_t n, struct ledger_hash *out)
{
    const struct ledger_leaves *leaves = context;
    unsigned height = level * LEDGER_TILE_HEIGHT;
    uint64_t held = height < 64 ? leaves->n >> height : 0;
    if (first > held || n > held - first)
        return ERR_NOT_FOUND;
    size_t width = (size_t)1 << height;
    for (size_t i = 0; i < n; i++)
        out[i] = ledger_root_of(leaves->hashes + (first + i) * width, width);
    return ERR_OK;
}

struct ledger_reader ledger_leaves_reader(struct ledger_leaves *leaves)
{
    return (struct ledger_reader){leaves_read, leaves};
}
