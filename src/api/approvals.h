// SPDX-License-Identifier: Apache-2.0
// Approvals of officers that came with a request. No right of an operator or token stands in
// for them: what needs officers is decided from these key ids alone (H2).
#pragma once

#include "api/call.h"
#include "ledger/approval.h"
#include "store/officer.h"
#include "json/json.h"

#define APPROVALS_NEEDED 2 // of different officers; of a flash: 1

struct approvals {
    struct str order; // the canonical JSON that was approved, computed again
    struct str party; // whom it concerns
    struct ledger_hash digest;
    struct str key_ids[LEDGER_APPROVALS_MAX]; // different officers, all in office
    struct store_approval kept[LEDGER_APPROVALS_MAX];
    size_t n;
};

// An order as approvals name it.
void approvals_begin(struct approvals *out, struct str order, struct str party);
// Verifies the member "approvals" of a body, a list of the officers' files; without one, n is
// 0. All of them must hold: one that does not is an error with *why for a person. ERR_CONFLICT
// when one is of another order.
enum err approvals_read(struct store_txn *t, struct arena *a, struct json body,
    struct approvals *approvals, struct str *why) MUST_USE;
// ERR_DENIED with *why unless so many different officers have signed.
enum err approvals_need(const struct approvals *approvals, size_t n, struct str *why) MUST_USE;
// In the transaction of what was approved: the officers are still in office, and no approval
// has been used. Then the order and its approvals are kept under `id`.
enum err approvals_keep(struct store_txn *t, struct arena *a, const struct approvals *approvals,
    struct str act, struct str id, int64_t now_us) MUST_USE;
enum err approvals_check(struct store_txn *t, struct arena *a,
    const struct approvals *approvals, int64_t now_us) MUST_USE;

// Members "order" and "digest" of an answer.
void approvals_put(struct json_out *o, const struct approvals *approvals);
// What an audit event says of them.
enum err approvals_detail(
    struct arena *a, const struct approvals *approvals, struct str *out) MUST_USE;
