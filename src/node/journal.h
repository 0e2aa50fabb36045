// SPDX-License-Identifier: Apache-2.0
// The signer's journal: every tree head that it has signed or cosigned, one line "origin size
// root", in a file that only grows. It is not in backups, so a restored node cannot sign a
// second history.
#pragma once

#include "ledger/tree.h"

struct journal;

// Reads the whole file; a cut last line (a crash while it was written) is dropped and
// overwritten. ERR_CORRUPT for anything else that is not a journal, ERR_IO.
enum err journal_open(struct arena *a, const char *path, struct journal **out) MUST_USE;
// The same without a lock, for looking only: a signer may be at work. No file is an empty one.
enum err journal_read(struct arena *a, const char *path, struct journal **out) MUST_USE;
// The origins of the journal and the newest head of each.
struct journal_row {
    struct str origin;
    struct ledger_head head;
};
const struct journal_row *journal_rows(const struct journal *j, size_t *n);
// The newest head of an origin; size 0 and the empty root when there is none.
struct ledger_head journal_latest(const struct journal *j, struct str origin);
// Durable when it returns ERR_OK. The arena of journal_open holds a line per origin.
enum err journal_append(
    struct journal *j, struct str origin, const struct ledger_head *head) MUST_USE;
// Takes the lock off and closes the file; the journal is of no use after it.
void journal_close(struct journal *j);
