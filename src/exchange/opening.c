// SPDX-License-Identifier: Apache-2.0
#include "exchange/opening_priv.h"

#include "ledger/names.h"
#include "store/membership.h"
#include "sys/clock.h"

// Each root speaks of its own log for the other party, both of the next epoch.
enum err link_opening_check(struct link_opening *o, const char **why)
{
    const struct link *link = o->link;
    const struct ledger_keyring *rings[2] = {&link->ours, &link->theirs};
    struct str readers[2] = {link->party, link->us->id};
    for (size_t i = 0; i < 2; i++) {
        struct ledger_statement *s = &o->statements[i];
        const struct ledger_key *root = ledger_keyring_now(rings[i], LEDGER_PARTY_KEY);
        struct str party;
        uint64_t epoch = 0;
        *why = i ? "the partner's statement is not signed by its party root"
                 : "our statement is not signed by our party root";
        TRY(ledger_statement_open(o->arena, o->notes[i], root, s, NULL));
        *why = "a statement that opens no next epoch of this link: both are of role log, "
               "reason epoch, and one more than the epoch that is now";
        bool is_epoch = s->act == LEDGER_ADD && s->role == LEDGER_LOG_KEY &&
                        str_eq(s->reason, STR("epoch")) && str_eq(s->realm, rings[i]->realm) &&
                        ledger_log_name(s->key.name, rings[i]->node, s->realm, &party, &epoch);
        if (!is_epoch || epoch != o->epoch || !str_eq(party, readers[i]))
            return ERR_INVALID;
    }
    return ERR_OK;
}

// What was released and never answered may be released again, in the new log.
static enum err forget_unanswered(struct link_opening *o, struct store_txn *t)
{
    const struct store_view view = {.recipient = o->link->party, .view = STR("link")};
    struct store_log log;
    TRY(store_log_get(t, o->arena, o->link->own_log, &log));
    for (uint64_t idx = 0; idx < log.size; idx++) {
        struct arena_mark mark = arena_mark(o->arena);
        struct store_receipt receipt;
        struct store_payloads sent;
        enum err e = store_receipt_get(t, o->arena, o->link->own_log, idx, &receipt);
        if (e == ERR_NOT_FOUND) {
            TRY(store_payloads_of(t, o->arena, o->link->own_log, idx, &sent));
            for (size_t i = 0; i < sent.n; i++)
                TRY(store_membership_remove(
                    t, &view, sent.items[i].object_seq, clock_now_us()));
        } else {
            TRY(e);
        }
        arena_rewind(o->arena, mark);
    }
    return ERR_OK;
}

enum err link_opening_store(struct link_opening *o, struct store_txn *t, int64_t *own_log)
{
    int64_t logs[2];
    for (size_t i = 0; i < 2; i++) {
        const struct store_log log = {.origin = o->statements[i].key.name,
            .partner_origin = o->statements[1 - i].key.name,
            .party = o->link->party,
            .is_ours = i == 0,
            .epoch = o->epoch};
        TRY(store_log_open(t, &log, &logs[i]));
        TRY(store_log_start_put(t, logs[i], o->notes[i]));
    }
    TRY(forget_unanswered(o, t));
    TRY(store_link_set_state(t, o->link->party, STR("live")));
    *own_log = logs[0];
    return link_audit(t, o->principal, "link.epoch", o->link->party);
}
