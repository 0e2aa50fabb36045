// SPDX-License-Identifier: Apache-2.0
// What officers sign: the digest of an order (the canonical JSON that says exactly what would
// be done: a release, a grant, a flash, a rule), made outside the node. The node keeps no state
// for it: it computes the order again and asks whether the digest is the same.
#pragma once

#include "ledger/fault.h"
#include "ledger/tree.h"

#define LEDGER_APPROVAL_BYTES_MAX (2 * KIB)
#define LEDGER_APPROVALS_MAX      8u // of one order: two are needed
#define LEDGER_APPROVAL_PUBLIC    32 // bytes of an Ed25519 public key
// An order that nobody has carried out by then is looked at again.
#define LEDGER_APPROVAL_LIFE_S (7 * 24 * 3600)

struct sign_key; // crypto/sign.h: only who signs needs it

struct ledger_approval {
    int64_t at_us;             // when the officer signed
    struct ledger_hash digest; // of the order
    struct str key_id;         // of the officer (crypto/officerkey.h)
    struct str kind;           // "ed25519"
    struct str signature;      // base64
    struct str to;             // the party that the order concerns
};

// SHA-256("bongsu-order-v1" || 0x0A || order)
struct ledger_hash ledger_order_digest(struct str order);
// Signs SHA-256("bongsu-approval-v1" || 0x0A || to || 0x0A || digest || 0x0A || at || 0x0A),
// with digest and time as their texts. Fills key_id, kind and signature.
enum err ledger_approval_sign(
    struct arena *a, struct ledger_approval *approval, const struct sign_key *key) MUST_USE;
// JCS and a newline.
void ledger_approval_put(struct buf *b, const struct ledger_approval *approval);
// The form; the signature is not looked at. Text lives in `bytes` or the arena.
enum err ledger_approval_parse(struct arena *a, struct str bytes, struct ledger_approval *out,
    struct ledger_fault *fault) MUST_USE;
// ERR_CORRUPT unless that key, which the caller found by key_id, has signed.
enum err ledger_approval_verify(const struct ledger_approval *approval,
    const unsigned char public_key[static LEDGER_APPROVAL_PUBLIC]) MUST_USE;
