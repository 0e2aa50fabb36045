// SPDX-License-Identifier: Apache-2.0
#include "node/progress.h"

#include "base/limits.h"
#include "sys/file.h"

#include <unistd.h>

struct progress progress_begin(struct cli *cli)
{
    return (struct progress){.cli = cli, .is_terminal = !cli->json && isatty(STDERR_FILENO)};
}

// What does not arrive on a terminal is no loss.
static void put(struct str text)
{
    enum err e = file_write_fd(STDERR_FILENO, text);
    (void)e;
}

void progress_show(struct progress *p, enum message_id what, int64_t done, int64_t total)
{
    if (!p->is_terminal)
        return;
    struct arena_mark mark = arena_mark(&p->cli->arena);
    struct buf b = buf_in(&p->cli->arena, KIB);
    const struct message message = {.id = MSG_PROGRESS,
        .args = {str_of(message_text(p->cli->language, what)),
            cli_number(p->cli, (uint64_t)done), cli_number(p->cli, (uint64_t)total)}};
    buf_put_byte(&b, '\r');
    message_put(&b, p->cli->language, &message);
    buf_put(&b, STR("\033[K"));
    put(buf_str(&b));
    arena_rewind(&p->cli->arena, mark);
    p->is_shown = true;
}

void progress_part(void *context, enum store_part part, int64_t done, int64_t total)
{
    static const enum message_id parts[] = {
        [STORE_PART_FILE] = MSG_PROGRESS_FILE,
        [STORE_PART_OBJECTS] = MSG_PROGRESS_OBJECTS,
        [STORE_PART_LEDGERS] = MSG_PROGRESS_LEDGERS,
    };
    progress_show(context, parts[part], done, total);
}

void progress_end(struct progress *p)
{
    if (p->is_shown)
        put(STR("\r\033[K"));
    p->is_shown = false;
}
