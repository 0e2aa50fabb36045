// SPDX-License-Identifier: Apache-2.0
// What the commands that fetch from others share.
#pragma once

#include "cli/command.h"
#include "http/client.h"

// What --user, --secret-file, --ca, --peer, --certificate and --key give.
struct feed_access {
    struct str user, secret;
    struct str authorities, peer;
    struct http_identity identity;
};
enum exit_code cli_feed_access(struct cli *cli, struct feed_access *out) MUST_USE;

// Tells the node of a feed, runs one and says what came of it, forgets one.
struct feed_row {
    struct str name, address, kind;
    uint64_t every_s;
};
enum exit_code cli_feed_put(struct cli *cli, const struct feed_row *row) MUST_USE;
enum exit_code cli_feed_run(struct cli *cli, struct str name, bool is_preview) MUST_USE;

// `taxii pull URL` and `taxii push URL FILE`.
enum exit_code cli_taxii_pull(struct cli *cli);
enum exit_code cli_taxii_push(struct cli *cli);
