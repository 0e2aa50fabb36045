-- SPDX-License-Identifier: Apache-2.0
-- Recipients inside our own Participant. A row stays: a name is never given to another.
CREATE TABLE recipient (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    nation TEXT NOT NULL,
    purposes TEXT NOT NULL,
    is_client INTEGER NOT NULL,
    added_us INTEGER NOT NULL,
    retired_us INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
-- When the member's time to be shared is over; without one it has no end.
ALTER TABLE membership ADD COLUMN until_us INTEGER;
CREATE INDEX membership_ends ON membership (until_us)
    WHERE until_us IS NOT NULL AND removed_seq IS NULL;
