// SPDX-License-Identifier: Apache-2.0
// The one gate: may this row go to this recipient? Pure: the facts are all that counts, so a
// decision can be taken again years later with the same answer.
#pragma once

#include "policy/handling.h"
#include "policy/why.h"

enum policy_channel {
    POLICY_LINK,
    POLICY_FILE, // the link's batch, carried by hand
    POLICY_TAXII,
    POLICY_CONSOLE,
    POLICY_SENSOR,
    POLICY_FEED,
    POLICY_DIGEST,
    POLICY_EXPORT, // a bundle for other tools
    POLICY_PUBLIC,
    POLICY_CHANNELS
};

// Whose a recipient is, seen from this node.
enum policy_relation {
    POLICY_SELF,  // the organisation that runs the node
    POLICY_OURS,  // another organisation or a client of our side
    POLICY_OTHER, // another party
};

struct policy_recipient {
    struct str party;    // the party it belongs to
    struct str name;     // within the party: an organisation, account, sensor; may be empty
    struct str trigraph; // nationality, as in lists of nationalities
    enum policy_relation relation;
    bool is_client;            // served by an addressee, not the addressee itself
    const struct str *persons; // named in the release (TLP:RED)
    size_t n_persons;
    const struct str *registered; // those of them whom the register knows
    size_t n_registered;
};

// A code of several nations that the agreement defines: what "FVEY" in a list of nationalities
// stands for. A code that the agreement does not define stands for nobody.
struct policy_community {
    struct str code;
    const struct str *nations; // trigraphs
    size_t n;
};

struct policy_agreement {
    struct str digest; // hex
    bool is_live;
    bool is_frozen;    // the two ledgers contradict each other: officers must decide first
    bool is_community; // the recipient is in the community that it declares
    bool is_addressee; // the recipient is an addressee for this type and purpose
    const struct str *types;
    size_t n_types; // none: every type
    const struct str *purposes;
    size_t n_purposes;
    const struct policy_community *communities;
    size_t n_communities;
};

// An originator's permission to pass on one object, or all of a class. Exactly one of `object`
// and `type` is not empty; originator control takes only the former.
struct policy_grant {
    struct str by, to; // parties
    struct str purpose;
    int64_t not_after_us;
    struct str object; // equal to the facts' `object`
    struct str type;
};

struct policy_facts {
    struct str type;   // of the object
    struct str object; // what a grant calls it: the commitment under which it came, in hex
    struct policy_label label;
    bool is_recalled;  // by its originator
    bool is_withdrawn; // release taken back by our own officer
    struct str self;   // our party
    struct policy_recipient recipient;
    struct policy_agreement agreement;
    struct str purpose;
    enum policy_channel channel;
    int64_t now_us;
    const struct policy_grant *grants; // that name this object or its class
    size_t n_grants;
    const struct str *approvers; // key ids of officers in force whose signatures over the
    size_t n_approvers;          // digest of the preview hold
    int64_t cosignature_age_us, cosignature_age_max_us;
    bool is_flash;    // needs one officer, and is not held when the cosignature is old
    bool is_redacted; // policy_cut and policy_redact have been at it: nothing is left to cut
};

struct policy_decision policy_decide(const struct policy_facts *facts);

struct str policy_channel_word(enum policy_channel channel); // "link"
bool policy_channel_has_envelope(
    enum policy_channel channel); // handling goes beside the object
// Whether the handling has to be written into the bytes before they go (R10).
bool policy_must_be_marked(const struct policy_facts *facts);
