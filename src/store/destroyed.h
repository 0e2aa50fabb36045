// SPDX-License-Identifier: Apache-2.0
// One line of destroyed.log: "<digest> <version> <source> <id>" and a newline.
#pragma once

#include "base/buf.h"
#include "store/object.h"

struct store_destroyed_line {
    unsigned char digest[STORE_DIGEST_BYTES];
    int64_t version_us;
    struct str source, id;
};
void store_destroyed_line_put(struct buf *b, const struct store_destroyed_line *line);
// Without its newline. ERR_INVALID for what is not put so; texts are slices of the line.
enum err store_destroyed_line_parse(struct str text, struct store_destroyed_line *out) MUST_USE;
