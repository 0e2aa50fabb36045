// SPDX-License-Identifier: Apache-2.0
// The keys of one party in one link, and where in its ledger each of them came into force and
// ended: what a checkpoint or cosignature of some size must be signed with.
#pragma once

#include "ledger/agreement.h"
#include "ledger/checkpoint.h"
#include "ledger/entry.h"

#define LEDGER_PINS_MAX    4u   // TLS keys of a party at one time
#define LEDGER_KEYRING_MAX 128u // keys of one party over the life of a link

// `since` and `until` count: of a log key sizes of the party's own log, of a cosigner sizes of
// the partner's log, both included. Of the other roles only `until` counts: UINT64_MAX is now.
struct ledger_keyring_row {
    enum ledger_role role;
    struct ledger_key key;   // of every role but TLS
    struct ledger_hash spki; // of TLS
    uint64_t since, until;
    int64_t not_after_us; // when it must have been renewed
    bool is_stated;       // by a statement, not by the first agreement
};

struct ledger_keyring {
    struct str party, node, realm;
    struct ledger_keyring_row *rows; // in order of coming into force
    size_t n;
    uint64_t taken; // entries of the log below this number count already
};

// The keys of the agreement that the link began with. ERR_LIMIT past the arena.
enum err ledger_keyring_start(struct arena *a, const struct ledger_agreement *agreement,
    struct str party, struct ledger_keyring *out) MUST_USE;
// A copy that can be moved on while the first stays as it is.
enum err ledger_keyring_copy(
    struct arena *a, const struct ledger_keyring *from, struct ledger_keyring *out) MUST_USE;
// A `key` entry of the party's log; one that was taken before changes nothing. ERR_DENIED with
// LE-KEY: not signed by its root, of another node or realm, or a change that cannot be. Scratch
// and strings are in the arena.
enum err ledger_keyring_take(struct arena *a, struct ledger_keyring *ring,
    const struct ledger_entry *entry, struct ledger_fault *fault) MUST_USE;
// The log begins again under another name: its key is the statement's, in force from the first
// entry. The statement is one that the root has signed (ledger_statement_open).
enum err ledger_keyring_begin(
    struct ledger_keyring *ring, const struct ledger_statement *epoch) MUST_USE;

// The key that signs a checkpoint of that size of the party's log.
const struct ledger_key *ledger_keyring_log(const struct ledger_keyring *ring, uint64_t size);
// The one key of a role that is in force now; NULL for TLS, of which there may be more.
const struct ledger_key *ledger_keyring_now(
    const struct ledger_keyring *ring, enum ledger_role role);
// The size of the party's log from which on a TLS key counts; UINT64_MAX when it does not.
uint64_t ledger_keyring_pin_since(
    const struct ledger_keyring *ring, const struct ledger_hash *spki);
bool ledger_keyring_has_pin(const struct ledger_keyring *ring, const struct ledger_hash *spki);
// Whether that key is the party's root; with `or_was` also one that another has followed.
bool ledger_keyring_has_root(
    const struct ledger_keyring *ring, const struct ledger_key *key, bool or_was);
// Whether every key of the party's side in an agreement is the one in force.
bool ledger_keyring_fits(const struct ledger_keyring *ring, const struct ledger_party *party);

// A checkpoint of the party's log, signed by the key of its size. ERR_INVALID, ERR_NOT_FOUND
// (another log), ERR_CORRUPT; ERR_DENIED with LE-CP-SIG, or LE-KEY when it is signed by a key
// that is not in force at that size.
enum err ledger_keyring_open(struct arena *a, const struct ledger_keyring *ring,
    struct str note, struct ledger_checkpoint *out, struct ledger_fault *fault) MUST_USE;
// The party's cosignature of a checkpoint of its partner's log. ERR_NOT_FOUND when there is
// none, ERR_DENIED (LE-KEY) by a key not in force at that size, ERR_CORRUPT.
enum err ledger_keyring_cosigned(struct arena *a, const struct ledger_keyring *ring,
    const struct ledger_note *note, uint64_t size, uint64_t *time_s) MUST_USE;
