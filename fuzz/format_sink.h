// SPDX-License-Identifier: Apache-2.0
// What every conversion that comes in has to keep to.
#pragma once

#include "base/limits.h"
#include "format/kind.h"
#include "fuzz.h"
#include "json/json.h"

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

static const struct format_sink sink = {.object = take_object, .loss = take_loss};
