-- SPDX-License-Identifier: Apache-2.0
-- Keys and agreements of a link over its life.

-- Every agreement that a link has stood on, in order. The first link of a store from before
-- this table has one.
CREATE TABLE agreement (
    party TEXT NOT NULL,
    seq INTEGER NOT NULL,
    digest BLOB NOT NULL,
    note TEXT NOT NULL,
    added_us INTEGER NOT NULL,
    PRIMARY KEY (party, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX agreement_by_digest ON agreement (party, digest);
INSERT INTO agreement (party, seq, digest, note, added_us)
    SELECT party, 1, digest, agreement, added_us FROM link;

-- Which entries are of kind `key`: so that a start reads those and no others.
CREATE TABLE key_entry (
    log_id INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    PRIMARY KEY (log_id, idx),
    FOREIGN KEY (log_id, idx) REFERENCES ledger_entry (log_id, idx)
) STRICT, WITHOUT ROWID;

-- What the party root said when a log began again: the key of its first entry.
CREATE TABLE log_start (
    log_id INTEGER PRIMARY KEY REFERENCES log (id),
    note TEXT NOT NULL
) STRICT;

CREATE TRIGGER agreement_stays BEFORE DELETE ON agreement
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER agreement_as_is BEFORE UPDATE ON agreement
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
