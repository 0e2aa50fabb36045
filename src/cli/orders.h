// SPDX-License-Identifier: Apache-2.0
// Orders between the node and the officers: what --preview --out writes, and what --approval
// gives back.
#pragma once

#include "cli/command.h"
#include "json/json.h"
#include "json/write.h"

// The arguments as the member "ids" of a request.
void cli_put_ids(struct cli *cli, struct json_out *o);
// The files of --approval as the member "approvals" of a request.
enum exit_code cli_put_approvals(struct cli *cli, struct json_out *o) MUST_USE;
// A body that holds nothing else.
enum exit_code cli_approvals_body(struct cli *cli, struct str *out) MUST_USE;
// The order in an answer to the file of --out; its digest to standard error, so that standard
// output holds what was asked for.
enum exit_code cli_write_order(struct cli *cli, struct json answer) MUST_USE;
