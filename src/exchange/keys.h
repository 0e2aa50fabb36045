// SPDX-License-Identifier: Apache-2.0
// What a link stands on, as it changes: agreements, keys, epochs, certificates. One change at a
// time; who asked is in the audit event of the same transaction (U1). *why is a static text.
#pragma once

#include "exchange/exchange.h"

// A later agreement with the same partner and the keys in force. Entries go over to it when the
// partner has shown that it has it too.
enum err exchange_link_renew(
    struct exchange *ex, int64_t principal, struct str note, struct str *why) MUST_USE;
// No more thread, pin or batches; the history stays, and the link may be added again.
// ERR_NOT_FOUND when there is no such link.
enum err exchange_link_remove(
    struct exchange *ex, int64_t principal, struct str party) MUST_USE;
// What our party root has said of a key of this node: a `key` entry in the log of every link
// that it concerns. The same statement again adds only what is still missing. *n_links: in how
// many links it stands now.
enum err exchange_key_install(struct exchange *ex, int64_t principal, struct str note,
    size_t *n_links, struct str *why) MUST_USE;
// Both logs of a link begin again, each as its party root has said (reason "epoch"); the logs
// before them stay as they are.
struct exchange_epoch {
    struct str party;
    struct str ours, theirs; // the statements
};
enum err exchange_epoch_open(struct exchange *ex, int64_t principal,
    const struct exchange_epoch *epoch, struct str *why) MUST_USE;

// Keys and certificates that end: ours and the partners', the soonest first.
struct exchange_expiry {
    struct str role;  // "agreement", "certificate", or a role of statements
    struct str party; // whose; the partner's for an agreement
    int64_t not_after_us;
    int64_t days_left; // below 0: over
    struct str level;  // "ok", "soon" (30 days), "urgent" (7 days), "over"
};
struct exchange_expiries {
    struct exchange_expiry *items;
    size_t n;
};
enum err exchange_expiries(
    struct exchange *ex, struct arena *a, struct exchange_expiries *out) MUST_USE;

// Our side of TLS from now on; its texts stay as long as the exchange.
void exchange_set_identity(struct exchange *ex, const struct http_identity *identity);
// Of the identity that is shown now.
enum err exchange_certificate(struct exchange *ex, struct http_certificate *out) MUST_USE;
// What shall be shown next: another certificate of the same key at once, another key when every
// partner holds what our root has said of it. ERR_INVALID when the two are no pair.
enum err exchange_offer_identity(
    struct exchange *ex, const struct http_identity *identity) MUST_USE;
// Whether its time has come; then it is offered no more, and the caller shows it.
bool exchange_identity_due(struct exchange *ex, struct http_identity *out) MUST_USE;
