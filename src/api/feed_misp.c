// SPDX-License-Identifier: Apache-2.0
// A MISP feed: a folder with manifest.json and a file for each event. What was taken is kept
// event by event, so that one that was changed comes again, and nothing else does.
#include "api/feeds_priv.h"
#include "format/misp_manifest.h"
#include "sys/file.h"

#include <unistd.h>

#define MANIFEST_BYTES_MAX (64 * MIB)
#define EVENT_BYTES_MAX    (256 * MIB)
#define ITEM_ARENA         (16 * MIB)
#define EVENTS_MAX         1000 // taken in one run; a preview takes a few
#define PREVIEW_EVENTS     10
#define FAILURES_MAX       10000 // of one run, asked for again in the next

struct misp_feed {
    struct feed_run *run;
    struct str folder; // with the slash
    size_t taken, failed;
    struct str why; // of the first that failed
};

// ".../manifest.json" and ".../" mean the folder.
static struct str folder_of(struct str target)
{
    struct str path = http_address_plain(target);
    if (str_ends(path, STR("/manifest.json")))
        return str_to(path, path.len - STR("manifest.json").len);
    return path;
}

static enum err target_of(const struct misp_feed *m, struct str name, struct str *out)
{
    struct buf b = buf_in(m->run->arena, 8 * KIB);
    buf_put(&b, m->folder);
    if (!str_ends(m->folder, STR("/")))
        buf_put_byte(&b, '/');
    buf_put(&b, name);
    buf_put(&b, STR(".json"));
    return buf_end(&b, out);
}

static enum err fetch(struct misp_feed *m, const struct misp_manifest_item *item, int fd)
{
    struct feed_question question = {.bytes_max = EVENT_BYTES_MAX, .fd = fd};
    struct http_reply reply;
    TRY(target_of(m, item->uuid, &question.target));
    TRY(feed_ask(m->run, &question, &reply));
    if (reply.status != 200) {
        enum err e = feed_refused(m->run, &reply, question.target);
        return e == ERR_IO ? ERR_NOT_FOUND : e; // the server is there, the event is not
    }
    const struct feed_document document = {
        .fd = fd, .item = item->uuid, .has_format = true, .format = FORMAT_MISP};
    TRY(feed_import(m->run, &document));
    return feed_keep_item(m->run, item->uuid, item->changed_s);
}

// Events that cannot be had or read do not keep the others away, wherever they stand. A server
// that refuses us, is busy or cannot be reached ends the run.
static enum err take(struct misp_feed *m, const struct misp_manifest_item *item)
{
    const char *spool;
    struct feed_run *run = m->run;
    TRY(path_join(run->arena, run->node->dir, "spool", &spool));
    int fd = file_open_temporary(spool);
    if (fd < 0)
        return feed_fail(run, ERR_IO, STR("the spool cannot be written"), STR(""));
    enum err e = fetch(m, item, fd);
    close(fd);
    m->taken += e == ERR_OK;
    if (e == ERR_OK)
        return ERR_OK;
    if (m->failed++ == 0)
        m->why = run->why;
    bool is_of_event = e == ERR_INVALID || e == ERR_LIMIT || e == ERR_NOT_FOUND;
    return is_of_event && m->failed < FAILURES_MAX ? ERR_OK : e;
}

static enum err take_all(struct misp_feed *m, struct str manifest)
{
    struct feed_run *run = m->run;
    struct misp_manifest all = misp_manifest_of(manifest);
    struct misp_manifest_item item;
    struct arena scratch;
    struct fault fault = {.why = NULL};
    size_t most = run->is_preview ? PREVIEW_EVENTS : EVENTS_MAX;
    enum err e, read;
    arena_init(&scratch, ITEM_ARENA);
    for (e = ERR_OK; e == ERR_OK && !run->has_more;) {
        e = misp_manifest_next(&all, &scratch, &item, &fault);
        if (e != ERR_OK)
            break;
        if (feed_has_item(run, item.uuid, item.changed_s, &read))
            continue;
        struct arena_mark mark = arena_mark(run->arena);
        run->has_more = m->taken + (run->is_preview ? m->failed : 0) == most;
        e = read == ERR_OK && !run->has_more ? take(m, &item) : read;
        if (e == ERR_OK && m->failed == 0)
            arena_rewind(run->arena, mark);
    }
    arena_release(&scratch);
    if (e == ERR_NOT_FOUND && all.is_over)
        return ERR_OK;
    return fault.why ? feed_fail(run, e, STR("manifest.json"), str_of(fault.why)) : e;
}

enum err feed_misp(struct feed_run *run)
{
    struct misp_feed m = {.run = run, .folder = folder_of(run->address.target)};
    struct feed_question question = {.bytes_max = MANIFEST_BYTES_MAX, .fd = -1};
    struct http_reply reply;
    TRY(target_of(&m, STR("manifest"), &question.target));
    TRY(feed_ask(run, &question, &reply));
    if (reply.status != 200)
        return feed_refused(run, &reply, question.target);
    TRY(take_all(&m, reply.body));
    if (m.failed == 0)
        return ERR_OK;
    struct buf b = buf_in(run->arena, 64);
    buf_put_u64(&b, m.failed);
    buf_put(&b, STR(" events were not taken; the first"));
    return feed_fail(run, ERR_INVALID, buf_str(&b), m.why);
}
