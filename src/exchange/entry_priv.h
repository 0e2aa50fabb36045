// SPDX-License-Identifier: Apache-2.0
// Entries of a pair's logs, and what stands beside them.
#pragma once

#include "exchange/link_priv.h"
#include "ledger/entry.h"

// An entry of our log with the common fields filled.
enum err link_entry_begin(struct link *link, struct store_txn *t, struct arena *a,
    enum ledger_kind kind, int64_t now_us, struct ledger_entry *out) MUST_USE;
enum err link_entry_append(struct link *link, struct store_txn *t, struct arena *a,
    const struct ledger_entry *entry, uint64_t *idx) MUST_USE;
// An entry of either log, parsed.
enum err link_entry_get(struct store_txn *t, struct arena *a, int64_t log_id, uint64_t idx,
    struct ledger_entry *out, struct ledger_hash *leaf_hash) MUST_USE;
// The row of a grant, of either log, beside its entry.
enum err link_grant_put(struct link *link, struct store_txn *t, struct arena *a, bool is_ours,
    const struct ledger_grant *grant, uint64_t idx) MUST_USE;

// The entry that a reference names, in a log of ours or of the partner's, of this epoch or of a
// former one. ERR_CORRUPT when there is none such.
struct link_named {
    int64_t log_id;
    struct ledger_entry *entry;
};
enum err link_entry_named(struct link *link, struct store_txn *t, struct arena *a, bool is_ours,
    const struct ledger_ref *of, struct link_named *out) MUST_USE;
