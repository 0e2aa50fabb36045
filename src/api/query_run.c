// SPDX-License-Identifier: Apache-2.0
// Rows of the index, each looked at before it is a hit. The node's own reading walks the
// index; a recipient's walks its members and asks the index about each, so that how far it
// comes depends on its members alone (V1).
#include "api/query.h"

#include "stix/texts.h"

#define EXAMINED_MAX 2000u   // rows looked at for one page
#define MEMBERS_MAX  200000u // members asked about for one page
#define MEMBERS_PAGE 500u
#define BYTES_MAX    (32 * MIB) // of the objects of one page

struct run {
    struct call *call;
    struct store_txn *txn;
    const struct query *query;
    struct store_found *found;
    struct store_reader who;
    struct query_hits *out;
    size_t examined, bytes;
    int64_t last; // the caller's number of the row looked at last
};

static bool has_any(struct str folded, const struct query_any *any)
{
    for (size_t i = 0; i < any->n; i++)
        if (stix_word_find(folded, 0, any->items[i]) < folded.len)
            return true;
    return false;
}

static enum err find_words(struct arena *a, const struct query *query, struct json root,
    bool found[static STIX_WORDS_MAX])
{
    struct stix_fields fields;
    TRY(stix_fields_read(a, root, &fields));
    for (size_t i = 0; i < fields.n; i++) {
        struct arena_mark mark = arena_mark(a);
        struct stix_text text;
        TRY(stix_text_fold(a, fields.items[i].text, false, &text));
        for (size_t k = 0; k < query->words_n; k++)
            found[k] = found[k] || has_any(text.folded, &query->words[k]);
        arena_rewind(a, mark);
    }
    return ERR_OK;
}

static enum err has_words(
    struct arena *a, const struct query *query, struct str bytes, bool *out)
{
    struct json root;
    bool found[STIX_WORDS_MAX] = {false};
    *out = true;
    if (query->words_n == 0)
        return ERR_OK;
    TRY(json_parse(a, bytes, &root, NULL));
    TRY(find_words(a, query, root, found));
    for (size_t i = 0; i < query->words_n; i++)
        *out = *out && found[i];
    return ERR_OK;
}

static bool is_filtered(const struct query *query, const struct reading_row *row)
{
    const struct store_object *o = &row->object;
    return (query->type.len && !str_eq(query->type, o->type)) ||
           (query->source.len && !str_eq(query->source, o->source)) ||
           (query->since_us && row->at_us <= query->since_us) ||
           (query->until_us && row->at_us >= query->until_us);
}

static enum err look(struct run *r, const struct reading_row *row)
{
    struct arena *a = r->call->arena;
    struct query_hit hit = {.row = *row};
    bool is_hit = false;
    TRY(r->call->recipient.len ? store_member_is_newest(r->txn, &r->who, &row->object, &is_hit)
                               : store_object_is_newest(r->txn, &row->object, &is_hit));
    if (!is_hit)
        return ERR_OK;
    enum err e = store_object_bytes(r->txn, a, row->object.seq, &hit.bytes);
    if (e != ERR_OK)
        return e == ERR_NOT_FOUND ? ERR_OK : e;
    struct arena_mark mark = arena_mark(a);
    e = has_words(a, r->query, hit.bytes, &is_hit);
    arena_rewind(a, mark);
    TRY(e);
    if (is_hit)
        r->out->items[r->out->n++] = hit;
    r->bytes += is_hit ? hit.bytes.len : 0;
    return ERR_OK;
}

static bool is_ended(const struct run *r)
{
    return r->out->n == r->query->limit || r->examined == EXAMINED_MAX || r->bytes > BYTES_MAX;
}

static enum err take(struct run *r, struct reading_row *row)
{
    struct arena *a = r->call->arena;
    size_t n = r->out->n;
    struct arena_mark mark = arena_mark(a);
    r->last = row->seq;
    r->examined++;
    TRY(store_object_get(r->txn, a, row->object.seq, &row->object));
    if (!r->call->recipient.len)
        row->at_us = row->object.received_us;
    if (row->object.state == STORE_IN_FORCE && !is_filtered(r->query, row))
        TRY(look(r, row));
    if (r->out->n == n)
        arena_rewind(a, mark);
    return ERR_OK;
}

static enum err run_own(struct run *r)
{
    int64_t seq = r->query->before;
    while (!is_ended(r)) {
        // What is known of blocks stays in the arena, rows that are no hits do not.
        TRY(store_found_next(r->found, seq, 1, &seq));
        if (seq == 0)
            return ERR_OK;
        struct reading_row row = {.object.seq = seq, .seq = seq};
        TRY(take(r, &row));
        if (r->query->since_us && row.at_us && row.at_us <= r->query->since_us)
            return ERR_OK; // times of arrival never rise towards older rows
    }
    r->out->next = r->last;
    return ERR_OK;
}

static enum err run_page(struct run *r, const struct store_members *members, size_t *asked)
{
    for (size_t i = 0; i < members->n && !is_ended(r) && *asked < MEMBERS_MAX; i++) {
        const struct store_member *m = &members->items[i];
        bool has;
        ++*asked;
        r->last = m->seq;
        TRY(store_found_has(r->found, m->object_seq, &has));
        struct reading_row row = {
            .object.seq = m->object_seq, .seq = m->seq, .at_us = m->at_us};
        if (has)
            TRY(take(r, &row));
    }
    return ERR_OK;
}

static enum err run_inside(struct run *r)
{
    size_t asked = 0;
    r->last = r->query->before;
    while (!is_ended(r) && asked < MEMBERS_MAX) {
        struct store_members members;
        TRY(store_members_before(
            r->txn, r->call->arena, &r->who, r->last, MEMBERS_PAGE, &members));
        if (members.n == 0)
            return ERR_OK;
        TRY(run_page(r, &members, &asked));
    }
    r->out->next = r->last;
    return ERR_OK;
}

enum err query_run(
    struct call *call, struct store_txn *t, const struct query *query, struct query_hits *out)
{
    const struct store_search search = {query->conditions, query->conditions_n};
    struct run r = {
        .call = call, .txn = t, .query = query, .who = reading_who(call), .out = out};
    *out = (struct query_hits){.items = NEW_N(call->arena, struct query_hit, query->limit)};
    if (!out->items)
        return ERR_LIMIT;
    TRY(store_found_new(t, call->arena, &search, &r.found));
    return call->recipient.len ? run_inside(&r) : run_own(&r);
}
