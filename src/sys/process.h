// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/err.h"

#include <stdint.h>

#include <sys/types.h>

// Starts our own executable as another role whenever it is asked to: a small process of its
// own, forked before the caller gives up that right itself. It and what it started end with the
// caller. `argv` ends in NULL and is used until process_starter_end.
struct process_starter {
    int fd;
};
enum err process_starter_begin(const char *const *argv, struct process_starter *out) MUST_USE;
void process_starter_end(struct process_starter *starter);
// A new process with a socket pair: ours in *fd, its own is descriptor 3. Everything else is
// closed in it but the standard streams.
enum err process_start(const struct process_starter *starter, int *fd) MUST_USE;
// Keeps memory that was freed, up to so much, for the next use of it: a server's requests come
// and go, and fresh pages of the system cost more than the work on them. Before any thread.
void process_keep_freed(unsigned bytes);
// Takes a variable out of the environment, before any thread is started.
void process_env_remove(const char *name);
// An environment variable; NULL when it is not set or empty.
const char *process_env(const char *name);
