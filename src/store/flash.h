// SPDX-License-Identifier: Apache-2.0
// Flashes that we sent: on one officer's word then, reviewed by another afterwards.
#pragma once

#include "store/store.h"

struct store_flash {
    struct str id; // of the release
    struct str party;
    struct str key_id; // the duty officer
    struct str lang;
    struct str review; // id of the order that closed it; empty before
    int64_t at_us;
    int64_t reviewed_us; // 0: not reviewed
};
struct store_flashes {
    struct store_flash *items; // oldest first
    size_t n;
};
enum err store_flash_put(struct store_txn *t, const struct store_flash *flash) MUST_USE;
enum err store_flash_get(
    struct store_txn *t, struct arena *a, struct str id, struct store_flash *out) MUST_USE;
enum err store_flash_all(
    struct store_txn *t, struct arena *a, bool only_open, struct store_flashes *out) MUST_USE;
// ERR_CONFLICT when it is reviewed.
enum err store_flash_review(
    struct store_txn *t, struct str id, struct str review, int64_t at_us) MUST_USE;
