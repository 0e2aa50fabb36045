// SPDX-License-Identifier: Apache-2.0
#include "ledger/commitment.h"

#include "hash/hash.h"

struct ledger_hash ledger_commitment(
    const unsigned char salt[static LEDGER_SALT_BYTES], struct str bytes)
{
    struct hash_sha256 h;
    struct ledger_hash out;
    hash_sha256_begin(&h);
    hash_sha256_add(&h, STR("cti-obj-v1\n"));
    hash_sha256_add(&h, (struct str){(const char *)salt, LEDGER_SALT_BYTES});
    hash_sha256_add(&h, bytes);
    hash_sha256_end(&h, out.bytes);
    return out;
}

struct ledger_head ledger_commitments_head(const struct ledger_hash *commitments, size_t n)
{
    struct ledger_frontier f = {0};
    for (size_t i = 0; i < n; i++) {
        struct ledger_hash leaf = ledger_leaf_hash(ledger_hash_str(&commitments[i]));
        ledger_frontier_append(&f, &leaf, NULL);
    }
    return (struct ledger_head){n, ledger_frontier_root(&f)};
}
