// SPDX-License-Identifier: Apache-2.0
// Verification as in RFC 9162 sections 2.1.3.2 and 2.1.4.2: walk from the leaf (or the old
// tree's last complete subtree) up, with `node` its index and `last` the index of the rightmost
// node of the same height.
#include "ledger/tree.h"

enum err ledger_inclusion_verify(const struct ledger_proof *proof, uint64_t index,
    const struct ledger_hash *leaf_hash, const struct ledger_head *head)
{
    if (index >= head->size || proof->n > PROOF_HASHES_MAX)
        return ERR_CORRUPT;
    uint64_t node = index, last = head->size - 1;
    struct ledger_hash root = *leaf_hash;
    for (size_t i = 0; i < proof->n; i++) {
        if (last == 0)
            return ERR_CORRUPT; // longer than the tree is high; below, node 0 has no lowest bit
        // A rightmost node without a sibling goes up unchanged to where it has a left one.
        if (node == last && !(node & 1)) {
            int up = __builtin_ctzll(node);
            node >>= up;
            last >>= up;
        }
        root = node & 1 ? ledger_node_hash(&proof->hashes[i], &root)
                        : ledger_node_hash(&root, &proof->hashes[i]);
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && ledger_hash_eq(&root, &head->root) ? ERR_OK : ERR_CORRUPT;
}

// Both roots at once: hashes to the left belong to both trees, hashes to the right to the new
// one.
static enum err walk(const struct ledger_proof *proof, const struct ledger_head *old_head,
    const struct ledger_head *new_head)
{
    int up = __builtin_ctzll(old_head->size);
    uint64_t node = (old_head->size - 1) >> up, last = (new_head->size - 1) >> up;
    size_t i = 0;
    // Node 0 at that height is the whole old tree: the proof leaves its root out.
    struct ledger_hash old_root = node == 0 ? old_head->root : proof->hashes[i++];
    struct ledger_hash new_root = old_root;
    for (; i < proof->n; i++) {
        if (last == 0)
            return ERR_CORRUPT;
        if (node == last && !(node & 1)) {
            int skip = __builtin_ctzll(node);
            node >>= skip;
            last >>= skip;
        }
        if (node & 1) {
            old_root = ledger_node_hash(&proof->hashes[i], &old_root);
            new_root = ledger_node_hash(&proof->hashes[i], &new_root);
        } else {
            new_root = ledger_node_hash(&new_root, &proof->hashes[i]);
        }
        node >>= 1;
        last >>= 1;
    }
    bool holds = last == 0 && ledger_hash_eq(&old_root, &old_head->root) &&
                 ledger_hash_eq(&new_root, &new_head->root);
    return holds ? ERR_OK : ERR_CORRUPT;
}

enum err ledger_consistency_verify(const struct ledger_proof *proof,
    const struct ledger_head *old_head, const struct ledger_head *new_head)
{
    if (old_head->size > new_head->size || proof->n > PROOF_HASHES_MAX)
        return ERR_CORRUPT;
    if (old_head->size == 0 || old_head->size == new_head->size) {
        struct ledger_hash empty = ledger_empty_root();
        const struct ledger_hash *want = old_head->size ? &new_head->root : &empty;
        bool is_empty_new = new_head->size == 0;
        bool holds = proof->n == 0 && ledger_hash_eq(&old_head->root, want) &&
                     (!is_empty_new || ledger_hash_eq(&new_head->root, &empty));
        return holds ? ERR_OK : ERR_CORRUPT;
    }
    return proof->n == 0 ? ERR_CORRUPT : walk(proof, old_head, new_head);
}
