// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/limits.h"
#include "format/stix20.h"
#include "json/json.h"
#include "json/write.h"

struct upgrade {
    struct arena *a;
    struct json root;
    struct str id, type;
    uint64_t at;
    const struct format_sink *sink;
};

enum err upgrade_lose(struct upgrade *u, struct json v, struct str field, const char *outcome,
    const char *why) MUST_USE;

// The observables of an observed-data, as objects of 2.1, to the sink; *refs are their ids in
// the order of the container. ERR_INVALID for a container that is none.
enum err upgrade_container(
    struct upgrade *u, struct json container, struct str **refs, size_t *n) MUST_USE;
// Markings of the object, and of any part of its container: the observables take all of them.
enum err upgrade_markings(struct upgrade *u, struct str **out, size_t *n) MUST_USE;
