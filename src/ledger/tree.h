// SPDX-License-Identifier: Apache-2.0
// The Merkle tree of RFC 6962 section 2.1: hashes, roots, proofs. Sizes are at most 2^63 - 1.
#pragma once

#include "base/buf.h"
#include "base/limits.h"

#define LEDGER_HASH_BYTES      32
#define LEDGER_TILE_HEIGHT     8u   // levels of the tree in one level of tiles
#define LEDGER_TILE_WIDTH      256u // 2^8 hashes in a full tile
#define LEDGER_TILE_LEVELS_MAX 8u   // 8 * 8 > 63

struct ledger_hash {
    unsigned char bytes[LEDGER_HASH_BYTES];
};

// A tree as its size and root.
struct ledger_head {
    uint64_t size;
    struct ledger_hash root;
};

struct ledger_hash ledger_leaf_hash(struct str entry);
struct ledger_hash ledger_node_hash(
    const struct ledger_hash *left, const struct ledger_hash *right);
struct ledger_hash ledger_empty_root(void);
bool ledger_hash_eq(const struct ledger_hash *a, const struct ledger_hash *b);
struct str ledger_hash_str(const struct ledger_hash *h); // its 32 bytes
void ledger_hash_put_hex(struct buf *b, const struct ledger_hash *h);
void ledger_hash_put_base64(struct buf *b, const struct ledger_hash *h);
enum err ledger_hash_parse_hex(struct str text, struct ledger_hash *out) MUST_USE;
enum err ledger_hash_parse_base64(struct str text, struct ledger_hash *out) MUST_USE;

// All that is needed of a log to append to it: the root of one complete subtree per set bit of
// the size, nodes[h] of height h. Zero is the empty tree.
struct ledger_frontier {
    uint64_t size;
    struct ledger_hash nodes[64];
};

// Appends a leaf. Tiles that the leaf completes: tiles[i] becomes the root of the tile at tile
// level i (256^(i+1) leaves), whose index there is size / 256^(i+1) - 1 after the call. Returns
// their number. `tiles` may be NULL. The size must be below 2^63 - 1.
size_t ledger_frontier_append(struct ledger_frontier *f, const struct ledger_hash *leaf_hash,
    struct ledger_hash tiles[LEDGER_TILE_LEVELS_MAX]);
struct ledger_hash ledger_frontier_root(const struct ledger_frontier *f);
// For storage: u64be size, then the nodes, largest first. ERR_INVALID for any other length.
void ledger_frontier_put(struct buf *b, const struct ledger_frontier *f);
enum err ledger_frontier_parse(struct str bytes, struct ledger_frontier *out) MUST_USE;

// Where hashes come from. `read` gives out[0..n) = the roots of the complete subtrees of height
// 8 * level at indexes first .. first + n - 1: level 0 holds leaf hashes, level 1 one hash per
// full tile of 256 leaves, and so on. n is at most 256 and the range never leaves one tile. It
// is asked only for what a tree of the size given holds. Errors are passed on.
struct ledger_reader {
    enum err (*read)(
        void *context, unsigned level, uint64_t first, size_t n, struct ledger_hash *out);
    void *context;
};

// A reader over leaf hashes in memory; `leaves` outlives it.
struct ledger_leaves {
    const struct ledger_hash *hashes;
    uint64_t n;
};
struct ledger_reader ledger_leaves_reader(struct ledger_leaves *leaves);
// The root over n leaf hashes.
struct ledger_hash ledger_root_of(const struct ledger_hash *leaf_hashes, size_t n);

// The tree as it was at `size`. At most 256 hashes per tile level are read.
enum err ledger_root_read(
    const struct ledger_reader *r, uint64_t size, struct ledger_hash *out) MUST_USE;
enum err ledger_frontier_read(
    const struct ledger_reader *r, uint64_t size, struct ledger_frontier *out) MUST_USE;

struct ledger_proof {
    size_t n;
    struct ledger_hash hashes[PROOF_HASHES_MAX];
};

// RFC 6962 sections 2.1.1 and 2.1.2. ERR_INVALID unless index < size, old_size <= new_size. A
// consistency proof from 0 or between equal sizes is empty. About 512 hashes per tile level
// are read.
enum err ledger_inclusion_prove(const struct ledger_reader *r, uint64_t index, uint64_t size,
    struct ledger_proof *out) MUST_USE;
enum err ledger_consistency_prove(const struct ledger_reader *r, uint64_t old_size,
    uint64_t new_size, struct ledger_proof *out) MUST_USE;

// ERR_CORRUPT unless the proof shows it. Any input may be hostile.
enum err ledger_inclusion_verify(const struct ledger_proof *proof, uint64_t index,
    const struct ledger_hash *leaf_hash, const struct ledger_head *head) MUST_USE;
enum err ledger_consistency_verify(const struct ledger_proof *proof,
    const struct ledger_head *old_head, const struct ledger_head *new_head) MUST_USE;
