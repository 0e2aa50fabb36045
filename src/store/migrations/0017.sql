-- SPDX-License-Identifier: Apache-2.0
-- Parts of the index of words have a level: src/store/text_part.h. The levels above the blocks are
-- made when this has run (migrate.c).
ALTER TABLE text_part RENAME TO text_part_of_blocks;
CREATE TABLE text_part (
    id INTEGER PRIMARY KEY,
    entries BLOB NOT NULL
) STRICT;
INSERT INTO text_part SELECT (id >> 40 << 32) | (id & 1099511627775), entries
    FROM text_part_of_blocks ORDER BY 1;
DROP TABLE text_part_of_blocks;
