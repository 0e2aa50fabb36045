// SPDX-License-Identifier: Apache-2.0
// `bongsu restore`: a node's folder from a backup. It never overwrites: what the folder has of
// its own (keys, node.conf, signer.journal, destroyed.log) stays. What was destroyed since the
// backup is destroyed again before store.db gets its name (S3).
#include "base/limits.h"
#include "base/time.h"
#include "node/backup.h"
#include "node/folder.h"
#include "node/node.h"
#include "node/progress.h"
#include "store/principal.h"
#include "store/restored.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "json/write.h"

#include <unistd.h>

struct restoring {
    struct cli *cli;
    struct progress progress;
    struct backup backup;
    const char *from, *dir;
    const char *from_store, *store;
    const char *half; // DIR/restore.part: the store while it is made ready
    const char *half_store;
    const char *destroyed; // DIR/destroyed.log
    struct store_checked checked;
    int lock_fd;
};

static enum exit_code cannot_write(struct restoring *r)
{
    return FAIL(r->cli, EXIT_SYSTEM, MSG_CANNOT_WRITE, .args = {str_of(r->dir)});
}

static enum exit_code name_files(struct restoring *r)
{
    struct arena *a = &r->cli->arena;
    if (path_join(a, r->from, "store.db", &r->from_store) == ERR_OK &&
        path_join(a, r->dir, "store.db", &r->store) == ERR_OK &&
        path_join(a, r->dir, "restore.part", &r->half) == ERR_OK &&
        path_join(a, r->half, "store.db", &r->half_store) == ERR_OK &&
        path_join(a, r->dir, "destroyed.log", &r->destroyed) == ERR_OK)
        return EXIT_DONE;
    return FAIL(r->cli, EXIT_USAGE, MSG_BAD_ARGUMENT, .args = {str_of(r->dir)});
}

static enum exit_code read_backup(struct restoring *r)
{
    enum err e = backup_read(&r->cli->arena, r->from, &r->backup);
    if (e == ERR_OK && file_exists(r->from_store))
        return EXIT_DONE;
    return FAIL(r->cli, EXIT_BAD_INPUT, MSG_NO_BACKUP_THERE, .args = {str_of(r->from)});
}

// A folder that has a node.conf is that node's: another node's store has no place in it.
static enum exit_code check_folder(struct restoring *r)
{
    struct node_conf conf;
    const char *path;
    enum exit_code code = folder_path(r->cli, r->dir, "node.conf", &path);
    if (code != EXIT_DONE || !file_exists(path))
        return code;
    code = folder_conf(r->cli, r->dir, &conf);
    if (code != EXIT_DONE)
        return code;
    if (str_eq(conf.party, r->backup.party) && str_eq(conf.node, r->backup.node) &&
        str_eq(conf.realm, r->backup.realm))
        return EXIT_DONE;
    return FAIL(r->cli, EXIT_REFUSED, MSG_BACKUP_OTHER_NODE, .args = {r->backup.node});
}

static void on_problem(void *context, enum store_problem_id id, struct str where)
{
    (void)context;
    (void)id;
    (void)where;
}

static void show_part(void *context, enum store_part part, int64_t done, int64_t total)
{
    struct restoring *r = context;
    progress_part(&r->progress, part, done, total);
}

static enum exit_code take_copy(struct restoring *r)
{
    struct fault fault = {0};
    const struct store_check how = {
        .path = r->half_store, .report = on_problem, .progress = show_part, .context = r};
    backup_remove(&r->cli->arena, r->half); // of a run that was cut off
    if (dir_make(r->half, 0700) != ERR_OK ||
        backup_copy_file(r->from_store, r->half_store) != ERR_OK)
        return cannot_write(r);
    enum err e = store_check(&how, &r->checked, &fault);
    progress_end(&r->progress);
    if (e == ERR_OK && r->checked.problems == 0)
        return EXIT_DONE;
    return FAIL(r->cli, EXIT_BAD_INPUT, MSG_BACKUP_DAMAGED, .args = {str_of(r->from)});
}

static enum err mark_work(struct store_txn *t, void *context)
{
    const struct restoring *r = context;
    const struct store_restored row = {
        .backup_us = r->backup.made_us, .restored_us = clock_now_us()};
    const struct store_audit event = {.at_us = row.restored_us, .action = STR("store.restore")};
    TRY(store_restored_put(t, &row));
    return store_audit_add(t, &event);
}

// Opening the store with the list destroys what the list names.
static enum exit_code make_ready(struct restoring *r)
{
    struct store *store;
    struct fault fault = {0};
    const struct store_config config = {.path = r->half_store, .destroyed_path = r->destroyed};
    enum err e = store_open(&config, &store, &fault);
    if (e != ERR_OK)
        return FAIL(r->cli, exit_code_of(e), MSG_SYSTEM,
            .args = {str_of(fault.why ? fault.why : err_text(e))});
    e = store_write(store, mark_work, r, STORE_NORMAL);
    while (e == ERR_OK && (e = store_checkpoint(store)) == ERR_BUSY)
        e = ERR_OK;
    store_close(store);
    return e == ERR_OK ? EXIT_DONE : cannot_write(r);
}

// What stands beside a store that is gone would be read as part of the new one.
static enum err remove_remains(struct restoring *r, const char *dir)
{
    static const char *const names[] = {"store.db-wal", "store.db-shm", "store.db-journal"};
    for (size_t i = 0; i < LEN(names); i++) {
        const char *path;
        TRY(path_join(&r->cli->arena, dir, names[i], &path));
        if (file_exists(path) && unlink(path) != 0)
            return ERR_IO;
    }
    return ERR_OK;
}

static enum err put_conf_and_keys(struct restoring *r)
{
    struct arena *a = &r->cli->arena;
    const char *from, *to;
    TRY(path_join(a, r->dir, "keys", &to));
    if (r->backup.has_keys && !file_exists(to)) {
        const char *half;
        TRY(path_join(a, r->from, "keys", &from));
        TRY(path_join(a, r->dir, "keys.part", &half));
        backup_remove(a, half);
        TRY(dir_make(half, 0700));
        TRY(backup_copy_files(a, from, half));
        TRY(file_move(half, to));
    }
    TRY(path_join(a, r->from, "node.conf", &from));
    TRY(path_join(a, r->dir, "node.conf", &to));
    struct str conf;
    if (file_exists(to))
        return ERR_OK;
    TRY(file_read(a, from, 64 * KIB, &conf));
    return file_write(to, conf, 0644);
}

// store.db is last: a folder without it is refused by serve, and can be restored into again.
static enum exit_code put_in_place(struct restoring *r)
{
    if (remove_remains(r, r->dir) != ERR_OK || remove_remains(r, r->half) != ERR_OK ||
        put_conf_and_keys(r) != ERR_OK || file_move(r->half_store, r->store) != ERR_OK)
        return cannot_write(r);
    backup_remove(&r->cli->arena, r->half);
    return EXIT_DONE;
}

static enum exit_code restore(struct restoring *r)
{
    enum exit_code code = folder_lock(r->cli, r->dir, &r->lock_fd);
    if (code == EXIT_DONE && file_exists(r->store))
        code = FAIL(r->cli, EXIT_REFUSED, MSG_DIR_EXISTS, .args = {str_of(r->store)});
    if (code == EXIT_DONE)
        code = check_folder(r);
    if (code == EXIT_DONE)
        code = take_copy(r);
    if (code == EXIT_DONE)
        code = make_ready(r);
    if (code == EXIT_DONE)
        code = put_in_place(r);
    else
        backup_remove(&r->cli->arena, r->half);
    return code;
}

static void print_done(struct restoring *r)
{
    struct cli *cli = r->cli;
    struct buf made = buf_in(&cli->arena, 64), b = buf_in(&cli->arena, 64 * KIB);
    struct json_out o = json_out(&b);
    time_put(&made, r->backup.made_us);
    if (!cli->json) {
        SAY(cli, MSG_RESTORED, .args = {str_of(r->dir), buf_str(&made)});
        return;
    }
    json_begin_object(&o);
    json_member_string(&o, STR("folder"), str_of(r->dir));
    json_member_string(&o, STR("made"), buf_str(&made));
    json_member_int(&o, STR("objects"), r->checked.objects);
    json_end_object(&o);
    cli_print_line(buf_str(&b));
}

enum exit_code node_restore(struct cli *cli)
{
    struct restoring r = {.cli = cli,
        .progress = progress_begin(cli),
        .from = cli->args[0],
        .dir = cli->args[1],
        .lock_fd = -1};
    enum exit_code code = name_files(&r);
    if (code == EXIT_DONE)
        code = read_backup(&r);
    if (code != EXIT_DONE)
        return code;
    enum err e = dir_make(r.dir, 0700);
    if (e != ERR_OK && e != ERR_CONFLICT)
        return cannot_write(&r);
    code = restore(&r);
    if (r.lock_fd >= 0)
        close(r.lock_fd);
    if (code == EXIT_DONE)
        print_done(&r);
    return code;
}
