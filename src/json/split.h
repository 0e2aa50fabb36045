// SPDX-License-Identifier: Apache-2.0
// Hands out the elements of a huge document one by one, in bounded memory. The document is one
// of: an object with an `objects` array (a STIX bundle, a TAXII envelope): the array's items;
// any other object: itself; an array: its items; several of these one after another (JSON
// lines). The caller feeds bytes and takes elements; an element's own strictness is
// json_parse's work, the splitter answers for everything around the elements (structure, depth,
// duplicate keys, end of the document).
#pragma once

#include "base/str.h"

struct json_splitter;

// Lives in the arena, whose limit should leave room for four times element_bytes_max: a text
// that straddles chunks is kept there while it grows. The arena must not be rewound behind the
// splitter's back. An element longer than element_bytes_max is ERR_LIMIT.
enum err json_splitter_new(
    struct arena *a, size_t element_bytes_max, struct json_splitter **out) MUST_USE;

// Asks for JSON_SPLIT_ENVELOPE at the end of each object that had an `objects` array.
void json_splitter_want_envelopes(struct json_splitter *s);

enum json_split {
    JSON_SPLIT_ELEMENT,  // *element is valid until the next call
    JSON_SPLIT_ENVELOPE, // *element is the object with null in place of the array
    JSON_SPLIT_MORE,     // the chunk is used up: feed the next, or call json_splitter_end
    JSON_SPLIT_FAILED,   // see json_splitter_fault; every later call gives the same
};
// The chunk is borrowed until JSON_SPLIT_MORE. At most one chunk at a time.
void json_splitter_feed(struct json_splitter *s, struct str chunk);
// *at is the element's position in the whole document (bytes since the first feed).
enum json_split json_splitter_next(struct json_splitter *s, struct str *element, uint64_t *at);
// Whether the element handed out last stood in an `objects` array.
bool json_splitter_in_bundle(const struct json_splitter *s);
// The position in the whole document of a position in the envelope handed out last.
uint64_t json_splitter_envelope_at(const struct json_splitter *s, size_t at);
// ERR_OK only when the document is complete. *fault holds a position in the whole document.
enum err json_splitter_end(struct json_splitter *s, struct fault *fault) MUST_USE;
enum err json_splitter_fault(const struct json_splitter *s, struct fault *fault) MUST_USE;
