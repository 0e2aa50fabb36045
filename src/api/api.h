// SPDX-License-Identifier: Apache-2.0
// What the node answers: one route table, every route with a right. The same table serves the
// Unix socket (whose owner is the operator), TCP with tokens, and partners with a pinned
// certificate.
#pragma once

#include "exchange/exchange.h"
#include "http/server.h"
#include "store/store.h"

#include <sys/types.h>

struct api;
struct events;
struct metrics_counts;
struct taxii_cache;
struct warnings;

struct api_config {
    struct store *store;
    struct exchange *exchange;
    struct str party; // ours
    struct str node;  // our name
    struct str realm;
    struct str country;            // ISO 3166-1 alpha-3
    struct str handling;           // TLP of unmarked imports when the importer names none
    const char *dir;               // the data directory
    uid_t owner;                   // of the data directory: the operator on the Unix socket
    struct taxii_cache *pages;     // made by api_new, as is
    struct metrics_counts *counts; // what requests are counted in
    struct events *events;         // streams that are open; made by api_new, as is
    struct warnings *warnings;     // the lists in force; made by api_new, as is
};

// Everything borrowed; the api lives in the arena. Its handler may run on any thread.
struct api *api_new(struct arena *a, const struct api_config *config);
struct http_handler api_handler(struct api *api);
void api_free(struct api *api); // once nothing calls the handler any more; NULL does nothing

// Standing rules: a thread that releases what they match, in the order in which it came.
struct api_rules;
enum err api_rules_start(struct api *api, struct arena *a, struct api_rules **out) MUST_USE;
void api_rules_stop(struct api_rules *rules); // NULL does nothing

// Views of TAXII collections: a thread that adds what their queries name and the gate permits.
struct api_views;
enum err api_views_start(struct api *api, struct arena *a, struct api_views **out) MUST_USE;
void api_views_stop(struct api_views *views); // NULL does nothing

// Feeds: a thread that fetches what is due. Stopping breaks off what it waits for.
struct api_feeds;
enum err api_feeds_start(struct api *api, struct arena *a, struct api_feeds **out) MUST_USE;
void api_feeds_stop(struct api_feeds *feeds); // NULL does nothing
