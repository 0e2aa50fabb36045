// SPDX-License-Identifier: Apache-2.0
// Handling: what may be done with an object, folded from all that marks it. The strictest
// wins.
#pragma once

#include "stix/marking.h"
#include "json/json.h"

// Texts are sorted bytewise, each once. A list of nationalities holds trigraphs, and codes of
// four letters that an agreement defines. No list (has_relto false) permits all; an empty list
// permits nobody but the originator, and prints as "ZZZ", a user-assigned code of ISO 3166 that
// names no one.
struct handling {
    enum stix_tlp tlp;
    bool has_relto;
    const struct str *relto;
    size_t n_relto;
    bool is_noforn, is_orcon;
    const struct str *nat; // national markings, verbatim
    size_t n_nat;
    const struct str *cav; // caveats
    size_t n_cav;
    bool has_embargo, has_expiry;
    int64_t embargo_us, expiry_us;
    struct str originator; // party id
};

// a and b, whichever is stricter on each axis; the originator is a's.
enum err policy_handling_fold(struct arena *arena, const struct handling *a,
    const struct handling *b, struct handling *out) MUST_USE;
bool policy_handling_equal(const struct handling *a, const struct handling *b);
// Folding b into a changes nothing: a is at least as strict on every axis.
bool policy_handling_covers(const struct handling *a, const struct handling *b);

// A caveat that begins so names a party whose information is in this: to pass it on needs its
// grant, as if it were the originator. Derived objects carry it (policy/derive.h).
#define POLICY_CONSENT_CAVEAT "ORIG:"

// The ledger's block `h`: canonical JSON, always all nine members.
void policy_handling_put(struct buf *b, const struct handling *h);
// ERR_INVALID unless the text is exactly what policy_handling_put would print.
enum err policy_handling_parse(
    struct arena *a, struct str text, struct handling *out, struct fault *fault) MUST_USE;

// A party id: 2 to 16 characters a-z0-9-.
enum err policy_party_check(struct str id) MUST_USE;

// A marking definition that the caller found in its store for a reference.
struct policy_marking {
    struct str id;
    struct stix_marking marking;
};

enum policy_label_problem {
    POLICY_LABEL_OK,
    POLICY_LABEL_UNKNOWN, // a marking not held or not understood
    POLICY_LABEL_FORGED,
    POLICY_LABEL_CONTRADICTORY, // two different TLP values on one object
    POLICY_LABEL_ABOVE,         // marked above what a node may hold
};

struct policy_label {
    struct handling handling;
    enum policy_label_problem problem; // not OK: rule R1, and the handling is not to be used
    bool has_stricter_part; // a granular marking restricts some property more than the object
    bool is_in_bytes;       // the object's own markings say all of the handling
};

// The effective label of an object: its markings folded with the row's handling (received
// envelope or importer's default, with every tightening). `markings` is sorted by id; pinned
// TLP identifiers are never looked up in it.
struct policy_markings {
    const struct policy_marking *items;
    size_t n;
};
enum err policy_effective(struct arena *a, const struct stix_object *object,
    struct policy_markings markings, const struct handling *row,
    struct policy_label *out) MUST_USE;

// The marking that an identifier stands for: pinned, or one of `markings`. ERR_NOT_FOUND.
enum err policy_marking_find(
    struct policy_markings markings, struct str id, struct stix_marking *out) MUST_USE;
struct handling policy_marking_handling(
    const struct stix_marking *marking); // borrows its texts

// The effective label of one property, named by its selector. A TLP that a granular marking
// gives it counts below the object's own only when the row is from its originator; the row's
// handling always counts. Markings that are not understood count for nothing: the label of the
// object says so.
struct policy_part {
    struct str selector;
    bool is_from_originator;
};
enum err policy_effective_at(struct arena *a, const struct stix_object *object,
    struct policy_markings markings, const struct handling *row, struct policy_part part,
    struct handling *out) MUST_USE;
