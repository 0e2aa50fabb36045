-- SPDX-License-Identifier: Apache-2.0
-- TAXII: roots, collections, who has a share in which, accounts' certificates, and statuses.

-- What is taken away keeps its row: a name or an id is never given to another.
CREATE TABLE taxii_root (
    name TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    content_bytes_max INTEGER NOT NULL,
    added_us INTEGER NOT NULL,
    removed_us INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
-- A view shows what its query names and the recipient may have; an inbox takes what is posted.
-- `handling` is the inbox's word for what comes unmarked; "quarantine" keeps all of it apart.
CREATE TABLE taxii_collection (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    root TEXT NOT NULL REFERENCES taxii_root (name),
    alias TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    is_inbox INTEGER NOT NULL,
    page_limit INTEGER NOT NULL,
    types TEXT NOT NULL,
    source TEXT NOT NULL,
    max_tlp TEXT NOT NULL,
    handling TEXT NOT NULL,
    added_us INTEGER NOT NULL,
    removed_us INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX taxii_collection_alias ON taxii_collection (root, alias)
    WHERE alias <> '' AND removed_us = 0;
-- For whom a collection exists. Rows up to at_seq have been looked at for its view.
CREATE TABLE taxii_share (
    collection TEXT NOT NULL REFERENCES taxii_collection (id),
    recipient TEXT NOT NULL REFERENCES recipient (key),
    can_read INTEGER NOT NULL,
    can_write INTEGER NOT NULL,
    added_us INTEGER NOT NULL,
    removed_us INTEGER NOT NULL DEFAULT 0,
    at_seq INTEGER NOT NULL,
    PRIMARY KEY (collection, recipient)
) STRICT, WITHOUT ROWID;
CREATE INDEX taxii_share_of ON taxii_share (recipient);
-- A client certificate that stands for an account, by the pin of its key.
CREATE TABLE taxii_certificate (
    pin BLOB PRIMARY KEY,
    principal INTEGER NOT NULL REFERENCES principal (id)
) STRICT, WITHOUT ROWID;
-- What came of a post, as the client reads it.
CREATE TABLE taxii_status (
    id TEXT PRIMARY KEY,
    recipient TEXT NOT NULL,
    root TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    document TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX taxii_status_by_time ON taxii_status (at_us);
-- The key of our cursors, so that they outlive a restart.
CREATE TABLE taxii_key (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    key BLOB NOT NULL
) STRICT;
INSERT INTO taxii_key (id, key) VALUES (1, randomblob(32));
