// SPDX-License-Identifier: Apache-2.0
// The subcommands that run on a node's own files: they alone open the store and the keys.
#pragma once

#include "cli/command.h"

// Ends with a row without name.
extern const struct command node_commands[];

enum exit_code node_backup(struct cli *cli);
enum exit_code node_check(struct cli *cli);
enum exit_code node_init(struct cli *cli);
enum exit_code node_rebuild(struct cli *cli);
enum exit_code node_recover(struct cli *cli);
enum exit_code node_restore(struct cli *cli);
enum exit_code node_serve(struct cli *cli);
enum exit_code node_signer(struct cli *cli);
