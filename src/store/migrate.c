// SPDX-License-Identifier: Apache-2.0
// Migrations are numbered, run forward only, and are never changed once released.
#include "store/store_priv.h"
#include "store/text_priv.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverlength-strings" // both compilers take them
static const char *const migrations[] = {
#include "0001.inc"
    ,
#include "0002.inc"
    ,
#include "0003.inc"
    ,
#include "0004.inc"
    ,
#include "0005.inc"
    ,
#include "0006.inc"
    ,
#include "0007.inc"
    ,
#include "0008.inc"
    ,
#include "0009.inc"
    ,
#include "0010.inc"
    ,
#include "0011.inc"
    ,
#include "0012.inc"
    ,
#include "0013.inc"
    ,
#include "0014.inc"
    ,
#include "0015.inc"
    ,
#include "0016.inc"
    ,
#include "0017.inc"
};
#pragma GCC diagnostic pop

static enum err read_int(struct db *db, const char *sql, int64_t *out)
{
    struct db_query q = db_query(db, sql);
    if (db_one(&q))
        *out = db_int(&q, 0);
    return db_end(&q);
}

#define LEVELS_CAME 17 // migration

// The index is derived: parts that cannot be read are no reason to refuse the store, and
// without it no rebuild could mend them. Until then a search says that it needs one.
static enum err fold_levels(struct db *db)
{
    struct store_txn txn = {.db = db};
    enum err e = text_levels_fold_all(&txn);
    return e == ERR_CORRUPT && !db_has_failed(db)
               ? db_script(db, "UPDATE text_form SET version = 0")
               : e;
}

static enum err step(struct db *db, size_t number)
{
    TRY(db_script(db, migrations[number]));
    if (number + 1 == LEVELS_CAME)
        TRY(fold_levels(db));
    return db_set_schema_version(db, (int64_t)number + 1);
}

static enum err check(struct db *db, int64_t version, struct fault *fault)
{
    int64_t application = 0, tables = 0;
    TRY(read_int(db, "PRAGMA application_id", &application));
    TRY(read_int(db, "SELECT count(*) FROM sqlite_schema", &tables));
    bool is_new = version == 0 && application == 0 && tables == 0;
    if (!is_new && application != STORE_APPLICATION_ID)
        return fault_set(fault, ERR_CORRUPT, 0, "the file is not a store of this program");
    if (version > (int64_t)LEN(migrations))
        return fault_set(fault, ERR_DENIED, (size_t)version,
            "the store was made by a newer version of this program");
    return ERR_OK;
}

static enum err migrate(struct db *db, struct fault *fault)
{
    int64_t version = 0;
    TRY(db_schema_version(db, &version));
    TRY(check(db, version, fault));
    for (size_t i = (size_t)version; i < LEN(migrations); i++)
        TRY(step(db, i));
    return ERR_OK;
}

int64_t store_schema_newest(void)
{
    return (int64_t)LEN(migrations);
}

enum err store_migrate(struct db *db, struct fault *fault)
{
    fault_set(fault, ERR_OK, 0, "the store cannot be brought to the schema of this program");
    TRY(db_begin_write(db)); // all steps or none; two programs at once wait for each other
    enum err e = migrate(db, fault);
    if (e == ERR_OK)
        e = db_commit(db);
    db_rollback(db);
    return e;
}
