// SPDX-License-Identifier: Apache-2.0
// The small signed file that a link stands on. Each party makes an offer, signed by its root
// key; two offers give one agreement, the same bytes on both sides; both roots sign it.
#pragma once

#include "ledger/fault.h"
#include "ledger/note.h"
#include "ledger/tree.h"

#define LEDGER_CERTIFICATE_BYTES_MAX (16 * KIB)

struct ledger_party {
    struct str id;             // "kr"
    struct str node;           // "node.kr.example"
    struct str country;        // ISO 3166-1 alpha-3, as REL TO lists name it: "KOR"
    struct ledger_key root;    // 0x01, named <node>/root
    struct ledger_key log;     // 0x01, named <node>/<realm>/ledger/<other party>/<epoch>
    struct ledger_key cosign;  // 0x04, named <node>/<realm>/cosign
    struct ledger_key refusal; // 0x01, named <node>/<realm>/refusal
    struct str certificate;    // DER of the TLS certificate
    struct ledger_hash spki;   // SHA-256 of its SubjectPublicKeyInfo
};

struct ledger_offer {
    struct str realm;
    struct str url; // where the node listens: a hint, not part of the agreement
    int64_t not_after_us;
    struct ledger_party party;
};

// The text (one JCS line) that the root signs.
void ledger_offer_put(struct buf *b, const struct ledger_offer *offer);
// The signed note. ERR_INVALID when the values make no valid offer.
enum err ledger_offer_sign(struct arena *a, const struct ledger_offer *offer,
    const struct sign_key *root, struct str *note) MUST_USE;
// Signed by the root key that it names: whether that key is the partner's, people compare.
// ERR_INVALID, ERR_CORRUPT or ERR_DENIED with *fault.
enum err ledger_offer_open(struct arena *a, struct str note, struct ledger_offer *out,
    struct ledger_fault *fault) MUST_USE;

struct ledger_purpose {
    struct str name;
    struct str *types; // object types, or the one word "*"
    size_t n_types;
};

struct ledger_agreement {
    struct str realm;
    struct ledger_party parties[2]; // in order of id
    struct ledger_purpose *purposes;
    size_t n_purposes;
    struct str *community; // parties that TLP:GREEN reaches
    size_t n_community;
    struct str *addressees; // parties that may be named in REL TO
    size_t n_addressees;
    uint64_t stale_s; // T: cosignatures older than this stop releases above CLEAR
    uint64_t recall_s;
    uint64_t receipt_alarm_s;
    int64_t not_after_us;      // the earlier of the two offers
    struct str text;           // JCS, without the newline that ends the note's text
    struct ledger_hash digest; // SHA-256("bongsu-agreement-v1" || 0x0A || text)
};

// With the default purposes, community and clocks. ERR_INVALID with *fault when the offers are
// not two parties of one realm that name each other.
enum err ledger_agreement_build(struct arena *a, const struct ledger_offer *first,
    const struct ledger_offer *second, struct ledger_agreement *out,
    struct ledger_fault *fault) MUST_USE;
enum err ledger_agreement_parse(struct arena *a, struct str text, struct ledger_agreement *out,
    struct ledger_fault *fault) MUST_USE;
// The signature line of the signer's root key.
enum err ledger_agreement_sign(struct buf *line, const struct ledger_agreement *agreement,
    const struct ledger_party *signer, const struct sign_key *root) MUST_USE;
// The note: text and the lines collected so far.
void ledger_agreement_put(
    struct buf *b, const struct ledger_agreement *agreement, struct str lines);
// Parses and verifies a note. signed_by[i] tells whether parties[i] has signed; a link needs
// both. ERR_CORRUPT for a wrong signature; a missing one is no error.
enum err ledger_agreement_open(struct arena *a, struct str note, struct ledger_agreement *out,
    bool signed_by[2], struct ledger_fault *fault) MUST_USE;
// NULL when there is no such party.
const struct ledger_party *ledger_agreement_party(
    const struct ledger_agreement *agreement, struct str id);
const struct ledger_party *ledger_agreement_other(
    const struct ledger_agreement *agreement, struct str id);
