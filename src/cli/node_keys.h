// SPDX-License-Identifier: Apache-2.0
// The key files in the data directory's folder `keys`: one line each (crypto/keyfile.h), mode
// 0600.
#pragma once

#include "crypto/keyfile.h"
#include "ledger/note.h"

// Makes a key from fresh randomness and writes DIR/keys/<file>. ERR_CONFLICT when the file is
// there.
enum err node_key_make(struct arena *a, const char *dir, const char *file, struct str role,
    struct str name) MUST_USE;
// Reads one. The strings are in the arena; the caller releases out->key.
enum err node_key_read(
    struct arena *a, const char *dir, const char *file, struct keyfile *out) MUST_USE;
// The same for a key file anywhere, such as that of a root kept off line.
enum err node_key_read_file(struct arena *a, const char *path, struct keyfile *out) MUST_USE;
// "log-kr-1.key"
enum err node_key_log_file(
    struct arena *a, struct str party, uint64_t epoch, const char **out) MUST_USE;
// The verifier key of a key file, with the type that its role signs with.
enum err node_key_verifier(
    struct arena *a, const struct keyfile *key, struct ledger_key *out) MUST_USE;
// <node>/<realm>/ledger/<party>/<epoch>
enum err node_key_origin(struct arena *a, struct str node, struct str realm, struct str party,
    uint64_t epoch, struct str *out) MUST_USE;
