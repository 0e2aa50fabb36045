// SPDX-License-Identifier: Apache-2.0
// A note that parses is made of its text and lines, and adding a line that it has changes
// nothing.
#include "fuzz.h"

#include "crypto/sign.h"
#include "ledger/checkpoint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = {(const char *)data, size}, again;
    struct arena a;
    struct ledger_note note;
    struct ledger_key key;
    struct ledger_checkpoint checkpoint;
    struct fault fault = {0};
    arena_init(&a, 16 * MIB);
    enum err e = ledger_note_parse(&a, bytes, &note, &fault);
    MUST_HOLD(e == ERR_OK || fault.at <= size);
    if (e == ERR_OK) {
        struct buf b = buf_in(&a, NOTE_BYTES_MAX);
        ledger_note_put(&b, note.text, str_from(bytes, note.text.len + 1));
        MUST_HOLD(str_eq(buf_str(&b), bytes));
        MUST_HOLD(ledger_note_add(&a, bytes, note.signatures[0].line, &again) == ERR_OK);
        MUST_HOLD(str_eq(again, bytes));
        static const unsigned char public_key[LEDGER_PUBLIC_BYTES] = {1};
        if (ledger_key_make(&a, LEDGER_TYPE_COSIGNATURE, note.signatures[0].name, public_key,
                &key) == ERR_OK) {
            key.id = note.signatures[0].id;
            MUST_HOLD(ledger_note_verify(&a, &note, &key, 1, NULL) != ERR_OK);
        }
        (void)!ledger_checkpoint_parse(note.text, &checkpoint, &fault);
    }
    (void)!ledger_key_parse(&a, bytes, &key);
    arena_release(&a);
    return 0;
}
