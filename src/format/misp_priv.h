// SPDX-License-Identifier: Apache-2.0
// The state of a reading, and the steps of it.
#pragma once

#include "format/misp.h"
#include "format/table_priv.h"
#include "stix/marking.h"
#include "json/json.h"
#include "json/write.h"

// What tags and distributions say of a piece. Two bits in `tlps`: the source contradicts
// itself, and the object names both, so that it goes nowhere (R1).
struct misp_marking {
    unsigned tlps; // bits 1 << enum stix_tlp
    bool is_home;
};

// The tags of a piece: its labels are those that are no TLP.
struct misp_tags {
    struct misp_marking marking;
    struct str *labels;
    size_t n;
    bool is_by_tlp;
};

// The tag of events that we write: their distribution is 0, which keeps them where they are
// taken to; what their source wants is what the TLP tag says.
#define MISP_BY_TLP STR("bongsu:distribution=\"tlp\"")

// A cyber observable, once for a document, with the strictest that is said of it.
struct misp_observable {
    struct misp_observable *next;
    struct str id, body; // without markings and the closing brace
    uint64_t at;
    struct misp_marking marking;
};

// What an attribute's value is made of (misp_value.c).
struct misp_part {
    int kind;         // a row of the table there
    struct str value; // as STIX has it
};
#define MISP_PARTS_MAX 2

struct misp_known {
    struct str id;
    struct misp_marking marking;
};

struct misp_event {
    struct str uuid, info;
    struct str id;      // of its report or grouping; empty: there is none
    struct str creator; // id of the organisation; empty: unknown
    int64_t begun_us;   // its date; `created` of what is in it; 0: unknown
    int64_t at_us;      // its last change; 0: unknown
    bool is_published;
    struct misp_tags tags;
    uint64_t at;
    struct table known; // UUIDs of pieces, to struct misp_known
    struct str *refs;   // of its report
    size_t n_refs, refs_room;
};

struct misp {
    struct arena *a;      // what the whole document needs
    struct arena scratch; // of one piece
    const struct format_about *about;
    const struct format_sink *sink;
    struct misp_event *event;
    struct table found; // ids of observables, to them
    struct misp_observable *first, *last;
    struct str piece; // being read, for the originals
    uint64_t piece_at;
    struct misp_marking marking; // of the piece: what hangs on it is marked so at least
    struct str document;
    size_t n_events;
    struct fault *fault;
};

// A piece on its way out: an SDO or SRO whose first members are written.
struct misp_made {
    struct buf buf;
    struct json_out out;
    struct str id;
    struct misp_marking marking;
    bool is_untimed, is_once; // as of struct format_object
};
struct misp_head {
    struct str type, uuid;
    int64_t created_us, modified_us; // 0: unknown
    bool is_revoked, has_no_creator;
    struct misp_tags tags;
};

// Members of a piece; empty, 0 or false for what is not there or of another type.
struct str misp_text(struct misp *m, struct json v, const char *key);
bool misp_flag(struct json v, const char *key);
int64_t misp_number(struct misp *m, struct json v, const char *key); // -1: none
int64_t misp_seconds(struct misp *m, struct json v, const char *key);
int64_t misp_time(struct misp *m, struct json v, const char *key); // as MISP writes times
struct json_iter misp_list(struct json v, const char *key); // of nothing when it is no list
// Its UUID in lower case, else one made from the piece.
enum err misp_uuid(struct misp *m, struct json v, struct str *out) MUST_USE;

enum err misp_lose(struct misp *m, struct str id, const char *field, const char *outcome,
    const char *why) MUST_USE;
enum err misp_begin(
    struct misp *m, const struct misp_head *head, struct misp_made *out) MUST_USE;
// Writes the end, and gives it to the sink; with `is_member` the event's report refers to it.
enum err misp_end(struct misp *m, struct misp_made *made, bool is_member) MUST_USE;
enum err misp_refer(struct misp *m, struct str id) MUST_USE;
void misp_put_markings(struct json_out *o, struct misp_marking marking);

// Tags and distributions (misp_mark.c).
enum err misp_mark(struct misp *m, struct json v, struct str id, struct misp_marking above,
    struct misp_tags *out) MUST_USE;
enum err misp_distribution(
    struct misp *m, struct json v, struct str id, struct misp_marking *marking) MUST_USE;
struct misp_marking misp_stricter(struct misp_marking a, struct misp_marking b);

// Values (misp_value.c). *n is 0 for a type without observables. ERR_NOT_FOUND: the value is
// not of its type.
enum err misp_parts(struct misp *m, struct str type, struct str value,
    struct misp_part parts[static MISP_PARTS_MAX], size_t *n) MUST_USE;
// Adds them as observables; hashes and a file's name together are one file. Their ids follow in
// `ids`, of which there are at most as many as parts.
enum err misp_observe(struct misp *m, const struct misp_part *parts, size_t n,
    struct misp_marking marking, struct str *ids, size_t *n_ids) MUST_USE;
// A pattern that any of the parts fulfils; of two parts of one attribute the one that MISP's
// own exports look for.
enum err misp_pattern(
    struct misp *m, const struct misp_part *parts, size_t n, struct str *out) MUST_USE;
// Is it a part to look for: not the file name beside a hash, not a port?
bool misp_is_sought(const struct misp_part *parts, size_t n, size_t i);
enum err misp_put_observables(struct misp *m) MUST_USE; // at the end of the document

enum err misp_read_attribute(struct misp *m, struct json v) MUST_USE;
enum err misp_read_object(struct misp *m, struct json v) MUST_USE;
// References, which may name what comes later.
enum err misp_read_references(struct misp *m, struct json object) MUST_USE;
// Galaxy clusters of an event (subject empty) or of what was made of an attribute.
enum err misp_read_galaxies(struct misp *m, struct json v, struct str subject) MUST_USE;
enum err misp_read_sightings(struct misp *m, struct json v, struct str subject) MUST_USE;
enum err misp_read_report(struct misp *m, struct json v) MUST_USE;   // an EventReport
enum err misp_read_proposal(struct misp *m, struct json v) MUST_USE; // a ShadowAttribute
// The organisation that made the event; *id is empty when there is none.
enum err misp_read_creator(struct misp *m, struct json orgc, struct str *id) MUST_USE;
