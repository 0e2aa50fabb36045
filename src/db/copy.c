// SPDX-License-Identifier: Apache-2.0
// A copy of the file as one snapshot shows it, while others write.
#include "db/sqlite_priv.h"

#include "base/limits.h"
#include "sys/clock.h"

#include <fcntl.h>
#include <unistd.h>

#define STEP_PAGES 64 // 1 MiB
#define STEP_US    2000
#define BUSY_US    10000

static enum err copy_pages(
    struct db *db, sqlite3_backup *backup, const struct db_copy_config *how)
{
    for (;;) {
        int code = sqlite3_backup_step(backup, STEP_PAGES);
        if (how->progress)
            how->progress(how->context,
                sqlite3_backup_pagecount(backup) - sqlite3_backup_remaining(backup),
                sqlite3_backup_pagecount(backup));
        if (code == SQLITE_DONE)
            return ERR_OK;
        bool is_busy = code == SQLITE_BUSY || code == SQLITE_LOCKED;
        if (code != SQLITE_OK && !is_busy)
            return db_judge(db, code);
        clock_sleep_us(is_busy ? BUSY_US : STEP_US); // the disk is the writers' first
    }
}

static enum err flush(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return ERR_IO;
    int failed = fsync(fd);
    close(fd);
    return failed ? ERR_IO : ERR_OK;
}

enum err db_copy_file(struct db *db, const struct db_copy_config *how)
{
    sqlite3 *target = NULL;
    int fd = open(how->path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        return ERR_IO;
    close(fd);
    // Inside a transaction the pages are those of its snapshot; without one each commit of
    // another connection would begin the copy again.
    int64_t version;
    TRY(db_begin_read(db));
    enum err e = db_schema_version(db, &version);
    if (e == ERR_OK)
        e = db_judge(db, sqlite3_open_v2(how->path, &target,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL));
    sqlite3_backup *backup =
        e == ERR_OK ? sqlite3_backup_init(target, "main", db->handle, "main") : NULL;
    if (e == ERR_OK && !backup)
        e = ERR_IO;
    if (e == ERR_OK)
        e = copy_pages(db, backup, how);
    if (backup && sqlite3_backup_finish(backup) != SQLITE_OK && e == ERR_OK)
        e = ERR_IO;
    if (e == ERR_OK) // one file: nothing beside it is needed to read it
        e = db_judge(db, sqlite3_exec(target, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL));
    if (sqlite3_close(target) != SQLITE_OK && e == ERR_OK)
        e = ERR_IO;
    db_rollback(db);
    return e == ERR_OK ? flush(how->path) : e;
}
