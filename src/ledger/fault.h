// SPDX-License-Identifier: Apache-2.0
// The error codes of the ledger: what a partner is told, and what an officer reads.
#pragma once

#include "base/err.h"

// name, code as sent, what a person reads
#define LEDGER_CODE_LIST(X)                                                        \
    X(OK, "", "ok")                                                                \
    X(PARSE, "LE-PARSE", "not readable")                                           \
    X(CANON, "LE-CANON", "not in canonical form")                                  \
    X(SIZE, "LE-SIZE", "longer than 65,535 bytes")                                 \
    X(UNKNOWN_KIND, "LE-UNKNOWN-KIND", "unknown kind of entry")                    \
    X(UNKNOWN_FIELD, "LE-UNKNOWN-FIELD", "unknown field")                          \
    X(FIELD, "LE-FIELD", "a field is missing or wrong")                            \
    X(ORIGIN, "LE-ORIGIN", "not the pair of this log")                             \
    X(SEQ_GAP, "LE-SEQ-GAP", "entries are missing before this one")                \
    X(SEQ_DUP, "LE-SEQ-DUP", "the number is used already with other bytes")        \
    X(X_BACK, "LE-X-BACK", "names an older checkpoint of the peer than before")    \
    X(X_FALSE, "LE-X-FALSE", "contradicts a checkpoint that was signed")           \
    X(CP_SIG, "LE-CP-SIG", "the checkpoint's signature is missing or wrong")       \
    X(CP_CONS, "LE-CP-CONS", "the checkpoint is not consistent with what is held") \
    X(CP_STALE, "LE-CP-STALE", "the partner's cosignature is too old")             \
    X(AGR, "LE-AGR", "not the agreement in force")                                 \
    X(COMMIT, "LE-COMMIT", "the objects are not those that the entry commits to")  \
    X(NOPROOF, "LE-NOPROOF", "the inclusion proof does not hold")                  \
    X(KEY, "LE-KEY", "signed by a key that was retired before")

enum ledger_code {
#define LEDGER_CODE_ENUM(name, code, text) LEDGER_CODE_##name,
    LEDGER_CODE_LIST(LEDGER_CODE_ENUM)
#undef LEDGER_CODE_ENUM
};

// Where in the bytes given, and which rule.
struct ledger_fault {
    enum ledger_code code;
    struct fault where;
};

const char *ledger_code_name(enum ledger_code code); // "LE-PARSE"; "" for OK
const char *ledger_code_text(enum ledger_code code);
// Sets *fault when the caller wants it, and returns `e`.
enum err ledger_fault_set(
    struct ledger_fault *fault, enum err e, enum ledger_code code, size_t at, const char *why);
