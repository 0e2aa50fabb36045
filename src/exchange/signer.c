// SPDX-License-Identifier: Apache-2.0
#define BANNED_EXCEPT_SYSTEM // the signer's handle lives as long as the process
#include "exchange/signer.h"

#include "base/reader.h"
#include "sys/frame.h"
#include "sys/log.h"
#include "sys/process.h"

#include <pthread.h>
#include <unistd.h>

struct signer {
    pthread_mutex_t lock;
    struct process_starter starter;
    char *dir;
    const char *argv[5];
    int fd; // guarded by lock; -1: not running
};

static enum err start_process(struct signer *s)
{
    return process_start(&s->starter, &s->fd);
}

// The signer ends at the end of its stream; the next one waits for its journal.
static void end_process(struct signer *s)
{
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
}

enum err signer_start(const char *dir, struct signer **out)
{
    struct signer *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    s->dir = strdup(dir);
    if (!s->dir)
        abort();
    const char *const argv[] = {"bongsu", "signer", "-n", s->dir, NULL};
    memcpy(s->argv, argv, sizeof argv);
    s->fd = s->starter.fd = -1;
    pthread_mutex_init(&s->lock, NULL);
    enum err e = process_starter_begin(s->argv, &s->starter);
    if (e == ERR_OK)
        e = start_process(s);
    if (e != ERR_OK) {
        signer_stop(s);
        return e;
    }
    *out = s;
    return ERR_OK;
}

void signer_stop(struct signer *s)
{
    if (!s)
        return;
    end_process(s);
    process_starter_end(&s->starter);
    pthread_mutex_destroy(&s->lock);
    free(s->dir);
    free(s);
}

void signer_reload(struct signer *s)
{
    pthread_mutex_lock(&s->lock);
    end_process(s);
    pthread_mutex_unlock(&s->lock);
}

static enum err exchange_frames(
    struct signer *s, struct arena *a, uint8_t type, struct str request, struct str *answer)
{
    uint8_t got;
    if (s->fd < 0)
        TRY(start_process(s));
    enum err e = frame_send(s->fd, type, request);
    if (e == ERR_OK)
        e = frame_receive(a, s->fd, SIGNER_MESSAGE_BYTES_MAX, &got, answer);
    if (e != ERR_OK) {
        log_error("signer.gone", "why=%s", err_name(e));
        end_process(s); // the next call starts it again, and it resumes from its journal
        return ERR_IO;
    }
    if (got == SIGNER_ANSWER)
        return ERR_OK;
    struct reader r = reader_of(*answer);
    e = (enum err)read_u8(&r);
    log_error(
        "signer.refuse", "why=%s", log_text(read_bytes(&r, answer->len ? answer->len - 1 : 0)));
    return got == SIGNER_REFUSAL && e != ERR_OK && e <= ERR_IO ? e : ERR_IO;
}

static enum err ask(struct signer *s, struct arena *a, uint8_t type, const struct buf *request,
    struct str *answer)
{
    TRY(request->err);
    pthread_mutex_lock(&s->lock);
    enum err e = exchange_frames(s, a, type, buf_str(request), answer);
    pthread_mutex_unlock(&s->lock);
    return e;
}

static void put_block(struct buf *b, struct str s)
{
    buf_put_u32be(b, (uint32_t)s.len);
    buf_put(b, s);
}

static struct buf put_step(struct arena *a, const struct signer_step *step)
{
    struct buf b = buf_in(a, SIGNER_MESSAGE_BYTES_MAX);
    put_block(&b, step->origin);
    buf_put_u32be(&b, step->key_id);
    buf_put_u64be(&b, step->old_size);
    buf_put_u64be(&b, step->head.size);
    buf_put(&b, ledger_hash_str(&step->head.root));
    buf_put_u32be(&b, (uint32_t)(step->proof.n * LEDGER_HASH_BYTES));
    for (size_t i = 0; i < step->proof.n; i++)
        buf_put(&b, ledger_hash_str(&step->proof.hashes[i]));
    return b;
}

enum err signer_state(struct signer *s, struct str origin, struct ledger_head *out)
{
    struct arena scratch;
    arena_init(&scratch, 2 * SIGNER_MESSAGE_BYTES_MAX);
    struct buf b = buf_in(&scratch, SIGNER_MESSAGE_BYTES_MAX);
    put_block(&b, origin);
    struct str answer;
    enum err e = ask(s, &scratch, SIGNER_STATE, &b, &answer);
    if (e == ERR_OK) {
        struct reader r = reader_of(answer);
        struct ledger_head head = {.size = read_u64be(&r)};
        struct str root = read_bytes(&r, LEDGER_HASH_BYTES);
        e = read_end(&r) == ERR_OK ? ERR_OK : ERR_IO;
        if (e == ERR_OK) {
            memcpy(head.root.bytes, root.ptr, LEDGER_HASH_BYTES);
            *out = head;
        }
    }
    arena_release(&scratch);
    return e;
}

enum err signer_has_key(struct signer *s, const struct ledger_key *key)
{
    struct arena scratch;
    struct str answer;
    arena_init(&scratch, 2 * SIGNER_MESSAGE_BYTES_MAX);
    struct buf b = buf_in(&scratch, KIB);
    put_block(&b, key->name);
    buf_put_u32be(&b, key->id);
    enum err e = ask(s, &scratch, SIGNER_HAS_KEY, &b, &answer);
    arena_release(&scratch);
    return e;
}

enum err signer_checkpoint(
    struct signer *s, struct arena *a, const struct signer_step *step, struct str *note)
{
    struct buf b = put_step(a, step);
    return ask(s, a, SIGNER_CHECKPOINT, &b, note);
}

enum err signer_cosign(struct signer *s, struct arena *a, const struct signer_step *step,
    struct str *line, uint64_t *time_s)
{
    struct buf b = put_step(a, step);
    struct str answer;
    TRY(ask(s, a, SIGNER_COSIGN, &b, &answer));
    struct reader r = reader_of(answer);
    struct str got = read_block(&r, SIGNER_MESSAGE_BYTES_MAX);
    uint64_t at_s = read_u64be(&r);
    if (read_end(&r) != ERR_OK)
        return ERR_IO;
    *line = got;
    *time_s = at_s;
    return ERR_OK;
}
