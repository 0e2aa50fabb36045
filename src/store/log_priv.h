// SPDX-License-Identifier: Apache-2.0
// What appending needs of a log's row.
#pragma once

#include "ledger/tree.h"
#include "store/store.h"

enum err store_frontier_load(
    struct store_txn *t, int64_t log_id, struct ledger_frontier *out) MUST_USE;
enum err store_frontier_save(
    struct store_txn *t, int64_t log_id, const struct ledger_frontier *frontier) MUST_USE;
// A hash of a full tile.
enum err store_node_put(struct store_txn *t, int64_t log_id, unsigned level, uint64_t idx,
    const struct ledger_hash *hash) MUST_USE;
