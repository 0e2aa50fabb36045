// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/err.h"

#include <stdint.h>

#include <sys/types.h>

// Starts our own executable again as another role, with a socket pair: ours in *fd, the child's
// is its descriptor 3. Everything else is closed in the child but the standard streams. `argv`
// ends in NULL.
enum err process_start_self(const char *const *argv, pid_t *pid, int *fd) MUST_USE;
// Takes a variable out of the environment, before any thread is started.
void process_env_remove(const char *name);
// An environment variable; NULL when it is not set or empty.
const char *process_env(const char *name);
