-- SPDX-License-Identifier: Apache-2.0
-- What an object was made from by a conversion, as the document had it. Erasable, as its bytes.
CREATE TABLE object_original (
    seq INTEGER PRIMARY KEY,
    format TEXT NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
