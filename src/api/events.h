// SPDX-License-Identifier: Apache-2.0
// Server-sent events (the HTML standard, section 9.2): what happens on the node, as it happens.
#pragma once

#include "base/arena.h"

// Streams that are open. Lives in the arena; freed with the api.
struct events *events_new(struct arena *a);
void events_free(struct events *events); // once no request is left; NULL does nothing

struct call;
void api_events(struct call *call);
