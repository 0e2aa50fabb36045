// SPDX-License-Identifier: Apache-2.0
// What a MISP document is made of: the items, found by id, and who stands in which event.
#pragma once

#include "format/misp_priv.h"
#include "format/out_priv.h"
#include "format/table_priv.h"
#include "json/write.h"

struct misp_item {
    struct json root;
    struct str id, type;
    const struct format_item *item;
    bool is_tagged; // its own bytes name a TLP level
    enum stix_tlp tlp;
    bool is_placed;               // it stands in an event
    struct misp_item *next_about; // of the sightings and relationships of one object
    struct misp_item *about;      // what hangs on this one
};

struct misp_out {
    const struct out *out;
    struct misp_item *items;
    size_t n;
    struct table by_id;
    struct json_out json;
    struct misp_item *event; // the report that is written; NULL: of what stands in none
};

// Text of a member; empty when there is none.
struct str misp_out_text(const struct misp_out *m, struct json v, const char *key);
struct misp_item *misp_out_find(const struct misp_out *m, struct str id);
struct str misp_out_uuid(struct str id); // behind "--"
void misp_out_time(
    struct misp_out *m, struct json v, const char *key, const char *as); // seconds
void misp_out_copy(struct misp_out *m, struct json v, const char *from, const char *as);
// The tags of an item: its labels and its level. An event's come with `is_event`.
enum err misp_out_tags(struct misp_out *m, const struct misp_item *it, bool is_event) MUST_USE;

// Into "Attribute" and "Object" (misp_out_piece.c). Whether an item has a place there is
// decided by misp_out_kind.
enum misp_out_kind {
    MISP_OUT_NONE,
    MISP_OUT_ATTRIBUTE,
    MISP_OUT_OBJECT,
    MISP_OUT_CLUSTER,
    MISP_OUT_REPORT, // an EventReport
};
enum misp_out_kind misp_out_kind(const struct misp_out *m, const struct misp_item *it);
enum err misp_out_attribute(struct misp_out *m, struct misp_item *it) MUST_USE;
enum err misp_out_object(struct misp_out *m, struct misp_item *it) MUST_USE;
enum err misp_out_cluster(struct misp_out *m, struct misp_item *it) MUST_USE; // one Galaxy
enum err misp_out_report(struct misp_out *m, struct misp_item *it) MUST_USE;
