// SPDX-License-Identifier: Apache-2.0
// Entries of our own log, made in the transaction of what they speak about.
#include "base/uuid.h"
#include "exchange/append.h"
#include "exchange/entry_priv.h"
#include "store/recall.h"
#include "sys/random.h"

enum err exchange_new_id(struct arena *a, int64_t now_us, struct str *out)
{
    unsigned char random[10], uuid[UUID_BYTES];
    struct buf id = buf_in(a, UUID_TEXT_BYTES);
    random_fill(random, sizeof random);
    uuid_v7(uuid, now_us, random);
    uuid_put(&id, uuid);
    return buf_end(&id, out);
}

enum err link_entry_begin(struct link *link, struct store_txn *t, struct arena *a,
    enum ledger_kind kind, int64_t now_us, struct ledger_entry *out)
{
    struct store_log log;
    struct store_checkpoint peer;
    TRY(store_log_get(t, a, link->own_log, &log));
    struct ledger_entry entry = {.kind = kind,
        .origin = link->us->log.name,
        .partner_origin = link->them->log.name,
        .sequence = log.size,
        .time_us = now_us,
        .agreement = link_agreement(link)->digest,
        .peer = {.root = ledger_empty_root()}};
    enum err e = store_checkpoint_newest(t, a, link->their_log, STORE_CHECKPOINT_SIGNED, &peer);
    if (e == ERR_OK) {
        entry.peer.size = peer.size;
        memcpy(entry.peer.root.bytes, peer.root, LEDGER_HASH_BYTES);
    }
    *out = entry;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err link_entry_append(struct link *link, struct store_txn *t, struct arena *a,
    const struct ledger_entry *entry, uint64_t *idx)
{
    struct str bytes;
    struct ledger_fault fault;
    TRY(ledger_entry_compose(a, entry, &bytes, &fault));
    return store_entry_append(
        t, link->own_log, bytes, ledger_kind_is_receipted(entry->kind), idx);
}

enum err link_entry_get(struct store_txn *t, struct arena *a, int64_t log_id, uint64_t idx,
    struct ledger_entry *out, struct ledger_hash *leaf_hash)
{
    struct store_entry row;
    struct ledger_fault fault;
    TRY(store_entry_get(t, a, log_id, idx, &row));
    memcpy(leaf_hash->bytes, row.leaf_hash, LEDGER_HASH_BYTES);
    return ledger_entry_parse(a, row.bytes, out, &fault);
}

enum err link_entry_named(struct link *link, struct store_txn *t, struct arena *a, bool is_ours,
    const struct ledger_ref *of, struct link_named *out)
{
    struct store_log log;
    struct ledger_hash leaf_hash;
    *out = (struct link_named){.entry = NEW(a, struct ledger_entry)};
    if (!out->entry)
        return ERR_LIMIT;
    enum err e = store_log_by_origin(t, a, of->origin, &log);
    if (e == ERR_OK && (log.is_ours != is_ours || !str_eq(log.party, link->party)))
        return ERR_CORRUPT;
    if (e == ERR_OK)
        e = link_entry_get(t, a, log.id, of->index, out->entry, &leaf_hash);
    if (e == ERR_OK && !ledger_hash_eq(&leaf_hash, &of->leaf_hash))
        return ERR_CORRUPT;
    if (e == ERR_OK)
        out->log_id = log.id;
    return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
}

static enum ledger_priority priority_of(enum store_priority priority)
{
    return priority == STORE_FLASH    ? LEDGER_FLASH_FIRST
           : priority == STORE_URGENT ? LEDGER_URGENT
           : priority == STORE_NORMAL ? LEDGER_NORMAL
                                      : LEDGER_BULK;
}

static enum err put_payloads(struct store_txn *t, int64_t log, uint64_t idx,
    enum store_priority priority, const struct exchange_item *items, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct store_payload payload = {.leaf = {.log_id = log, .idx = idx, .n = i},
            .object_seq = items[i].object_seq,
            .variant_seq = items[i].variant_seq,
            .bytes_n = items[i].bytes_n,
            .priority = priority};
        memcpy(payload.salt, items[i].salt, LEDGER_SALT_BYTES);
        memcpy(payload.commitment, items[i].commitment.bytes, LEDGER_HASH_BYTES);
        TRY(store_payload_put(t, &payload));
    }
    return ERR_OK;
}

enum err exchange_append_release(struct exchange *ex, struct store_txn *t, struct arena *a,
    const struct exchange_release *release, const struct exchange_item *items, size_t n)
{
    struct link *link = exchange_find(ex, release->party);
    struct ledger_hash commitments[LEDGER_COMMITMENTS_MAX], decisions[LEDGER_COMMITMENTS_MAX];
    struct ledger_entry entry;
    uint64_t idx, bytes = 0;
    if (!link || n == 0 || n > LEDGER_COMMITMENTS_MAX)
        return ERR_INVALID;
    for (size_t i = 0; i < n; i++) {
        commitments[i] = items[i].commitment;
        decisions[i] = items[i].decision;
        bytes += (uint64_t)items[i].bytes_n;
    }
    enum ledger_kind kind = release->by ? LEDGER_FLASH : LEDGER_RELEASE;
    TRY(link_entry_begin(link, t, a, kind, release->now_us, &entry));
    entry.handling = release->handling;
    entry.committed = ledger_commitments_head(commitments, n);
    struct str *persons = NEW_N(a, struct str, release->n_persons + 1);
    if (!persons)
        return ERR_LIMIT;
    for (size_t i = 0; i < release->n_persons; i++)
        persons[i] = release->persons[i];
    entry.release = (struct ledger_release){.id = release->id,
        .persons = {.items = persons, .n = release->n_persons},
        .to = release->party,
        .rule = release->rule,
        .purpose = release->purpose,
        .decisions = ledger_commitments_head(decisions, n).root,
        .channel = LEDGER_LINK,
        .priority = priority_of(release->priority),
        .payload_bytes = bytes,
        .lang = release->lang};
    if (release->by)
        entry.release.by = *release->by;
    TRY(link_entry_append(link, t, a, &entry, &idx));
    return put_payloads(t, link->own_log, idx, release->priority, items, n);
}

enum err exchange_append_recall(struct exchange *ex, struct store_txn *t, struct arena *a,
    const struct exchange_recall *recall)
{
    struct link *link = exchange_find(ex, recall->party);
    struct ledger_entry of, entry;
    struct store_log of_log;
    uint64_t idx;
    if (!link)
        return ERR_NOT_FOUND;
    TRY(store_log_get(t, a, recall->of_log_id, &of_log));
    TRY(link_entry_begin(link, t, a, LEDGER_RECALL, recall->now_us, &entry));
    entry.recall = (struct ledger_recall){.id = recall->id,
        .deadline_us = recall->deadline_us,
        .reason = recall->reason,
        .of = {.origin = of_log.origin, .index = recall->of_idx}};
    TRY(link_entry_get(
        t, a, recall->of_log_id, recall->of_idx, &of, &entry.recall.of.leaf_hash));
    entry.handling = of.handling;
    uint64_t *leaves = NEW_N(a, uint64_t, recall->n_leaves);
    if (!leaves)
        return ERR_LIMIT;
    memcpy(leaves, recall->leaves, recall->n_leaves * sizeof *leaves);
    entry.recall.leaves = (struct ledger_uints){.items = leaves, .n = recall->n_leaves};
    TRY(link_entry_append(link, t, a, &entry, &idx));
    const struct store_recall row = {.log_id = link->own_log,
        .idx = idx,
        .id = recall->id,
        .of_log_id = recall->of_log_id,
        .of_idx = recall->of_idx,
        .deadline_us = recall->deadline_us,
        .reason = recall->reason};
    // What has not been delivered goes as its commitment from now on.
    for (size_t i = 0; i < recall->n_leaves; i++)
        TRY(store_payload_withdraw(
            t, &(struct store_leaf){recall->of_log_id, recall->of_idx, recall->leaves[i]}));
    return store_recall_put(t, &row, leaves, recall->n_leaves);
}
