// SPDX-License-Identifier: Apache-2.0
#include "store/check.h"
#include "store/ledger.h"
#include "store/store_priv.h"

#define COPY_CACHE_KIB 4096u
#define COPY_BUSY_MS   5000u

static enum err open_read(const char *path, struct db **out)
{
    const struct db_config config = {
        .path = path, .mode = DB_READ, .cache_kib = COPY_CACHE_KIB, .busy_ms = COPY_BUSY_MS};
    return db_open(&config, out);
}

static void show(void *context, int64_t done, int64_t total)
{
    const struct store_copy *copy = context;
    if (copy->progress)
        copy->progress(copy->context, STORE_PART_FILE, done, total);
}

enum err store_copy(const struct store_copy *copy)
{
    struct db *db;
    struct store_copy how = *copy;
    const struct db_copy_config config = {.path = copy->to, .progress = show, .context = &how};
    TRY(open_read(copy->from, &db));
    enum err e = db_copy_file(db, &config);
    db_close(db);
    return e;
}

enum err store_logs_of_file(struct arena *a, const char *path, struct store_logs *out)
{
    struct db *db;
    TRY(open_read(path, &db));
    struct store_txn t = {.db = db};
    enum err e = store_log_all(&t, a, out);
    db_close(db);
    return e;
}
