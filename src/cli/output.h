// SPDX-License-Identifier: Apache-2.0
// Results that are files: to --out, whole or not at all, or to standard output.
#pragma once

#include "cli/command.h"

enum exit_code cli_write_out(struct cli *cli, struct str bytes) MUST_USE;
enum exit_code cli_read_file(
    struct cli *cli, const char *path, size_t max_bytes, struct str *out) MUST_USE;
