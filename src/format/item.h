// SPDX-License-Identifier: Apache-2.0
// What goes out, and what the release decision has said about it.
#pragma once

#include "format/kind.h"
#include "stix/marking.h"

struct format_item {
    struct str bytes; // one STIX 2.1 object, exactly what the recipient may have
    struct str source;
    enum stix_tlp tlp; // of its effective handling
    bool is_marked;    // the bytes say it themselves
    bool is_home;      // only for our own Participant
    const char *limit; // a rule that a tag cannot say ("originator control"); NULL: none
};
struct format_items {
    const struct format_item *items;
    size_t n;
};

// A STIX 2.1 bundle. An unmarked object above CLEAR stays out.
enum err format_stix_write(struct arena *a, const struct format_items *items,
    const struct format_sink *sink, struct buf *out) MUST_USE;
// A row for each value: value,type,id,name,tlp,valid_from,valid_until,labels,source. A cell
// that a spreadsheet would take for a formula begins with an apostrophe.
enum err format_csv_write(struct arena *a, const struct format_items *items,
    const struct format_sink *sink, struct buf *out) MUST_USE;
// One value a line, by type, under a head that names the strictest TLP in it.
enum err format_list_write(struct arena *a, const struct format_items *items,
    const struct format_sink *sink, struct buf *out) MUST_USE;
