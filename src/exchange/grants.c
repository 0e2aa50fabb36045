// SPDX-License-Identifier: Apache-2.0
// Grants: what the originator lets the other side pass on. Both sides keep them by the entry
// that says so.
#include "base/hex.h"
#include "exchange/append.h"
#include "exchange/entry_priv.h"
#include "ledger/commitment.h"
#include "store/grant.h"

enum err link_grant_put(struct link *link, struct store_txn *t, struct arena *a, bool is_ours,
    const struct ledger_grant *grant, uint64_t idx)
{
    struct buf object = buf_in(a, 2 * LEDGER_HASH_BYTES);
    if (grant->what.has_object)
        ledger_hash_put_hex(&object, &grant->what.object);
    TRY(object.err);
    const struct store_grant row = {.log_id = is_ours ? link->own_log : link->their_log,
        .idx = idx,
        .id = grant->id,
        .granter = is_ours ? link->us->id : link->them->id,
        .holder = is_ours ? link->them->id : link->us->id,
        .recipient = grant->to,
        .object = buf_str(&object),
        .class = grant->what.type,
        .purpose = grant->purpose,
        .not_after_us = grant->not_after_us,
        .terms = grant->terms};
    return store_grant_put(t, &row);
}

enum err exchange_append_grant(struct exchange *ex, struct store_txn *t, struct arena *a,
    const struct exchange_grant *grant)
{
    struct link *link = exchange_find(ex, grant->party);
    struct ledger_entry entry;
    uint64_t idx;
    if (!link)
        return ERR_NOT_FOUND;
    TRY(link_entry_begin(link, t, a, LEDGER_GRANT, grant->now_us, &entry));
    entry.handling = grant->handling;
    entry.grant = *grant->grant;
    TRY(link_entry_append(link, t, a, &entry, &idx));
    return link_grant_put(link, t, a, true, grant->grant, idx);
}

enum err exchange_sent_commitment(struct exchange *ex, struct store_txn *t, struct arena *a,
    struct str party, int64_t object_seq, struct ledger_hash *out)
{
    struct link *link = exchange_find(ex, party);
    struct store_payloads all;
    enum err e = ERR_NOT_FOUND;
    if (!link)
        return e;
    TRY(store_payloads_of_object(t, a, object_seq, &all));
    for (size_t i = 0; i < all.n; i++)
        if (all.items[i].leaf.log_id == link->own_log) {
            memcpy(out->bytes, all.items[i].commitment, LEDGER_HASH_BYTES);
            e = ERR_OK;
        }
    return e;
}
