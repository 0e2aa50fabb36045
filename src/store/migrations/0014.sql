-- SPDX-License-Identifier: Apache-2.0
-- Feeds: what is fetched, from where, and how far. No number is used twice: a run that is under
-- way when its feed is removed must not end as that of another.

-- `secret` and `identity_key` are shown to nobody. `place_*` says where the next run goes on: of
-- TAXII a time, the server's cursor and the time that the cursor reaches; of a URL the tag and the
-- time of what was taken last, and its digest. `asked` is 1 for a run and 2 for a preview.
CREATE TABLE feed (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    address TEXT NOT NULL,
    collection TEXT NOT NULL,
    types TEXT NOT NULL,
    user TEXT NOT NULL,
    secret TEXT NOT NULL,
    authorities TEXT NOT NULL,
    peer TEXT NOT NULL,
    identity_certificate TEXT NOT NULL,
    identity_key TEXT NOT NULL,
    originator TEXT NOT NULL,
    handling TEXT NOT NULL,
    every_s INTEGER NOT NULL,
    added_us INTEGER NOT NULL,
    place_after TEXT NOT NULL,
    place_next TEXT NOT NULL DEFAULT '',
    place_reached TEXT NOT NULL DEFAULT '',
    asked INTEGER NOT NULL DEFAULT 0,
    next_us INTEGER NOT NULL,
    runs INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    ended_us INTEGER NOT NULL DEFAULT 0,
    outcome TEXT NOT NULL DEFAULT '',
    why TEXT NOT NULL DEFAULT '',
    fetched INTEGER NOT NULL DEFAULT 0,
    added INTEGER NOT NULL DEFAULT 0,
    same INTEGER NOT NULL DEFAULT 0,
    conflicts INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0
) STRICT;
-- Of a MISP feed: the events that were taken, and when each had been changed.
CREATE TABLE feed_item (
    feed INTEGER NOT NULL REFERENCES feed (id) ON DELETE CASCADE,
    item TEXT NOT NULL,
    changed_s INTEGER NOT NULL,
    PRIMARY KEY (feed, item)
) STRICT, WITHOUT ROWID;
