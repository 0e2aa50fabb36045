// SPDX-License-Identifier: Apache-2.0
// What the subcommands that make handling stricter share.
#pragma once

#include "cli/node_client.h"

#define TIGHTEN_PARAMETERS 6

// The options as parameters of the route.
void cli_tighten_parameters(
    struct cli *cli, struct node_parameter out[static TIGHTEN_PARAMETERS]);
// before + the segment, escaped + after.
enum err node_path(struct cli *cli, const char *before, const char *segment, const char *after,
    const char **out) MUST_USE;
