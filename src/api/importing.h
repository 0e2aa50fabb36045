// SPDX-License-Identifier: Apache-2.0
// One document into the store, whoever brings it: a request, an inbox, a feed. The document is
// looked at twice: a cut or malformed one stores nothing; a bad object is refused alone.
#pragma once

#include "format/kind.h"
#include "store/store.h"

enum importing_outcome {
    IMPORTING_NEW,
    IMPORTING_SAME,     // an equal row is there, or every node has it
    IMPORTING_CONFLICT, // this id and version is there with another content
    IMPORTING_REFUSED,
    IMPORTING_FOUND, // in a preview: it would be stored
};

// One object and what came of it; borrowed for the call.
struct importing_object {
    enum importing_outcome outcome;
    struct str id, type;   // empty when it could not be read
    struct str bytes;      // STIX 2.1; of what was refused: as far as it was made
    struct str original;   // what stands in the document; empty: `bytes`
    struct str rule, text; // of what was refused: a rule, and a sentence with the position
    uint64_t at;           // byte of the unpacked document
    bool has_version;
    int64_t version_us;
    int64_t seq; // its row, or the one that was there; 0: none
};

// What to bring in, and how. Everything is borrowed until importing_run returns.
struct importing {
    struct store *store;
    struct arena *arena; // for results and for reading; a new one for each document
    const char *spool;   // a folder where unpacked bytes may wait
    int fd;              // the document, a file that nobody cuts; stays open
    struct str name;     // provenance: a file name, an address
    struct str source;   // of the rows
    struct str originator;
    struct str handling; // TLP level of what comes unmarked
    struct str country;  // of our Participant, for what must not leave it
    struct str reader;   // a recipient inside our Participant reads what is new; empty: nobody
    int64_t principal;   // for the audit
    int64_t at_us;       // the time of arrival of every row; 0: now
    bool has_format;     // else it is found out
    enum format_kind format;
    bool wants_indicators; // of CSV rows, beside their observables
    bool is_quarantined;   // new rows wait for an officer
    bool is_preview;       // nothing is stored
    // Called in turn, not in the order of the document, from one thread at a time, after the
    // rows are durable. May be NULL.
    void (*told)(void *ctx, const struct importing_object *object);
    void *ctx;
};

// The first of each are kept in words, all are counted.
#define IMPORTING_REMARKS_MAX 100

struct importing_problem {
    const struct importing_problem *next;
    uint64_t at;
    struct str rule, text;
};
struct importing_loss {
    const struct importing_loss *next;
    struct format_loss loss;
};

struct importing_result {
    int64_t import; // its number; 0 in a preview
    enum format_kind format;
    uint64_t read, added, same, conflicts, refused, unmarked;
    uint64_t n_losses;
    const struct importing_problem *problems;
    const struct importing_loss *losses;
};

// Waits for the store: never on a thread of the server, never in store work. ERR_INVALID and
// ERR_LIMIT: the document, and nothing was stored; ERR_CONFLICT: the import was undone while
// it ran; ERR_IO. *why is a sentence for a person, with the position, in the arena.
enum err importing_run(
    const struct importing *in, struct importing_result *out, struct str *why) MUST_USE;
