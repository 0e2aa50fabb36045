// SPDX-License-Identifier: Apache-2.0
// What ends, and when: an alarm comes before it.
#include "base/sort.h"
#include "base/time.h"
#include "exchange/keys.h"
#include "exchange/link_life_priv.h"
#include "sys/clock.h"

#define DAY_US      (86400 * US_PER_S)
#define SOON_DAYS   30
#define URGENT_DAYS 7

static void put(struct exchange_expiries *out, struct str role, struct str party, int64_t at_us)
{
    int64_t left_us = at_us - clock_now_us();
    int64_t days = left_us / DAY_US - (left_us < 0);
    out->items[out->n++] = (struct exchange_expiry){.role = role,
        .party = party,
        .not_after_us = at_us,
        .days_left = days,
        .level = days < 0              ? STR("over")
                 : days <= URGENT_DAYS ? STR("urgent")
                 : days <= SOON_DAYS   ? STR("soon")
                                       : STR("ok")};
}

// Keys that the agreement brought end with it; each that came later has its own end.
static void put_ring(struct exchange_expiries *out, const struct ledger_keyring *ring)
{
    for (size_t i = 0; i < ring->n; i++) {
        const struct ledger_keyring_row *row = &ring->rows[i];
        if (row->until == UINT64_MAX && row->is_stated)
            put(out, ledger_role_name(row->role), ring->party, row->not_after_us);
    }
}

static enum err put_link(struct link *link, struct arena *a, struct exchange_expiries *out)
{
    struct store_txn *t;
    struct ledger_keyring rings[2];
    size_t accepted;
    pthread_mutex_lock(&link->lock);
    accepted = link->n_agreements - 1;
    pthread_mutex_unlock(&link->lock);
    put(out, STR("agreement"), link->party, link->agreements[accepted].not_after_us);
    TRY(store_read_begin(link->exchange->config.store, &t));
    enum err e = link_keyring_read(link, t, a, true, &rings[0]);
    if (e == ERR_OK)
        e = link_keyring_read(link, t, a, false, &rings[1]);
    store_read_end(t);
    TRY(e);
    put_ring(out, &rings[0]);
    put_ring(out, &rings[1]);
    return ERR_OK;
}

static int compare(const void *a, const void *b)
{
    const struct exchange_expiry *one = a, *two = b;
    return (one->not_after_us > two->not_after_us) - (one->not_after_us < two->not_after_us);
}

enum err exchange_expiries(struct exchange *ex, struct arena *a, struct exchange_expiries *out)
{
    struct link *links[LINKS_MAX];
    struct http_certificate own;
    struct exchange_expiries all = {0};
    pthread_mutex_lock(&ex->lock);
    size_t n = ex->n_links;
    memcpy(links, ex->links, n * sizeof *links);
    pthread_mutex_unlock(&ex->lock);
    all.items = NEW_N(a, struct exchange_expiry, 1 + n * (1 + 2 * LEDGER_KEYRING_MAX));
    if (!all.items)
        return ERR_LIMIT;
    TRY(exchange_certificate(ex, &own));
    put(&all, STR("certificate"), ex->config.party, own.until_us);
    for (size_t i = 0; i < n; i++)
        TRY(put_link(links[i], a, &all));
    struct exchange_expiry *spare = NEW_N(a, struct exchange_expiry, all.n);
    if (!spare)
        return ERR_LIMIT;
    sort_items(all.items, spare, all.n, sizeof *all.items, compare);
    *out = all;
    return ERR_OK;
}
