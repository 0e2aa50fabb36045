// SPDX-License-Identifier: Apache-2.0
// One link in memory: what the agreement fixes, and what changes while it runs.
#pragma once

#include "base/time.h"
#include "exchange/exchange.h"
#include "ledger/fault.h"
#include "ledger/keyring.h"
#include "store/key.h"
#include "store/ledger.h"
#include "store/link.h"

#include <pthread.h>
#include <stdatomic.h>

#define LINK_AGREEMENTS_MAX 64
#define LINK_ARENA_BYTES    (4 * MIB)

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
    uint64_t pins_number;      // guarded by lock: rises when they change
    bool is_woken;             // guarded by lock
    bool is_stopping;          // guarded by lock
    bool is_paused;            // guarded by lock
    bool is_frozen;            // guarded by lock; set while the turn is held
    enum exchange_mode mode;   // guarded by lock
    unsigned n_requests;       // guarded by lock: of the partner, begun and not ended
    bool is_answering;         // guarded by lock: a push of the partner is at work
    char address[256];         // guarded by lock
    char last[256];            // guarded by lock
    int64_t contact_us;        // guarded by lock
    int64_t clock_skew_us;     // guarded by lock: the partner's clock less ours; 0: not known
    int64_t clocks_seen_us;    // the thread's own: when it last looked at the clocks
    bool is_overdue, is_stale; // the thread's own: alarms that were raised
    atomic_bool is_cancelled;  // breaks off the call that is under way
    pthread_t thread;
    bool has_thread;
    struct link *next_retired; // guarded by the exchange's lock
};

#define LINKS_MAX            64
#define CLOCKS_DIFFER_MAX_US (300 * US_PER_S)

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

// The agreement that entries are made under: the newest that both sides know. It stays as long
// as the link.
const struct ledger_agreement *link_agreement(struct link *link);
// One of the pair's logs, of any epoch, by the hex SHA-256 of its origin.
enum err link_find_log(struct store_txn *t, struct arena *a, struct str party, struct str name,
    struct store_log *out) MUST_USE;
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
// Cosigns the partner's checkpoint, whose entries are all held, and keeps the cosigned note.
// *line: the signature line. ERR_CORRUPT: not consistent with what was cosigned before. The
// caller holds the turn, and has checked the author's signature.
enum err link_cosign(struct link *link, struct arena *a, const struct ledger_head *head,
    struct str note, struct str *line) MUST_USE;
// The same for what was taken in when the signer did not answer: the partner does not send it
// again by itself.
enum err link_cosign_held(struct link *link, struct arena *a) MUST_USE;
enum err link_compose(
    struct link *link, struct arena *a, struct str *batch, bool *is_empty) MUST_USE;
enum err link_apply(struct link *link, int64_t principal, struct arena *a, struct str batch,
    struct exchange_applied *out, struct str *why) MUST_USE;

// How old a cosignature may grow before the ledger is shown again: a quarter of the agreement's
// T.
int64_t link_refresh_us(struct link *link);
// An audit event; principal 0 is the partner or the node itself.
enum err link_audit(
    struct store_txn *t, int64_t principal, const char *action, struct str party) MUST_USE;
bool link_is_frozen(struct link *link);
struct str link_state_word(const struct link *link); // the caller holds the lock
#define LINK_FROZEN_TEXT                                                                \
    "the link is frozen on this side: the two ledgers contradict each other; officers " \
    "decide, then: bongsu link unfreeze"

void link_note(struct link *link, bool was_answered, const char *text);
void *link_thread(void *context);
