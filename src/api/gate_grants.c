// SPDX-License-Identifier: Apache-2.0
// Which grants name a row: by its type, or by the commitment under which it came.
#include "api/gate.h"
#include "base/hex.h"
#include "ledger/commitment.h"
#include "store/grant.h"
#include "store/release.h"

static enum err load(struct gate *g, struct store_txn *t)
{
    struct store_grants all;
    struct arena *a = g->call->arena;
    if (g->has_grants)
        return ERR_OK;
    TRY(store_grants_to(t, a, g->facts.self, g->facts.recipient.party, &all));
    struct policy_grant *grants = NEW_N(a, struct policy_grant, all.n + 1);
    if (!grants)
        return ERR_LIMIT;
    for (size_t i = 0; i < all.n; i++)
        grants[i] = (struct policy_grant){.by = all.items[i].granter,
            .to = all.items[i].recipient,
            .purpose = all.items[i].purpose,
            .not_after_us = all.items[i].not_after_us,
            .object = all.items[i].object,
            .type = all.items[i].class};
    g->grants = grants;
    g->n_grants = all.n;
    g->has_grants = true;
    return ERR_OK;
}

static bool is_named(const struct gate *g, struct str object)
{
    for (size_t i = 0; i < g->n_grants; i++)
        if (g->grants[i].object.len && str_eq(g->grants[i].object, object))
            return true;
    return false;
}

// The name under which an object came, when a grant uses it.
static enum err find_name(struct gate *g, struct store_txn *t, struct gate_row *row)
{
    struct store_payloads received;
    struct arena *a = g->call->arena;
    TRY(store_received_of_object(t, a, row->object.seq, &received));
    for (size_t i = 0; i < received.n && row->granted.len == 0; i++) {
        struct str hex;
        struct buf b = buf_in(a, 2 * LEDGER_HASH_BYTES);
        hex_put(&b, received.items[i].commitment, LEDGER_HASH_BYTES);
        TRY(buf_end(&b, &hex));
        if (is_named(g, hex))
            row->granted = hex;
    }
    return ERR_OK;
}

static bool names(const struct policy_grant *grant, const struct gate_row *row)
{
    return grant->object.len ? str_eq(grant->object, row->granted)
                             : str_eq(grant->type, row->object.type);
}

enum err gate_find_grants(struct gate *g, struct store_txn *t, struct gate_row *row)
{
    if (str_eq(row->object.originator, g->facts.self) && row->label.handling.n_cav == 0)
        return ERR_OK; // nobody's but ours, and made from nothing else
    TRY(load(g, t));
    if (g->n_grants == 0)
        return ERR_OK;
    TRY(find_name(g, t, row));
    struct policy_grant *grants = NEW_N(g->call->arena, struct policy_grant, g->n_grants);
    if (!grants)
        return ERR_LIMIT;
    for (size_t i = 0; i < g->n_grants; i++)
        if (names(&g->grants[i], row))
            grants[row->n_grants++] = g->grants[i];
    row->grants = grants;
    return ERR_OK;
}
