// SPDX-License-Identifier: Apache-2.0
// A feed that is one document at one address, in any format that imports know. `place` holds
// its ETag (next), its Last-Modified (after) and its SHA-256 (reached): one that did not change
// costs a question, or at most a download.
#include "api/feeds_priv.h"
#include "base/hex.h"
#include "hash/hash.h"
#include "sys/file.h"

#include <unistd.h>

#define DOCUMENT_BYTES_MAX (1024ull * MIB)
#define CHUNK_BYTES        (256 * KIB)
#define TAG_BYTES_MAX      1000

static enum err digest_of(struct feed_run *run, int fd, struct str *out)
{
    struct hash_sha256 h;
    unsigned char digest[SHA256_BYTES];
    char *chunk = NEW_N(run->arena, char, CHUNK_BYTES);
    struct buf b = buf_in(run->arena, 2 * SHA256_BYTES);
    if (!chunk)
        return ERR_LIMIT;
    hash_sha256_begin(&h);
    for (off_t at = 0;;) {
        ssize_t n = pread(fd, chunk, CHUNK_BYTES, at);
        if (n < 0)
            return ERR_IO;
        if (n == 0)
            break;
        at += n;
        hash_sha256_add(&h, (struct str){chunk, (size_t)n});
    }
    hash_sha256_end(&h, digest);
    hex_put(&b, digest, sizeof digest);
    return buf_end(&b, out);
}

// A header that we send back as it came.
static struct str tag_of(struct feed_run *run, struct str name)
{
    struct str text;
    bool is_there = http_client_header(run->client, run->arena, name, &text);
    return is_there && text.len <= TAG_BYTES_MAX ? text : STR("");
}

static enum err take(struct feed_run *run, int fd)
{
    struct store_feed_place place = {
        .after = tag_of(run, STR("Last-Modified")), .next = tag_of(run, STR("ETag"))};
    const struct feed_document document = {.fd = fd};
    enum err e = digest_of(run, fd, &place.reached);
    if (e != ERR_OK)
        return feed_fail(run, e, STR("the spool"), str_of(err_text(e)));
    if (run->is_preview || !str_eq(place.reached, run->place.reached))
        TRY(feed_import(run, &document));
    return feed_keep_place(run, &place);
}

enum err feed_url(struct feed_run *run)
{
    struct http_pair headers[3] = {{STR("Accept"), STR("*/*")}};
    size_t n = 1;
    struct http_reply reply;
    const char *spool;
    if (!run->is_preview && run->place.next.len)
        headers[n++] = (struct http_pair){STR("If-None-Match"), run->place.next};
    if (!run->is_preview && run->place.after.len)
        headers[n++] = (struct http_pair){STR("If-Modified-Since"), run->place.after};
    TRY(path_join(run->arena, run->node->dir, "spool", &spool));
    int fd = file_open_temporary(spool);
    if (fd < 0)
        return feed_fail(run, ERR_IO, STR("the spool cannot be written"), STR(""));
    const struct feed_question question = {.target = run->address.target,
        .headers = headers,
        .n_headers = n,
        .bytes_max = DOCUMENT_BYTES_MAX,
        .fd = fd};
    enum err e = feed_ask(run, &question, &reply);
    if (e == ERR_OK && reply.status == 200)
        e = take(run, fd);
    else if (e == ERR_OK && reply.status != 304)
        e = feed_refused(run, &reply, run->address.target);
    close(fd);
    return e;
}
