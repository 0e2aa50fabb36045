// SPDX-License-Identifier: Apache-2.0
#include "ledger/checkpoint.h"

#include <assert.h>

#include "base/reader.h"
#include "crypto/sign.h"
#include "ledger/key_priv.h"

#define CHECKPOINT_BYTES_MAX (4 * KIB) // of the text that we make

void ledger_checkpoint_put(struct buf *b, const struct ledger_checkpoint *checkpoint)
{
    buf_put(b, checkpoint->origin);
    buf_put_byte(b, '\n');
    buf_put_u64(b, checkpoint->head.size);
    buf_put_byte(b, '\n');
    ledger_hash_put_base64(b, &checkpoint->head.root);
    buf_put_byte(b, '\n');
    buf_put(b, checkpoint->extensions);
}

enum err ledger_checkpoint_parse(
    struct str text, struct ledger_checkpoint *out, struct fault *fault)
{
    struct reader r = reader_of(text);
    struct ledger_checkpoint c = {.origin = read_line(&r)};
    if (r.err != ERR_OK || c.origin.len == 0)
        return fault_set(fault, ERR_INVALID, 0, "no origin line");
    size_t at = r.at;
    struct str size = read_line(&r);
    if (r.err != ERR_OK || str_to_u64(size, &c.head.size) != ERR_OK)
        return fault_set(fault, ERR_INVALID, at, "the second line is not a tree size");
    at = r.at;
    struct str root = read_line(&r);
    if (r.err != ERR_OK || ledger_hash_parse_base64(root, &c.head.root) != ERR_OK)
        return fault_set(fault, ERR_INVALID, at, "the third line is not a root");
    c.extensions = str_from(text, r.at);
    while (!reader_at_end(&r)) {
        at = r.at;
        if (read_line(&r).len == 0)
            return fault_set(fault, ERR_INVALID, at, "an empty or unfinished extension line");
    }
    *out = c;
    return ERR_OK;
}

enum err ledger_checkpoint_sign(struct arena *a, const struct ledger_head *head,
    const struct ledger_key *log, const struct sign_key *secret, struct str *note)
{
    struct ledger_checkpoint c = {.origin = log->name, .head = *head};
    struct buf text = buf_in(a, CHECKPOINT_BYTES_MAX), line = buf_in(a, CHECKPOINT_BYTES_MAX);
    struct buf b = buf_in(a, 2 * CHECKPOINT_BYTES_MAX);
    ledger_checkpoint_put(&text, &c);
    TRY(text.err);
    ledger_note_sign(&line, log, secret, buf_str(&text));
    TRY(line.err);
    ledger_note_put(&b, buf_str(&text), buf_str(&line));
    return buf_end(&b, note);
}

enum err ledger_checkpoint_open(struct arena *a, struct str note, const struct ledger_key *log,
    struct ledger_checkpoint *out, struct fault *fault)
{
    struct ledger_note parsed;
    struct ledger_checkpoint c;
    TRY(ledger_note_parse(a, note, &parsed, fault));
    TRY(ledger_checkpoint_parse(parsed.text, &c, fault));
    if (!str_eq(c.origin, log->name))
        return fault_set(fault, ERR_NOT_FOUND, 0, "the checkpoint is of another log");
    enum err e = ledger_note_verify(a, &parsed, log, 1, NULL);
    if (e != ERR_OK)
        return fault_set(
            fault, e, parsed.text.len + 1, "the log's signature is missing or wrong");
    *out = c;
    return ERR_OK;
}

enum err ledger_cosignature_put(struct arena *a, struct buf *line, const struct ledger_key *key,
    const struct sign_key *secret, struct str text, uint64_t time_s)
{
    assert(key->type == LEDGER_TYPE_COSIGNATURE && time_s > 0 && time_s <= INT64_MAX);
    unsigned char signature[SIGN_SIGNATURE_BYTES];
    struct str message;
    TRY(ledger_cosigned_message(a, text, time_s, &message));
    sign_message(secret, message, signature);
    struct buf payload = buf_in(a, 256);
    buf_put_u64be(&payload, time_s);
    buf_put(&payload, (struct str){(char *)signature, sizeof signature});
    TRY(payload.err);
    ledger_signature_put(line, key, buf_str(&payload));
    return line->err;
}

static bool is_by(const struct ledger_signature *s, const struct ledger_key *key)
{
    return s->id == key->id && str_eq(s->name, key->name);
}

enum err ledger_cosignature_find(struct arena *a, const struct ledger_note *note,
    const struct ledger_key *key, uint64_t *time_s)
{
    assert(key->type == LEDGER_TYPE_COSIGNATURE);
    enum err e = ledger_note_verify(a, note, key, 1, NULL);
    if (e != ERR_OK)
        return e == ERR_DENIED ? ERR_NOT_FOUND : e;
    uint64_t newest = 0;
    for (size_t i = 0; i < note->n_signatures; i++) {
        if (!is_by(&note->signatures[i], key))
            continue;
        struct reader r = reader_of(note->signatures[i].payload);
        uint64_t at = read_u64be(&r);
        newest = at > newest ? at : newest;
    }
    *time_s = newest;
    return ERR_OK;
}

enum err ledger_cosignature_lines(struct arena *a, const struct ledger_note *note,
    const struct ledger_key *key, struct str *out)
{
    struct buf b = buf_in(a, NOTE_BYTES_MAX);
    for (size_t i = 0; i < note->n_signatures; i++)
        if (is_by(&note->signatures[i], key))
            buf_put(&b, note->signatures[i].line);
    return buf_end(&b, out);
}
