// SPDX-License-Identifier: Apache-2.0
// A sink that writes what a conversion gives as lines: "original => key value" or "- field".
#pragma once

#include "format/kind.h"
#include "stix/object.h"
#include "test.h"

struct lines {
    struct arena arena;
    struct buf text;
    size_t objects, losses;
};

static inline enum err lines_object(void *ctx, const struct format_object *object)
{
    struct lines *l = ctx;
    struct stix_object read;
    struct stix_problem problem = {0};
    enum err e = stix_object_read(&l->arena, object->bytes, &read, &problem);
    if (e != ERR_OK)
        fail_msg("%.*s: %s", STR_ARG(object->bytes), problem.why);
    l->objects++;
    buf_put(&l->text, object->original);
    buf_put(&l->text, STR(" => "));
    buf_put(&l->text, read.n_values ? read.values[0] : read.id.type);
    buf_put_byte(&l->text, '\n');
    return ERR_OK;
}

static inline enum err lines_loss(void *ctx, const struct format_loss *loss)
{
    struct lines *l = ctx;
    l->losses++;
    buf_put(&l->text, STR("- "));
    buf_put(&l->text, loss->outcome);
    buf_put_byte(&l->text, ' ');
    buf_put(&l->text, loss->field);
    buf_put_byte(&l->text, '\n');
    return ERR_OK;
}

static inline struct format_sink lines_begin(struct lines *l)
{
    *l = (struct lines){.objects = 0};
    arena_init(&l->arena, 256u << 20);
    l->text = buf_in(&l->arena, 64u << 20);
    return (struct format_sink){.object = lines_object, .loss = lines_loss, .ctx = l};
}
