// SPDX-License-Identifier: Apache-2.0
// The key files in the data directory's folder `keys`: one line each (crypto/keyfile.h), mode
// 0600.
#pragma once

#include "cli/unlock.h"
#include "crypto/keyfile.h"
#include "ledger/note.h"

#define NODE_CERTIFICATE_DAYS 397 // of a TLS certificate or key, when nothing else is said

struct node_key_kind {
    struct str role, name;
};
// Makes a key from fresh randomness and writes DIR/keys/<file>, sealed when `unlock` is given.
// ERR_CONFLICT when the file is there.
enum err node_key_make(struct arena *a, const char *dir, const char *file,
    const struct node_key_kind *kind, const struct secret *unlock) MUST_USE;
// A key file's text, which is released. The strings are in the arena; the caller releases
// out->key.
enum err node_key_parse(struct arena *a, struct secret *text, struct keyfile *out) MUST_USE;
// Reads one, opened when it is sealed; ERR_DENIED when it cannot be opened.
enum err node_key_read(
    struct arena *a, const char *dir, const char *file, struct keyfile *out) MUST_USE;
// "log-kr-1.key"
enum err node_key_log_file(
    struct arena *a, struct str party, uint64_t epoch, const char **out) MUST_USE;
// The verifier key of a key file, with the type that its role signs with.
enum err node_key_verifier(
    struct arena *a, const struct keyfile *key, struct ledger_key *out) MUST_USE;
// <node>/<realm>/ledger/<party>/<epoch>
enum err node_key_origin(struct arena *a, struct str node, struct str realm, struct str party,
    uint64_t epoch, struct str *out) MUST_USE;
