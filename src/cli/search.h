// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/node_client.h"

#define SEARCH_PARAMETERS_MAX 12
// The words from an argument on, and the filters among the options.
enum exit_code search_parameters(
    struct cli *cli, size_t from, struct node_parameter out[static SEARCH_PARAMETERS_MAX]);
enum exit_code search_print(struct cli *cli, struct json answer);
