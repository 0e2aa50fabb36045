// SPDX-License-Identifier: Apache-2.0
// An officer's own key, on the officer's own machine: nothing here talks to a node.
#pragma once

#include "cli/command.h"
#include "crypto/officerkey.h"
#include "ledger/approval.h"

// The functions below read the options key, passphrase-file and yes of the command.

// From --passphrase-file, or asked for on the terminal (`is_new`: twice), in NFC. The caller
// releases it.
enum exit_code officer_passphrase(struct cli *cli, bool is_new, struct secret *out) MUST_USE;
// Opens the key of --key. The caller releases it.
enum exit_code officer_key_open(struct cli *cli, struct sign_key *out) MUST_USE;
// Shows an order to the officer and asks, unless --yes is an option that was given, then signs.
// The order is canonical JSON without a final newline. *out is the approval's file.
enum exit_code officer_approve(struct cli *cli, struct str order, struct str *out) MUST_USE;
