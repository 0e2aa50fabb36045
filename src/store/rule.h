// SPDX-License-Identifier: Apache-2.0
// Standing rules: what officers let go to a party by itself.
#pragma once

#include "store/store.h"

struct store_rule {
    struct str id;
    struct str party;
    struct str agreement; // hex digest of the one under which it was approved
    struct str types;     // joined by commas
    struct str source;
    struct str max_tlp;
    int64_t added_us;
    int64_t at_seq; // rows up to this one have been looked at
};
struct store_rules {
    struct store_rule *items; // oldest first
    size_t n;
};
// Begins behind the newest row, whatever at_seq says.
enum err store_rule_put(struct store_txn *t, const struct store_rule *rule) MUST_USE;
// Those in force.
enum err store_rule_all(struct store_txn *t, struct arena *a, struct store_rules *out) MUST_USE;
// ERR_NOT_FOUND when it is not in force.
enum err store_rule_remove(struct store_txn *t, struct str id, int64_t at_us) MUST_USE;
enum err store_rule_advance(struct store_txn *t, struct str id, int64_t at_seq) MUST_USE;
