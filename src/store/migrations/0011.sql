-- SPDX-License-Identifier: Apache-2.0
-- Whether another row of the same id has ever been in the view: only then has a reader who wants
-- the last version to look for one. It stays when the other leaves.
ALTER TABLE membership
    ADD COLUMN has_others INTEGER NOT NULL DEFAULT 0;
UPDATE membership SET has_others = 1;
