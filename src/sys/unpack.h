// SPDX-License-Identifier: Apache-2.0
// Packed files: gzip (RFC 1952, members one after another) and Zstandard (RFC 8878, frames one
// after another), known by their first bytes. Memory is bounded: 130 MiB at most, for a frame
// that asks for the largest window.
#pragma once

#include "base/str.h"

// What it unpacks to is at most bytes_max, and beyond 64 MiB at most 200 times what was read.
struct unpack_limits {
    uint64_t bytes_max;
};

// Unpacks a descriptor, read from its beginning by position, into a file without a name in
// `dir`. *out is -1 when the file is not packed. ERR_INVALID for a damaged or cut file,
// ERR_LIMIT past the limits (*fault: the position in the packed file), ERR_IO.
enum err unpack(int fd, const char *dir, const struct unpack_limits *limits, int *out,
    struct fault *fault) MUST_USE;
