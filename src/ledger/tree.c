// SPDX-License-Identifier: Apache-2.0
#include "ledger/tree.h"

#include <assert.h>

#include "base/base64.h"
#include "base/hex.h"
#include "base/reader.h"
#include "hash/hash.h"

// RFC 6962 section 2.1: one byte keeps leaves and nodes apart.
#define LEAF_PREFIX STR("\x00")
#define NODE_PREFIX STR("\x01")

struct ledger_hash ledger_leaf_hash(struct str entry)
{
    struct hash_sha256 h;
    struct ledger_hash out;
    hash_sha256_begin(&h);
    hash_sha256_add(&h, LEAF_PREFIX);
    hash_sha256_add(&h, entry);
    hash_sha256_end(&h, out.bytes);
    return out;
}

struct ledger_hash ledger_node_hash(
    const struct ledger_hash *left, const struct ledger_hash *right)
{
    struct hash_sha256 h;
    struct ledger_hash out;
    hash_sha256_begin(&h);
    hash_sha256_add(&h, NODE_PREFIX);
    hash_sha256_add(&h, ledger_hash_str(left));
    hash_sha256_add(&h, ledger_hash_str(right));
    hash_sha256_end(&h, out.bytes);
    return out;
}

struct ledger_hash ledger_empty_root(void)
{
    struct ledger_hash out;
    hash_sha256(STR(""), out.bytes);
    return out;
}

bool ledger_hash_eq(const struct ledger_hash *a, const struct ledger_hash *b)
{
    return hash_equal(a->bytes, b->bytes, LEDGER_HASH_BYTES);
}

struct str ledger_hash_str(const struct ledger_hash *h)
{
    return (struct str){(const char *)h->bytes, LEDGER_HASH_BYTES};
}

void ledger_hash_put_hex(struct buf *b, const struct ledger_hash *h)
{
    hex_put(b, h->bytes, LEDGER_HASH_BYTES);
}

void ledger_hash_put_base64(struct buf *b, const struct ledger_hash *h)
{
    base64_put(b, ledger_hash_str(h));
}

enum err ledger_hash_parse_hex(struct str text, struct ledger_hash *out)
{
    struct ledger_hash h;
    TRY(hex_parse(text, false, h.bytes, LEDGER_HASH_BYTES));
    *out = h;
    return ERR_OK;
}

enum err ledger_hash_parse_base64(struct str text, struct ledger_hash *out)
{
    struct ledger_hash h;
    TRY(base64_parse_exact(text, h.bytes, LEDGER_HASH_BYTES));
    *out = h;
    return ERR_OK;
}

size_t ledger_frontier_append(struct ledger_frontier *f, const struct ledger_hash *leaf_hash,
    struct ledger_hash tiles[LEDGER_TILE_LEVELS_MAX])
{
    assert(f->size < INT64_MAX);
    struct ledger_hash hash = *leaf_hash;
    size_t n_tiles = 0;
    unsigned height = 0;
    // Like adding one to a binary number: equal subtrees carry into the next height.
    for (; f->size >> height & 1; height++) {
        hash = ledger_node_hash(&f->nodes[height], &hash);
        if ((height + 1) % LEDGER_TILE_HEIGHT == 0) {
            if (tiles)
                tiles[n_tiles] = hash;
            n_tiles++;
        }
    }
    f->nodes[height] = hash;
    f->size++;
    return n_tiles;
}

struct ledger_hash ledger_frontier_root(const struct ledger_frontier *f)
{
    if (f->size == 0)
        return ledger_empty_root();
    unsigned height = (unsigned)__builtin_ctzll(f->size);
    struct ledger_hash root = f->nodes[height];
    for (height++; height < 64; height++)
        if (f->size >> height & 1)
            root = ledger_node_hash(&f->nodes[height], &root);
    return root;
}

void ledger_frontier_put(struct buf *b, const struct ledger_frontier *f)
{
    buf_put_u64be(b, f->size);
    for (unsigned height = 64; height-- > 0;)
        if (f->size >> height & 1)
            buf_put(b, ledger_hash_str(&f->nodes[height]));
}

enum err ledger_frontier_parse(struct str bytes, struct ledger_frontier *out)
{
    struct reader r = reader_of(bytes);
    struct ledger_frontier f = {.size = read_u64be(&r)};
    if (f.size > INT64_MAX)
        return ERR_INVALID;
    for (unsigned height = 64; height-- > 0;) {
        if (!(f.size >> height & 1))
            continue;
        struct str hash = read_bytes(&r, LEDGER_HASH_BYTES);
        if (r.err != ERR_OK)
            return r.err;
        memcpy(f.nodes[height].bytes, hash.ptr, LEDGER_HASH_BYTES);
    }
    TRY(read_end(&r));
    *out = f;
    return ERR_OK;
}

struct ledger_hash ledger_root_of(const struct ledger_hash *leaf_hashes, size_t n)
{
    struct ledger_frontier f = {0};
    for (size_t i = 0; i < n; i++)
        ledger_frontier_append(&f, &leaf_hashes[i], NULL);
    return ledger_frontier_root(&f);
}
