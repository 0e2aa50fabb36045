// SPDX-License-Identifier: Apache-2.0
// C2SP tlog-checkpoint and tlog-cosignature: signed tree heads, and a second party's word that
// it has seen them grow.
#pragma once

#include "ledger/note.h"
#include "ledger/tree.h"

struct ledger_checkpoint {
    struct str origin;
    struct ledger_head head;
    struct str extensions; // further lines, covered by the signature, without meaning
};

void ledger_checkpoint_put(struct buf *b, const struct ledger_checkpoint *checkpoint);
enum err ledger_checkpoint_parse(
    struct str text, struct ledger_checkpoint *out, struct fault *fault) MUST_USE;
// The note with the log's signature. The key's name is the origin.
enum err ledger_checkpoint_sign(struct arena *a, const struct ledger_head *head,
    const struct ledger_key *log, const struct sign_key *secret, struct str *note) MUST_USE;
// Parses and verifies. ERR_INVALID with *fault; ERR_NOT_FOUND when the origin is not the log's;
// ERR_CORRUPT or ERR_DENIED as ledger_note_verify; slices of the note.
enum err ledger_checkpoint_open(struct arena *a, struct str note, const struct ledger_key *log,
    struct ledger_checkpoint *out, struct fault *fault) MUST_USE;

// Appends the line of a type 0x04 key over a checkpoint's text (note.text) at that second.
// ERR_LIMIT past the arena (scratch).
enum err ledger_cosignature_put(struct arena *a, struct buf *line, const struct ledger_key *key,
    const struct sign_key *secret, struct str text, uint64_t time_s) MUST_USE;
// The newest valid cosignature by the key. ERR_NOT_FOUND when it has none, ERR_CORRUPT when one
// is wrong.
enum err ledger_cosignature_find(struct arena *a, const struct ledger_note *note,
    const struct ledger_key *key, uint64_t *time_s) MUST_USE;
// The lines of a note that are by the key, as one text; empty when there is none. What
// add-checkpoint answers with.
enum err ledger_cosignature_lines(struct arena *a, const struct ledger_note *note,
    const struct ledger_key *key, struct str *out) MUST_USE;
