// SPDX-License-Identifier: Apache-2.0
// The folder of a node, for the subcommands that work on its files.
#pragma once

#include "cli/command.h"
#include "cli/node_conf.h"

// node.conf. What is wrong is printed.
enum exit_code folder_conf(struct cli *cli, const char *dir, struct node_conf *out) MUST_USE;
// One process a folder: two would fork the ledger. The lock is held until *fd is closed.
// EXIT_REFUSED, and printed, while another holds it.
enum exit_code folder_lock(struct cli *cli, const char *dir, int *fd) MUST_USE;
// The same without a word: ERR_BUSY while another holds it, ERR_IO.
enum err folder_try_lock(struct cli *cli, const char *dir, int *fd) MUST_USE;
// DIR/name in the arena, or EXIT_SYSTEM.
enum exit_code folder_path(
    struct cli *cli, const char *dir, const char *name, const char **out) MUST_USE;
