// SPDX-License-Identifier: Apache-2.0
#include "ledger/keyring.h"

#define STILL UINT64_MAX

static enum err row_add(struct ledger_keyring *ring, struct ledger_keyring_row row)
{
    if (ring->n == LEDGER_KEYRING_MAX)
        return ERR_LIMIT;
    row.until = STILL;
    ring->rows[ring->n++] = row;
    return ERR_OK;
}

enum err ledger_keyring_start(struct arena *a, const struct ledger_agreement *agreement,
    struct str party, struct ledger_keyring *out)
{
    const struct ledger_party *p = ledger_agreement_party(agreement, party);
    if (!p)
        return ERR_NOT_FOUND;
    const struct ledger_keyring_row rows[] = {
        {.role = LEDGER_PARTY_KEY, .key = p->root},
        {.role = LEDGER_LOG_KEY, .key = p->log},
        {.role = LEDGER_COSIGN_KEY, .key = p->cosign},
        {.role = LEDGER_REFUSAL_KEY, .key = p->refusal},
        {.role = LEDGER_TLS_KEY, .spki = p->spki},
    };
    struct ledger_keyring ring = {.party = p->id,
        .node = p->node,
        .realm = agreement->realm,
        .rows = NEW_N(a, struct ledger_keyring_row, LEDGER_KEYRING_MAX)};
    if (!ring.rows)
        return ERR_LIMIT;
    for (size_t i = 0; i < LEN(rows); i++) {
        TRY(row_add(&ring, rows[i]));
        ring.rows[i].not_after_us = agreement->not_after_us;
    }
    *out = ring;
    return ERR_OK;
}

enum err ledger_keyring_copy(
    struct arena *a, const struct ledger_keyring *from, struct ledger_keyring *out)
{
    struct ledger_keyring ring = *from;
    ring.rows = NEW_N(a, struct ledger_keyring_row, LEDGER_KEYRING_MAX);
    if (!ring.rows)
        return ERR_LIMIT;
    memcpy(ring.rows, from->rows, from->n * sizeof *from->rows);
    *out = ring;
    return ERR_OK;
}

static struct ledger_keyring_row *row_now(
    const struct ledger_keyring *ring, enum ledger_role role)
{
    for (size_t i = ring->n; i-- > 0;)
        if (ring->rows[i].role == role && ring->rows[i].until == STILL)
            return &ring->rows[i];
    return NULL;
}

static struct ledger_keyring_row *pin_now(
    const struct ledger_keyring *ring, const struct ledger_hash *spki)
{
    for (size_t i = 0; i < ring->n; i++) {
        struct ledger_keyring_row *row = &ring->rows[i];
        if (row->role == LEDGER_TLS_KEY && row->until == STILL &&
            ledger_hash_eq(&row->spki, spki))
            return row;
    }
    return NULL;
}

static bool is_known(const struct ledger_keyring *ring, const struct ledger_statement *s)
{
    for (size_t i = 0; i < ring->n; i++) {
        const struct ledger_keyring_row *row = &ring->rows[i];
        bool is_tls = row->role == LEDGER_TLS_KEY;
        if (is_tls != s->has_spki)
            continue;
        if (is_tls ? ledger_hash_eq(&row->spki, &s->spki)
                   : str_eq(row->key.public_key, s->key.public_key))
            return true;
    }
    return false;
}

static enum err refuse(struct ledger_fault *fault, const char *why)
{
    return ledger_fault_set(fault, ERR_DENIED, LEDGER_CODE_KEY, 0, why);
}

// Both pins of a node count until the older one is retired; the last one cannot be.
static enum err take_tls(struct ledger_keyring *ring, const struct ledger_entry *entry,
    const struct ledger_statement *s, struct ledger_fault *fault)
{
    struct ledger_keyring_row *row = pin_now(ring, &s->spki);
    size_t n = 0;
    for (size_t i = 0; i < ring->n; i++)
        n += ring->rows[i].role == LEDGER_TLS_KEY && ring->rows[i].until == STILL;
    if (s->act == LEDGER_ADD) {
        if (is_known(ring, s) || n == LEDGER_PINS_MAX)
            return refuse(fault, "this TLS key was named before, or four are in force");
        return row_add(ring, (struct ledger_keyring_row){.role = LEDGER_TLS_KEY,
                                 .spki = s->spki,
                                 .since = entry->sequence + 1,
                                 .not_after_us = s->not_after_us,
                                 .is_stated = true});
    }
    if (!row || n < 2)
        return refuse(fault, "no such TLS key, or the only one");
    row->until = entry->sequence;
    return ERR_OK;
}

static enum err take_key(struct ledger_keyring *ring, const struct ledger_entry *entry,
    const struct ledger_statement *s, struct ledger_fault *fault)
{
    struct ledger_keyring_row *row = row_now(ring, s->role);
    bool is_first = s->role == LEDGER_LOG_KEY && entry->sequence == 0 &&
                    str_eq(s->reason, STR("epoch")) && ledger_key_eq(&row->key, &s->key);
    if (s->act != LEDGER_ADD)
        return refuse(fault, "a key ends when the key that follows it is added");
    if (is_first)
        return ERR_OK; // the epoch began with it
    if (is_known(ring, s) || !str_eq(row->key.name, s->key.name))
        return refuse(fault, "this key was named before, or has another name");
    bool cosigns = s->role == LEDGER_COSIGN_KEY;
    row->until = cosigns ? entry->peer.size : entry->sequence;
    return row_add(ring, (struct ledger_keyring_row){.role = s->role,
                             .key = s->key,
                             .since = cosigns ? entry->peer.size : entry->sequence + 1,
                             .not_after_us = s->not_after_us,
                             .is_stated = true});
}

enum err ledger_keyring_take(struct arena *a, struct ledger_keyring *ring,
    const struct ledger_entry *entry, struct ledger_fault *fault)
{
    struct ledger_statement s;
    const struct ledger_key *root = ledger_keyring_now(ring, LEDGER_PARTY_KEY);
    if (entry->sequence < ring->taken || entry->key_change.agreement.len)
        return ERR_OK; // known, or about no key
    TRY(ledger_statement_open(a, entry->key_change.note, root, &s, fault));
    if (!str_eq(s.node, ring->node) || !str_eq(s.realm, ring->realm))
        return refuse(fault, "a statement of another node or realm");
    if (s.role == LEDGER_TLS_KEY)
        TRY(take_tls(ring, entry, &s, fault));
    else if (s.role != LEDGER_OFFICER_KEY) // an officer's is no key of the link
        TRY(take_key(ring, entry, &s, fault));
    ring->taken = entry->sequence + 1;
    return ERR_OK;
}

enum err ledger_keyring_begin(struct ledger_keyring *ring, const struct ledger_statement *epoch)
{
    size_t n = 0;
    if (epoch->role != LEDGER_LOG_KEY || epoch->act != LEDGER_ADD)
        return ERR_INVALID;
    // Sizes of the former logs mean nothing in the new ones: only what is in force goes on.
    for (size_t i = 0; i < ring->n; i++) {
        bool goes_on = ring->rows[i].until == STILL && ring->rows[i].role != LEDGER_LOG_KEY;
        if (goes_on) {
            ring->rows[n] = ring->rows[i];
            ring->rows[n++].since = 0;
        }
    }
    ring->n = n;
    ring->taken = 0;
    return row_add(ring, (struct ledger_keyring_row){.role = LEDGER_LOG_KEY,
                             .key = epoch->key,
                             .not_after_us = epoch->not_after_us,
                             .is_stated = true});
}

const struct ledger_key *ledger_keyring_log(const struct ledger_keyring *ring, uint64_t size)
{
    const struct ledger_key *key = NULL;
    for (size_t i = 0; i < ring->n; i++) {
        const struct ledger_keyring_row *row = &ring->rows[i];
        if (row->role == LEDGER_LOG_KEY && row->since <= size && size <= row->until)
            key = &row->key;
    }
    return key;
}

const struct ledger_key *ledger_keyring_now(
    const struct ledger_keyring *ring, enum ledger_role role)
{
    const struct ledger_keyring_row *row = role == LEDGER_TLS_KEY ? NULL : row_now(ring, role);
    return row ? &row->key : NULL;
}

uint64_t ledger_keyring_pin_since(
    const struct ledger_keyring *ring, const struct ledger_hash *spki)
{
    const struct ledger_keyring_row *row = pin_now(ring, spki);
    return row ? row->since : UINT64_MAX;
}

bool ledger_keyring_has_pin(const struct ledger_keyring *ring, const struct ledger_hash *spki)
{
    return pin_now(ring, spki);
}

bool ledger_keyring_has_root(
    const struct ledger_keyring *ring, const struct ledger_key *key, bool or_was)
{
    for (size_t i = 0; i < ring->n; i++)
        if (ring->rows[i].role == LEDGER_PARTY_KEY &&
            (or_was || ring->rows[i].until == STILL) && ledger_key_eq(&ring->rows[i].key, key))
            return true;
    return false;
}

bool ledger_keyring_fits(const struct ledger_keyring *ring, const struct ledger_party *party)
{
    const struct {
        enum ledger_role role;
        const struct ledger_key *key;
    } keys[] = {{LEDGER_PARTY_KEY, &party->root}, {LEDGER_LOG_KEY, &party->log},
        {LEDGER_COSIGN_KEY, &party->cosign}, {LEDGER_REFUSAL_KEY, &party->refusal}};
    for (size_t i = 0; i < LEN(keys); i++)
        if (!ledger_key_eq(ledger_keyring_now(ring, keys[i].role), keys[i].key))
            return false;
    return str_eq(ring->node, party->node) && ledger_keyring_has_pin(ring, &party->spki);
}

// Whether one of the other keys of the log has signed: then the key is the fault.
static bool is_by_other(
    struct arena *a, const struct ledger_keyring *ring, const struct ledger_note *note)
{
    for (size_t i = 0; i < ring->n; i++)
        if (ring->rows[i].role == LEDGER_LOG_KEY &&
            ledger_note_verify(a, note, &ring->rows[i].key, 1, NULL) == ERR_OK)
            return true;
    return false;
}

enum err ledger_keyring_open(struct arena *a, const struct ledger_keyring *ring,
    struct str note, struct ledger_checkpoint *out, struct ledger_fault *fault)
{
    struct ledger_note parsed;
    struct ledger_checkpoint c;
    struct fault where = {0};
    enum err e = ledger_note_parse(a, note, &parsed, &where);
    if (e == ERR_OK)
        e = ledger_checkpoint_parse(parsed.text, &c, &where);
    if (e != ERR_OK)
        return ledger_fault_set(fault, e, LEDGER_CODE_CP_SIG, where.at, where.why);
    const struct ledger_key *key = ledger_keyring_log(ring, c.head.size);
    if (!key || !str_eq(c.origin, key->name))
        return ledger_fault_set(
            fault, ERR_NOT_FOUND, LEDGER_CODE_CP_SIG, 0, "the checkpoint is of another log");
    e = ledger_note_verify(a, &parsed, key, 1, NULL);
    size_t at = parsed.text.len + 1;
    if (e == ERR_DENIED && is_by_other(a, ring, &parsed))
        return ledger_fault_set(fault, e, LEDGER_CODE_KEY, at,
            "LE-KEY: the checkpoint is signed by a key that is not in force at its size");
    if (e != ERR_OK)
        return ledger_fault_set(
            fault, e, LEDGER_CODE_CP_SIG, at, "the log's signature is missing or wrong");
    *out = c;
    return ERR_OK;
}

enum err ledger_keyring_cosigned(struct arena *a, const struct ledger_keyring *ring,
    const struct ledger_note *note, uint64_t size, uint64_t *time_s)
{
    enum err result = ERR_NOT_FOUND;
    uint64_t newest = 0;
    for (size_t i = 0; i < ring->n; i++) {
        const struct ledger_keyring_row *row = &ring->rows[i];
        uint64_t at;
        if (row->role != LEDGER_COSIGN_KEY)
            continue;
        enum err e = ledger_cosignature_find(a, note, &row->key, &at);
        if (e != ERR_OK && e != ERR_NOT_FOUND)
            return e;
        bool is_in_force = row->since <= size && size <= row->until;
        if (e == ERR_OK && is_in_force)
            newest = at > newest ? at : newest;
        if (e == ERR_OK && result != ERR_OK)
            result = is_in_force ? ERR_OK : ERR_DENIED;
    }
    if (result == ERR_OK)
        *time_s = newest;
    return result;
}
