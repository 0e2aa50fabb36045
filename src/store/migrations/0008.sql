-- SPDX-License-Identifier: Apache-2.0
-- From what was made to what it was made from, for the label of each row that is released.
CREATE INDEX derived_of ON derived_from (derived, origin);
