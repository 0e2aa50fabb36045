// SPDX-License-Identifier: Apache-2.0
// The STIX 2.1 pattern language (section 9), parsed into a tree and printed. Any text is
// judged in bounded time and memory. Where prose and published grammar differ, the wider
// reading is accepted and the narrower printed.
#pragma once

#include "base/buf.h"

enum stix_node_kind {
    STIX_NODE_FOLLOWEDBY,  // children: observation expressions
    STIX_NODE_OR,          // the same
    STIX_NODE_AND,         // the same
    STIX_NODE_GROUP,       // one child in parentheses, at either level
    STIX_NODE_OBSERVATION, // one child: [ comparison ]
    STIX_NODE_ANY,         // OR of comparisons
    STIX_NODE_ALL,         // AND of comparisons
    STIX_NODE_TEST,
};

enum stix_op {
    STIX_OP_EQ,
    STIX_OP_NE,
    STIX_OP_LT,
    STIX_OP_LE,
    STIX_OP_GT,
    STIX_OP_GE,
    STIX_OP_IN,
    STIX_OP_LIKE,
    STIX_OP_MATCHES,
    STIX_OP_ISSUBSET,
    STIX_OP_ISSUPERSET,
    STIX_OP_EXISTS, // no constants
};

enum stix_constant_kind {
    STIX_CONSTANT_STRING,
    STIX_CONSTANT_INT,
    STIX_CONSTANT_FLOAT,
    STIX_CONSTANT_BOOL,
    STIX_CONSTANT_BINARY,
    STIX_CONSTANT_HEX,
    STIX_CONSTANT_TIME,
};

// `text`: strings without quotes and escapes; numbers without a plus sign; the others as
// written between their quotes (base64 without line feeds, hex in lower case).
struct stix_constant {
    enum stix_constant_kind kind;
    struct str text;
};

enum stix_step_kind {
    STIX_STEP_NAME,
    STIX_STEP_INDEX,
    STIX_STEP_EACH, // [*]
};

struct stix_step {
    enum stix_step_kind kind;
    struct str text; // name without quotes and escapes, or the index as written
};

// A path, its operator and what it compares with.
struct stix_test {
    struct str type;
    const struct stix_step *steps;
    size_t n_steps;
    enum stix_op op;
    bool is_negated;
    const struct stix_constant *constants; // one, or the set of IN
    size_t n_constants;
};

// Qualifiers of an observation or group; empty texts and zero mean absent.
struct stix_qualifiers {
    struct str start, stop; // timestamps
    struct str within_s;    // seconds, a positive number
    uint32_t repeats;
};

struct stix_node {
    enum stix_node_kind kind;
    const struct stix_node *child; // first child
    const struct stix_node *next;  // next child of the same parent
    const struct stix_test *test;  // of STIX_NODE_TEST
    struct stix_qualifiers qualifiers;
};

// ERR_INVALID with *fault (may be NULL), also for a pattern over the limits of base/limits.h;
// ERR_LIMIT only past the arena.
enum err stix_pattern_parse(struct arena *a, struct str text, const struct stix_node **out,
    struct fault *fault) MUST_USE;
// Parsing what was printed gives an equal tree.
void stix_pattern_put(struct buf *b, const struct stix_node *pattern);

// A value that the pattern asks for by equality: `=` and IN, not negated. `path` is the steps
// joined by '.', list steps left out ("hashes.SHA-256").
struct stix_atom {
    struct str type;
    struct str path;
    struct stix_constant constant;
};
// In document order, at most STIX_VALUES_MAX.
enum err stix_pattern_atoms(struct arena *a, const struct stix_node *pattern,
    struct stix_atom **out, size_t *n) MUST_USE;
