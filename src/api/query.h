// SPDX-License-Identifier: Apache-2.0
// A query over what the caller may read: words in Korean and English with filters, answered
// newest first. docs/formats/search.md says what is found.
#pragma once

#include "api/reading.h"
#include "stix/text.h"
#include "store/text.h"

#define QUERY_KEPT       "q,type,since,until,marking,source,value,author,label"
#define QUERY_PARAMETERS QUERY_KEPT ",limit,after"

// One word, or what means the same.
struct query_any {
    struct str *items; // folded
    size_t n;
};
struct query {
    struct str text;
    struct query_any words[STIX_WORDS_MAX];
    size_t words_n;
    struct str type, source;
    struct store_any conditions[STIX_WORDS_MAX + 6];
    size_t conditions_n;
    int64_t since_us, until_us; // 0: none
    int64_t before;             // the caller's own number
    size_t limit;
};
// How a query is given: as parameters of a request, or kept.
typedef struct str (*query_value)(const void *context, const char *name);
// ERR_INVALID with what is wrong and what to do in *why.
enum err query_read(struct call *call, struct store_txn *t, query_value value,
    const void *context, struct query *out, struct str *why) MUST_USE;

struct query_hit {
    struct reading_row row;
    struct str bytes;
};
struct query_hits {
    struct query_hit *items;
    size_t n;
    int64_t next; // 0: nothing follows
};
enum err query_run(struct call *call, struct store_txn *t, const struct query *query,
    struct query_hits *out) MUST_USE;

// "title", and for words "field" and "snippet": texts in turn not meant and meant, in the
// object's own spelling.
enum err query_put_texts(
    struct json_out *o, const struct query *query, const struct query_hit *hit) MUST_USE;

// Reads, runs and prints; *why is for query_finish.
enum err query_answer(struct call *call, struct store_txn *t, query_value value,
    const void *context, struct buf *b, struct str *why) MUST_USE;
void query_finish(struct call *call, enum err e, struct str why, const struct buf *b);
