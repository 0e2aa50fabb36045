-- SPDX-License-Identifier: Apache-2.0
-- A row: this store was put back from a backup. The node does not serve until `recover` has
-- asked the partners for what came later, and has taken the row away.
CREATE TABLE restored (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    backup_us INTEGER NOT NULL,
    restored_us INTEGER NOT NULL
) STRICT;
