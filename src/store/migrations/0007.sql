-- SPDX-License-Identifier: Apache-2.0
-- A row: this store was put back from a backup. The node does not serve until `recover` has
-- asked the partners for what came later, and has taken the row away.
CREATE TABLE restored (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    backup_us INTEGER NOT NULL,
    restored_us INTEGER NOT NULL
) STRICT;
-- Entries of our logs whose objects nobody could give back after a restore.
CREATE TABLE lost_payload (
    log_id INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    at_us INTEGER NOT NULL,
    PRIMARY KEY (log_id, idx, n),
    FOREIGN KEY (log_id, idx) REFERENCES ledger_entry (log_id, idx)
) STRICT, WITHOUT ROWID;
