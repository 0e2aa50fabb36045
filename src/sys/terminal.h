// SPDX-License-Identifier: Apache-2.0
// Asking the person at the terminal.
#pragma once

#include "base/str.h"

// Asks on the controlling terminal without echo, one line, straight into the caller's memory.
// ERR_IO without a terminal, ERR_LIMIT for a longer line.
enum err terminal_read_secret(
    struct str prompt, unsigned char *out, size_t cap, size_t *n) MUST_USE;
// One line of standard input. ERR_IO at its end.
enum err terminal_read_line(char *out, size_t cap, size_t *n) MUST_USE;
// Reads a whole file into the caller's memory: for secrets, which no arena may hold.
// ERR_NOT_FOUND, ERR_LIMIT, ERR_IO.
enum err file_read_into(const char *path, unsigned char *out, size_t cap, size_t *n) MUST_USE;
