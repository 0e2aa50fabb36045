// SPDX-License-Identifier: Apache-2.0
// One error type for the whole program: it names what the caller can do, not where it broke.
#pragma once

#include "base/attr.h"

#include <stddef.h>

// name, what a person reads
#define ERR_LIST(X)                                     \
    X(OK, "ok")                                         \
    X(INVALID, "the input is not valid")                \
    X(LIMIT, "the input is over a limit")               \
    X(DENIED, "refused by a rule or a missing right")   \
    X(NOT_FOUND, "not found")                           \
    X(CONFLICT, "conflicts with what is already there") \
    X(BUSY, "busy, try again")                          \
    X(CORRUPT, "does not verify, or is damaged")        \
    X(IO, "the system failed")

enum err {
#define ERR_ENUM(name, text) ERR_##name,
    ERR_LIST(ERR_ENUM)
#undef ERR_ENUM
};

// Static text for a person; never NULL.
const char *err_text(enum err e);
// "INVALID" and so on, for logs and JSON; never NULL.
const char *err_name(enum err e);

// Where a parser stopped and why. `at` is a byte position in the text given; `why` is static.
struct fault {
    size_t at;
    const char *why;
};

// Sets *fault when the caller wants it, and returns `e`, so that a parser fails in one line.
enum err fault_set(struct fault *fault, enum err e, size_t at, const char *why);

// Returns the error of `call` to our caller. Only where nothing is held that must be released.
#define TRY(call)                  \
    do {                           \
        enum err try_err = (call); \
        if (try_err != ERR_OK)     \
            return try_err;        \
    } while (0)
