// SPDX-License-Identifier: Apache-2.0
// A backup: a folder with store.db, node.conf, backup.json, and keys/ when asked for. It never
// holds signer.journal or destroyed.log: both are about what came after it.
#pragma once

#include "cli/node_conf.h"

// What backup.json says.
struct backup {
    int64_t made_us;
    struct str party, node, realm;
    bool has_keys;
};

// BACKUP/backup.json. ERR_NOT_FOUND, ERR_INVALID when it is none of this version.
enum err backup_read(struct arena *a, const char *dir, struct backup *out) MUST_USE;

// Copies the small files of a folder (not its folders) into an empty one, durably, with their
// modes, as they were at one time: a key that moves to its place meanwhile is in the copy.
// ERR_CONFLICT when a file is there already, ERR_BUSY when the folder never stands still.
enum err backup_copy_files(struct arena *a, const char *from, const char *to) MUST_USE;
enum err backup_copy_file(const char *from, const char *to) MUST_USE;
// Removes the files of a folder, then the folder: what a run that was cut off left behind.
void backup_remove(struct arena *a, const char *dir);
