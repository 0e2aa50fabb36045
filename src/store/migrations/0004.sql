-- SPDX-License-Identifier: Apache-2.0
-- What the link needs to fail well: leaves that go as commitments only, a frozen pair with its
-- evidence, and how a partner is reached.

-- The commitment stays when the salt and the bytes are gone. Rows of an older schema have none.
ALTER TABLE payload ADD COLUMN commitment BLOB;
ALTER TABLE received_payload ADD COLUMN commitment BLOB;
-- state 2: withdrawn before its entry was receipted; it still has to go, as its commitment.
DROP INDEX payload_pending;
CREATE INDEX payload_pending ON payload (log_id, priority, idx, n) WHERE state <> 1;
CREATE INDEX payload_withdrawn ON payload (log_id, idx, n) WHERE state = 2;
CREATE INDEX recall_by_entry ON recall (of_log_id, of_idx);

-- push, pull or file.
ALTER TABLE link ADD COLUMN mode TEXT NOT NULL DEFAULT 'push';

-- What a partner showed that contradicts what it, or we, had signed. Without objects.
CREATE TABLE link_evidence (
    party TEXT NOT NULL,
    n INTEGER NOT NULL,
    at_us INTEGER NOT NULL,
    code TEXT NOT NULL,
    why TEXT NOT NULL,
    held TEXT NOT NULL,
    shown TEXT NOT NULL,
    size INTEGER NOT NULL,
    digest BLOB NOT NULL,
    bytes BLOB,
    PRIMARY KEY (party, n)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER link_evidence_stays BEFORE DELETE ON link_evidence
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER link_evidence_as_is BEFORE UPDATE ON link_evidence
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
