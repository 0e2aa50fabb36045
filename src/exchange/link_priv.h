// SPDX-License-Identifier: Apache-2.0
// One link in memory: what the agreement fixes, and what changes while it runs.
#pragma once

#include "exchange/exchange.h"
#include "ledger/keyring.h"
#include "store/key.h"
#include "store/ledger.h"
#include "store/link.h"

#include <pthread.h>

#define LINK_AGREEMENTS_MAX 64

struct link {
    struct exchange *exchange;
    struct arena arena; // lives as long as the link
    struct str party;
    // As the first agreement names them, with the logs of the epoch that is now. What may be
    // signed with which key is in the keyrings.
    struct ledger_party parties[2];
    const struct ledger_party *us, *them;
    int64_t own_log, their_log; // rows of the store
    int64_t added_us;

    pthread_mutex_t
        turn; // one compose or apply at a time; held while the store and the signer work
    uint64_t told_size; // guarded by turn: their size whose cosignature they were last sent
    bool has_offered;   // guarded by turn: an agreement that they may not hold yet
    bool is_retired;    // guarded by turn: removed or begun again, another may hold its logs
    struct arena keys;  // guarded by turn: of the keyrings
    struct ledger_keyring ours, theirs; // guarded by turn

    pthread_mutex_t lock; // of what follows, held for moments
    pthread_cond_t wake;
    // Guarded by lock. All agreements in order, those that entries were or are made under, and
    // the newest that the partner knows. A row that is there stays as it is.
    struct ledger_agreement agreements[LINK_AGREEMENTS_MAX];
    size_t n_agreements, in_use;
    unsigned char pins[LEDGER_PINS_MAX][HTTP_PIN_BYTES]; // guarded by lock: of the partner
    size_t n_pins;                                       // guarded by lock
    uint64_t pins_number; // guarded by lock: rises when they change
    bool is_woken;        // guarded by lock
    bool is_stopping;     // guarded by lock
    bool is_paused;       // guarded by lock
    bool is_answering;    // guarded by lock: a push of the partner is at work
    char address[256];    // guarded by lock
    char last[256];       // guarded by lock
    int64_t contact_us;   // guarded by lock
    pthread_t thread;
    bool has_thread;
    struct link *next_retired; // guarded by the exchange's lock
};

#define LINKS_MAX 64

struct exchange {
    struct exchange_config config;
    pthread_mutex_t changing; // one change of links, keys or agreements at a time; taken first
    pthread_mutex_t lock;
    struct link *links[LINKS_MAX]; // guarded by lock
    size_t n_links;                // guarded by lock
    struct http_identity identity; // guarded by lock: of our side of TLS
    uint64_t identity_number;      // guarded by lock: rises with each other identity
    struct http_identity offered;  // guarded by lock: shown when its time comes; empty: none
    struct arena identities;       // guarded by lock: texts of all of them
    struct link *retired; // guarded by lock: in nobody's way, freed when the exchange stops
};

struct link *exchange_find(struct exchange *ex, struct str party);

// A link from its first agreement; without logs, keys and thread.
enum err link_new(
    struct exchange *ex, struct str note, struct link **out, struct str *why) MUST_USE;
void link_free(struct link *link); // waits for its thread
// The logs of the newest epoch; those of a new link are made.
enum err link_open_logs(struct store_txn *t, struct link *link) MUST_USE;
// A link as the store has it, in force or removed: everything but its thread. ERR_NOT_FOUND
// when there never was one.
enum err link_restore(struct exchange *ex, struct arena *a, struct str party, struct link **out,
    struct str *why) MUST_USE;
// The link of a row of the store, with its thread.
enum err link_load(struct exchange *ex, struct arena *a, const struct store_link *row,
    struct str *why) MUST_USE;
// From here on the link is found by its party, and its thread runs.
enum err link_begin(struct exchange *ex, struct link *link) MUST_USE;
void link_set_address(struct link *link, struct str address);
bool link_has_agreement(struct link *link, const struct ledger_hash *digest);
// The agreement names the keys that are in force.
enum err link_fits(
    struct link *link, const struct ledger_agreement *agreement, struct str *why) MUST_USE;

// One more agreement, after those that the link has. *why is a text for a person.
enum err link_take_agreement(struct link *link, struct str note, struct str *why) MUST_USE;
// Whether an agreement is of the same two nodes as those that the link has.
enum err link_check_pair(
    struct link *link, const struct ledger_agreement *agreement, struct str *why) MUST_USE;
// The agreement that entries are made under: the newest that both sides know. It stays as long
// as the link.
const struct ledger_agreement *link_agreement(struct link *link);
// The newest that this side has.
struct ledger_hash link_accepted(struct link *link);
size_t link_digests(struct link *link, struct ledger_hash out[static LINK_AGREEMENTS_MAX]);
// The partner has shown that it knows an agreement; one that we do not know changes nothing.
void link_partner_knows(struct link *link, const struct ledger_hash *digest);

// The keys of one side as the store has them.
enum err link_keyring_read(struct link *link, struct store_txn *t, struct arena *a,
    bool is_ours, struct ledger_keyring *out) MUST_USE;
// Reads both keyrings and the partner's pins again. The caller holds the turn, or nobody else
// has the link.
enum err link_keys_load(struct link *link) MUST_USE;

// Hashes of a log's rows, for proofs.
struct log_rows {
    struct store_txn *txn;
    int64_t log_id;
};
struct ledger_reader log_reader(struct log_rows *rows);

// Recall entries for what was destroyed here before it was delivered, so that the rest of its
// entry can go. The caller holds the turn.
enum err link_withdraw(struct link *link, struct arena *a) MUST_USE;
// Everything committed to our log, at most LINK_ENTRIES_MAX past what the partner cosigned,
// comes under a signed checkpoint. The caller holds the turn.
enum err link_seal(struct link *link, struct arena *a, struct store_checkpoint *out) MUST_USE;
enum err link_compose(
    struct link *link, struct arena *a, struct str *batch, bool *is_empty) MUST_USE;
enum err link_apply(struct link *link, int64_t principal, struct arena *a, struct str batch,
    struct exchange_applied *out, struct str *why) MUST_USE;

// An entry of our log with the common fields filled.
struct ledger_entry;
enum err link_entry_begin(struct link *link, struct store_txn *t, struct arena *a,
    enum ledger_kind kind, int64_t now_us, struct ledger_entry *out) MUST_USE;
enum err link_entry_append(struct link *link, struct store_txn *t, struct arena *a,
    const struct ledger_entry *entry, uint64_t *idx) MUST_USE;
// An entry of either log, parsed.
enum err link_entry_get(struct store_txn *t, struct arena *a, int64_t log_id, uint64_t idx,
    struct ledger_entry *out, struct ledger_hash *leaf_hash) MUST_USE;

// How old a cosignature may grow before the ledger is shown again: a quarter of the agreement's
// T.
int64_t link_refresh_us(struct link *link);
// An audit event; principal 0 is the partner or the node itself.
enum err link_audit(
    struct store_txn *t, int64_t principal, const char *action, struct str party) MUST_USE;
void link_note(struct link *link, bool was_answered, const char *text);
void *link_thread(void *context);
