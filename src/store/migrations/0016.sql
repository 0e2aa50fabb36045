-- SPDX-License-Identifier: Apache-2.0
-- What a member of a view is shown as: NULL, as received, else a variant (src/store/membership.h).
ALTER TABLE membership ADD COLUMN variant_seq INTEGER;
CREATE INDEX variant_by_name ON variant (recipient, variant_id);
-- Rows that the query of a view names and that could not enter it: looked at again from due_us
-- on, at the latest when something they hang on has changed (src/store/taxii_wait.h).
CREATE TABLE taxii_wait (
    collection TEXT NOT NULL,
    recipient TEXT NOT NULL,
    object_seq INTEGER NOT NULL,
    due_us INTEGER NOT NULL,
    PRIMARY KEY (collection, recipient, object_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX taxii_wait_due ON taxii_wait (collection, recipient, due_us, object_seq);
CREATE INDEX taxii_wait_row ON taxii_wait (object_seq);
CREATE INDEX object_quarantined ON object_state (seq) WHERE state = 'quarantined';
