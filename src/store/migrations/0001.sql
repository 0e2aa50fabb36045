-- SPDX-License-Identifier: Apache-2.0
-- Truth is append-only: triggers refuse what no function does.
PRAGMA application_id = 1114531699;

-- Objects. The row stays for ever, its bytes can be erased.
CREATE TABLE object_version (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    version_us INTEGER NOT NULL,
    source TEXT NOT NULL,
    originator TEXT NOT NULL,
    type TEXT NOT NULL,
    received_us INTEGER NOT NULL,
    import_id INTEGER NOT NULL,
    digest BLOB NOT NULL,
    size INTEGER NOT NULL,
    handling TEXT NOT NULL,
    UNIQUE (id, source, version_us)
) STRICT;
CREATE INDEX object_by_type ON object_version (type, seq);
CREATE INDEX object_by_received ON object_version (received_us);
CREATE TABLE object_bytes (
    seq INTEGER PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;
CREATE TABLE object_state (
    seq INTEGER PRIMARY KEY,
    state TEXT NOT NULL
) STRICT;
CREATE TABLE handling_event (
    seq INTEGER PRIMARY KEY,
    object_seq INTEGER NOT NULL,
    at_us INTEGER NOT NULL,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX handling_event_by_object ON handling_event (object_seq, seq);
CREATE TABLE value_index (
    value TEXT NOT NULL,
    object_seq INTEGER NOT NULL,
    PRIMARY KEY (value, object_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX value_by_object ON value_index (object_seq);
CREATE TABLE ref_index (
    target TEXT NOT NULL,
    object_seq INTEGER NOT NULL,
    PRIMARY KEY (target, object_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX ref_by_object ON ref_index (object_seq);
CREATE TABLE import_batch (
    id INTEGER PRIMARY KEY,
    at_us INTEGER NOT NULL,
    principal INTEGER NOT NULL,
    name TEXT NOT NULL,
    originator TEXT NOT NULL,
    handling TEXT NOT NULL,
    ended_us INTEGER NOT NULL DEFAULT 0,
    added INTEGER NOT NULL DEFAULT 0,
    same INTEGER NOT NULL DEFAULT 0,
    conflicts INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Who asks, and what was done.
CREATE TABLE principal (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,
    rights TEXT NOT NULL,
    recipient TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    revoked_us INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at_us INTEGER NOT NULL,
    principal INTEGER NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;

-- Links and ledgers.
CREATE TABLE link (
    party TEXT PRIMARY KEY,
    agreement TEXT NOT NULL,
    digest BLOB NOT NULL,
    state TEXT NOT NULL,
    address TEXT NOT NULL,
    added_us INTEGER NOT NULL
) STRICT;
CREATE TABLE log (
    id INTEGER PRIMARY KEY,
    origin TEXT NOT NULL UNIQUE,
    partner_origin TEXT NOT NULL,
    party TEXT NOT NULL,
    is_ours INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    size INTEGER NOT NULL,
    frontier BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX log_by_party ON log (party, is_ours, epoch);
CREATE TABLE ledger_entry (
    log_id INTEGER NOT NULL REFERENCES log (id),
    idx INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    leaf_hash BLOB NOT NULL,
    wants_receipt INTEGER NOT NULL,
    PRIMARY KEY (log_id, idx)
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_wants_receipt ON ledger_entry (log_id, idx) WHERE wants_receipt = 1;
CREATE TABLE ledger_node (
    log_id INTEGER NOT NULL REFERENCES log (id),
    level INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (log_id, level, idx)
) STRICT, WITHOUT ROWID;
CREATE TABLE checkpoint (
    log_id INTEGER NOT NULL REFERENCES log (id),
    kind INTEGER NOT NULL,
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    note TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    PRIMARY KEY (log_id, kind)
) STRICT, WITHOUT ROWID;

-- What goes out and comes in.
CREATE TABLE release (
    id TEXT PRIMARY KEY,
    party TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    principal INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    released INTEGER NOT NULL,
    withheld INTEGER NOT NULL
) STRICT;
CREATE TABLE decision (
    release_id TEXT NOT NULL REFERENCES release (id),
    object_seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (release_id, object_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX decision_by_object ON decision (object_seq, release_id);
CREATE TABLE payload (
    log_id INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    object_seq INTEGER NOT NULL,
    size INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    state INTEGER NOT NULL,
    salt BLOB,
    PRIMARY KEY (log_id, idx, n),
    FOREIGN KEY (log_id, idx) REFERENCES ledger_entry (log_id, idx)
) STRICT, WITHOUT ROWID;
CREATE INDEX payload_pending ON payload (log_id, priority, idx, n) WHERE state = 0;
CREATE INDEX payload_by_object ON payload (object_seq);
CREATE TABLE received_payload (
    log_id INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    object_seq INTEGER NOT NULL,
    size INTEGER NOT NULL,
    salt BLOB,
    PRIMARY KEY (log_id, idx, n),
    FOREIGN KEY (log_id, idx) REFERENCES ledger_entry (log_id, idx)
) STRICT, WITHOUT ROWID;
CREATE INDEX received_by_object ON received_payload (object_seq);
CREATE TABLE receipt (
    log_id INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    receipt_log_id INTEGER NOT NULL,
    receipt_idx INTEGER NOT NULL,
    disposition TEXT NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (log_id, idx),
    FOREIGN KEY (log_id, idx) REFERENCES ledger_entry (log_id, idx),
    FOREIGN KEY (receipt_log_id, receipt_idx) REFERENCES ledger_entry (log_id, idx)
) STRICT, WITHOUT ROWID;
CREATE TABLE membership (
    recipient TEXT NOT NULL,
    view TEXT NOT NULL,
    seq INTEGER NOT NULL,
    object_seq INTEGER NOT NULL,
    added_us INTEGER NOT NULL,
    removed_seq INTEGER,
    removed_us INTEGER,
    PRIMARY KEY (recipient, view, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX membership_by_object ON membership (object_seq, recipient, view)
    WHERE removed_seq IS NULL;
CREATE INDEX membership_removed ON membership (recipient, view, removed_seq)
    WHERE removed_seq IS NOT NULL;
CREATE TABLE recall (
    log_id INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    id TEXT NOT NULL,
    of_log_id INTEGER NOT NULL,
    of_idx INTEGER NOT NULL,
    deadline_us INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (log_id, idx),
    FOREIGN KEY (log_id, idx) REFERENCES ledger_entry (log_id, idx)
) STRICT, WITHOUT ROWID;
CREATE INDEX recall_by_id ON recall (id);
CREATE TABLE recall_item (
    log_id INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (log_id, idx, n),
    FOREIGN KEY (log_id, idx) REFERENCES recall (log_id, idx)
) STRICT, WITHOUT ROWID;
CREATE INDEX recall_item_open ON recall_item (log_id, idx) WHERE state = 'open';
CREATE TABLE recall_ack (
    log_id INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    recall_log_id INTEGER NOT NULL,
    recall_idx INTEGER NOT NULL,
    downstream INTEGER NOT NULL,
    at_us INTEGER NOT NULL,
    PRIMARY KEY (log_id, idx),
    FOREIGN KEY (recall_log_id, recall_idx) REFERENCES recall (log_id, idx)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER object_version_stays BEFORE DELETE ON object_version
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER object_version_as_is BEFORE UPDATE ON object_version
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER handling_event_stays BEFORE DELETE ON handling_event
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER handling_event_as_is BEFORE UPDATE ON handling_event
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER ledger_entry_stays BEFORE DELETE ON ledger_entry
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER ledger_entry_as_is BEFORE UPDATE ON ledger_entry
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_as_is BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
