-- SPDX-License-Identifier: Apache-2.0

-- The handling in force of a row, once an event has made it stricter than the row's own.
CREATE TABLE object_handling (
    seq INTEGER PRIMARY KEY,
    handling TEXT NOT NULL
) STRICT;

-- What was released and then tightened or destroyed here: an officer decides on its recall.
CREATE TABLE recall_proposal (
    object_seq INTEGER PRIMARY KEY,
    at_us INTEGER NOT NULL,
    why TEXT NOT NULL,
    closed_us INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX recall_proposal_open ON recall_proposal (object_seq) WHERE closed_us = 0;

-- An import that was mislabelled is undone as a whole: how, since when, and when it was done.
ALTER TABLE import_batch ADD COLUMN undo TEXT NOT NULL DEFAULT '';
ALTER TABLE import_batch ADD COLUMN undo_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE import_batch ADD COLUMN undone_us INTEGER NOT NULL DEFAULT 0;

-- What an object was made from, as the row `by_seq` says it.
CREATE TABLE derived_from (
    by_seq INTEGER PRIMARY KEY,
    derived TEXT NOT NULL,
    origin TEXT NOT NULL,
    by_machine INTEGER NOT NULL
) STRICT;
CREATE INDEX derived_by_origin ON derived_from (origin, derived);

-- How we answer the recalls of a partner when they arrive. No row: destroy.
CREATE TABLE recall_choice (
    party TEXT PRIMARY KEY,
    answer TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The facts of decisions, by their digest, which the record holds: many rows of a release share
-- them.
CREATE TABLE decision_facts (
    hash BLOB PRIMARY KEY,
    facts TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What a recipient gets instead of an object whose parts are withheld. The key makes the ids.
CREATE TABLE variant_key (
    recipient TEXT PRIMARY KEY,
    key BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE variant (
    seq INTEGER PRIMARY KEY,
    recipient TEXT NOT NULL,
    object_id TEXT NOT NULL,
    variant_id TEXT NOT NULL,
    object_seq INTEGER NOT NULL,
    modified_us INTEGER NOT NULL,
    hash BLOB,
    bytes BLOB,
    UNIQUE (recipient, object_id, modified_us)
) STRICT;
CREATE INDEX variant_by_object ON variant (object_seq);
-- NULL: the object went as received.
ALTER TABLE payload ADD COLUMN variant_seq INTEGER;
