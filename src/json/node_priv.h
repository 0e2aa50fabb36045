// SPDX-License-Identifier: Apache-2.0
// What a parsed document is made of: one flat array in document order. A member of an object is
// two nodes, its key (a string) and its value.
#pragma once

#include "json/json.h"

struct json_node {
    uint32_t at;    // position of the first byte in the document
    uint32_t bytes; // length of the value's text
    uint32_t skip;  // nodes from here to the next sibling: this one and all below it
    uint32_t count; // items or members
    uint8_t type;   // enum json_type
    bool has_escape;
};

// The value of the four hexadecimal digits at p, or -1.
int32_t json_hex4(const char *p);
// The text between the quotes of a string's node.
struct str json_raw(const char *text, const struct json_node *string);
// Cuts a checked string into pieces: returns the decoded bytes that begin at raw[*at], the run
// up to the next escape or one escape, whose character is then in `character`, and moves *at
// behind them.
struct str json_piece_next(struct str raw, size_t *at, char character[static 4]);
// Decodes the text of a checked string into `out`, which holds raw.len bytes; returns the
// length.
size_t json_decode(struct str raw, char *out);
bool json_raw_eq(struct str raw, bool has_escape, struct str plain);
// Writes the text between the quotes of a string, escaped.
void json_put_escaped(struct buf *b, struct str text);
