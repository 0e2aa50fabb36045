// SPDX-License-Identifier: Apache-2.0
// The C2SP policy file: whose log, and which witnesses must have cosigned. The word "policy" is
// kept for the release rules.
#pragma once

#include "ledger/checkpoint.h"

#define QUORUM_LOGS_MAX      64u
#define QUORUM_WITNESSES_MAX 64u
#define QUORUM_GROUPS_MAX    64u
#define QUORUM_BYTES_MAX     (64 * KIB)

struct ledger_quorum_log {
    struct ledger_key key;
    struct str url; // empty when not given
};

struct ledger_quorum_member; // a witness or a group, private

struct ledger_quorum {
    struct ledger_quorum_log *logs;
    size_t n_logs;
    struct ledger_quorum_member *members; // in order of definition
    size_t n_members;
    struct ledger_key *witnesses; // keys of the members that are witnesses, in order
    size_t n_witnesses;
    size_t root; // index of the member that must be met; n_members for "none"
};

enum err ledger_quorum_parse(
    struct arena *a, struct str text, struct ledger_quorum *out, struct fault *fault) MUST_USE;
// The file of one direction of a link: the author's log, cosigned by its peer.
void ledger_quorum_put_pair(
    struct buf *b, const struct ledger_key *log, const struct ledger_key *cosigner);
// The same with every key that the two have had, one after the other. An older key proves no
// less than a newer one; where each is in force, the ledgers say.
struct ledger_keyring;
void ledger_quorum_put_keyrings(
    struct buf *b, const struct ledger_keyring *author, const struct ledger_keyring *cosigner);
// Whether witnesses that signed (signed_by[i] for witnesses[i]) meet the quorum.
bool ledger_quorum_met(const struct ledger_quorum *q, const bool *signed_by);
// A checkpoint that the policy accepts: known log, valid signatures, quorum met. ERR_INVALID
// with *fault, ERR_NOT_FOUND for an unknown origin, ERR_CORRUPT for a wrong signature,
// ERR_DENIED when the log's signature or the quorum is missing.
enum err ledger_quorum_open(struct arena *a, const struct ledger_quorum *q, struct str note,
    struct ledger_checkpoint *out, struct fault *fault) MUST_USE;
