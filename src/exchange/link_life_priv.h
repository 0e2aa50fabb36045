// SPDX-License-Identifier: Apache-2.0
// How a link comes to be, from an agreement or from the store, and what it stands on.
#pragma once

#include "exchange/link_priv.h"

// A link from its first agreement; without logs, keys and thread.
enum err link_new(
    struct exchange *ex, struct str note, struct link **out, struct str *why) MUST_USE;
void link_stop(struct link *link); // its thread ends as soon as it can
void link_free(struct link *link); // waits for its thread
// The logs of the newest epoch; those of a new link are made.
enum err link_open_logs(struct store_txn *t, struct link *link) MUST_USE;
// A link as the store has it, in force or removed: everything but its thread. ERR_NOT_FOUND
// when there never was one.
enum err link_read(struct exchange *ex, struct arena *a, struct str party, struct link **out,
    struct str *why) MUST_USE;
// The same when the signer's journal agrees with its ledgers; else ERR_CORRUPT.
enum err link_restore(struct exchange *ex, struct arena *a, struct str party, struct link **out,
    struct str *why) MUST_USE;
// The link of a row of the store, with its thread.
enum err link_load(struct exchange *ex, struct arena *a, const struct store_link *row,
    struct str *why) MUST_USE;
// From here on the link is found by its party, and its thread runs.
enum err link_begin(struct exchange *ex, struct link *link) MUST_USE;
void link_set_address(struct link *link, struct str address);
// What makes a link useless but harms nothing: a new one is refused for it, a node that has one
// says so and serves all the same.
enum err link_check_usable(struct link *link, struct str *why) MUST_USE;
bool link_has_agreement(struct link *link, const struct ledger_hash *digest);
// The agreement names the keys that are in force.
enum err link_fits(
    struct link *link, const struct ledger_agreement *agreement, struct str *why) MUST_USE;

// One more agreement, after those that the link has. *why is a text for a person.
enum err link_take_agreement(struct link *link, struct str note, struct str *why) MUST_USE;
// Whether an agreement is of the same two nodes as those that the link has.
enum err link_check_pair(
    struct link *link, const struct ledger_agreement *agreement, struct str *why) MUST_USE;
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
enum err link_keys_read(struct link *link, struct store_txn *t) MUST_USE; // in a transaction
