// SPDX-License-Identifier: Apache-2.0
// At start: has the partner cosigned more of our log than this store holds?
#include "exchange/recover_priv.h"
#include "sys/clock.h"

#define PROBE_ARENA_BYTES (32 * MIB)
#define PROBE_CONNECT_MS  1000
#define PROBE_MS          2000
#define PROBE_ENTRIES_MAX 16384 // of one log that are looked through for keys

struct ahead {
    struct recovering *r;
    struct ledger_keyring *ring;
};

static enum err take_key(
    void *context, struct arena *a, const struct ledger_entry *entry, struct str bytes)
{
    struct ahead *ahead = context;
    struct ledger_entry kept;
    (void)a;
    if (entry->kind != LEDGER_KEY_CHANGE)
        return ERR_OK;
    // The keyring's texts stay longer than the tile.
    TRY(str_copy(ahead->r->arena, bytes, &bytes));
    TRY(ledger_entry_parse(ahead->r->arena, bytes, &kept, NULL));
    return ledger_keyring_take(ahead->r->arena, ahead->ring, &kept, NULL);
}

// The keyring as it is after entries that this store does not hold.
static enum err look_ahead(struct recovering *r, bool is_ours, uint64_t held, uint64_t size,
    struct ledger_keyring *out)
{
    const struct link *link = r->link;
    struct ahead ahead = {.r = r, .ring = out};
    const struct recover_walk walk = {
        .origin = is_ours ? link->us->log.name : link->them->log.name,
        .first = held,
        .size = size,
        .context = &ahead,
        .take = take_key};
    TRY(ledger_keyring_copy(r->arena, is_ours ? &link->ours : &link->theirs, out));
    return size > held && size - held > PROBE_ENTRIES_MAX ? ERR_LIMIT
                                                          : recover_entries(r, &walk);
}

// Whether what the partner shows is signed: by keys that are known here, or by those that its
// entries bring.
static bool is_signed(struct recovering *r, uint64_t own, uint64_t theirs)
{
    const struct link *link = r->link;
    struct ledger_keyring rings[2];
    if (recover_verify_heads(r, &link->ours, &link->theirs) == ERR_OK)
        return true;
    return look_ahead(r, true, own, r->own_cosigned.size, &rings[0]) == ERR_OK &&
           look_ahead(r, false, theirs, r->their_signed.size, &rings[1]) == ERR_OK &&
           recover_verify_heads(r, &rings[0], &rings[1]) == ERR_OK;
}

static enum err sizes_of(const struct link *link, struct arena *a, uint64_t sizes[static 2])
{
    struct store_txn *t;
    struct store_log own, theirs;
    TRY(store_read_begin(link->exchange->config.store, &t));
    enum err e = store_log_get(t, a, link->own_log, &own);
    if (e == ERR_OK)
        e = store_log_get(t, a, link->their_log, &theirs);
    store_read_end(t);
    TRY(e);
    sizes[0] = own.size;
    sizes[1] = theirs.size;
    return ERR_OK;
}

enum err recover_check_ahead(struct link *link, struct str address, struct str *why)
{
    struct arena scratch;
    struct recovering r = {
        .link = link, .arena = &scratch, .now_us = clock_now_us(), .timeout_ms = PROBE_MS};
    uint64_t sizes[2];
    if (address.len == 0)
        return ERR_OK;
    arena_init(&scratch, PROBE_ARENA_BYTES);
    enum err e = sizes_of(link, &scratch, sizes);
    bool is_ahead = e == ERR_OK && recover_connect(&r, address, PROBE_CONNECT_MS) == ERR_OK &&
                    recover_fetch_heads(&r) == ERR_OK && r.own_cosigned.size > sizes[0] &&
                    is_signed(&r, sizes[0], sizes[1]);
    http_client_close(r.client);
    arena_release(&scratch);
    TRY(e);
    *why = STR("L1: the partner has cosigned more of our ledger than this store holds: store "
               "and journal were put back together. Run: bongsu recover");
    return is_ahead ? ERR_CORRUPT : ERR_OK;
}
