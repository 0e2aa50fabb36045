// SPDX-License-Identifier: Apache-2.0
// The links of a node: what is said to each partner, and what a partner says to us. A link is
// entries and payloads; the batch that carries them is pushed, answered, or taken across as a
// file, with the same verification.
#pragma once

#include "exchange/signer.h"
#include "http/tls.h"
#include "ledger/batch.h"
#include "policy/decide.h"
#include "store/release.h"
#include "store/store.h"

struct exchange;

struct exchange_config {
    struct store *store;
    struct signer *signer;
    struct http_identity identity; // our side of mutual TLS
    struct str party;              // ours
};

// Opens the links in the store and starts their threads. Everything in *config is borrowed for
// the exchange's life. On ERR_CORRUPT the store and the signer's journal contradict each other:
// *why (in the arena) says how, and the node must not serve (L1).
enum err exchange_start(struct arena *a, const struct exchange_config *config,
    struct exchange **out, struct str *why) MUST_USE;
void exchange_stop(struct exchange *ex);

// What changes state names who asked: the audit event stands in the same transaction (U1).
// An agreement signed by both roots, and where the partner is reached (may be empty). *why is a
// text for a person in the arena.
enum err exchange_link_add(struct exchange *ex, int64_t principal, struct str note,
    struct str address, struct str *why) MUST_USE;
// "live" or "paused".
enum err exchange_link_set_state(
    struct exchange *ex, int64_t principal, struct str party, struct str state) MUST_USE;
// There is something to send.
void exchange_wake(struct exchange *ex, struct str party);
// Whose certificate has this pin; false when nobody's.
bool exchange_party_of_pin(struct exchange *ex, const unsigned char pin[static HTTP_PIN_BYTES],
    struct arena *a, struct str *party);

// What the decision needs to know of the agreement with a party. Strings in the arena.
struct exchange_terms {
    struct policy_agreement agreement;
    struct str country; // ISO 3166-1 alpha-3
    struct str purpose;
    int64_t cosignature_age_us; // since the partner last saw our ledger
    int64_t cosignature_age_max_us;
};
// ERR_NOT_FOUND when there is no link with the party.
enum err exchange_terms(struct exchange *ex, struct str party, struct arena *a,
    struct exchange_terms *out) MUST_USE;

// The agreement's deadline for recalls; 0 without a link. Reads no store.
int64_t exchange_recall_us(struct exchange *ex, struct str party);

// Composes the next batch for a party: seals what was committed (journal, signature), then
// writes what the partner has not got. *is_empty: it says nothing new.
enum err exchange_compose(struct exchange *ex, struct str party, struct arena *a,
    struct str *batch, bool *is_empty) MUST_USE;
// Verifies a batch of that party and stores what it brings, or nothing. *why is a text for a
// person.
struct exchange_sender {
    struct str party;
    int64_t principal; // who carried it here
};
struct exchange_applied {
    uint64_t entries, objects, receipts, recalls;
};
enum err exchange_apply(struct exchange *ex, const struct exchange_sender *from,
    struct arena *a, struct str batch, struct exchange_applied *out, struct str *why) MUST_USE;
// A partner's push: applies its batch and composes ours as the answer. ERR_BUSY while the link
// is paused, and while another push of the same partner is at work: it would only hold a
// worker.
enum err exchange_answer(struct exchange *ex, struct str party, struct arena *a,
    struct str batch, struct str *answer, struct str *why) MUST_USE;

// Entries of our own log, appended in the caller's transaction.
struct exchange_release {
    struct str party;
    struct str id;   // UUIDv7
    struct str rule; // "R8"
    struct str purpose;
    struct str handling; // the block that all objects share
    enum store_priority priority;
    int64_t now_us;
};
struct exchange_item {
    int64_t object_seq;
    int64_t bytes_n;
    unsigned char salt[LEDGER_SALT_BYTES];
    struct ledger_hash commitment;
    struct ledger_hash decision; // of the decision record
};
// One entry over at most LEDGER_COMMITMENTS_MAX items; queues their payloads.
enum err exchange_append_release(struct exchange *ex, struct store_txn *t, struct arena *a,
    const struct exchange_release *release, const struct exchange_item *items,
    size_t n) MUST_USE;

struct exchange_recall {
    struct str party;
    struct str id;
    struct str reason;
    int64_t deadline_us;
    int64_t now_us;
    int64_t of_log_id; // the release entry
    uint64_t of_idx;
    const uint64_t *leaves;
    size_t n_leaves;
};
enum err exchange_append_recall(struct exchange *ex, struct store_txn *t, struct arena *a,
    const struct exchange_recall *recall) MUST_USE;

// For status: one link. Strings in the arena.
struct exchange_status {
    struct str party, state, address;
    struct str last;               // what the last contact came to; empty before the first
    int64_t contact_us;            // of the last answer; 0: none
    uint64_t size, cosigned;       // of our log
    uint64_t peer_size;            // of the partner's log, as we hold it
    uint64_t waiting;              // entries and payloads that the partner has not answered yet
    uint64_t to_receipt, receipts; // entries of our log
    uint64_t released, received, recalled, recalls_answered; // objects
};
struct exchange_statuses {
    struct exchange_status *items;
    size_t n;
};
enum err exchange_status(
    struct exchange *ex, struct arena *a, struct exchange_statuses *out) MUST_USE;

// The policy files of both directions, ours first, and the evidence of both ledgers with what
// we hold of their payloads.
enum err exchange_policy(struct exchange *ex, struct str party, struct buf *out) MUST_USE;
enum err exchange_evidence(struct exchange *ex, struct str party, struct buf *out) MUST_USE;
