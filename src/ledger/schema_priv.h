// SPDX-License-Identifier: Apache-2.0
// The members of a signed JSON object as a table that both prints and parses it: a struct on
// one side, JCS text on the other. Rows stand in JCS order; an unknown member is an error.
#pragma once

#include "ledger/fault.h"
#include "json/json.h"
#include "json/write.h"

enum schema_kind {
    SCHEMA_VERSION, // the integer 1; no place in the struct
    SCHEMA_TEXT,    // struct str: 1 to `max` bytes
    SCHEMA_ORIGIN,  // struct str: ASCII without space and `+`
    SCHEMA_PARTY,   // struct str: 2 to `max` (0: 16) of a-z0-9-
    SCHEMA_UUID7,   // struct str
    SCHEMA_BYTES,   // struct str of at most `max` bytes, base64 in the text
    SCHEMA_UINT,    // uint64_t, a decimal string in the text
    SCHEMA_TIME,    // int64_t microseconds
    SCHEMA_BOOL,    // bool
    SCHEMA_HASH,    // struct ledger_hash, hex in the text
    SCHEMA_WORD,    // an enum, one of `words`
    SCHEMA_KEY,     // struct ledger_key of type `max` (0: any)
    SCHEMA_RAW,     // struct str: an object's own text
    SCHEMA_OBJECT,  // a struct described by `fields`
    SCHEMA_LIST,    // {items, n}: 1 to `max` of what `item` describes, item_bytes each
};

struct schema_field {
    struct str key;
    enum schema_kind kind;
    size_t at;                         // offset in the struct
    size_t has_at;                     // offset of the bool of an optional hash or key; 0: none
    bool is_optional;                  // text and lists: left out when empty
    size_t max;                        // see the kinds
    const struct str *words;           // `max` of them
    const struct schema_field *fields; // `max` of them
    const struct schema_field *item;
    size_t item_bytes;
};

void schema_put(
    struct json_out *o, const struct schema_field *fields, size_t n, const void *from);
// ERR_INVALID with *fault (LE-FIELD, LE-UNKNOWN-FIELD), or ERR_LIMIT. *into may be half
// written after an error.
enum err schema_parse(struct arena *a, struct json v, const struct schema_field *fields,
    size_t n, void *into, struct ledger_fault *fault);
// Strict JSON, its own canonical form, integers only. LE-PARSE or LE-CANON.
enum err schema_json(
    struct arena *a, struct str text, struct json *out, struct ledger_fault *fault);
