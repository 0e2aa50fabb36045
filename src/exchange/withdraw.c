// SPDX-License-Identifier: Apache-2.0
// What was destroyed before it was delivered cannot be delivered. Its leaf goes as a
// commitment, which the partner takes only when a recall in our log names it: so whoever
// destroys an object need not know whom it was on its way to.
#include "base/time.h"
#include "exchange/append.h"
#include "exchange/link_priv.h"
#include "sys/clock.h"

#define LEAVES_AT_ONCE 4096u // of one transaction; the rest with the next batch

struct withdraw_work {
    struct link *link;
    struct arena *arena;
    struct str id;
    int64_t now_us;
};

// One recall over the leaves of one entry.
static enum err recall(
    struct withdraw_work *work, struct store_txn *t, const struct store_payload *rows, size_t n)
{
    struct link *link = work->link;
    uint64_t leaves[LEDGER_COMMITMENTS_MAX];
    if (n > LEN(leaves))
        return ERR_CORRUPT;
    for (size_t i = 0; i < n; i++)
        leaves[i] = rows[i].leaf.n;
    const struct exchange_recall row = {.party = link->party,
        .id = work->id,
        .reason = STR("destroyed"),
        .deadline_us = work->now_us + (int64_t)link_agreement(link)->recall_s * US_PER_S,
        .now_us = work->now_us,
        .of_log_id = link->own_log,
        .of_idx = rows[0].leaf.idx,
        .leaves = leaves,
        .n_leaves = n};
    return exchange_append_recall(link->exchange, t, work->arena, &row);
}

static enum err withdraw_work(struct store_txn *t, void *context)
{
    struct withdraw_work *work = context;
    struct store_payloads rows;
    TRY(store_payloads_unannounced(t, work->arena, work->link->own_log, LEAVES_AT_ONCE, &rows));
    for (size_t from = 0, to; from < rows.n; from = to) {
        for (to = from + 1;
             to < rows.n && rows.items[to].leaf.idx == rows.items[from].leaf.idx;)
            to++;
        TRY(recall(work, t, rows.items + from, to - from));
    }
    return rows.n ? link_audit(t, 0, "link.withdraw", work->link->party) : ERR_OK;
}

enum err link_withdraw(struct link *link, struct arena *a)
{
    struct store_txn *t;
    struct store_payloads rows;
    struct withdraw_work work = {.link = link, .arena = a, .now_us = clock_now_us()};
    TRY(store_read_begin(link->exchange->config.store, &t));
    enum err e = store_payloads_unannounced(t, a, link->own_log, 1, &rows);
    store_read_end(t);
    TRY(e);
    if (rows.n == 0)
        return ERR_OK;
    TRY(exchange_new_id(work.arena, work.now_us, &work.id));
    return store_write(link->exchange->config.store, withdraw_work, &work, STORE_URGENT);
}
