// SPDX-License-Identifier: Apache-2.0
// From the bytes of a document to its objects: unpacked, known by its first bytes, converted.
#include "api/importing_priv.h"
#include "base/limits.h"
#include "format/csv_in.h"
#include "format/misp.h"
#include "format/sniff.h"
#include "format/stix20.h"
#include "format/text_in.h"
#include "sys/unpack.h"
#include "json/split.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK_BYTES       (256 * KIB)
#define ELEMENT_BYTES_MAX (64 * MIB) // an element with what is made of it

static enum err sniff(struct import *im, struct fault *fault)
{
    char *head = NEW_N(im->in->arena, char, FORMAT_HEAD_BYTES);
    if (!head)
        return ERR_LIMIT;
    ssize_t n = pread(im->fd, head, FORMAT_HEAD_BYTES, 0);
    return n < 0 ? ERR_IO
                 : format_sniff((struct str){head, (size_t)n}, &im->out->format, fault);
}

enum err import_open(struct import *im, struct fault *fault)
{
    const struct unpack_limits limits = {.bytes_max = IMPORT_BYTES_MAX};
    TRY(unpack(im->in->fd, im->in->spool, &limits, &im->unpacked_fd, fault));
    im->fd = im->unpacked_fd < 0 ? im->in->fd : im->unpacked_fd;
    im->out->format = im->in->format;
    return im->in->has_format ? ERR_OK : sniff(im, fault);
}

void import_close(struct import *im)
{
    if (im->unpacked_fd >= 0)
        close(im->unpacked_fd);
    im->unpacked_fd = -1;
}

// STIX that came with a format of its own is 2.1; found out, each object says what it is.
static enum err take_element(struct import *im, struct str element, uint64_t at)
{
    const struct format_object object = {.bytes = element, .at = at};
    bool may_be_old = im->out->format == FORMAT_STIX20 || !im->in->has_format;
    struct fault ignored;
    struct arena a;
    if (!may_be_old)
        return im->sink.object(im, &object);
    arena_init(&a, ELEMENT_BYTES_MAX);
    enum err e = format_is_stix20(&a, element)
                     ? format_stix20_read(&a, element, at, &im->sink, &ignored)
                     : im->sink.object(im, &object);
    arena_release(&a);
    return e;
}

static enum err take_all(struct import *im, struct json_splitter *splitter, struct fault *fault)
{
    struct str element;
    uint64_t at;
    enum json_split got;
    while ((got = json_splitter_next(splitter, &element, &at)) == JSON_SPLIT_ELEMENT)
        TRY(take_element(im, element, at));
    return got == JSON_SPLIT_FAILED ? json_splitter_fault(splitter, fault) : ERR_OK;
}

static enum err read_stix(struct import *im, struct fault *fault)
{
    struct json_splitter *splitter;
    char *chunk = NEW_N(im->in->arena, char, CHUNK_BYTES);
    TRY(chunk ? json_splitter_new(im->in->arena, STIX_OBJECT_BYTES_MAX, &splitter) : ERR_LIMIT);
    for (off_t at = 0;;) {
        ssize_t n = pread(im->fd, chunk, CHUNK_BYTES, at);
        if (n < 0)
            return ERR_IO;
        if (n == 0)
            return json_splitter_end(splitter, fault);
        at += n;
        json_splitter_feed(splitter, (struct str){chunk, (size_t)n});
        TRY(take_all(im, splitter, fault));
    }
}

static enum err convert(struct import *im, struct str document, struct fault *fault)
{
    const struct format_about about = {.name = im->in->name,
        .now_us = im->row.at_us,
        .wants_indicators = im->in->wants_indicators};
    struct arena a;
    arena_init(&a, CONVERSION_BYTES_MAX);
    enum err e = im->out->format == FORMAT_CSV
                     ? format_csv_read(&a, document, &about, &im->sink, fault)
                 : im->out->format == FORMAT_MISP
                     ? format_misp_read(&a, document, &about, &im->sink, fault)
                     : format_text_read(&a, document, &about, &im->sink, fault);
    arena_release(&a);
    return e == ERR_LIMIT && !fault->why
               ? fault_set(fault, e, 0, "it says more than one import may keep: split it")
               : e;
}

// The file has no name and is ours alone: nobody cuts it while it is mapped.
static enum err read_mapped(struct import *im, struct fault *fault)
{
    struct stat st;
    if (fstat(im->fd, &st) != 0)
        return ERR_IO;
    if (st.st_size == 0)
        return fault_set(fault, ERR_INVALID, 0, "the document is empty");
    size_t n = (size_t)st.st_size;
    void *text = mmap(NULL, n, PROT_READ, MAP_PRIVATE, im->fd, 0);
    if (text == MAP_FAILED)
        return ERR_IO;
    enum err e = convert(im, (struct str){text, n}, fault);
    munmap(text, n);
    return e;
}

enum err import_read(struct import *im, struct fault *fault)
{
    switch (im->out->format) {
    case FORMAT_STIX21:
    case FORMAT_STIX20:
        return read_stix(im, fault);
    case FORMAT_MISP:
    case FORMAT_CSV:
    case FORMAT_TEXT:
        break;
    }
    return read_mapped(im, fault);
}
