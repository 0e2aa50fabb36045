// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "format/seen_priv.h"

#define CSV_COLUMNS_MAX 128

enum csv_role {
    CSV_OTHER, // dropped, and said so
    CSV_VALUE, // of the type that the row, or its own look, says
    CSV_TYPED, // a column of one type
    CSV_TYPE,
    CSV_DESCRIPTION,
    CSV_FIRST_SEEN,
    CSV_LABELS,
    CSV_TLP,
    CSV_RELTO, // not empty: for nobody outside
};

struct csv_columns {
    char separator;
    size_t n;
    struct {
        enum csv_role role;
        enum seen_type type; // of CSV_TYPED
        struct str name;
    } items[CSV_COLUMNS_MAX];
};

// Whether a line is a header with a column of values. Names point into the line.
bool csv_header_read(struct str line, struct csv_columns *out);
// "domain", "Intel::DOMAIN", "sha256": false when the word names no type that we know.
bool csv_type_parse(struct str word, enum seen_type *out);
// A type whose values look like another's: fingerprints of certificates and of clients.
bool csv_type_is_other(struct str word);
