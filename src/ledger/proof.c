// SPDX-License-Identifier: Apache-2.0
#include "ledger/proof.h"

#include "base/base64.h"
#include "base/reader.h"

#define MAGIC "c2sp.org/tlog-proof@v1"

void ledger_proof_file_put(struct buf *b, const struct ledger_proof_file *file)
{
    buf_put(b, STR(MAGIC "\n"));
    if (file->extra.len) {
        buf_put(b, STR("extra "));
        base64_put(b, file->extra);
        buf_put_byte(b, '\n');
    }
    buf_put(b, STR("index "));
    buf_put_u64(b, file->index);
    buf_put_byte(b, '\n');
    for (size_t i = 0; i < file->path.n; i++) {
        ledger_hash_put_base64(b, &file->path.hashes[i]);
        buf_put_byte(b, '\n');
    }
    buf_put_byte(b, '\n');
    buf_put(b, file->note);
}

static enum err path_parse(struct reader *r, struct ledger_proof *path, struct fault *fault)
{
    for (;;) {
        size_t at = r->at;
        struct str line = read_line(r);
        if (r->err != ERR_OK)
            return fault_set(fault, r->err, at, "no empty line before the checkpoint");
        if (line.len == 0)
            return ERR_OK;
        if (path->n == PROOF_HASHES_MAX)
            return fault_set(fault, ERR_LIMIT, at, "too many hashes");
        if (ledger_hash_parse_base64(line, &path->hashes[path->n]) != ERR_OK)
            return fault_set(fault, ERR_INVALID, at, "not a hash");
        path->n++;
    }
}

enum err ledger_proof_file_parse(
    struct arena *a, struct str text, struct ledger_proof_file *out, struct fault *fault)
{
    struct reader r = reader_of(text);
    struct ledger_proof_file file = {0};
    if (!str_eq(read_line(&r), STR(MAGIC)))
        return fault_set(fault, ERR_INVALID, 0, "not a tlog-proof of version 1");
    size_t at = r.at;
    struct str line = read_line(&r);
    if (str_starts(line, STR("extra "))) {
        enum err e = base64_parse(a, str_from(line, 6), &file.extra);
        if (e != ERR_OK)
            return fault_set(fault, e, at, "extra is not base64");
        at = r.at;
        line = read_line(&r);
    }
    if (r.err != ERR_OK || !str_starts(line, STR("index ")) ||
        str_to_u64(str_from(line, 6), &file.index) != ERR_OK)
        return fault_set(fault, ERR_INVALID, at, "no index line");
    TRY(path_parse(&r, &file.path, fault));
    file.note = str_from(text, r.at);
    struct ledger_note note;
    struct fault inner = {0};
    enum err e = ledger_note_parse(a, file.note, &note, &inner);
    if (e != ERR_OK)
        return fault_set(fault, e, r.at + inner.at, inner.why);
    *out = file;
    return ERR_OK;
}

enum err ledger_proof_file_verify(struct arena *a, const struct ledger_proof_file *file,
    const struct ledger_quorum *q, struct str entry, struct ledger_checkpoint *out)
{
    struct ledger_checkpoint c;
    TRY(ledger_quorum_open(a, q, file->note, &c, NULL));
    struct ledger_hash leaf_hash = ledger_leaf_hash(entry);
    TRY(ledger_inclusion_verify(&file->path, file->index, &leaf_hash, &c.head));
    *out = c;
    return ERR_OK;
}
