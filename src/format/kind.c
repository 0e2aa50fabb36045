// SPDX-License-Identifier: Apache-2.0
#include "format/kind.h"

static const struct str names[FORMAT_KINDS] = {
    [FORMAT_STIX21] = STR_INIT("stix"),
    [FORMAT_STIX20] = STR_INIT("stix20"),
    [FORMAT_MISP] = STR_INIT("misp"),
    [FORMAT_CSV] = STR_INIT("csv"),
    [FORMAT_TEXT] = STR_INIT("text"),
};

struct str format_kind_name(enum format_kind kind)
{
    return names[kind];
}

enum err format_kind_parse(struct str name, enum format_kind *out)
{
    for (enum format_kind kind = 0; kind < FORMAT_KINDS; kind++) {
        if (str_eq(names[kind], name)) {
            *out = kind;
            return ERR_OK;
        }
    }
    return ERR_INVALID;
}
