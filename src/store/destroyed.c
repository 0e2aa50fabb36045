// SPDX-License-Identifier: Apache-2.0
// destroyed.log: one line for each object that was ever destroyed here, beside the store and in
// no backup. A line is durable before its transaction commits, so that no copy of the store can
// bring back what the file names: opening a store destroys it again (S3).
#include "store/destroyed.h"

#include "base/hex.h"
#include "base/limits.h"
#include "store/handling.h"
#include "store/store_priv.h"
#include "sys/clock.h"
#include "sys/file.h"

#include <fcntl.h>
#include <unistd.h>

#define LINE_BYTES_MAX (64 * KIB)
#define LINES_BYTES    (4 * MIB) // written at a time

void store_destroyed_line_put(struct buf *b, const struct store_destroyed_line *line)
{
    hex_put(b, line->digest, sizeof line->digest);
    buf_put_byte(b, ' ');
    buf_put_i64(b, line->version_us);
    buf_put_byte(b, ' ');
    buf_put(b, line->source);
    buf_put_byte(b, ' ');
    buf_put(b, line->id);
    buf_put_byte(b, '\n');
}

enum err store_destroyed_line_parse(struct str text, struct store_destroyed_line *out)
{
    struct str digest = str_cut(&text, ' '), version = str_cut(&text, ' ');
    bool is_before_1970 = str_starts(version, STR("-"));
    uint64_t us;
    TRY(hex_parse(digest, false, out->digest, sizeof out->digest));
    TRY(str_to_u64(str_from(version, is_before_1970), &us));
    if (is_before_1970 && us == 0)
        return ERR_INVALID;
    out->version_us = is_before_1970 ? -(int64_t)us : (int64_t)us;
    out->source = str_cut(&text, ' ');
    out->id = text;
    return out->source.len && out->id.len && str_index(out->id, '\n') == out->id.len
               ? ERR_OK
               : ERR_INVALID;
}

// A line for a row that came back: destroyed again.
static enum err apply(struct store_txn *t, const struct store_destroyed_line *line)
{
    struct db_query q = db_query(t->db,
        "SELECT v.seq FROM object_version v LEFT JOIN object_state s ON s.seq = v.seq"
        " WHERE v.id = ? AND v.source = ? AND v.version_us = ? AND v.digest = ?"
        " AND coalesce(s.state, '') <> 'destroyed'");
    db_bind_text(&q, line->id);
    db_bind_text(&q, line->source);
    db_bind_int(&q, line->version_us);
    db_bind_blob(&q, (struct str){(const char *)line->digest, sizeof line->digest});
    bool is_back = db_next(&q);
    int64_t seq = is_back ? db_int(&q, 0) : 0;
    TRY(db_end(&q));
    return is_back ? store_object_destroy(t, seq, clock_now_us(),
                         STR("{\"why\":\"destroyed before this store was put back\"}"))
                   : ERR_OK;
}

// Reads the lines in pieces and gives the length of the whole ones: a cut line is a crash
// before its transaction.
static enum err apply_lines(struct store_txn *t, int fd, off_t *end)
{
    char text[LINE_BYTES_MAX];
    size_t held = 0;
    for (*end = 0;;) {
        ssize_t got = read(fd, text + held, sizeof text - held);
        if (got < 0)
            return ERR_IO;
        held += (size_t)got;
        struct str rest = {text, held};
        while (str_index(rest, '\n') < rest.len) {
            struct store_destroyed_line line;
            struct str whole = str_cut(&rest, '\n');
            *end += (off_t)whole.len + 1;
            TRY(store_destroyed_line_parse(whole, &line) == ERR_OK ? ERR_OK : ERR_CORRUPT);
            TRY(apply(t, &line));
        }
        if (got == 0)
            return ERR_OK;
        if (rest.len == sizeof text)
            return ERR_CORRUPT;
        memmove(text, rest.ptr, rest.len);
        held = rest.len;
    }
}

static enum err newest_event(struct db *db, int64_t *out)
{
    struct db_query q = db_query(db, "SELECT coalesce(max(seq), 0) FROM handling_event");
    *out = db_one(&q) ? db_int(&q, 0) : 0;
    return db_end(&q);
}

static enum err write_lines(struct store_destroyed *d, struct str lines)
{
    enum err e = file_write_fd(d->fd, lines);
    if (e == ERR_OK && fdatasync(d->fd) != 0)
        e = ERR_IO;
    if (e == ERR_OK) {
        d->end += (off_t)lines.len;
        return ERR_OK;
    }
    // A cut line must not stay in front of the next one.
    if (ftruncate(d->fd, d->end) != 0 || lseek(d->fd, d->end, SEEK_SET) != d->end)
        d->fd = -1; // nothing can be destroyed any more until the node starts again
    return ERR_IO;
}

enum err store_destroyed_note(struct store_destroyed *d, struct db *db)
{
    if (!d->is_kept)
        return ERR_OK;
    if (d->fd < 0)
        return ERR_IO;
    struct arena a;
    arena_init(&a, LINES_BYTES + MIB);
    struct buf b = buf_in(&a, LINES_BYTES);
    enum err e = ERR_OK;
    struct db_query q =
        db_query(db, "SELECT v.digest, v.version_us, v.source, v.id FROM handling_event e"
                     " JOIN object_version v ON v.seq = e.object_seq"
                     " WHERE e.seq > ? AND e.kind = 'destroyed' ORDER BY e.seq");
    db_bind_int(&q, d->noted_seq);
    while (e == ERR_OK && db_next(&q)) {
        struct store_destroyed_line line = {
            .version_us = db_int(&q, 1), .source = db_text(&q, 2), .id = db_text(&q, 3)};
        db_blob_exact(&q, 0, line.digest, sizeof line.digest);
        store_destroyed_line_put(&b, &line);
        if (b.len > LINES_BYTES / 2) {
            e = b.err == ERR_OK ? write_lines(d, buf_str(&b)) : b.err;
            b.len = 0;
        }
    }
    enum err ended = db_end(&q);
    if (e == ERR_OK)
        e = ended != ERR_OK ? ended : b.err;
    if (e == ERR_OK && b.len)
        e = write_lines(d, buf_str(&b));
    arena_release(&a);
    return e;
}

enum err store_destroyed_committed(struct store_destroyed *d, struct db *db)
{
    return d->is_kept ? newest_event(db, &d->noted_seq) : ERR_OK;
}

// The file's first day, or its loss: it begins with all that the store knows.
static enum err catch_up(struct store_destroyed *d, struct store_txn *t, off_t found)
{
    if (found == 0)
        TRY(store_destroyed_note(d, t->db));
    return newest_event(t->db, &d->noted_seq);
}

enum err store_destroyed_open(
    struct store_destroyed *d, struct store_txn *t, const char *path, struct fault *fault)
{
    fault_set(fault, ERR_OK, 0, "destroyed.log cannot be read or written");
    d->is_kept = true;
    d->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (d->fd < 0)
        return ERR_IO;
    TRY(db_begin_write(t->db));
    enum err e = apply_lines(t, d->fd, &d->end);
    if (e == ERR_CORRUPT)
        fault_set(fault, ERR_OK, 0, "destroyed.log has a line that is none: put it back");
    if (e == ERR_OK && (ftruncate(d->fd, d->end) != 0 ||
                           lseek(d->fd, d->end, SEEK_SET) != d->end || fsync(d->fd) != 0))
        e = ERR_IO;
    if (e == ERR_OK)
        e = catch_up(d, t, d->end);
    if (e == ERR_OK)
        e = db_commit(t->db);
    db_rollback(t->db);
    return e;
}

void store_destroyed_close(struct store_destroyed *d)
{
    if (d->is_kept && d->fd >= 0)
        close(d->fd);
}
