// SPDX-License-Identifier: Apache-2.0
#include "node/node.h"

const struct command node_commands[] = {
    {.name = "init",
        .synopsis = "DIR --party ID --node NAME --country CODE [--realm NAME] [--listen "
                    "ADDRESS:PORT] [--handling TLP]",
        .help = MSG_HELP_INIT,
        .args_min = 1,
        .args_max = 1,
        .options = {{"party", "ID", MSG_HELP_PARTY}, {"node", "NAME", MSG_HELP_NODE_NAME},
            {"country", "CODE", MSG_HELP_COUNTRY}, {"realm", "NAME", MSG_HELP_REALM},
            {"listen", "ADDRESS:PORT", MSG_HELP_LISTEN},
            {"handling", "TLP", MSG_HELP_HANDLING}},
        .run = node_init},
    {.name = "serve",
        .synopsis = "[--listen ADDRESS:PORT] [--report-fd N]",
        .help = MSG_HELP_SERVE,
        .options = {{"listen", "ADDRESS:PORT", MSG_HELP_LISTEN},
            {"report-fd", "N", MSG_HELP_REPORT_FD}},
        .run = node_serve},
    {.name = "check",
        .synopsis = "[BACKUP]",
        .help = MSG_HELP_CHECK,
        .args_max = 1,
        .run = node_check},
    {.name = "rebuild", .synopsis = "", .help = MSG_HELP_REBUILD, .run = node_rebuild},
    {.name = "signer", .synopsis = "", .help = MSG_HELP_SIGNER, .run = node_signer},
    {0},
};
