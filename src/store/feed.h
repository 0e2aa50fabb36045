// SPDX-License-Identifier: Apache-2.0
// Feeds: what is fetched from others, how far, and what came of the last run.
#pragma once

#include "store/store.h"

// Where the next run goes on. What the texts mean is the kind's.
struct store_feed_place {
    struct str after, next, reached;
};

enum store_feed_asked { STORE_FEED_BY_TIME, STORE_FEED_RUN, STORE_FEED_PREVIEW };

// What came of a run.
struct store_feed_last {
    int64_t ended_us;   // 0: none yet
    int64_t next_us;    // when it is due again; 0: when somebody asks
    int64_t failures;   // in a row
    struct str outcome; // "done", "more", "preview" or "failed"
    struct str why;     // of a failure: a sentence
    int64_t fetched, added, same, conflicts, refused;
};

struct store_feed {
    int64_t id; // set by the store, as all from `place` on
    struct str name, kind, address, collection;
    struct str types;        // only these, joined by commas; empty: all
    struct str user, secret; // the secret and the key go to the feed's server alone
    struct str authorities, peer, certificate, key; // PEM
    struct str originator, handling;
    int64_t every_s; // 0: only when somebody asks
    int64_t added_us;
    struct store_feed_place place;
    enum store_feed_asked asked;
    int64_t runs; // ended, previews too
    struct store_feed_last last;
};

// ERR_CONFLICT when the name is taken.
enum err store_feed_add(struct store_txn *t, const struct store_feed *feed) MUST_USE;
struct store_feeds {
    struct store_feed *items; // by name
    size_t n;
};
enum err store_feed_all(struct store_txn *t, struct arena *a, struct store_feeds *out) MUST_USE;
enum err store_feed_get(
    struct store_txn *t, struct arena *a, struct str name, struct store_feed *out) MUST_USE;
// ERR_NOT_FOUND when none is due: what was asked for first, then the longest overdue. Not of
// those whose ids are a JSON list: they run.
enum err store_feed_due(struct store_txn *t, struct arena *a, int64_t now_us,
    struct str running, struct store_feed *out) MUST_USE;
// Whose last run failed.
struct store_feeds_failing {
    int64_t n;
    struct str name; // of the first
};
enum err store_feed_failing(
    struct store_txn *t, struct arena *a, struct store_feeds_failing *out) MUST_USE;
enum err store_feed_remove(struct store_txn *t, struct str name) MUST_USE;
// ERR_NOT_FOUND.
enum err store_feed_ask(
    struct store_txn *t, struct str name, enum store_feed_asked asked) MUST_USE;
// ERR_NOT_FOUND when the feed was removed while it ran; so do the two below.
enum err store_feed_place_put(
    struct store_txn *t, int64_t id, const struct store_feed_place *place) MUST_USE;
enum err store_feed_item_put(
    struct store_txn *t, int64_t id, struct str item, int64_t changed_s) MUST_USE;
// `runs` is the number of this run.
enum err store_feed_end(
    struct store_txn *t, int64_t id, int64_t runs, const struct store_feed_last *last) MUST_USE;
// When the item had been changed as it was taken; ERR_NOT_FOUND: it never was.
enum err store_feed_item_get(
    struct store_txn *t, int64_t id, struct str item, int64_t *changed_s) MUST_USE;
