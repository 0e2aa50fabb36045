// SPDX-License-Identifier: Apache-2.0
// The unlock secret of a node whose key files are sealed, for a start without a person: the
// systemd credential `bongsu-unlock`, the file of BONGSU_UNLOCK_FILE, or `unlock-file` of
// node.conf, the first that is there.
#pragma once

#include "crypto/seal.h"

struct node_conf;
enum err unlock_find(struct arena *a, const struct node_conf *conf, struct secret *out,
    struct str *from) MUST_USE;
// The same for the node.conf in a folder. ERR_NOT_FOUND when none of the three is there,
// ERR_INVALID when it is empty. *from (in the arena) says where it was looked for or found. The
// caller releases *out.
enum err unlock_read(
    struct arena *a, const char *dir, struct secret *out, struct str *from) MUST_USE;
// The text of DIR/keys/<file>, opened when it is sealed. ERR_DENIED: sealed, and there is no
// unlock secret or another one. The caller releases *out.
enum err key_file_read(
    struct arena *a, const char *dir, const char *file, struct secret *out) MUST_USE;
// The same for a file anywhere, with the unlock secret of the node in `dir` (may be NULL).
enum err key_path_read(
    struct arena *a, const char *dir, const char *path, struct secret *out) MUST_USE;
// Writes DIR/keys/<file>, sealed when `unlock` is given.
enum err key_file_write(struct arena *a, const char *dir, const char *file, struct str text,
    const struct secret *unlock) MUST_USE;
// Whether the node's keys are sealed: then new ones are too. Told by cosign.key.
bool keys_are_sealed(struct arena *a, const char *dir);
