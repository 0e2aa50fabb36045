// SPDX-License-Identifier: Apache-2.0
// Documents of what the release decision has let go.
#pragma once

#include "format/kind.h"
#include "stix/marking.h"

struct format_item {
    struct str bytes; // one STIX 2.1 object, exactly what the recipient may have
    struct str source;
    enum stix_tlp tlp; // of its effective handling
    bool has_relto;    // only these nationalities
    const struct str *relto;
    size_t n_relto;
    bool has_more;        // a rule that only its STIX markings say: embargo, caveats, ...
    struct str warned_by; // a warning list that holds a value of it; empty: none
};
struct format_items {
    const struct format_item *items;
    size_t n;
    int64_t now_us; // what was valid until then stays out of lists
};

// Writes the document; what it loses goes to sink->loss. FORMAT_STIX21: a bundle. FORMAT_MISP:
// {"response": [{"Event": ...}]}, an event for each report and grouping, and one for what
// stands in none. FORMAT_CSV: a row for each value, with a header that an import knows; a cell
// that a spreadsheet would take for a formula begins with an apostrophe. FORMAT_TEXT: one value
// a line, under remarks that say the strictest TLP in it. Values that are on a warning list
// stay out of the last two, and indicators whose time is over out of the last. ERR_LIMIT past
// the buffer or the arena; ERR_INVALID for a format that is only read.
enum err format_write(struct arena *a, enum format_kind kind, const struct format_items *items,
    const struct format_sink *sink, struct buf *out) MUST_USE;
