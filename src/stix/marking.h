// SPDX-License-Identifier: Apache-2.0
// Marking definitions: TLP 1 and 2.0 with their pinned bodies, statements, and the project's
// releasability marking.
#pragma once

#include "stix/object.h"

// TLP 2.0, in order of strictness. TLP 1 AMBER reads as amber+strict, which reaches as far.
#define STIX_TLP_LIST(X)            \
    X(CLEAR, "clear")               \
    X(GREEN, "green")               \
    X(AMBER, "amber")               \
    X(AMBER_STRICT, "amber+strict") \
    X(RED, "red")

enum stix_tlp {
#define STIX_TLP_ENUM(name, word) STIX_TLP_##name,
    STIX_TLP_LIST(STIX_TLP_ENUM)
#undef STIX_TLP_ENUM
        STIX_TLPS
};

// The published TLP 2.0 identifier of a level.
struct str stix_tlp_id(enum stix_tlp tlp);
struct str stix_tlp_word(enum stix_tlp tlp);
enum err stix_tlp_parse(struct str word, enum stix_tlp *out) MUST_USE;

enum stix_marking_kind {
    STIX_MARKING_TLP,
    STIX_MARKING_STATEMENT,     // neutral: restricts nothing, travels along
    STIX_MARKING_RELEASABILITY, // the project's extension
    STIX_MARKING_IEP,           // FIRST's Information Exchange Policy 2.0
    STIX_MARKING_ACS,           // Access Control Specification 3.0
    STIX_MARKING_UNKNOWN,       // a scheme, a property or a value that we do not understand
    STIX_MARKING_FORGED,        // a pinned id with another body, or a TLP look-alike
    STIX_MARKING_ABOVE,         // above the ceiling: refused at import
};

// The extension that carries releasability, originator control, caveats, national marking,
// embargo and expiry. Properties: extension_type "property-extension",
// permitted_nationalities (trigraphs, or four letters for a community), formal_determination
// ("NF" is the only value that is understood), orcon, caveats, national_marking, embargo_until,
// expires.
#define STIX_RELEASABILITY_EXTENSION \
    "extension-definition--e1b4cb42-f19a-42ad-aa13-7a3effdda795"

struct stix_marking {
    enum stix_marking_kind kind;
    const char *why; // of UNKNOWN, FORGED and ABOVE: static
    bool has_tlp;
    enum stix_tlp tlp;
    bool has_relto; // a list of none is possible: nobody but the originator
    struct str *relto;
    size_t n_relto;
    bool is_noforn, is_orcon;
    struct str *caveats;
    size_t n_caveats;
    struct str *national; // markings, verbatim
    size_t n_national;
    bool has_embargo, has_expiry;
    int64_t embargo_us, expiry_us;
};

// The object must be a marking-definition, else ERR_INVALID.
enum err stix_marking_read(
    struct arena *a, const struct stix_object *object, struct stix_marking *out) MUST_USE;

// Whether a national marking names a classification (SECRET, TOP SECRET, CONFIDENTIAL, a grade
// of the Republic of Korea's secrets, or 대외비): nothing of that kind may be held.
bool stix_national_is_above(struct str text);

// The marking of a pinned TLP identifier, without looking at any body. ERR_NOT_FOUND for every
// other identifier.
enum err stix_marking_pinned(struct str id, struct stix_marking *out) MUST_USE;

// The objects that every node has built in, as JSON: TLP 1, TLP 2.0, the project's extension
// definition and its creator. Empty past the end.
struct str stix_builtin(size_t i);
bool stix_is_builtin(struct str id);
