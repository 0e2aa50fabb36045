-- SPDX-License-Identifier: Apache-2.0
-- Officers, what they signed, and what stands on it.

-- Certified by the party root. A row stays; retiring sets its end.
CREATE TABLE officer (
    key_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    public_key BLOB NOT NULL,
    statement TEXT NOT NULL,
    added_us INTEGER NOT NULL,
    from_us INTEGER NOT NULL,
    not_after_us INTEGER NOT NULL,
    retired_us INTEGER NOT NULL DEFAULT 0,
    is_revoked INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX officer_by_name ON officer (name) WHERE retired_us = 0;

-- An order that was carried out, as officers signed it. `id` is that of the release, grant or
-- rule that it made.
CREATE TABLE officer_order (
    id TEXT PRIMARY KEY,
    act TEXT NOT NULL,
    party TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    digest BLOB NOT NULL,
    document TEXT NOT NULL
) STRICT;
CREATE TABLE approval (
    order_id TEXT NOT NULL REFERENCES officer_order (id),
    key_id TEXT NOT NULL REFERENCES officer (key_id),
    at_us INTEGER NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (order_id, key_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX approval_by_officer ON approval (key_id);
CREATE TRIGGER officer_order_stays BEFORE DELETE ON officer_order
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER officer_order_as_is BEFORE UPDATE ON officer_order
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER approval_stays BEFORE DELETE ON approval
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER approval_as_is BEFORE UPDATE ON approval
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- Persons of a partner to whom TLP:RED may be addressed.
CREATE TABLE person (
    party TEXT NOT NULL,
    name TEXT NOT NULL,
    added_us INTEGER NOT NULL,
    retired_us INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (party, name)
) STRICT, WITHOUT ROWID;

-- Grants of both directions, by the ledger entry that says so. Exactly one of object (hex of a
-- commitment) and class (an object type) is not empty.
CREATE TABLE grant_entry (
    log_id INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    id TEXT NOT NULL,
    granter TEXT NOT NULL,
    holder TEXT NOT NULL,
    recipient TEXT NOT NULL,
    object TEXT NOT NULL,
    class TEXT NOT NULL,
    purpose TEXT NOT NULL,
    not_after_us INTEGER NOT NULL,
    terms TEXT NOT NULL,
    PRIMARY KEY (log_id, idx),
    FOREIGN KEY (log_id, idx) REFERENCES ledger_entry (log_id, idx)
) STRICT, WITHOUT ROWID;
CREATE INDEX grant_by_parties ON grant_entry (holder, recipient);

-- Flashes that we sent: one duty officer then, a second one afterwards. `id` is the release's.
CREATE TABLE flash (
    id TEXT PRIMARY KEY REFERENCES release (id),
    party TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    key_id TEXT NOT NULL,
    lang TEXT NOT NULL,
    reviewed_us INTEGER NOT NULL DEFAULT 0,
    review TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX flash_open ON flash (at_us) WHERE reviewed_us = 0;

-- Standing rules. What came up to at_seq has been looked at; `agreement` is the hex digest of
-- the one under which officers approved it.
CREATE TABLE rule (
    id TEXT PRIMARY KEY,
    party TEXT NOT NULL,
    agreement TEXT NOT NULL,
    types TEXT NOT NULL,
    source TEXT NOT NULL,
    max_tlp TEXT NOT NULL,
    added_us INTEGER NOT NULL,
    removed_us INTEGER NOT NULL DEFAULT 0,
    at_seq INTEGER NOT NULL
) STRICT;
