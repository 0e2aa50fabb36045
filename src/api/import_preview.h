// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/importing.h"
#include "api/warnings.h"
#include "base/limits.h"
#include "json/json.h"
#include "json/write.h"

#define IMPORT_PREVIEW_BYTES_MAX (64 * MIB)

// A list of objects in JSON: at, outcome, type, id, value, warning, from, text.
struct import_preview {
    const struct warning_set *warnings;
    struct buf text;
    struct json_out out;
    struct arena scratch;
};

void import_preview_begin(
    struct import_preview *p, struct arena *a, const struct warning_set *warnings);
// The callback of an import, with the preview as its context.
void import_preview_tell(void *ctx, const struct importing_object *object);
// ERR_LIMIT when there are more objects than an answer holds.
enum err import_preview_end(struct import_preview *p, struct str *out) MUST_USE;
