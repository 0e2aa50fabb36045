// SPDX-License-Identifier: Apache-2.0
// From the bytes of a document to its objects.
#include "api/importing_priv.h"
#include "base/limits.h"
#include "json/split.h"

#include <unistd.h>

#define CHUNK_BYTES (256 * KIB)

enum err import_open(struct import *im, struct fault *fault)
{
    (void)fault;
    im->fd = im->in->fd;
    im->out->format = FORMAT_STIX21;
    return ERR_OK;
}

void import_close(struct import *im)
{
    im->fd = -1;
}

static enum err take_all(struct import *im, struct json_splitter *splitter, struct fault *fault)
{
    struct str element;
    uint64_t at;
    enum json_split got;
    while ((got = json_splitter_next(splitter, &element, &at)) == JSON_SPLIT_ELEMENT) {
        const struct format_object object = {.bytes = element, .at = at};
        TRY(im->take(im, &object));
    }
    return got == JSON_SPLIT_FAILED ? json_splitter_fault(splitter, fault) : ERR_OK;
}

enum err import_read(struct import *im, struct fault *fault)
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
