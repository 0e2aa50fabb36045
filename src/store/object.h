// SPDX-License-Identifier: Apache-2.0
// Objects: rows that stay, bytes that can be erased, and the indexes made from them. The key of
// a row is (id, version, source); `seq` names it inside this store.
#pragma once

#include "stix/marking.h"
#include "store/store.h"

#define STORE_DIGEST_BYTES 32

enum store_state {
    STORE_IN_FORCE, // the state of a row without a row in object_state
    STORE_QUARANTINED,
    STORE_RECALLED,
    STORE_DESTROYED,
};
const char *store_state_name(enum store_state state);

// What goes in. `values` are keys of the one normaliser, `refs` the ids that the object names.
struct store_object_in {
    struct str id;
    struct str type;
    struct str source;     // party, from the link or the import
    struct str originator; // party
    struct str bytes;      // as received
    struct str handling;   // the row's handling block, JCS; may be empty
    const struct str *values;
    const struct str *refs;
    size_t values_n;
    size_t refs_n;
    const uint32_t *numbers; // of its words and marks (store/text.h)
    size_t numbers_n;
    enum stix_tlp tlp;  // the strictest of the TLP identifiers that it names
    int64_t version_us; // modified, else created; read only when has_version
    int64_t received_us;
    int64_t import_id; // 0: none
    bool has_version;  // false for observables: the version is the time of arrival
    bool by_machine;   // of what `derived` and `origin` say
    bool is_once;      // its id is made from its content: see store_object_put
    struct str original, original_format; // what it was made from; empty: it came as it is
    struct str derived, origin; // ids: `derived` was made from `origin`; empty: it says nothing
    unsigned char digest[STORE_DIGEST_BYTES]; // SHA-256 of the RFC 8785 text
};

enum store_put {
    STORE_NEW,      // a row was added
    STORE_SAME,     // an equal row is there; nothing was written
    STORE_CONFLICT, // the same id, version and source with other content, or a version after
                    // the source has revoked the object: kept out, and an event of kind
                    // "conflict" (once per digest) stands at the row that was there
};
struct store_put_result {
    enum store_put what;
    int64_t seq; // the new row, or the one that was there
};
// Destroyed rows stay in the way of their equals: they give STORE_SAME. With is_once any row of
// the id is such an equal; without a version: any with the same digest, not the newest alone.
enum err store_object_put(struct store_txn *t, const struct store_object_in *object,
    struct store_put_result *out) MUST_USE;

struct store_object {
    int64_t seq;
    struct str id;
    struct str type;
    struct str source;
    struct str originator;
    struct str handling;
    int64_t version_us;
    int64_t received_us;
    int64_t import_id;
    int64_t bytes_n;
    enum store_state state;
    unsigned char digest[STORE_DIGEST_BYTES];
};
struct store_objects {
    struct store_object *items;
    size_t n;
};

enum err store_object_get(
    struct store_txn *t, struct arena *a, int64_t seq, struct store_object *out) MUST_USE;
// All rows of an id, by source, then newest first.
enum err store_objects_by_id(
    struct store_txn *t, struct arena *a, struct str id, struct store_objects *out) MUST_USE;
// The newest row of an id from one source.
enum err store_object_latest(struct store_txn *t, struct arena *a, struct str id,
    struct str source, struct store_object *out) MUST_USE;
// Whether no row is a later version of the object from the same source.
enum err store_object_is_newest(
    struct store_txn *t, const struct store_object *object, bool *out) MUST_USE;
// ERR_NOT_FOUND when there is no such row, or its bytes were destroyed.
enum err store_object_bytes(
    struct store_txn *t, struct arena *a, int64_t seq, struct str *out) MUST_USE;

// A page of rows with seq > after, in order of seq. Empty texts do not filter.
struct store_filter {
    int64_t after;
    int64_t since_us; // received later than this
    struct str type;
    struct str source;
    struct str value;     // a value key
    struct str reference; // an id that the object names
    size_t limit;
};
enum err store_objects_after(struct store_txn *t, struct arena *a,
    const struct store_filter *filter, struct store_objects *out) MUST_USE;

struct store_seqs {
    int64_t *items; // ascending
    size_t n;
};
struct store_texts {
    struct str *items; // ascending
    size_t n;
};
// Rows that hold a value, whatever their state.
enum err store_value_postings(
    struct store_txn *t, struct arena *a, struct str value, struct store_seqs *out) MUST_USE;
enum err store_refs_to(
    struct store_txn *t, struct arena *a, struct str id, struct store_seqs *out) MUST_USE;
enum err store_refs_from(
    struct store_txn *t, struct arena *a, int64_t seq, struct store_texts *out) MUST_USE;

// Events are for ever; `detail` is JSON.
enum err store_event_add(struct store_txn *t, int64_t seq, int64_t at_us, const char *kind,
    struct str detail) MUST_USE;
struct store_event {
    int64_t at_us;
    struct str kind;
    struct str detail;
};
struct store_events {
    struct store_event *items; // oldest first
    size_t n;
};
enum err store_events_of(
    struct store_txn *t, struct arena *a, int64_t seq, struct store_events *out) MUST_USE;
