// SPDX-License-Identifier: Apache-2.0
// What the feed handlers and the threads that run feeds share.
#pragma once

#include "api/call.h"
#include "api/importing.h"
#include "http/address.h"
#include "http/client.h"
#include "store/feed.h"

#include <stdatomic.h>

#define FEED_QUARANTINE STR("quarantine") // instead of a handling

// One run of one feed. Everything lives in its arena.
struct feed_run {
    const struct api_config *node;
    struct arena *arena;
    struct store_feed feed;
    struct store_feed_place place; // as stored
    bool is_preview;
    struct http_address address;
    struct http_client *client;
    struct http_pair authorization; // no name: none
    struct store_feed_last last;    // counted while it runs
    struct str why;                 // of the error that ended it
    int64_t retry_us;               // the server asked for this much patience
    bool has_more;                  // a limit of one run was reached, and nothing is wrong
};

// Sets why to "what: detail" in printable bytes, and returns e.
enum err feed_fail(struct feed_run *run, enum err e, struct str what, struct str detail);

struct feed_question {
    struct str target;
    const struct http_pair *headers; // beside the authorization
    size_t n_headers;
    uint64_t bytes_max;
    int fd; // takes the body of a 2xx; -1: it is kept in memory
};
// Any status is an answer; what has none sets why. The reply's body lives in the arena.
enum err feed_ask(struct feed_run *run, const struct feed_question *question,
    struct http_reply *out) MUST_USE;
// What a status means that is not what was wanted: sets why.
enum err feed_refused(struct feed_run *run, const struct http_reply *reply, struct str target);

struct feed_document {
    int fd;
    struct str item; // for the name of the import; may be empty
    bool has_format;
    enum format_kind format;
};
// Imports, and adds to the counts. On a preview nothing is stored.
enum err feed_import(struct feed_run *run, const struct feed_document *document);
// Durable, with its audit event; nothing on a preview.
enum err feed_keep_place(struct feed_run *run, const struct store_feed_place *place);
enum err feed_keep_item(struct feed_run *run, struct str item, int64_t changed_s);
bool feed_has_item(struct feed_run *run, struct str item, int64_t changed_s, enum err *e);

// The kinds.
enum err feed_taxii(struct feed_run *run);
enum err feed_url(struct feed_run *run);
enum err feed_misp(struct feed_run *run);

enum err feeds_start(
    const struct api_config *config, struct arena *a, struct api_feeds **out) MUST_USE;

// Handlers of /api/v1/feeds.
void api_feed_add(struct call *call);
void api_feed_list(struct call *call);
void api_feed_show(struct call *call);
void api_feed_remove(struct call *call);
void api_feed_run(struct call *call);
