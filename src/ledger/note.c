// SPDX-License-Identifier: Apache-2.0
#include "ledger/note.h"

#include <assert.h>

#include "base/base64.h"
#include "base/reader.h"
#include "base/utf8.h"
#include "crypto/sign.h"
#include "ledger/key_priv.h"

#define KEY_ID_BYTES 4u

static const struct str dash = STR_INIT("\xE2\x80\x94 "); // U+2014 and a space

// Position of the first byte that no note may hold, or s.len.
static size_t forbidden_at(struct str s)
{
    size_t end = utf8_invalid_at(s);
    for (size_t i = 0; i < end; i++)
        if ((unsigned char)s.ptr[i] < 0x20 && s.ptr[i] != '\n')
            return i;
    return end;
}

// One line without its newline.
static enum err signature_parse(struct arena *a, struct str line, struct ledger_signature *out)
{
    if (!str_starts(line, dash))
        return ERR_INVALID;
    struct str rest = str_from(line, dash.len), bytes;
    struct ledger_signature s = {.name = str_cut(&rest, ' ')};
    if (!ledger_key_name_fits(s.name))
        return ERR_INVALID;
    TRY(base64_parse(a, rest, &bytes));
    if (bytes.len <= KEY_ID_BYTES)
        return ERR_INVALID;
    struct reader r = reader_of(bytes);
    s.id = read_u32be(&r);
    s.payload = str_from(bytes, KEY_ID_BYTES);
    s.line = (struct str){line.ptr, line.len + 1};
    *out = s;
    return ERR_OK;
}

// Position of the empty line that ends the text: the last one. bytes.len when there is none.
static size_t separator_at(struct str bytes)
{
    for (size_t i = bytes.len; i-- > 1;)
        if (bytes.ptr[i] == '\n' && bytes.ptr[i - 1] == '\n')
            return i;
    return bytes.len;
}

static enum err signatures_parse(
    struct arena *a, struct str bytes, struct ledger_note *note, struct fault *fault)
{
    size_t at = note->text.len + 1, n_lines = 0;
    for (size_t i = at; i < bytes.len; i++)
        n_lines += bytes.ptr[i] == '\n';
    if (n_lines > NOTE_SIGNATURES_MAX)
        return fault_set(fault, ERR_LIMIT, at, "too many signature lines");
    note->signatures = NEW_N(a, struct ledger_signature, n_lines);
    if (!note->signatures)
        return fault_set(fault, ERR_LIMIT, at, "no room for the signature lines");
    while (at < bytes.len) {
        struct str line = str_from(bytes, at);
        line = str_to(line, str_index(line, '\n'));
        enum err e = signature_parse(a, line, &note->signatures[note->n_signatures]);
        if (e != ERR_OK)
            return fault_set(fault, e, at, "malformed signature line");
        note->n_signatures++;
        at += line.len + 1;
    }
    return ERR_OK;
}

enum err ledger_note_parse(
    struct arena *a, struct str bytes, struct ledger_note *out, struct fault *fault)
{
    if (bytes.len > NOTE_BYTES_MAX)
        return fault_set(fault, ERR_LIMIT, NOTE_BYTES_MAX, "the note is too long");
    size_t at = forbidden_at(bytes);
    if (at < bytes.len)
        return fault_set(fault, ERR_INVALID, at, "a control character, or not UTF-8");
    at = separator_at(bytes);
    if (at + 1 >= bytes.len)
        return fault_set(fault, ERR_INVALID, bytes.len, "no signature behind an empty line");
    if (!str_ends(bytes, STR("\n")))
        return fault_set(fault, ERR_INVALID, bytes.len, "the last line has no newline");
    struct ledger_note note = {.text = str_to(bytes, at)};
    TRY(signatures_parse(a, bytes, &note, fault));
    *out = note;
    return ERR_OK;
}

static bool is_by(const struct ledger_signature *s, const struct ledger_key *key)
{
    return s->id == key->id && str_eq(s->name, key->name);
}

static enum err key_verify(struct arena *a, const struct ledger_note *note,
    const struct ledger_key *key, bool *has_signed)
{
    for (size_t i = 0; i < note->n_signatures; i++) {
        if (!is_by(&note->signatures[i], key))
            continue;
        TRY(ledger_key_check(a, key, note->text, note->signatures[i].payload));
        *has_signed = true;
    }
    return ERR_OK;
}

enum err ledger_note_verify(struct arena *a, const struct ledger_note *note,
    const struct ledger_key *keys, size_t n_keys, bool *verified)
{
    bool has_any = false;
    for (size_t i = 0; i < n_keys; i++) {
        bool has_signed = false;
        TRY(key_verify(a, note, &keys[i], &has_signed));
        has_any = has_any || has_signed;
        if (verified)
            verified[i] = has_signed;
    }
    return has_any ? ERR_OK : ERR_DENIED;
}

void ledger_signature_put(struct buf *b, const struct ledger_key *key, struct str payload)
{
    struct buf bytes = buf_in(b->arena, 8 * KIB);
    buf_put_u32be(&bytes, key->id);
    buf_put(&bytes, payload);
    if (bytes.err != ERR_OK)
        b->err = bytes.err;
    buf_put(b, dash);
    buf_put(b, key->name);
    buf_put_byte(b, ' ');
    base64_put(b, buf_str(&bytes));
    buf_put_byte(b, '\n');
}

void ledger_note_sign(struct buf *line, const struct ledger_key *key,
    const struct sign_key *secret, struct str text)
{
    assert(key->type == LEDGER_TYPE_NOTE && str_ends(text, STR("\n")));
    unsigned char signature[SIGN_SIGNATURE_BYTES];
    sign_message(secret, text, signature);
    ledger_signature_put(line, key, (struct str){(char *)signature, sizeof signature});
}

void ledger_note_put(struct buf *b, struct str text, struct str lines)
{
    buf_put(b, text);
    buf_put_byte(b, '\n');
    buf_put(b, lines);
}

static bool has_line(struct str lines, struct str line)
{
    while (lines.len) {
        struct str one = str_cut(&lines, '\n');
        if (str_eq(one, str_to(line, line.len - 1)))
            return true;
    }
    return false;
}

enum err ledger_note_add(struct arena *a, struct str note, struct str line, struct str *out)
{
    struct ledger_note old_note, new_note;
    TRY(ledger_note_parse(a, note, &old_note, NULL));
    size_t newline_at = str_index(line, '\n');
    if (newline_at + 1 != line.len)
        return ERR_INVALID;
    struct buf b = buf_in(a, NOTE_BYTES_MAX);
    buf_put(&b, note);
    if (!has_line(str_from(note, old_note.text.len + 1), line))
        buf_put(&b, line);
    struct str joined;
    TRY(buf_end(&b, &joined));
    TRY(ledger_note_parse(a, joined, &new_note, NULL));
    assert(new_note.text.len == old_note.text.len); // one line has no empty line in it
    *out = joined;
    return ERR_OK;
}
