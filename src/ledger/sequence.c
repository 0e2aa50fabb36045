// SPDX-License-Identifier: Apache-2.0
#include "ledger/sequence.h"

struct ledger_sequence ledger_sequence_start(struct str origin, struct str partner_origin)
{
    return (struct ledger_sequence){.origin = origin,
        .partner_origin = partner_origin,
        .peer = {.root = ledger_empty_root()}};
}

enum ledger_code ledger_entry_follow(
    struct ledger_sequence *state, const struct ledger_entry *entry)
{
    if (!str_eq(entry->origin, state->origin) ||
        !str_eq(entry->partner_origin, state->partner_origin))
        return LEDGER_CODE_ORIGIN;
    if (entry->sequence > state->next)
        return LEDGER_CODE_SEQ_GAP;
    if (entry->sequence < state->next)
        return LEDGER_CODE_SEQ_DUP;
    if (entry->peer.size < state->peer.size)
        return LEDGER_CODE_X_BACK;
    if (entry->peer.size == state->peer.size &&
        !ledger_hash_eq(&entry->peer.root, &state->peer.root))
        return LEDGER_CODE_X_FALSE;
    state->next++;
    state->peer = entry->peer;
    return LEDGER_CODE_OK;
}

enum err ledger_peer_check(const struct ledger_reader *own, uint64_t signed_size,
    const struct ledger_head *peer, enum ledger_code *code)
{
    if (peer->size > signed_size) {
        *code = LEDGER_CODE_X_FALSE;
        return ERR_OK;
    }
    struct ledger_hash root;
    TRY(ledger_root_read(own, peer->size, &root));
    *code = ledger_hash_eq(&root, &peer->root) ? LEDGER_CODE_OK : LEDGER_CODE_X_FALSE;
    return ERR_OK;
}
