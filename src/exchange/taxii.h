// SPDX-License-Identifier: Apache-2.0
// The words of TAXII 2.1 (OASIS Standard, 10 June 2021) as values: media types, filters and
// cursors. Pure; the handlers of api/taxii*.c are its only users.
#pragma once

#include "base/buf.h"

#define TAXII_MEDIA_TYPE STR("application/taxii+json;version=2.1")

#define TAXII_PAGE_MAX     1000 // objects of one page, whatever is asked for
#define TAXII_PAGE_DEFAULT 100
#define TAXII_MATCH_MAX    1000 // items of one match field

// Does an Accept header let TAXII 2.1 be sent? A missing one (length 0) accepts everything
// (RFC 9110 section 12.5.1). T2 T3.
bool taxii_accepts(struct str accept);
// Is the Content-Type of a post TAXII 2.1, by name or by default? T3.
bool taxii_is_content_type(struct str type);

// The query of a page, as text and as values. F1 to F4, P1.
struct taxii_query {
    struct str added_after, limit, next; // as they came; empty: not given
    struct str id, type, version, spec_version;
};
struct taxii_filter {
    int64_t added_after_us;
    size_t limit;
    struct str ids;      // a JSON list; empty: all
    struct str types;    // a JSON list; empty: all
    struct str versions; // ",1690000000000000,"; empty: none listed
    bool wants_last, wants_first, wants_all;
    bool is_empty; // asks for spec versions that nothing here has
};
// ERR_INVALID with *why: which parameter is wrong, and what it has to be. ERR_LIMIT: too many
// items.
enum err taxii_filter_read(struct arena *a, const struct taxii_query *query, size_t page_limit,
    struct taxii_filter *out, const char **why) MUST_USE;

// Where a client goes on: after number `seq` of its view, and not beyond `until`, what the view
// had when the first page was given. Stateless; it holds for one recipient, collection and
// filter. P2.
#define TAXII_CURSOR_KEY_BYTES 32
struct taxii_cursor {
    uint64_t seq;
    uint64_t until;
};
// What a cursor is bound to: texts that tell endpoint, recipient and collection apart.
struct taxii_scope {
    struct str recipient;
    struct str collection;
    struct str endpoint;
    const struct taxii_query *query;
    const unsigned char *key; // TAXII_CURSOR_KEY_BYTES
};
void taxii_cursor_put(
    struct buf *b, const struct taxii_scope *scope, const struct taxii_cursor *cursor);
// ERR_INVALID: no cursor of ours, or one of another query.
enum err taxii_cursor_read(
    struct str text, const struct taxii_scope *scope, struct taxii_cursor *out) MUST_USE;
