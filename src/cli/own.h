// SPDX-License-Identifier: Apache-2.0
// What the command line reads and makes in the folder of -n: node.conf and key files.
#pragma once

#include "cli/command.h"
#include "cli/node_conf.h"
#include "cli/node_keys.h"

// *why is a text for a person.
enum err cli_conf_read(struct cli *cli, struct node_conf *conf, const char **why) MUST_USE;
// The node's unlock secret when its keys are sealed; empty when they are plain.
enum err cli_unlock(struct cli *cli, struct secret *out) MUST_USE;
// A new key, sealed as the others are. ERR_CONFLICT when the file is there.
enum err cli_key_make(
    struct cli *cli, const char *file, const struct node_key_kind *kind) MUST_USE;
