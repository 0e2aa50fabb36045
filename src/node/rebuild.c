// SPDX-License-Identifier: Apache-2.0
// `bongsu rebuild`: the indexes of a stopped node made again from what it was given.
#include "base/limits.h"
#include "node/folder.h"
#include "node/node.h"
#include "node/progress.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "json/write.h"

#include <unistd.h>

static void print_done(struct cli *cli, const struct store_checked *done)
{
    struct buf b = buf_in(&cli->arena, KIB);
    struct json_out o = json_out(&b);
    if (!cli->json) {
        SAY(cli, MSG_REBUILT,
            .args = {cli_number(cli, (uint64_t)done->objects),
                cli_number(cli, (uint64_t)done->entries)});
        return;
    }
    json_begin_object(&o);
    json_member_int(&o, STR("objects"), done->objects);
    json_member_int(&o, STR("entries"), done->entries);
    json_end_object(&o);
    cli_print_line(buf_str(&b));
}

static enum exit_code rebuild(struct cli *cli, const char *path)
{
    struct progress progress = progress_begin(cli);
    struct store_checked done;
    struct fault fault = {0};
    const struct store_rebuild how = {.path = path,
        .now_us = clock_now_us(),
        .progress = progress_part,
        .context = &progress};
    enum err e = store_rebuild(&how, &done, &fault);
    progress_end(&progress);
    if (e != ERR_OK)
        return FAIL(cli, exit_code_of(e), MSG_IN_FILE,
            .args = {
                str_of(path), str_of(e == ERR_CORRUPT && fault.why ? fault.why : err_text(e))});
    print_done(cli, &done);
    return EXIT_DONE;
}

enum exit_code node_rebuild(struct cli *cli)
{
    const char *path;
    int lock_fd;
    enum exit_code code = cli_need_node(cli);
    if (code == EXIT_DONE)
        code = folder_lock(cli, cli->node_dir, &lock_fd);
    if (code != EXIT_DONE)
        return code;
    code = folder_path(cli, cli->node_dir, "store.db", &path);
    if (code == EXIT_DONE && !file_exists(path))
        code = FAIL(cli, EXIT_SYSTEM, MSG_STORE_MISSING, .args = {str_of(path)});
    if (code == EXIT_DONE)
        code = rebuild(cli, path);
    close(lock_fd);
    return code;
}
