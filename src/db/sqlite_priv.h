// SPDX-License-Identifier: Apache-2.0
// The connection, for the files of this folder; the only place with sqlite3.h.
#pragma once

#include "db/db.h"

#include <sqlite3.h>

#define DB_STATEMENTS_MAX 512 // twice what the store has, so that probes stay short

struct db_prepared {
    const char *sql; // static text; its address is the key
    sqlite3_stmt *statement;
};

struct db {
    struct arena arena; // holds this struct
    sqlite3 *handle;
    enum db_mode mode;
    const char *failure; // static text, or NULL
    int64_t page_bytes;
    int64_t log_bytes;
    struct db_prepared prepared[DB_STATEMENTS_MAX];
};

// What an answer of the engine means to our caller; failures of the disk are remembered.
enum err db_judge(struct db *db, int code);
