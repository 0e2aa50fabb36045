// SPDX-License-Identifier: Apache-2.0
// Two ledgers of one link, as several tests need them: GB releases two entries, the first with
// two objects, and recalls the first; KR receipts all three and answers the recall.
#pragma once

#include "fixture.h"

#include "ledger/batch.h"

#define RELEASE_ID "019300aa-0000-7000-8000-000000000001"
#define RECALL_ID  "019300aa-0000-7000-8000-000000000002"
#define HANDLING                                                                  \
    "{\"cav\":[],\"emb\":null,\"exp\":null,\"nat\":[],\"noforn\":false,\"orcon\"" \
    ":false,\"orig\":\"gb\",\"relto\":[],\"tlp\":\"amber\"}"

struct log {
    struct pair key;
    struct pair cosigner; // of the partner
    struct str entries[8];
    struct ledger_hash leaves[8];
    uint64_t n;
    struct str note; // cosigned
};

struct scenario {
    struct log gb, kr;
    unsigned char salts[3][LEDGER_SALT_BYTES];
    struct str objects[3]; // two of entry 0, one of entry 1
    struct ledger_hash agreement;
};

static inline struct ledger_head log_head(const struct log *log, uint64_t n)
{
    return (struct ledger_head){n, ledger_root_of(log->leaves, n)};
}

static inline struct ledger_ref log_ref(const struct log *log, uint64_t i)
{
    return (struct ledger_ref){log->key.key.name, i, log->leaves[i]};
}

static inline struct ledger_entry entry_start(
    const struct scenario *s, const struct log *log, enum ledger_kind kind)
{
    const struct log *peer = log == &s->gb ? &s->kr : &s->gb;
    return (struct ledger_entry){.kind = kind,
        .origin = log->key.key.name,
        .partner_origin = peer->key.key.name,
        .sequence = log->n,
        .time_us = INT64_C(1795456800123456),
        .peer = log_head(peer, peer->n),
        .agreement = s->agreement};
}

static inline void log_append(struct arena *a, struct log *log, const struct ledger_entry *e)
{
    struct ledger_fault fault = {0};
    enum err err = ledger_entry_compose(a, e, &log->entries[log->n], &fault);
    CHECK_ERR(fault.where.why ? fault.where.why : "entry", err, ERR_OK);
    log->leaves[log->n] = ledger_leaf_hash(log->entries[log->n]);
    log->n++;
}

static inline struct ledger_entry release_make(
    const struct scenario *s, const struct ledger_hash *commitments, size_t n)
{
    struct ledger_entry e = entry_start(s, &s->gb, LEDGER_RELEASE);
    e.handling = STR(HANDLING);
    e.committed = ledger_commitments_head(commitments, n);
    e.release = (struct ledger_release){.id = STR(RELEASE_ID),
        .to = STR("kr"),
        .rule = STR("R7"),
        .purpose = STR("threat-intelligence"),
        .channel = LEDGER_LINK,
        .priority = LEDGER_NORMAL,
        .payload_bytes = 245};
    return e;
}

static inline struct ledger_entry receipt_make(const struct scenario *s, uint64_t of)
{
    struct ledger_entry e = entry_start(s, &s->kr, LEDGER_RECEIPT);
    struct ledger_hash commitments[2];
    for (size_t i = 0; i < 2; i++)
        commitments[i] = ledger_commitment(s->salts[of + i], s->objects[of + i]);
    if (of == 1)
        commitments[0] = ledger_commitment(s->salts[2], s->objects[2]);
    e.receipt = (struct ledger_receipt){.of = log_ref(&s->gb, of),
        .has_commitments_root = of < 2,
        .commitments_root = ledger_commitments_head(commitments, of == 0 ? 2 : 1).root,
        .handling_hash = ledger_handling_hash(STR(HANDLING)),
        .disposition = LEDGER_ACCEPTED};
    return e;
}

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
