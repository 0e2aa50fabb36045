// SPDX-License-Identifier: Apache-2.0
// `bongsu backup`: the store of a running or stopped node, verified, in a folder that appears
// whole or not at all.
#include "node/backup.h"
#include "base/limits.h"
#include "base/time.h"
#include "node/folder.h"
#include "node/node.h"
#include "node/progress.h"
#include "store/ledger.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "json/write.h"

#include <unistd.h>

struct backing {
    struct cli *cli;
    struct progress progress;
    struct node_conf conf;
    const char *node, *target;
    const char *part;       // what is being written; becomes `target`
    const char *part_store; // its store.db
    const char *part_keys;
    bool with_keys;
    int64_t made_us;
    struct store_logs logs;
    struct store_checked checked;
    enum store_problem_id first; // of what the check of the copy found
};

static enum exit_code cannot_write(struct backing *b)
{
    return FAIL(b->cli, EXIT_SYSTEM, MSG_CANNOT_WRITE, .args = {str_of(b->target)});
}

static void remove_part(struct backing *b)
{
    backup_remove(&b->cli->arena, b->part_keys);
    backup_remove(&b->cli->arena, b->part);
}

static enum exit_code name_files(struct backing *b)
{
    struct buf part = buf_in(&b->cli->arena, 8 * KIB);
    struct str target = str_of(b->target);
    while (target.len > 1 && str_ends(target, STR("/")))
        target.len--;
    buf_put(&part, target);
    buf_put(&part, STR(".part"));
    if (part.err != ERR_OK || str_to_cstr(&b->cli->arena, target, &b->target) != ERR_OK ||
        str_to_cstr(&b->cli->arena, buf_str(&part), &b->part) != ERR_OK ||
        path_join(&b->cli->arena, b->part, "store.db", &b->part_store) != ERR_OK ||
        path_join(&b->cli->arena, b->part, "keys", &b->part_keys) != ERR_OK)
        return FAIL(b->cli, EXIT_USAGE, MSG_BAD_ARGUMENT, .args = {str_of(b->target)});
    return EXIT_DONE;
}

static void on_problem(void *context, enum store_problem_id id, struct str where)
{
    struct backing *b = context;
    (void)where;
    if (b->first == STORE_PROBLEMS)
        b->first = id;
}

static void show_part(void *context, enum store_part part, int64_t done, int64_t total)
{
    struct backing *b = context;
    progress_part(&b->progress, part, done, total);
}

static enum exit_code copy_store(struct backing *b)
{
    struct store_copy copy = {.to = b->part_store, .progress = show_part, .context = b};
    enum exit_code code = folder_path(b->cli, b->node, "store.db", &copy.from);
    if (code != EXIT_DONE)
        return code;
    if (!file_exists(copy.from))
        return FAIL(b->cli, EXIT_SYSTEM, MSG_STORE_MISSING, .args = {str_of(copy.from)});
    enum err e = store_copy(&copy);
    b->made_us = clock_now_us();
    progress_end(&b->progress);
    if (e == ERR_CORRUPT)
        return FAIL(b->cli, EXIT_BAD_INPUT, MSG_BACKUP_DAMAGED, .args = {str_of(copy.from)});
    return e == ERR_OK ? EXIT_DONE : cannot_write(b);
}

// A backup that nobody has read is a hope.
static enum exit_code verify(struct backing *b)
{
    struct fault fault = {0};
    const struct store_check how = {
        .path = b->part_store, .report = on_problem, .progress = show_part, .context = b};
    b->first = STORE_PROBLEMS;
    enum err e = store_check(&how, &b->checked, &fault);
    progress_end(&b->progress);
    if (e == ERR_OK && b->checked.problems == 0)
        e = store_logs_of_file(&b->cli->arena, b->part_store, &b->logs);
    if (e == ERR_OK && b->checked.problems)
        return FAIL(b->cli, EXIT_BAD_INPUT, MSG_BACKUP_DAMAGED, .args = {str_of(b->node)});
    return e == ERR_OK ? EXIT_DONE
                       : FAIL(b->cli, exit_code_of(e), MSG_SYSTEM,
                             .args = {str_of(fault.why ? fault.why : err_text(e))});
}

static void put_logs(struct json_out *o, const struct backing *b)
{
    json_put_key(o, STR("logs"));
    json_begin_array(o);
    for (size_t i = 0; i < b->logs.n; i++) {
        json_begin_object(o);
        json_member_string(o, STR("origin"), b->logs.items[i].origin);
        json_member_int(o, STR("size"), (int64_t)b->logs.items[i].size);
        json_end_object(o);
    }
    json_end_array(o);
}

static enum err put_manifest(struct backing *b, struct buf *out)
{
    struct buf made = buf_in(&b->cli->arena, 64);
    struct json_out o = json_out(out);
    time_put(&made, b->made_us);
    TRY(made.err);
    json_begin_object(&o);
    json_member_int(&o, STR("v"), 1);
    json_member_string(&o, STR("made"), buf_str(&made));
    json_member_string(&o, STR("party"), b->conf.party);
    json_member_string(&o, STR("node"), b->conf.node);
    json_member_string(&o, STR("realm"), b->conf.realm);
    json_member_bool(&o, STR("keys"), b->with_keys);
    json_member_int(&o, STR("objects"), b->checked.objects);
    put_logs(&o, b);
    json_end_object(&o);
    return out->err;
}

static enum err write_rest(struct backing *b, struct str manifest)
{
    struct arena *a = &b->cli->arena;
    const char *from, *to;
    TRY(path_join(a, b->node, "node.conf", &from));
    TRY(path_join(a, b->part, "node.conf", &to));
    TRY(backup_copy_file(from, to));
    if (b->with_keys) {
        TRY(path_join(a, b->node, "keys", &from));
        TRY(dir_make(b->part_keys, 0700));
        TRY(backup_copy_files(a, from, b->part_keys));
    }
    TRY(path_join(a, b->part, "backup.json", &to));
    TRY(file_write(to, manifest, 0600)); // flushes the folder too
    return file_move(b->part, b->target);
}

static enum exit_code back_up(struct backing *b)
{
    struct buf manifest = buf_in(&b->cli->arena, MIB);
    enum exit_code code = copy_store(b);
    if (code == EXIT_DONE)
        code = verify(b);
    if (code != EXIT_DONE)
        return code;
    enum err e = put_manifest(b, &manifest);
    if (e == ERR_OK)
        e = write_rest(b, buf_str(&manifest));
    if (e == ERR_BUSY)
        return FAIL(b->cli, EXIT_SYSTEM, MSG_KEYS_MOVE, .args = {str_of(b->node)});
    if (e != ERR_OK)
        return cannot_write(b);
    if (b->cli->json)
        cli_print_line(buf_str(&manifest));
    else
        SAY(b->cli, b->with_keys ? MSG_BACKED_UP_KEYS : MSG_BACKED_UP,
            .args = {str_of(b->target), cli_number(b->cli, (uint64_t)b->checked.objects),
                cli_number(b->cli, (uint64_t)b->checked.entries)});
    return EXIT_DONE;
}

enum exit_code node_backup(struct cli *cli)
{
    struct backing b = {.cli = cli,
        .progress = progress_begin(cli),
        .node = cli->node_dir,
        .target = cli->args[0],
        .with_keys = cli_option(cli, "with-keys")};
    enum exit_code code = cli_need_node(cli);
    b.node = cli->node_dir;
    if (code == EXIT_DONE)
        code = folder_conf(cli, b.node, &b.conf);
    if (code == EXIT_DONE)
        code = name_files(&b);
    if (code != EXIT_DONE)
        return code;
    if (file_exists(b.target))
        return FAIL(cli, EXIT_REFUSED, MSG_DIR_EXISTS, .args = {str_of(b.target)});
    remove_part(&b); // of a run that was cut off
    if (dir_make(b.part, 0700) != ERR_OK)
        return cannot_write(&b);
    code = back_up(&b);
    if (code != EXIT_DONE)
        remove_part(&b);
    return code;
}
