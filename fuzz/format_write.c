// SPDX-License-Identifier: Apache-2.0
#include "format/item.h"
#include "fuzz.h"
#include "stix/object.h"
#include "json/json.h"

#include "base/limits.h"

#define ITEMS_MAX 64

static enum err take_loss(void *ctx, const struct format_loss *loss)
{
    (void)ctx;
    MUST_HOLD(loss->outcome.len && loss->why.len);
    return ERR_OK;
}

// The first byte of a line says how it is marked; the rest is an object.
static size_t read_items(struct arena *a, struct str text, struct format_item items[ITEMS_MAX])
{
    size_t n = 0;
    while (text.len && n < ITEMS_MAX) {
        struct str line = str_cut(&text, '\n');
        struct stix_object object;
        struct stix_problem problem;
        unsigned how = line.len ? (unsigned char)line.ptr[0] : 0;
        line = str_from(line, 1);
        if (stix_object_read(a, line, &object, &problem) != ERR_OK)
            continue;
        items[n++] = (struct format_item){.bytes = line,
            .source = STR("gb"),
            .tlp = (enum stix_tlp)(how % STIX_TLPS),
            .has_relto = how & 8,
            .has_more = how & 16,
            .warned_by = how & 32 ? STR("list") : STR("")};
    }
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct format_item list[ITEMS_MAX];
    const struct format_sink sink = {.loss = take_loss};
    struct arena a;
    struct json root;
    arena_init(&a, 128 * MIB);
    const struct format_items items = {.now_us = INT64_C(1767225600000000),
        .items = list,
        read_items(&a, (struct str){(const char *)data, size}, list)};
    for (enum format_kind kind = 0; kind < FORMAT_KINDS; kind++) {
        struct buf out = buf_in(&a, 16 * MIB);
        enum err e = format_write(&a, kind, &items, &sink, &out);
        MUST_HOLD(e == ERR_OK || e == ERR_LIMIT || kind == FORMAT_STIX20);
        if (e == ERR_OK && (kind == FORMAT_STIX21 || kind == FORMAT_MISP))
            MUST_HOLD(json_parse(&a, buf_str(&out), &root, NULL) == ERR_OK);
    }
    arena_release(&a);
    return 0;
}
