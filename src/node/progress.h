// SPDX-License-Identifier: Apache-2.0
// A ticking line on a terminal while a long step is at work; nothing anywhere else.
#pragma once

#include "cli/command.h"
#include "store/check.h"

struct progress {
    struct cli *cli;
    bool is_shown; // something stands on the line
    bool is_terminal;
};

struct progress progress_begin(struct cli *cli);
// For struct store_check and its like; the context is a struct progress.
void progress_part(void *context, enum store_part part, int64_t done, int64_t total);
void progress_show(struct progress *p, enum message_id what, int64_t done, int64_t total);
void progress_end(struct progress *p); // clears the line
