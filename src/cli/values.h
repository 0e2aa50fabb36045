// SPDX-License-Identifier: Apache-2.0
// Values that somebody asks about, and what warning lists say of them.
#pragma once

#include "cli/command.h"
#include "json/json.h"

// The arguments from the one given on, a line each; standard input when "-" is the only one.
enum exit_code values_read(struct cli *cli, size_t first, struct str *out) MUST_USE;
// A line for each list in "warning" of an answer; whether there is one.
bool values_say_warnings(struct cli *cli, struct json v);
