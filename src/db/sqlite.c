// SPDX-License-Identifier: Apache-2.0
#include "db/sqlite_priv.h"

#include "base/limits.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#define PAGE_BYTES \
    "16384" // index rows of bulk imports touch random pages: fewer, larger ones win

enum err db_judge(struct db *db, int code)
{
    enum err e = ERR_IO;
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return ERR_OK;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ERR_BUSY;
    case SQLITE_CONSTRAINT:
        return ERR_CONFLICT;
    case SQLITE_TOOBIG:
        return ERR_LIMIT;
    case SQLITE_READONLY:
        if (db->mode == DB_READ)
            return ERR_DENIED;
        break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR: // a table or column that should be there is not
    case SQLITE_MISMATCH:
    case SQLITE_FORMAT:
        e = ERR_CORRUPT;
        break;
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
        assert(false && "the engine was called wrongly");
        break;
    default: // SQLITE_FULL, SQLITE_IOERR, SQLITE_CANTOPEN and their like
        break;
    }
    if (!db->failure)
        db->failure = sqlite3_errstr(code);
    return e;
}

bool db_has_failed(const struct db *db)
{
    return db->failure;
}

const char *db_failure(const struct db *db)
{
    return db->failure;
}

static int on_commit(void *context, sqlite3 *handle, const char *name, int pages)
{
    (void)handle;
    (void)name;
    struct db *db = context;
    db->log_bytes = pages * db->page_bytes;
    return SQLITE_OK;
}

static enum err pragma(struct db *db, const char *sql)
{
    return db_judge(db, sqlite3_exec(db->handle, sql, NULL, NULL, NULL));
}

static enum err pragma_int(struct db *db, const char *sql, int64_t *out)
{
    struct db_query q = db_query(db, sql);
    if (db_one(&q))
        *out = db_int(&q, 0);
    return db_end(&q);
}

// The log mode is a property of the file; everything else is set on each connection.
static enum err make_file_ready(struct db *db)
{
    if (db->mode == DB_READ)
        return ERR_OK;
    TRY(pragma(db, "PRAGMA page_size=" PAGE_BYTES));
    struct db_query q = db_query(db, "PRAGMA journal_mode=WAL");
    bool is_wal = db_one(&q) && str_eq(db_text(&q, 0), STR("wal"));
    TRY(db_end(&q));
    return is_wal ? ERR_OK : ERR_IO;
}

static enum err configure(struct db *db, const struct db_config *config)
{
    static const char *const pragmas[] = {
        "PRAGMA synchronous=FULL", // in WAL mode, NORMAL loses the last commits at power loss
        "PRAGMA foreign_keys=ON", "PRAGMA trusted_schema=OFF", "PRAGMA cell_size_check=ON",
        "PRAGMA secure_delete=ON", "PRAGMA temp_store=MEMORY",
        "PRAGMA mmap_size=0", // an I/O error must be an answer, not a signal
        "PRAGMA wal_autocheckpoint=0",
        "PRAGMA journal_size_limit=0", // with what follows: the log stays, empty, after the end
    };
    int persist = 1; // a confined process can neither remove the log nor make another
    sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_PERSIST_WAL, &persist);
    sqlite3_busy_timeout(db->handle, (int)config->busy_ms);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    TRY(make_file_ready(db));
    for (size_t i = 0; i < LEN(pragmas); i++)
        TRY(pragma(db, pragmas[i]));
    char text[48];
    snprintf(text, sizeof text, "PRAGMA cache_size=-%u", config->cache_kib);
    TRY(pragma(db, text));
    TRY(pragma_int(db, "PRAGMA page_size", &db->page_bytes));
    sqlite3_wal_hook(db->handle, on_commit, db);
    return ERR_OK;
}

// SQLite would make the file readable by others; its -wal and -shm follow its mode.
static enum err file_make(const char *path)
{
    int fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        return ERR_IO;
    close(fd);
    return ERR_OK;
}

static enum err connect_to(struct db *db, const struct db_config *config)
{
    static const int flags[] = {
        [DB_READ] = SQLITE_OPEN_READONLY,
        [DB_WRITE] = SQLITE_OPEN_READWRITE,
        [DB_CREATE] = SQLITE_OPEN_READWRITE,
    };
    if (config->mode == DB_CREATE)
        TRY(file_make(config->path));
    else if (access(config->path, F_OK) != 0)
        return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
    int how = flags[config->mode] | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    TRY(db_judge(db, sqlite3_open_v2(config->path, &db->handle, how, NULL)));
    return configure(db, config);
}

enum err db_open(const struct db_config *config, struct db **out)
{
    struct arena arena;
    arena_init(&arena, sizeof(struct db) + 4 * KIB);
    struct db *db = NEW(&arena, struct db);
    if (!db)
        return ERR_LIMIT;
    db->arena = arena;
    db->mode = config->mode;
    enum err e = connect_to(db, config);
    if (e != ERR_OK) {
        db_close(db);
        return e;
    }
    *out = db;
    return ERR_OK;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    for (size_t i = 0; i < DB_STATEMENTS_MAX; i++)
        sqlite3_finalize(db->prepared[i].statement);
    int code = sqlite3_close(db->handle);
    assert(code != SQLITE_BUSY && "a query is under way");
    struct arena arena = db->arena;
    arena_release(&arena);
}

enum err db_script(struct db *db, const char *sql)
{
    return db_judge(db, sqlite3_exec(db->handle, sql, NULL, NULL, NULL));
}

enum err db_schema_version(struct db *db, int64_t *out)
{
    return pragma_int(db, "PRAGMA user_version", out);
}

enum err db_set_schema_version(struct db *db, int64_t version)
{
    char text[48];
    snprintf(text, sizeof text, "PRAGMA user_version=%lld", (long long)version);
    return pragma(db, text);
}

static enum err run(struct db *db, const char *sql)
{
    struct db_query q = db_query(db, sql);
    return db_run(&q);
}

enum err db_begin_read(struct db *db)
{
    return run(db, "BEGIN");
}

enum err db_begin_write(struct db *db)
{
    return run(db, "BEGIN IMMEDIATE");
}

enum err db_commit(struct db *db)
{
    return run(db, "COMMIT");
}

void db_rollback(struct db *db)
{
    // Its answer is of no use: the engine may have rolled back by itself after a failure.
    if (db_in_transaction(db))
        (void)sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

bool db_in_transaction(const struct db *db)
{
    return !sqlite3_get_autocommit(db->handle);
}

enum err db_savepoint(struct db *db)
{
    return run(db, "SAVEPOINT member");
}

enum err db_savepoint_release(struct db *db)
{
    return run(db, "RELEASE member");
}

enum err db_savepoint_rollback(struct db *db)
{
    TRY(run(db, "ROLLBACK TO member"));
    return run(db, "RELEASE member");
}

enum err db_checkpoint(struct db *db, enum db_checkpoint how)
{
    static const int modes[] = {
        [DB_CHECKPOINT_PASSIVE] = SQLITE_CHECKPOINT_PASSIVE,
        [DB_CHECKPOINT_RESTART] = SQLITE_CHECKPOINT_RESTART,
        [DB_CHECKPOINT_TRUNCATE] = SQLITE_CHECKPOINT_TRUNCATE,
    };
    int frames, done;
    TRY(db_judge(db, sqlite3_wal_checkpoint_v2(db->handle, NULL, modes[how], &frames, &done)));
    return frames == done ? ERR_OK : ERR_BUSY;
}

int64_t db_log_bytes(const struct db *db)
{
    return db->log_bytes;
}

void db_shrink(struct db *db)
{
    sqlite3_db_release_memory(db->handle);
    malloc_trim(0); // pages lie between smaller blocks: without this the system gets few back
}
