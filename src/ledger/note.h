// SPDX-License-Identifier: Apache-2.0
// C2SP signed notes and their keys. A key's type says what is signed and how; the table in
// note.c takes a new type as a new row.
#pragma once

#include "base/buf.h"
#include "base/limits.h"

struct sign_key; // crypto/sign.h: only who signs needs it

#define LEDGER_PUBLIC_BYTES 32 // of an Ed25519 key

#define LEDGER_TYPE_NOTE 0x01u // Ed25519 over the text
#define LEDGER_TYPE_COSIGNATURE \
    0x04u // Ed25519 over time and checkpoint (C2SP tlog-cosignature)

// A verifier key. Only ledger_key_parse and ledger_key_make give one, so its parts agree.
struct ledger_key {
    struct str name;
    struct str public_key;
    uint32_t id;
    uint8_t type;
};

// <name>+<8 hex digits of id>+<base64 of type and public key>. ERR_INVALID for a bad name, an
// unknown type, or an id that is not the key's.
enum err ledger_key_parse(struct arena *a, struct str vkey, struct ledger_key *out) MUST_USE;
enum err ledger_key_make(struct arena *a, uint8_t type, struct str name,
    const unsigned char public_key[static LEDGER_PUBLIC_BYTES],
    struct ledger_key *out) MUST_USE;
void ledger_key_put(struct buf *b, const struct ledger_key *key);
bool ledger_key_eq(const struct ledger_key *a, const struct ledger_key *b);

// One signature line; slices of the note, `payload` decoded (without the key id) in the arena.
struct ledger_signature {
    struct str name;
    uint32_t id;
    struct str payload;
    struct str line; // with its newline
};

struct ledger_note {
    struct str text; // with its final newline
    struct ledger_signature *signatures;
    size_t n_signatures;
};

// Form only. ERR_INVALID with *fault, or ERR_LIMIT over NOTE_BYTES_MAX, NOTE_SIGNATURES_MAX or
// the arena.
enum err ledger_note_parse(
    struct arena *a, struct str bytes, struct ledger_note *out, struct fault *fault) MUST_USE;
// Checks every signature whose name and id are a key's. ERR_CORRUPT when one of them is wrong
// (the whole note is refused), ERR_DENIED when there is none, ERR_LIMIT past the arena, which
// holds scratch only. verified[i], when wanted, tells whether keys[i] has signed.
enum err ledger_note_verify(struct arena *a, const struct ledger_note *note,
    const struct ledger_key *keys, size_t n_keys, bool *verified) MUST_USE;

// Appends one signature line.
void ledger_signature_put(struct buf *b, const struct ledger_key *key, struct str payload);
// The line of a type 0x01 key over the text, which must end with a newline. `secret` is the
// key's.
void ledger_note_sign(struct buf *line, const struct ledger_key *key,
    const struct sign_key *secret, struct str text);
// Text, blank line, signature lines.
void ledger_note_put(struct buf *b, struct str text, struct str lines);
// The note with one more line, unless it has the very same already. ERR_INVALID when either is
// malformed.
enum err ledger_note_add(
    struct arena *a, struct str note, struct str line, struct str *out) MUST_USE;
