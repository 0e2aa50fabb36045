// SPDX-License-Identifier: Apache-2.0
// The warning lists in force, compiled once and shared by every request.
#pragma once

#include "api/api.h"
#include "format/warning_match.h"
#include "json/write.h"

struct warnings; // of api_config: changes counted, and the set that was compiled last

// Lives in the arena; warnings_free gives back the set, once nobody holds it.
struct warnings *warnings_new(struct arena *a);
void warnings_free(struct warnings *warnings); // NULL does nothing
// The lists were changed, durably: the next who asks gets what is in force now.
void warnings_changed(struct warnings *warnings);

// The lists in force. The first who asks after a change compiles them, others wait for it: not
// on a thread of the server, and not in store work. Any thread. To be given back with
// warnings_drop.
struct warnings_held;
enum err warnings_hold(const struct api_config *node, struct warnings_held **out) MUST_USE;
void warnings_drop(const struct api_config *node, struct warnings_held *held);
const struct warning_set *warnings_set(const struct warnings_held *held);

// Why a value, given by its key, is on a warning list, as a sentence in the arena; empty when
// it is on none.
enum err warning_of(const struct warning_set *set, struct arena *a, struct str key,
    struct str *reason) MUST_USE;

// The member "warning": a list of {list, entry, why}, and "warning_more" when not all fit.
void warnings_put(struct json_out *o, const struct warning_found *found);

// What was asked for, and what came of it.
struct warnings_added {
    struct str name;
    int64_t version;
    struct warning_count count;
    bool is_same; // this very document was held
};
// Takes a document of MISP's format instead of the list of that name. ERR_INVALID, ERR_LIMIT,
// or ERR_CONFLICT when a later version is held, with a sentence in *why. Waits for the store.
enum err warnings_add(const struct api_config *node, struct arena *a, int64_t principal,
    struct str document, struct warnings_added *out, struct str *why) MUST_USE;

// Handlers.
struct call;
void api_warning_add(struct call *call);
void api_warning_list(struct call *call);
void api_warning_check(struct call *call);
void api_warning_enable(struct call *call);
void api_warning_disable(struct call *call);
void api_warning_remove(struct call *call);
