// SPDX-License-Identifier: Apache-2.0
// MISP events, in and out. docs/formats/misp.md has the tables of what becomes what.
//
// In: {"Event": {...}}, {"response": [{"Event": ...}]}, lists of these, and an event without
// its wrapper, of any size: pieces of at most 8 MiB are read one by one. An event, an
// attribute, an object and a reference keep their UUID: `<type>--<uuid>`; cyber observables
// have the id of the standard. What an event says with its tags marks all that is made from it;
// an attribute's own tags and distribution only ever restrict.
#pragma once

#include "format/item.h"
#include "format/text_in.h"

// `a` keeps about 300 bytes for each attribute. ERR_INVALID with *fault when the text is not
// JSON or holds no event.
enum err format_misp_read(struct arena *a, struct str document,
    const struct format_about *about, const struct format_sink *sink,
    struct fault *fault) MUST_USE;

// {"response": [{"Event": ...}, ...]}: an event for each report and grouping, and one for what
// stands in none.
enum err format_misp_write(struct arena *a, const struct format_items *items,
    const struct format_sink *sink, struct buf *out) MUST_USE;
