// SPDX-License-Identifier: Apache-2.0
#include "api/feed_taxii.h"
#include "sys/file.h"
#include "json/split.h"

#include <unistd.h>

#define CHUNK_BYTES     (256 * KIB)
#define SPLIT_ARENA_MAX (64 * MIB)

struct page {
    struct feed_run *run;
    struct gather *g;
    struct hash_sha256 hash;
    size_t envelopes;
    enum err e;
    struct fault fault;
};

enum err gather_open(struct feed_run *run, struct gather *g)
{
    const char *spool;
    TRY(path_join(run->arena, run->node->dir, "spool", &spool));
    g->fd = file_open_temporary(spool);
    g->bytes = g->n_objects = 0;
    return g->fd < 0 ? feed_fail(run, ERR_IO, STR("the spool cannot be written"), STR(""))
                     : ERR_OK;
}

void gather_close(struct gather *g)
{
    if (g->fd >= 0)
        close(g->fd);
    g->fd = -1;
}

static enum err put_object(struct gather *g, struct str object)
{
    TRY(file_write_fd(g->fd, g->n_objects ? STR(",\n") : STR("[")));
    TRY(file_write_fd(g->fd, object));
    g->bytes += object.len + 2;
    g->n_objects++;
    g->page_objects++;
    return ERR_OK;
}

// What does not stand in the list of objects is the envelope: whole, or what is left of it.
static enum err take(struct page *p, bool is_object, struct str element)
{
    if (is_object) {
        hash_sha256_add(&p->hash, element);
        hash_sha256_add(&p->hash, STR("\n"));
        return put_object(p->g, element);
    }
    if (p->envelopes++)
        return fault_set(&p->fault, ERR_INVALID, 0, "more than one envelope");
    return taxii_envelope_read(p->run->arena, element, &p->g->envelope, &p->fault);
}

static enum err take_chunk(struct page *p, struct json_splitter *splitter)
{
    struct str element;
    uint64_t at;
    for (;;) {
        switch (json_splitter_next(splitter, &element, &at)) {
        case JSON_SPLIT_ELEMENT:
            TRY(take(p, json_splitter_in_bundle(splitter), element));
            break;
        case JSON_SPLIT_ENVELOPE:
            TRY(take(p, false, element));
            break;
        case JSON_SPLIT_FAILED:
            return json_splitter_fault(splitter, &p->fault);
        case JSON_SPLIT_MORE:
            return ERR_OK;
        }
    }
}

static enum err take_page(struct page *p, struct arena *a, int fd)
{
    struct json_splitter *splitter;
    char *chunk = NEW_N(a, char, CHUNK_BYTES);
    TRY(chunk ? json_splitter_new(a, STIX_OBJECT_BYTES_MAX, &splitter) : ERR_LIMIT);
    json_splitter_want_envelopes(splitter);
    for (off_t at = 0;;) {
        ssize_t n = pread(fd, chunk, CHUNK_BYTES, at);
        if (n < 0)
            return ERR_IO;
        if (n == 0)
            return json_splitter_end(splitter, &p->fault);
        at += n;
        json_splitter_feed(splitter, (struct str){chunk, (size_t)n});
        TRY(take_chunk(p, splitter));
    }
}

// A page with objects that came before in this run would come for ever (A19).
static enum err check_new(struct page *p)
{
    unsigned char digest[SHA256_BYTES];
    struct gather *g = p->g;
    hash_sha256_end(&p->hash, digest);
    if (g->page_objects == 0)
        return ERR_OK;
    for (size_t i = 0; i < g->n_seen; i++)
        if (memcmp(g->seen[i], digest, sizeof digest) == 0)
            return feed_fail(p->run, ERR_INVALID, STR("the server repeats a page"), STR(""));
    if (g->n_seen < GATHER_SEEN_MAX)
        memcpy(g->seen[g->n_seen++], digest, sizeof digest);
    return ERR_OK;
}

static enum err drop_page(struct gather *g, off_t bytes, uint64_t n_objects)
{
    g->n_objects = n_objects;
    g->page_objects = 0;
    if (ftruncate(g->fd, bytes) != 0 || lseek(g->fd, bytes, SEEK_SET) < 0)
        return ERR_IO;
    return ERR_OK;
}

enum err gather_page(struct feed_run *run, struct gather *g, int page_fd)
{
    struct page p = {.run = run, .g = g};
    struct arena a;
    off_t bytes = lseek(g->fd, 0, SEEK_CUR);
    uint64_t n_objects = g->n_objects;
    if (bytes < 0)
        return feed_fail(run, ERR_IO, STR("the spool"), STR(""));
    g->page_objects = 0;
    g->envelope = (struct taxii_envelope){.more = false};
    hash_sha256_begin(&p.hash);
    arena_init(&a, SPLIT_ARENA_MAX);
    enum err e = take_page(&p, &a, page_fd);
    arena_release(&a);
    if (e == ERR_OK && p.envelopes != 1)
        e = fault_set(&p.fault, ERR_INVALID, 0, "the answer is no envelope");
    if (e != ERR_OK)
        e = feed_fail(run, e, STR("a page cannot be read"),
            str_of(p.fault.why ? p.fault.why : err_text(e)));
    else
        e = check_new(&p);
    if (e != ERR_OK && drop_page(g, bytes, n_objects) != ERR_OK)
        e = feed_fail(run, ERR_IO, STR("the spool"), STR(""));
    return e;
}

enum err gather_import(struct feed_run *run, struct gather *g)
{
    if (g->n_objects == 0)
        return ERR_OK;
    if (file_write_fd(g->fd, STR("]")) != ERR_OK)
        return feed_fail(run, ERR_IO, STR("the spool"), STR(""));
    const struct feed_document document = {
        .fd = g->fd, .has_format = true, .format = FORMAT_STIX21};
    TRY(feed_import(run, &document));
    gather_close(g);
    return gather_open(run, g);
}
