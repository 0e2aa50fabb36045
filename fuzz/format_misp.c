// SPDX-License-Identifier: Apache-2.0
#include "format/misp.h"
#include "fuzz.h"
#include "json/json.h"

#include "base/limits.h"

// Whatever comes out is JSON.
static enum err take_object(void *ctx, const struct format_object *object)
{
    struct arena a;
    struct json root;
    (void)ctx;
    arena_init(&a, 64 * MIB);
    MUST_HOLD(json_parse(&a, object->bytes, &root, NULL) == ERR_OK);
    arena_release(&a);
    return ERR_OK;
}

static enum err take_loss(void *ctx, const struct format_loss *loss)
{
    (void)ctx;
    MUST_HOLD(loss->outcome.len && loss->why.len);
    return ERR_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct format_sink sink = {.object = take_object, .loss = take_loss};
    const struct format_about about = {.now_us = 1000000};
    struct str text = {(const char *)data, size};
    struct fault fault = {0};
    struct arena a;
    arena_init(&a, 64 * MIB);
    enum err e = format_misp_read(&a, text, &about, &sink, &fault);
    MUST_HOLD(e == ERR_OK || e == ERR_LIMIT || fault.why);
    arena_release(&a);
    return 0;
}
