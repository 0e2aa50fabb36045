// SPDX-License-Identifier: Apache-2.0
// Recipients inside our own Participant, as the register of the node has them. A recipient is
// spelled "<our party>/<name>" wherever it stands beside a party, so that no partner's id, not
// even one that comes later, can be taken for it.
#pragma once

#include "api/call.h"
#include "policy/decide.h"
#include "store/member.h"
#include "store/recipient.h"

#define RECIPIENT_VIEW STR("read") // of the membership that a recipient reads

// "ncsc" or "gb/ncsc" -> "gb/ncsc". ERR_INVALID for what no recipient of ours can be called.
enum err recipient_key(const struct call *call, struct str text, struct str *out) MUST_USE;
// ERR_NOT_FOUND, and ERR_DENIED for a retired one.
enum err recipient_in_force(
    struct store_txn *t, struct arena *a, struct str key, struct store_recipient *out) MUST_USE;

// What the decision needs to know of a recipient: its row in the register is its agreement. The
// purpose of a release to it is the first of its purposes.
struct recipient_terms {
    struct policy_recipient recipient;
    struct policy_agreement agreement;
    struct str purpose;
    enum policy_channel channel;
};
enum err recipient_terms(const struct call *call, const struct store_recipient *r,
    struct recipient_terms *out) MUST_USE;
