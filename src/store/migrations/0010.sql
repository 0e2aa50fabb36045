-- SPDX-License-Identifier: Apache-2.0
-- The index of words and marks: src/store/text_part.h says what a part holds. A store with
-- objects in it needs a rebuild before it can be searched.
CREATE TABLE text_form (
    version INTEGER NOT NULL
) STRICT;
INSERT INTO text_form SELECT CASE WHEN EXISTS (SELECT 1 FROM object_version) THEN 0 ELSE 1 END;
-- Rows of the block that is not full yet.
CREATE TABLE text_waiting (
    seq INTEGER PRIMARY KEY,
    numbers BLOB NOT NULL
) STRICT;
-- 128 * block + part; since 0015 by part, then by block.
CREATE TABLE text_part (
    id INTEGER PRIMARY KEY,
    entries BLOB NOT NULL
) STRICT;
CREATE TABLE saved_query (
    principal INTEGER NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    PRIMARY KEY (principal, name)
) STRICT, WITHOUT ROWID;
