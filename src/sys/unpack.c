// SPDX-License-Identifier: Apache-2.0
#include "sys/unpack.h"

#include "base/limits.h"
#include "sys/file.h"

#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#define IN_BYTES    (64 * KIB)
#define OUT_BYTES   (256 * KIB)
#define FREE_BYTES  (64ull * MIB) // below this the ratio does not matter
#define RATIO_MAX   200
#define WINDOW_LOG  27 // 128 MiB: what `zstd --ultra` asks for at most, without --long
#define GZIP_WINDOW (15 + 16)

// One unpacking. The buffers are members so that a thread's stack stays small.
struct unpacking {
    int from, to;
    const struct unpack_limits *limits;
    struct fault *fault;
    off_t read;       // from the packed file
    uint64_t written; // to the other
    bool is_whole;    // the last member or frame has ended
    z_stream gzip;
    ZSTD_DCtx *zstd;
    unsigned char in[IN_BYTES];
    unsigned char out[OUT_BYTES];
};

static enum err flaw(struct unpacking *u, enum err e, const char *why)
{
    return fault_set(u->fault, e, (size_t)u->read, why);
}

static enum err put(struct unpacking *u, size_t n)
{
    u->written += n;
    if (u->written > u->limits->bytes_max)
        return flaw(u, ERR_LIMIT, "it unpacks to more than an import may have");
    if (u->written > FREE_BYTES && u->written / RATIO_MAX > (uint64_t)u->read)
        return flaw(u, ERR_LIMIT, "it unpacks to more than 200 times its size: not unpacked");
    return file_write_fd(u->to, (struct str){(const char *)u->out, n});
}

static enum err gzip_chunk(struct unpacking *u, size_t n)
{
    u->gzip.next_in = u->in;
    u->gzip.avail_in = (unsigned)n;
    do {
        u->gzip.next_out = u->out;
        u->gzip.avail_out = OUT_BYTES;
        if (u->is_whole) { // another member begins
            if (inflateReset(&u->gzip) != Z_OK)
                return ERR_IO;
            u->is_whole = false;
        }
        int got = inflate(&u->gzip, Z_NO_FLUSH);
        if (got == Z_MEM_ERROR)
            return ERR_IO;
        if (got != Z_OK && got != Z_STREAM_END && got != Z_BUF_ERROR)
            return flaw(u, ERR_INVALID, "the gzip file is damaged");
        u->is_whole = got == Z_STREAM_END;
        TRY(put(u, OUT_BYTES - u->gzip.avail_out));
    } while (u->gzip.avail_in || (u->gzip.avail_out == 0 && !u->is_whole));
    return ERR_OK;
}

static enum err zstd_chunk(struct unpacking *u, size_t n)
{
    ZSTD_inBuffer in = {u->in, n, 0};
    ZSTD_outBuffer out;
    do {
        out = (ZSTD_outBuffer){u->out, OUT_BYTES, 0};
        size_t got = ZSTD_decompressStream(u->zstd, &out, &in);
        if (ZSTD_isError(got))
            return flaw(u, ERR_INVALID,
                "the zstd file is damaged, or asks for a window above "
                "128 MiB");
        u->is_whole = got == 0;
        TRY(put(u, out.pos));
    } while (in.pos < in.size || (out.pos == out.size && !u->is_whole));
    return ERR_OK;
}

static enum err each_chunk(struct unpacking *u)
{
    for (;;) {
        ssize_t n = pread(u->from, u->in, IN_BYTES, u->read);
        if (n < 0)
            return ERR_IO;
        if (n == 0)
            return u->is_whole ? ERR_OK : flaw(u, ERR_INVALID, "the packed file is cut short");
        u->read += n;
        TRY(u->zstd ? zstd_chunk(u, (size_t)n) : gzip_chunk(u, (size_t)n));
    }
}

static enum err begin(struct unpacking *u, bool is_zstd)
{
    if (!is_zstd)
        return inflateInit2(&u->gzip, GZIP_WINDOW) == Z_OK ? ERR_OK : ERR_IO;
    u->zstd = ZSTD_createDCtx();
    if (!u->zstd)
        return ERR_IO;
    size_t got = ZSTD_DCtx_setParameter(u->zstd, ZSTD_d_windowLogMax, WINDOW_LOG);
    return ZSTD_isError(got) ? ERR_IO : ERR_OK;
}

static enum err unpack_to(struct unpacking *u, bool is_zstd)
{
    enum err e = begin(u, is_zstd);
    if (e == ERR_OK)
        e = each_chunk(u);
    if (is_zstd)
        ZSTD_freeDCtx(u->zstd);
    else
        inflateEnd(&u->gzip);
    return e;
}

enum err unpack(
    int fd, const char *dir, const struct unpack_limits *limits, int *out, struct fault *fault)
{
    unsigned char magic[4] = {0};
    ssize_t n = pread(fd, magic, sizeof magic, 0);
    *out = -1;
    if (n < 0)
        return ERR_IO;
    bool is_gzip = n >= 2 && memcmp(magic, "\x1f\x8b", 2) == 0;
    bool is_zstd = n == 4 && memcmp(magic, "\x28\xb5\x2f\xfd", 4) == 0;
    if (!is_gzip && !is_zstd)
        return ERR_OK;
    struct arena a;
    arena_init(&a, MIB);
    struct unpacking *u = NEW(&a, struct unpacking);
    enum err e = u ? ERR_OK : ERR_LIMIT;
    if (e == ERR_OK) {
        u->from = fd;
        u->to = file_open_temporary(dir);
        u->limits = limits;
        u->fault = fault;
        e = u->to < 0 ? ERR_IO : unpack_to(u, is_zstd);
        if (e == ERR_OK)
            *out = u->to;
        else if (u->to >= 0)
            close(u->to);
    }
    arena_release(&a);
    return e;
}
