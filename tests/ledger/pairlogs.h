// SPDX-License-Identifier: Apache-2.0
// Two ledgers of one link, and how the entries of tests are made.
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
