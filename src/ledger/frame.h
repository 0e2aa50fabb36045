// SPDX-License-Identifier: Apache-2.0
// Files of the ledger: a line that names the format, then frames {u8 type, u32be length,
// bytes}, the last of type LEDGER_FRAME_END with the SHA-256 of everything before it, so that a
// file cut or damaged on its way is refused before anything in it is read.
#pragma once

#include "base/reader.h"
#include "ledger/tree.h"

#define LEDGER_FRAME_END 0u

// Sets b->err over the buffer's maximum.
void ledger_frame_put(struct buf *b, uint8_t type, struct str bytes);
// Over all of `b`, which holds one file and nothing else.
void ledger_frame_put_end(struct buf *b);

struct ledger_frames {
    struct reader reader; // over all frames before the end frame
};

struct ledger_frame {
    uint8_t type;
    struct str bytes;
    size_t at; // position of `bytes` in the file
};

// Checks the magic line and the digest. ERR_INVALID, or ERR_CORRUPT for the digest.
enum err ledger_frames_open(
    struct str file, struct str magic, struct ledger_frames *out, struct fault *fault) MUST_USE;
// ERR_NOT_FOUND after the last frame; ERR_INVALID for a frame that is cut.
enum err ledger_frames_next(
    struct ledger_frames *frames, struct ledger_frame *out, struct fault *fault) MUST_USE;
