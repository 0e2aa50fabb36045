// SPDX-License-Identifier: Apache-2.0
#include "node/node.h"

const struct command node_commands[] = {
    {.name = "init",
        .synopsis = "DIR --party ID --node NAME --country CODE [--realm NAME] [--listen "
                    "ADDRESS:PORT] [--handling TLP] [--encrypt-keys [--unlock-file FILE]]",
        .help = MSG_HELP_INIT,
        .args_min = 1,
        .args_max = 1,
        .options = {{"party", "ID", MSG_HELP_PARTY}, {"node", "NAME", MSG_HELP_NODE_NAME},
            {"country", "CODE", MSG_HELP_COUNTRY}, {"realm", "NAME", MSG_HELP_REALM},
            {"listen", "ADDRESS:PORT", MSG_HELP_LISTEN}, {"handling", "TLP", MSG_HELP_HANDLING},
            {"encrypt-keys", NULL, MSG_HELP_ENCRYPT_KEYS},
            {"unlock-file", "FILE", MSG_HELP_UNLOCK_FILE}},
        .run = node_init},
    {.name = "serve",
        .synopsis = "[--listen ADDRESS:PORT] [--report-fd N]",
        .help = MSG_HELP_SERVE,
        .options = {{"listen", "ADDRESS:PORT", MSG_HELP_LISTEN},
            {"report-fd", "N", MSG_HELP_REPORT_FD}},
        .run = node_serve},
    {.name = "signer", .synopsis = "", .help = MSG_HELP_SIGNER, .run = node_signer},
    {0},
};
