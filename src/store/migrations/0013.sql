-- SPDX-License-Identifier: Apache-2.0
-- Warning lists: the document as it came, which is what they are compiled from.
CREATE TABLE warning_list (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    type TEXT NOT NULL,
    description TEXT NOT NULL,
    entries INTEGER NOT NULL,
    unmatched INTEGER NOT NULL,
    is_enabled INTEGER NOT NULL,
    added_us INTEGER NOT NULL,
    digest BLOB NOT NULL,
    document_bytes INTEGER NOT NULL,
    document BLOB NOT NULL
) STRICT;
