// SPDX-License-Identifier: Apache-2.0
// The clocks of the agreement: how old the partner's last look at our ledger is, and which
// entry waits for its receipt too long. A silent partner is an alarm on this side, without its
// help.
#include "exchange/entry_priv.h"
#include "exchange/link_watch_priv.h"
#include "ledger/entry.h"
#include "store/release.h"
#include "sys/clock.h"
#include "sys/log.h"

#define LOOK_US    (5 * US_PER_S)
#define AGE_ABSENT ((INT64_C(1) << 53) - 1) // fits a JSON number

// Before the first cosignature the age of the link counts. One from the future counts as
// absent.
static enum err cosignature_age(
    struct link *link, struct store_txn *t, struct arena *a, int64_t now_us, int64_t *out)
{
    struct store_checkpoint c;
    enum err e = store_checkpoint_newest(t, a, link->own_log, STORE_CHECKPOINT_COSIGNED, &c);
    if (e != ERR_OK && e != ERR_NOT_FOUND)
        return e;
    int64_t since_us = e == ERR_OK ? c.at_us : link->added_us;
    *out = since_us > now_us + CLOCKS_DIFFER_MAX_US ? AGE_ABSENT
           : since_us > now_us                      ? 0
                                                    : now_us - since_us;
    return ERR_OK;
}

enum err link_clocks_read(struct link *link, struct store_txn *t, struct arena *a,
    int64_t now_us, struct link_clocks *out)
{
    struct store_seqs missing;
    struct ledger_entry entry;
    struct ledger_hash leaf_hash;
    struct link_clocks clocks = {0};
    TRY(cosignature_age(link, t, a, now_us, &clocks.cosignature_age_us));
    TRY(store_receipts_missing(t, a, link->own_log, 0, 1, &missing));
    if (missing.n) {
        TRY(link_entry_get(
            t, a, link->own_log, (uint64_t)missing.items[0], &entry, &leaf_hash));
        clocks.unreceipted_us = entry.time_us;
        clocks.is_receipt_overdue =
            now_us - entry.time_us > (int64_t)link_agreement(link)->receipt_alarm_s * US_PER_S;
    }
    *out = clocks;
    return ERR_OK;
}

// Says it once when it begins, and once when it is over.
static void alarm_on(struct link *link, bool *was, bool is, const char *event)
{
    if (is && !*was)
        log_error(event, "party=%.*s state=alarm", STR_ARG(link->party));
    else if (*was && !is)
        log_info(event, "party=%.*s state=over", STR_ARG(link->party));
    *was = is;
}

void link_clocks_watch(struct link *link)
{
    struct arena a;
    struct store_txn *t;
    struct link_clocks clocks;
    int64_t now_us = clock_monotonic_us();
    if (link->clocks_seen_us && now_us - link->clocks_seen_us < LOOK_US)
        return;
    link->clocks_seen_us = now_us;
    if (store_read_begin(link->exchange->config.store, &t) != ERR_OK)
        return;
    arena_init(&a, MIB);
    enum err e = link_clocks_read(link, t, &a, clock_now_us(), &clocks);
    store_read_end(t);
    arena_release(&a);
    if (e != ERR_OK)
        return;
    alarm_on(link, &link->is_overdue, clocks.is_receipt_overdue, "link.unreceipted");
    alarm_on(link, &link->is_stale,
        clocks.cosignature_age_us > (int64_t)link_agreement(link)->stale_s * US_PER_S,
        "link.failclosed");
}
