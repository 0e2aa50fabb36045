// SPDX-License-Identifier: Apache-2.0
// One function per file cli/<subcommand>.c.
#pragma once

#include "cli/command.h"

enum exit_code cli_approve(struct cli *cli);
enum exit_code cli_explain(struct cli *cli);
enum exit_code cli_export(struct cli *cli);
enum exit_code cli_find(struct cli *cli);
enum exit_code cli_search(struct cli *cli);
enum exit_code cli_query(struct cli *cli);
enum exit_code cli_watch(struct cli *cli);
enum exit_code cli_warning(struct cli *cli);
enum exit_code cli_neighbours(struct cli *cli);
enum exit_code cli_correlate(struct cli *cli);
enum exit_code cli_path(struct cli *cli);
enum exit_code cli_feed(struct cli *cli);
enum exit_code cli_flash(struct cli *cli);
enum exit_code cli_grant(struct cli *cli);
enum exit_code cli_import(struct cli *cli);
enum exit_code cli_import_undo(struct cli *cli); // a verb of import
enum exit_code cli_imports(struct cli *cli);
enum exit_code cli_quarantine(struct cli *cli);
enum exit_code cli_key(struct cli *cli);
enum exit_code cli_ledger(struct cli *cli);
enum exit_code cli_link(struct cli *cli);
enum exit_code cli_lookup(struct cli *cli);
enum exit_code cli_pattern(struct cli *cli);
enum exit_code cli_officer(struct cli *cli);
enum exit_code cli_person(struct cli *cli);
enum exit_code cli_recall(struct cli *cli);
enum exit_code cli_recipient(struct cli *cli);
enum exit_code cli_release(struct cli *cli);
enum exit_code cli_rule(struct cli *cli);
enum exit_code cli_manual(struct cli *cli);
enum exit_code cli_completion(struct cli *cli);
enum exit_code cli_taxii(struct cli *cli);
enum exit_code cli_show(struct cli *cli);
enum exit_code cli_status(struct cli *cli);
enum exit_code cli_stix(struct cli *cli);
enum exit_code cli_tighten(struct cli *cli);
enum exit_code cli_token(struct cli *cli);

// What is wrong with a pattern, in the language of the run.
struct str cli_pattern_reason(const struct cli *cli, const char *why);
