// SPDX-License-Identifier: Apache-2.0
// What of an object a recipient may have. First policy_cut decides on the row and on each of
// its parts, and says which references remain; then policy_close (closure.h) decides on all
// rows together; then policy_redact makes the bytes to go. Each part passes the same decision
// as the row, with the handling that its granular markings give it.
//
// What goes does not depend on what is withheld: no placeholder, no count, no empty property,
// and an id that the recipient cannot know is taken out, whether it is held or not.
#pragma once

#include "policy/decide.h"

// References of which at least one must be good, or the object cannot go: an end, or a list
// that the standard requires.
struct policy_need {
    const struct str *ids;
    size_t n;
};

struct policy_cut {
    struct policy_decision decision; // PERMITTED or RETURNED, or why it may not go
    bool may_vary;   // false: as received or not at all (meta objects, and what goes home)
    bool is_variant; // parts must go, or its handling must be written into it
    const struct stix_ref *refs; // what remains, sorted by id
    size_t n_refs;
    const struct policy_need *needs;
    size_t n_needs;
};

// Decides on the row and its parts. facts->label is of policy_effective, facts->is_redacted
// false.
// What officers are to approve, parts included, is previewed with the facts as they will be
// after their approval; without it a part that needs officers is taken out.
enum err policy_cut(struct arena *a, const struct stix_object *object,
    struct policy_markings markings, const struct policy_facts *facts,
    struct policy_cut *out) MUST_USE;

// What the recipient calls the objects that it has or gets: the id itself, or a variant's.
// Sorted by id. A reference to any other object is taken out; created_by_ref stays as received.
struct policy_name {
    struct str id, as;
};
struct policy_names {
    const struct policy_name *items;
    size_t n;
};

struct policy_redaction {
    struct policy_markings markings;
    const struct policy_facts *facts; // as given to policy_cut
    struct policy_names names;
    struct str id; // of the variant (policy_variant_id)
    struct str
        modified; // of the variant, empty: leave it out, to compare what it says otherwise
};

struct policy_redacted {
    struct policy_decision decision; // PERMITTED or RETURNED, or why it may not go after all
    bool is_variant;                 // false: it goes as received, and bytes is empty
    struct str bytes;
    struct str marking_id; // a marking definition that must go with it, or empty
    struct str marking;    // its bytes
};

// The bytes to go, canonical in nothing but their being the same for the same input. What is
// left is read again by stix_object_read: an object that lost something that it must have is
// withheld (PART_REQUIRED).
enum err policy_redact(struct arena *a, const struct stix_object *object,
    const struct policy_redaction *how, struct policy_redacted *out) MUST_USE;

// The id of the variant of `id` for the recipient that owns the key: of the same type, a UUID
// of version 8 made from HMAC-SHA-256(key, id). Nobody without the key can tell what it stands
// for.
#define POLICY_RECIPIENT_KEY_BYTES 32
enum err policy_variant_id(struct arena *a,
    const unsigned char key[static POLICY_RECIPIENT_KEY_BYTES], struct str id,
    struct str *out) MUST_USE;

// The marking definition that says all of a handling but its TLP and originator. Its id is a
// digest of what it says: the same wherever it is made. Empty when the TLP says it all.
enum err policy_marking_make(
    struct arena *a, const struct handling *h, struct str *id, struct str *bytes) MUST_USE;
