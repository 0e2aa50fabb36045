// SPDX-License-Identifier: Apache-2.0
// The node's side of TLS as files: keys/tls.crt and tls.key are shown, keys/tls-new.crt and
// tls-new.key wait until every partner knows them. Read before the node confines itself.
#pragma once

#include "cli/command.h"
#include "http/tls.h"

// What is shown. A change of places that was cut off by a crash is finished first. ERR_DENIED
// when the key is sealed and cannot be opened, ERR_INVALID when the two are no pair.
enum err identity_read(struct arena *a, const char *dir, struct http_identity *out) MUST_USE;
// What waits; empty when nothing does.
enum err identity_read_next(
    struct arena *a, const char *dir, struct http_identity *out) MUST_USE;
// identity_read for a subcommand: what is wrong is printed.
enum exit_code identity_open(
    struct cli *cli, const char *dir, struct http_identity *out) MUST_USE;
