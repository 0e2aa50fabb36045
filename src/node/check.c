// SPDX-License-Identifier: Apache-2.0
// `bongsu check`: the store, and what the signer's journal says of it, verified from end to
// end. Beside a running node it reads a snapshot.
#include "base/limits.h"
#include "node/folder.h"
#include "node/journal.h"
#include "node/node.h"
#include "node/progress.h"
#include "sys/file.h"
#include "json/write.h"

#include <unistd.h>

struct checking {
    struct cli *cli;
    struct progress progress;
    bool has_reported;
};

static void show_part(void *context, enum store_part part, int64_t done, int64_t total)
{
    struct checking *c = context;
    progress_part(&c->progress, part, done, total);
}

static enum message_id advice_of(enum store_problem_id id)
{
    static const enum message_id advice[] = {
        [STORE_REPAIR_REBUILD] = MSG_MEND_REBUILD,
        [STORE_REPAIR_RECOVER] = MSG_MEND_RECOVER,
        [STORE_REPAIR_RESTORE] = MSG_MEND_RESTORE,
    };
    return advice[store_problem_repair(id)];
}

static void put_json(struct checking *c, enum store_problem_id id, struct str where)
{
    static const struct str repairs[] = {
        [STORE_REPAIR_REBUILD] = STR_INIT("rebuild"),
        [STORE_REPAIR_RECOVER] = STR_INIT("recover"),
        [STORE_REPAIR_RESTORE] = STR_INIT("restore"),
    };
    struct buf b = buf_in(&c->cli->arena, 64 * KIB);
    struct json_out o = json_out(&b);
    if (c->has_reported)
        buf_put_byte(&b, ',');
    json_begin_object(&o);
    json_member_string(&o, STR("code"), str_of(store_problem_name(id)));
    json_member_string(&o, STR("where"), where);
    json_member_string(&o, STR("why"), str_of(store_problem_text(id)));
    json_member_string(&o, STR("why_ko"), str_of(store_problem_text_ko(id)));
    json_member_string(&o, STR("repair"), repairs[store_problem_repair(id)]);
    json_end_object(&o);
    cli_print(buf_str(&b));
}

static void report(void *context, enum store_problem_id id, struct str where)
{
    struct checking *c = context;
    struct arena_mark mark = arena_mark(&c->cli->arena);
    bool is_korean = c->cli->language == LANGUAGE_KO;
    progress_end(&c->progress);
    if (c->cli->json)
        put_json(c, id, where);
    else
        SAY(c->cli, MSG_PROBLEM,
            .args = {where,
                str_of(is_korean ? store_problem_text_ko(id) : store_problem_text(id)),
                str_of(message_text(c->cli->language, advice_of(id)))});
    c->has_reported = true;
    arena_rewind(&c->cli->arena, mark);
}

static enum exit_code print_end(struct checking *c, const struct store_checked *done)
{
    struct cli *cli = c->cli;
    struct buf b = buf_in(&cli->arena, KIB);
    progress_end(&c->progress);
    if (cli->json) {
        struct json_out o = json_out(&b);
        buf_put_byte(&b, ']');
        o.needs_comma = true;
        json_member_int(&o, STR("objects"), done->objects);
        json_member_int(&o, STR("entries"), done->entries);
        json_member_int(&o, STR("found"), done->problems);
        buf_put_byte(&b, '}');
        cli_print_line(buf_str(&b));
    } else {
        SAY(cli, done->problems ? MSG_CHECK_FOUND : MSG_CHECK_CLEAN,
            .args = {cli_number(cli, (uint64_t)done->objects),
                cli_number(cli, (uint64_t)done->entries),
                cli_number(cli, (uint64_t)done->problems)});
    }
    return done->problems ? EXIT_NO : EXIT_DONE;
}

static enum exit_code run_check(struct cli *cli, struct store_check *how)
{
    struct checking c = {.cli = cli, .progress = progress_begin(cli)};
    struct store_checked done;
    struct fault fault = {0};
    how->report = report;
    how->progress = show_part;
    how->context = &c;
    if (cli->json)
        cli_print(STR("{\"problems\":["));
    enum err e = store_check(how, &done, &fault);
    if (e == ERR_OK)
        return print_end(&c, &done);
    progress_end(&c.progress);
    if (cli->json)
        cli_print_line(STR("]}"));
    return FAIL(cli, exit_code_of(e), MSG_IN_FILE,
        .args = {str_of(how->path), str_of(fault.why ? fault.why : err_text(e))});
}

// A backup holds no journal.
static enum exit_code check_backup(struct cli *cli, const char *dir)
{
    struct store_check how = {0};
    enum exit_code code = folder_path(cli, dir, "store.db", &how.path);
    if (code != EXIT_DONE)
        return code;
    if (!file_exists(how.path))
        return FAIL(cli, EXIT_USAGE, MSG_NO_BACKUP_THERE, .args = {str_of(dir)});
    return run_check(cli, &how);
}

static enum exit_code check_node(struct cli *cli, const char *dir)
{
    struct store_check how = {.has_journal = true};
    const char *journal_path;
    struct journal *journal;
    int lock_fd = -1;
    enum exit_code code = folder_path(cli, dir, "store.db", &how.path);
    if (code == EXIT_DONE)
        code = folder_path(cli, dir, "signer.journal", &journal_path);
    if (code != EXIT_DONE)
        return code;
    if (!file_exists(how.path))
        return FAIL(cli, EXIT_SYSTEM, MSG_STORE_MISSING, .args = {str_of(how.path)});
    how.is_served = folder_try_lock(cli, dir, &lock_fd) == ERR_BUSY;
    // The journal before the snapshot: what it says was signed is in the store by then.
    enum err e = journal_read(&cli->arena, journal_path, &journal);
    if (e != ERR_OK) {
        code = FAIL(cli, exit_code_of(e), MSG_SYSTEM_AT,
            .args = {str_of(journal_path), str_of(err_text(e))});
    } else {
        size_t n;
        const struct journal_row *rows = journal_rows(journal, &n);
        struct store_signed_head *heads = NEW_N(&cli->arena, struct store_signed_head, n + 1);
        for (size_t i = 0; heads && i < n; i++)
            heads[i] =
                (struct store_signed_head){.origin = rows[i].origin, .head = rows[i].head};
        how.heads = heads;
        how.n_heads = heads ? n : 0;
        code = run_check(cli, &how);
    }
    if (lock_fd >= 0)
        close(lock_fd);
    return code;
}

enum exit_code node_check(struct cli *cli)
{
    if (cli->args_n)
        return check_backup(cli, cli->args[0]);
    enum exit_code code = cli_need_node(cli);
    return code == EXIT_DONE ? check_node(cli, cli->node_dir) : code;
}
