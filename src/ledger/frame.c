// SPDX-License-Identifier: Apache-2.0
#include "ledger/frame.h"

#include "hash/hash.h"

#define FRAME_HEAD_BYTES 5u
#define END_FRAME_BYTES  (FRAME_HEAD_BYTES + SHA256_BYTES)

void ledger_frame_put(struct buf *b, uint8_t type, struct str bytes)
{
    if (bytes.len > UINT32_MAX) {
        b->err = ERR_LIMIT;
        return;
    }
    buf_put_byte(b, (char)type);
    buf_put_u32be(b, (uint32_t)bytes.len);
    buf_put(b, bytes);
}

void ledger_frame_put_end(struct buf *b)
{
    unsigned char digest[SHA256_BYTES];
    hash_sha256(buf_str(b), digest);
    ledger_frame_put(b, LEDGER_FRAME_END, (struct str){(char *)digest, sizeof digest});
}

enum err ledger_frames_open(
    struct str file, struct str magic, struct ledger_frames *out, struct fault *fault)
{
    if (!str_starts(file, magic))
        return fault_set(fault, ERR_INVALID, 0, "not a file of this kind and version");
    if (file.len - magic.len < END_FRAME_BYTES)
        return fault_set(fault, ERR_INVALID, file.len, "the file is cut short");
    struct str content = str_to(file, file.len - END_FRAME_BYTES);
    struct reader end = reader_of(str_from(file, content.len));
    unsigned char digest[SHA256_BYTES];
    if (read_u8(&end) != LEDGER_FRAME_END || read_u32be(&end) != SHA256_BYTES)
        return fault_set(fault, ERR_INVALID, content.len, "the file is cut short");
    hash_sha256(content, digest);
    struct str want = read_bytes(&end, SHA256_BYTES);
    if (!hash_equal(digest, (const unsigned char *)want.ptr, SHA256_BYTES))
        return fault_set(fault, ERR_CORRUPT, content.len, "the file has been changed");
    *out = (struct ledger_frames){reader_of(content)};
    out->reader.at = magic.len;
    return ERR_OK;
}

enum err ledger_frames_next(
    struct ledger_frames *frames, struct ledger_frame *out, struct fault *fault)
{
    struct reader *r = &frames->reader;
    if (r->err == ERR_OK && reader_at_end(r))
        return ERR_NOT_FOUND;
    size_t at = r->at;
    struct ledger_frame frame = {.type = read_u8(r)};
    frame.bytes = read_block(r, UINT32_MAX);
    frame.at = at + FRAME_HEAD_BYTES;
    if (r->err != ERR_OK || frame.type == LEDGER_FRAME_END)
        return fault_set(fault, ERR_INVALID, at, "a frame that is cut, or ends too early");
    *out = frame;
    return ERR_OK;
}
