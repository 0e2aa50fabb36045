// SPDX-License-Identifier: Apache-2.0
// Loading what the release decision needs, and asking it: rows named by an officer, for one
// partner. Decides nothing itself (policy does) and writes nothing.
#pragma once

#include "api/call.h"
#include "policy/closure.h"
#include "policy/record.h"
#include "stix/object.h"
#include "store/membership.h"
#include "store/variant.h"

// One row considered. Texts live in the request's arena.
struct gate_row {
    struct store_object object;
    struct str handling; // its effective handling block; empty when its marking is a problem
    struct str *values;
    size_t n_values;
    enum stix_kind kind;
    struct policy_label label;
    bool is_sent;                // the recipient has this row, or it is its own
    bool is_cut;                 // what of it must not go was looked at part by part
    bool is_held;                // is_sent, or what would go is what it has of an earlier row
    const struct stix_ref *refs; // of the whole object; the candidate has what remains of them
    size_t n_refs;
    struct store_variant variant; // what goes instead of the object; bytes empty: the object
    struct str marking;           // a marking definition that must go with the variant
    struct str granted;           // what a grant calls it; empty when none names it
    const struct policy_grant *grants; // that name it or its class
    size_t n_grants;
    bool is_derived; // made from others that are held
};

// The markings of one source: an id of another source's is another marking.
struct gate_source {
    struct str source;
    struct policy_marking *items; // sorted by id
    size_t n, capacity;
};

// A text that many rows share; of a handling, what it parses to.
struct gate_text {
    struct str text;
    struct handling handling;
};

struct gate {
    struct call *call;
    struct exchange_terms terms; // of the agreement with a partner
    struct store_view view;      // what the recipient has
    struct policy_facts facts;   // what is the same for all rows
    struct gate_row *rows;
    struct policy_candidate *candidates; // one per row
    int64_t *seqs;                       // of the rows, ascending
    size_t n, capacity;
    struct gate_source *sources; // of the rows and of what they were made from
    size_t n_sources, sources_capacity;
    struct gate_text **texts; // sorted by text
    size_t n_texts, texts_capacity;
    struct policy_held held; // ids of the rows and of what they name that the recipient has
    unsigned char key[STORE_VARIANT_KEY_BYTES]; // of the recipient's variants
    bool has_key;
    bool only_markings; // of what the rows refer to, nothing else may come along
    // What of it may come along, when it is not everything; NULL: everything.
    bool (*may_come)(const struct gate *g, const struct gate_row *row);
    const void *may_come_context;
    const struct policy_grant *grants; // to the recipient, of anybody
    size_t n_grants;
    bool has_grants; // they are loaded
    int64_t n_held;  // rows of gate_add_all that the recipient has already
};

// For a partner "kr", or a recipient of our own "gb/ncsc". ERR_NOT_FOUND when there is no link
// with that party, or no recipient of that name in force.
enum err gate_open(struct call *call, struct str to, struct gate *out) MUST_USE;
// Is the recipient inside our own Participant? Then nothing goes over a ledger.
bool gate_is_inside(const struct gate *g);
// Adds a row once; with on_demand it goes only when another row needs it.
enum err gate_add(struct gate *g, struct store_txn *t, const struct store_object *object,
    bool on_demand) MUST_USE;
// Takes the row that was added last out again.
void gate_drop_last(struct gate *g);
// Rows that the filter lets through and that are the newest of their source, page by page,
// until there are filter.limit or more. *next is the number to go on after; 0: these were all.
enum err gate_add_all(struct gate *g, struct store_filter filter, int64_t *next) MUST_USE;
// The newest rows of an id. ERR_NOT_FOUND when nothing of it is held.
enum err gate_add_id(struct gate *g, struct store_txn *t, struct str id) MUST_USE;
// Adds what the rows refer to, on demand, then decides all of them together.
enum err gate_decide(struct gate *g, struct store_txn *t) MUST_USE;
// The exact bytes of a row that would go.
enum err gate_bytes(const struct gate *g, struct store_txn *t, struct arena *a, size_t i,
    struct str *out) MUST_USE;
// Is a row as it was decided about? False when its state or handling is another now, when that
// of what it was made from is, or when its source has a newer version.
enum err gate_is_unchanged(
    struct gate *g, struct store_txn *t, struct arena *a, size_t i, bool *out) MUST_USE;
// Finds the grants that name a row, for gate_add.
enum err gate_find_grants(struct gate *g, struct store_txn *t, struct gate_row *row) MUST_USE;
// The facts of one row, for its record.
struct policy_facts gate_facts(const struct gate *g, size_t i);

// Steps of gate_add. The effective label of a row (gate_label.c): its markings and its
// handling, folded with the labels of what it was made from.
enum err gate_label(struct gate *g, struct store_txn *t, struct arena *scratch,
    const struct stix_object *object, struct gate_row *row) MUST_USE;
// A store has a handful of handlings, types and parties, and a release may name every row: each
// text is kept once, a handling with what it parses to.
enum err gate_share(
    struct gate *g, struct str text, bool is_handling, const struct gate_text **out) MUST_USE;
// Room for one more item in an array that doubles.
enum err gate_grow(
    struct arena *a, void **items, size_t size, size_t n, size_t *capacity) MUST_USE;

// Steps of gate_decide (gate_variants.c). Decides on a row and its parts, with the officers
// that the facts name now.
enum err gate_cut(
    struct gate *g, struct store_txn *t, struct arena *scratch, size_t i) MUST_USE;
// Decides on all rows together, and makes the variants of those that go, until nothing falls
// any more: not for parts that they need, nor for words that name what is withheld.
enum err gate_close(struct gate *g, struct store_txn *t) MUST_USE;
// The markings that were loaded for a row.
struct policy_markings gate_markings(const struct gate *g, size_t i);
// Does the recipient have a row of an id, and is the one that it has a variant?
enum err gate_has(struct gate *g, struct store_txn *t, struct arena *scratch, struct str id,
    bool *known, bool *renamed) MUST_USE;
