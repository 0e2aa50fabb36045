// SPDX-License-Identifier: Apache-2.0
// Follows the node's events. A stream that breaks is taken up again behind the last event,
// until the reader has had enough of it.
#include "base/limits.h"
#include "base/time.h"
#include "cli/commands.h"
#include "cli/node_client.h"
#include "sys/clock.h"

#include <stdio.h>
#include <string.h>

#define LINE_BYTES_MAX (8 * MIB)
#define AGAIN_US       (2 * US_PER_S)
#define STALL_MS       60000 // a line comes every 15 s
#define FOREVER_MS     (INT64_C(10) * 365 * 86400 * 1000)

struct watch {
    struct cli *cli;
    struct str place; // id of the last event; empty: from now on
    char place_text[24];
    struct arena arena; // of the line that is being taken
    struct buf line;
    uint64_t left; // events to show; 0: no end
    bool is_done, has_begun;
};

static void say_event(struct watch *w, struct json v)
{
    struct cli *cli = w->cli;
    struct str who = node_text(cli, v, "who"), what = node_text(cli, v, "target");
    if (what.len == 0)
        what = node_text(cli, v, "object");
    SAY(cli, MSG_EVENT,
        .args = {node_text(cli, v, "time"), node_text(cli, v, "kind"), who.len ? who : STR("-"),
            what, node_text(cli, v, "detail")});
}

static void take_event(struct watch *w, struct str data)
{
    struct arena_mark mark = arena_mark(&w->cli->arena);
    struct json v;
    if (json_parse(&w->cli->arena, data, &v, NULL) == ERR_OK) {
        if (w->cli->json)
            cli_print_line(data);
        else
            say_event(w, v);
        fflush(stdout);
        w->is_done = w->left == 1;
        w->left -= w->left > 0;
    }
    arena_rewind(&w->cli->arena, mark);
}

static void take_id(struct watch *w, struct str id)
{
    if (id.len >= sizeof w->place_text)
        return;
    memcpy(w->place_text, id.ptr, id.len);
    w->place = (struct str){w->place_text, id.len};
}

static void take_line(struct watch *w)
{
    struct str line = buf_str(&w->line);
    if (str_starts(line, STR("id: ")))
        take_id(w, str_from(line, sizeof "id: " - 1));
    if (line.len && w->line.err == ERR_OK && str_starts(line, STR("data: ")))
        take_event(w, str_from(line, sizeof "data: " - 1));
    arena_release(&w->arena);
    w->line = buf_in(&w->arena, LINE_BYTES_MAX);
}

static bool take_piece(void *state, struct str piece)
{
    struct watch *w = state;
    w->has_begun = true;
    while (piece.len && !w->is_done) {
        size_t end = str_index(piece, '\n');
        buf_put(&w->line, str_to(piece, end));
        if (end < piece.len)
            take_line(w);
        piece = str_from(piece, end + 1);
    }
    return !w->is_done;
}

static enum exit_code follow(struct watch *w)
{
    struct arena_mark mark = arena_mark(&w->cli->arena);
    const struct http_call call = {.method = HTTP_GET,
        .timeout_ms = FOREVER_MS,
        .stall_ms = STALL_MS,
        .answer_bytes_max = UINT64_MAX,
        .sink = take_piece,
        .sink_state = w};
    const struct node_parameter parameters[] = {
        {"after", w->place}, {"kind", cli_option_or(w->cli, "kind", "")}, {0}};
    arena_release(&w->arena);
    w->line = buf_in(&w->arena, LINE_BYTES_MAX);
    enum exit_code code =
        node_follow(w->cli, &call, "/api/v1/events", parameters, &w->has_begun);
    arena_rewind(&w->cli->arena, mark);
    return code;
}

enum exit_code cli_watch(struct cli *cli)
{
    struct watch w = {.cli = cli, .place = cli_option_or(cli, "after", "")};
    enum exit_code code = cli_option_number(cli, "count", 0, &w.left);
    if (code != EXIT_DONE)
        return code;
    arena_init(&w.arena, LINE_BYTES_MAX * 3);
    for (;;) {
        code = follow(&w);
        if (w.is_done || !w.has_begun || (code != EXIT_DONE && code != EXIT_SYSTEM))
            break; // a node that is being started again does not answer: that is no refusal
        FAIL(cli, EXIT_SYSTEM, MSG_WATCH_AGAIN);
        clock_sleep_us(AGAIN_US);
    }
    arena_release(&w.arena);
    return w.is_done ? EXIT_DONE : code;
}
