// SPDX-License-Identifier: Apache-2.0
// The formats that a document can come in or go out as. A pure conversion makes STIX 2.1 of a
// document, or a document of STIX 2.1, and says what is lost on the way.
#pragma once

#include "base/str.h"

enum format_kind {
    FORMAT_STIX21,
    FORMAT_STIX20, // upgraded on the way in, never written
    FORMAT_MISP,
    FORMAT_CSV,
    FORMAT_TEXT, // a report or a list of values on the way in, a plain list on the way out
};
#define FORMAT_KINDS 5

// "stix", "stix20", "misp", "csv", "text": as options and parameters spell it.
struct str format_kind_name(enum format_kind kind);
enum err format_kind_parse(struct str name, enum format_kind *out) MUST_USE;

// What a conversion changed, dropped or could not read. Lives in the conversion's arena.
struct format_loss {
    uint64_t at;        // byte of the document on the way in; 0 on the way out
    struct str id;      // of the object, as the document names it; may be empty
    struct str field;   // a path inside it; empty: the whole
    struct str outcome; // "changed", "dropped" or "refused"
    struct str why;     // one sentence
};

// One STIX 2.1 object that a conversion made.
struct format_object {
    struct str bytes;
    struct str
        original; // the piece of the document that it was made from; empty: it is `bytes`
    uint64_t at;  // where that piece begins in the document
    bool is_once; // its id is made from its content: one that is held is the same
    bool
        is_untimed; // its times are that of arrival: one that differs in them alone is the same
    bool is_kept_home; // its source lets nobody outside the importer's own Participant have it
};

// Who takes what a conversion makes, in the order of the document. An error ends the
// conversion with that error.
struct format_sink {
    enum err (*object)(void *ctx, const struct format_object *object);
    enum err (*loss)(void *ctx, const struct format_loss *loss);
    void *ctx;
};
