// SPDX-License-Identifier: Apache-2.0
// MISP events, as they come in; format/item.h writes them. docs/formats/misp.md has the tables
// of what becomes what.
//
// {"Event": {...}}, {"response": [{"Event": ...}]}, lists of these, and an event without
// its wrapper. Pieces of at most 8 MiB are read one by one. An event, an
// attribute, an object and a reference keep their UUID: `<type>--<uuid>`; cyber observables
// have the id of the standard. What an event says with its tags marks all that is made from it;
// an attribute's own tags and distribution only ever restrict.
#pragma once

#include "format/text_in.h"

// `a` keeps about a kilobyte for each attribute with an observable. ERR_INVALID with *fault
// when the text is not JSON or holds no event.
enum err format_misp_read(struct arena *a, struct str document,
    const struct format_about *about, const struct format_sink *sink,
    struct fault *fault) MUST_USE;
