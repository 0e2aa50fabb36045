// SPDX-License-Identifier: Apache-2.0
// What several tests start from: GB releases two entries, the first with two objects, and
// recalls the first; KR receipts all three and answers the recall.
#pragma once

#include "pairlogs.h"

static inline void scenario_notes(struct arena *a, struct scenario *s)
{
    struct ledger_head gb = log_head(&s->gb, s->gb.n), kr = log_head(&s->kr, s->kr.n);
    s->gb.note = cosign(a, checkpoint_make(a, &s->gb.key, &gb), &s->gb.cosigner, 1795456801);
    s->kr.note = cosign(a, checkpoint_make(a, &s->kr.key, &kr), &s->kr.cosigner, 1795456802);
}

static inline void scenario_release(struct arena *a, struct scenario *s)
{
    static const struct str objects[3] = {STR_INIT("{\"type\":\"one\"}"),
        STR_INIT("{\"type\":\"two\"}"), STR_INIT("{\"type\":\"three\"}")};
    struct ledger_hash commitments[3];
    memcpy(s->objects, objects, sizeof objects);
    for (size_t i = 0; i < 3; i++) {
        memset(s->salts[i], (int)(0x40 + i), LEDGER_SALT_BYTES);
        commitments[i] = ledger_commitment(s->salts[i], objects[i]);
    }
    struct ledger_entry e = release_make(s, commitments, 2);
    log_append(a, &s->gb, &e);
    e = release_make(s, commitments + 2, 1);
    log_append(a, &s->gb, &e);
}

static inline void scenario_make(struct arena *a, struct scenario *s)
{
    *s = (struct scenario){0};
    s->gb.key = pair_make(a, LEDGER_TYPE_NOTE, GB_LOG, 1);
    s->gb.cosigner = pair_make(a, LEDGER_TYPE_COSIGNATURE, KR_SIGN, 2);
    s->kr.key = pair_make(a, LEDGER_TYPE_NOTE, KR_LOG, 3);
    s->kr.cosigner = pair_make(a, LEDGER_TYPE_COSIGNATURE, GB_SIGN, 4);
    scenario_release(a, s);
    struct ledger_entry e = receipt_make(s, 1); // receipts may come out of order
    log_append(a, &s->kr, &e);
    e = receipt_make(s, 0);
    log_append(a, &s->kr, &e);
    e = entry_start(s, &s->gb, LEDGER_RECALL);
    e.handling = STR(HANDLING);
    uint64_t leaves[] = {1};
    e.recall = (struct ledger_recall){.id = STR(RECALL_ID),
        .of = log_ref(&s->gb, 0),
        .leaves = {leaves, 1},
        .deadline_us = INT64_C(1795543200000000),
        .reason = STR("source-request")};
    log_append(a, &s->gb, &e);
    e = entry_start(s, &s->kr, LEDGER_RECEIPT);
    e.receipt = (struct ledger_receipt){.of = log_ref(&s->gb, 2),
        .handling_hash = ledger_handling_hash(STR(HANDLING)),
        .disposition = LEDGER_ACCEPTED};
    log_append(a, &s->kr, &e);
    struct ledger_result results[] = {{1, LEDGER_DESTROYED}};
    e = entry_start(s, &s->kr, LEDGER_RECALL_ACK);
    e.recall_ack = (struct ledger_recall_ack){
        .of = log_ref(&s->gb, 2), .results = {results, 1}, .downstream_notified = true};
    log_append(a, &s->kr, &e);
    scenario_notes(a, s);
}

static inline void scenario_release_keys(struct scenario *s)
{
    sign_key_release(&s->gb.key.secret);
    sign_key_release(&s->gb.cosigner.secret);
    sign_key_release(&s->kr.key.secret);
    sign_key_release(&s->kr.cosigner.secret);
}
