// SPDX-License-Identifier: Apache-2.0
#include "node/journal.h"

#include "base/reader.h"
#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

// Origins of one node: one per partner and epoch in each direction.
#define JOURNAL_ORIGINS_MAX 1024

struct journal {
    struct arena *arena;
    int fd;
    off_t end; // of the last whole line
    struct journal_row rows[JOURNAL_ORIGINS_MAX];
    size_t n;
};

static enum err remember(struct journal *j, struct str origin, const struct ledger_head *head)
{
    size_t i = 0;
    while (i < j->n && !str_eq(j->rows[i].origin, origin))
        i++;
    if (i == JOURNAL_ORIGINS_MAX)
        return ERR_LIMIT;
    if (i == j->n) {
        TRY(str_copy(j->arena, origin, &j->rows[i].origin));
        j->n++;
    }
    j->rows[i].head = *head;
    return ERR_OK;
}

static enum err line_parse(struct journal *j, struct str line)
{
    struct str origin = str_cut(&line, ' ');
    struct str size = str_cut(&line, ' ');
    struct ledger_head head;
    if (origin.len == 0 || str_to_u64(size, &head.size) != ERR_OK ||
        ledger_hash_parse_base64(line, &head.root) != ERR_OK)
        return ERR_CORRUPT;
    struct ledger_head before = journal_latest(j, origin);
    if (head.size < before.size)
        return ERR_CORRUPT; // it only grows
    return remember(j, origin, &head);
}

// Reads the lines in pieces: the file grows for years, the memory must not.
static enum err read_lines(struct journal *j)
{
    char text[64 * 1024];
    size_t held = 0;
    for (;;) {
        ssize_t got = read(j->fd, text + held, sizeof text - held);
        if (got < 0)
            return ERR_IO;
        held += (size_t)got;
        struct str rest = {text, held};
        while (str_index(rest, '\n') < rest.len) {
            struct str line = str_cut(&rest, '\n');
            j->end += (off_t)line.len + 1;
            TRY(line_parse(j, line));
        }
        if (got == 0)
            return ERR_OK; // what is left is a cut line
        if (rest.len == sizeof text)
            return ERR_CORRUPT;
        memmove(text, rest.ptr, rest.len);
        held = rest.len;
    }
}

enum err journal_open(struct arena *a, const char *path, struct journal **out)
{
    struct journal *j = NEW(a, struct journal);
    if (!j)
        return ERR_LIMIT;
    j->arena = a;
    j->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (j->fd < 0)
        return ERR_IO;
    // A signer whose node was killed may still be at its last line: wait for its end, then
    // read.
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    while (fcntl(j->fd, F_SETLKW, &whole) != 0)
        if (errno != EINTR)
            return ERR_IO;
    TRY(read_lines(j));
    if (ftruncate(j->fd, j->end) != 0 || lseek(j->fd, j->end, SEEK_SET) != j->end ||
        fsync(j->fd) != 0)
        return ERR_IO;
    *out = j;
    return ERR_OK;
}

enum err journal_read(struct arena *a, const char *path, struct journal **out)
{
    struct journal *j = NEW(a, struct journal);
    if (!j)
        return ERR_LIMIT;
    j->arena = a;
    j->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (j->fd < 0 && errno != ENOENT)
        return ERR_IO;
    enum err e = j->fd < 0 ? ERR_OK : read_lines(j);
    journal_close(j);
    if (e == ERR_OK)
        *out = j;
    return e;
}

void journal_close(struct journal *j)
{
    if (j->fd >= 0)
        close(j->fd);
    j->fd = -1;
}

const struct journal_row *journal_rows(const struct journal *j, size_t *n)
{
    *n = j->n;
    return j->rows;
}

struct ledger_head journal_latest(const struct journal *j, struct str origin)
{
    for (size_t i = 0; i < j->n; i++)
        if (str_eq(j->rows[i].origin, origin))
            return j->rows[i].head;
    return (struct ledger_head){.size = 0, .root = ledger_empty_root()};
}

enum err journal_append(struct journal *j, struct str origin, const struct ledger_head *head)
{
    struct arena_mark mark = arena_mark(j->arena);
    struct buf b = buf_in(j->arena, 512);
    buf_put(&b, origin);
    buf_put_byte(&b, ' ');
    buf_put_u64(&b, head->size);
    buf_put_byte(&b, ' ');
    ledger_hash_put_base64(&b, &head->root);
    buf_put_byte(&b, '\n');
    enum err e = b.err;
    if (e == ERR_OK)
        e = file_write_fd(j->fd, buf_str(&b));
    off_t line_bytes = (off_t)b.len;
    arena_rewind(j->arena, mark);
    if (e == ERR_OK && fdatasync(j->fd) != 0)
        e = ERR_IO;
    if (e != ERR_OK) {
        // A cut line must not stay in front of the next one.
        if (ftruncate(j->fd, j->end) != 0 || lseek(j->fd, j->end, SEEK_SET) != j->end)
            return ERR_IO;
        return e;
    }
    j->end += line_bytes;
    return remember(j, origin, head);
}
