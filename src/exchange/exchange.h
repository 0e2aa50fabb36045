// SPDX-License-Identifier: Apache-2.0
// The links of a node: what is said to each partner, and what a partner says to us. A link is
// entries and payloads; the batch that carries them is pushed, answered, or taken across as a
// file, with the same verification.
#pragma once

#include "exchange/signer.h"
#include "http/tls.h"
#include "ledger/batch.h"
#include "ledger/note.h"
#include "policy/decide.h"
#include "store/release.h"
#include "store/store.h"

struct exchange;
struct link;

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
// "live" or "paused". ERR_CONFLICT while the link is frozen.
enum err exchange_link_set_state(
    struct exchange *ex, int64_t principal, struct str party, struct str state) MUST_USE;
// Officers have decided: a frozen link is live again. ERR_CONFLICT when it is not frozen.
enum err exchange_link_unfreeze(
    struct exchange *ex, int64_t principal, struct str party) MUST_USE;
// Who calls whom: we when there is something to say; we also when there is not, since the
// partner cannot reach us; nobody, batches are carried by hand.
enum exchange_mode { EXCHANGE_PUSH, EXCHANGE_PULL, EXCHANGE_FILE, EXCHANGE_MODES };
struct str exchange_mode_word(enum exchange_mode mode);
enum exchange_mode exchange_mode_parse(struct str word); // EXCHANGE_MODES: no such mode
enum err exchange_link_set_mode(
    struct exchange *ex, int64_t principal, struct str party, enum exchange_mode mode) MUST_USE;
// There is something to send.
void exchange_wake(struct exchange *ex, struct str party);
// Whose certificate has this pin; false when nobody's.
bool exchange_party_of_pin(struct exchange *ex, const unsigned char pin[static HTTP_PIN_BYTES],
    struct arena *a, struct str *party);

// A request of a partner begins and ends; each may hold a batch in memory. NULL: as many as
// one partner may have are at work already, and this one must not begin. The end is of the link
// of the beginning, which another may have followed.
struct link *exchange_request_begin(struct exchange *ex, struct str party);
void exchange_request_end(struct link *link);

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

// The root key of our own party as the agreement with that party names it, which certifies our
// officers there. An empty party: as any agreement names it. ERR_NOT_FOUND without a link.
enum err exchange_own_root(
    struct exchange *ex, struct str party, struct arena *a, struct ledger_key *out) MUST_USE;

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

// The policy files of both directions, ours first, and the evidence of both ledgers with what
// we hold of their payloads.
enum err exchange_policy(struct exchange *ex, struct str party, struct buf *out) MUST_USE;
enum err exchange_evidence(struct exchange *ex, struct str party, struct buf *out) MUST_USE;
