// SPDX-License-Identifier: Apache-2.0
// Bytes that must not reach a core dump, swap, or the next user of the memory: locked pages,
// wiped on release. Never copied into an arena.
#pragma once

#include "base/str.h"

// Zero is a valid, empty secret.
struct secret {
    unsigned char *bytes;
    size_t len;
};

// Zeroed. ERR_LIMIT when the system gives no memory.
enum err secret_init(struct secret *s, size_t len) MUST_USE;
void secret_release(struct secret *s);
struct str secret_str(const struct secret *s);
