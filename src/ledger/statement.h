// SPDX-License-Identifier: Apache-2.0
// What a party root says about a key: that it comes into force, or that it is over. One line of
// JCS as a signed note (note.h), made where the root is kept, off line.
#pragma once

#include "ledger/fault.h"
#include "ledger/note.h"
#include "ledger/tree.h"

#define LEDGER_STATEMENT_BYTES_MAX (4 * KIB)

enum ledger_act {
    LEDGER_ADD,    // in force; of the roles that have one key, the one before is over
    LEDGER_RETIRE, // over, in good order
    LEDGER_REVOKE, // over, and not to be trusted: lost or stolen
};
enum ledger_role {
    LEDGER_COSIGN_KEY,  // 0x04, <node>/<realm>/cosign
    LEDGER_LOG_KEY,     // 0x01, <node>/<realm>/ledger/<partner>/<epoch>
    LEDGER_OFFICER_KEY, // 0x01, <node>/<realm>/officer/<any>
    LEDGER_PARTY_KEY,   // 0x01, <node>/root
    LEDGER_REFUSAL_KEY, // 0x01, <node>/<realm>/refusal
    LEDGER_TLS_KEY,     // no note key: `spki`
    LEDGER_ROLES,
};

struct ledger_statement {
    enum ledger_act act;
    enum ledger_role role;
    struct str node;  // whose root speaks: <node>/root
    struct str realm; // nothing said in one realm holds in another (R1)
    struct str name;  // of the person, for an officer; may be empty otherwise
    struct str reason;
    struct ledger_key key; // when has_key: every role but TLS
    bool has_key;
    struct ledger_hash spki; // when has_spki: of a TLS key
    bool has_spki;
    int64_t from_us;      // in ledgers the place of the entry counts, elsewhere this time
    int64_t not_after_us; // when the key must have been renewed
};

struct str ledger_act_name(enum ledger_act act);    // "add"
struct str ledger_role_name(enum ledger_role role); // "cosign"
// LEDGER_ROLES when there is none of that name.
enum ledger_role ledger_role_parse(struct str name);

// The text that a root signs, without its newline: what travels to the place of the root.
void ledger_statement_put(struct buf *b, const struct ledger_statement *statement);
// ERR_INVALID with *fault when a member, a name or a type does not fit its role.
enum err ledger_statement_parse(struct arena *a, struct str text, struct ledger_statement *out,
    struct ledger_fault *fault) MUST_USE;
// The signed note. ERR_INVALID unless `secret` is that of `root`, and root is <node>/root.
enum err ledger_statement_sign(struct arena *a, const struct ledger_statement *statement,
    const struct ledger_key *root, const struct sign_key *secret, struct str *note) MUST_USE;
// The form of a note, whoever has signed it.
enum err ledger_statement_read(struct arena *a, struct str note, struct ledger_statement *out,
    struct ledger_fault *fault) MUST_USE;
// Signed by that root. ERR_INVALID, ERR_CORRUPT or ERR_DENIED with *fault (LE-KEY).
enum err ledger_statement_open(struct arena *a, struct str note, const struct ledger_key *root,
    struct ledger_statement *out, struct ledger_fault *fault) MUST_USE;
