// SPDX-License-Identifier: Apache-2.0
// The files of `bongsu key`. A new key is <name>-new.key until the node has it in force; then
// it takes the place of the old one, which stays as <name>-<its id>.key until somebody deletes
// it.
#pragma once

#include "cli/own.h"
#include "ledger/statement.h"

struct key_wanted {
    enum ledger_role role;
    struct str partner; // of a log
    uint64_t epoch;     // of a log that begins again; 0: of the log that is there
};
// Makes the key, or finds the one that was made and is not in force yet, and fills the
// statement's key or spki.
enum err key_files_make(struct cli *cli, const struct node_conf *conf,
    const struct key_wanted *want, struct ledger_statement *out) MUST_USE;
// A key file anywhere, opened with the unlock secret of -n when it is sealed.
enum err key_files_open(struct cli *cli, const char *path, struct keyfile *out) MUST_USE;
// The statement is in force: its key's file takes its place. Again, it changes nothing.
enum err key_files_settle(struct cli *cli, const struct ledger_statement *s) MUST_USE;
// Another certificate of tls.key.
enum err key_files_renew(struct cli *cli, int64_t from_us, int64_t until_us) MUST_USE;
// Hands the running node its certificate and key: those that wait, else those that are shown.
// *waits tells which.
enum exit_code key_files_offer(struct cli *cli, bool *waits) MUST_USE;
// Whether a TLS pair waits.
bool key_files_wait(struct cli *cli);
// The pair that waited takes its place when it is what the node shows.
enum exit_code key_files_promote(struct cli *cli) MUST_USE;
// Seals every plain key file. *from: where the unlock secret was looked for.
enum err key_files_lock(struct cli *cli, size_t *n, struct str *from) MUST_USE;
