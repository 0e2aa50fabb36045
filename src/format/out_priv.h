// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "format/item.h"
#include "stix/object.h"
#include "stix/pattern.h"

struct out {
    struct arena *a;       // for the whole document
    struct arena *scratch; // of one item
    const struct format_items *items;
    const struct format_sink *sink;
    struct buf *buf;
};

enum err out_lose(const struct out *o, struct str id, const char *field, const char *outcome,
    const char *why) MUST_USE;
// The values that an item stands for, by their keys ("domain:a.example"); none, with a loss
// told, when it is no observable or indicator, or looks for several things at once.
enum err out_values(const struct out *o, const struct format_item *item,
    const struct stix_object *object, const struct str **values, size_t *n) MUST_USE;
// Does the pattern look for any of several values by equality, so that each stands for it?
bool out_is_any_of(const struct stix_node *pattern);
// A marking that the format has no words for: told, and to be left out.
enum err out_may_say(
    const struct out *o, const struct format_item *item, struct str id, bool *may) MUST_USE;

enum err out_csv(const struct out *o) MUST_USE;
enum err out_list(const struct out *o) MUST_USE;
enum err out_misp(const struct out *o) MUST_USE;
