-- SPDX-License-Identifier: Apache-2.0
-- Parts of the index of words by kind, then by block: src/store/text_part.h.
ALTER TABLE text_part RENAME TO text_part_by_block;
CREATE TABLE text_part (
    id INTEGER PRIMARY KEY,
    entries BLOB NOT NULL
) STRICT;
INSERT INTO text_part SELECT (id % 128 << 40) | (id / 128), entries FROM text_part_by_block;
DROP TABLE text_part_by_block;
