// SPDX-License-Identifier: Apache-2.0
#include "api/query.h"

#include "base/time.h"
#include "stix/marking.h"
#include "stix/synonyms.h"
#include "stix/texts.h"
#include "stix/value.h"

#define LIMIT_DEFAULT    100u
#define LIMIT_MAX        1000u
#define ALTERNATIVES_MAX 32u
#define ALIASES_OF_MAX   8u // objects asked for the other names of one
#define JOINED_MAX       3u // words that are looked up as one name

struct reading_of {
    struct call *call;
    struct store_txn *txn;
    query_value value;
    const void *context;
    struct query *query;
    struct str *why;
};

static struct str value_of(const struct reading_of *r, const char *name)
{
    return r->value(r->context, name);
}

static enum err refuse(const struct reading_of *r, struct str why)
{
    *r->why = why;
    return ERR_INVALID;
}

static enum err numbers_of(struct arena *a, struct str word, struct store_numbers *out)
{
    struct stix_terms it = stix_terms(word);
    struct str term;
    size_t room = word.len + 1;
    *out = (struct store_numbers){.items = NEW_N(a, uint32_t, room)};
    if (!out->items)
        return ERR_LIMIT;
    while (out->n < room && stix_terms_next(&it, &term))
        out->items[out->n++] = stix_term_hash(term);
    return ERR_OK;
}

// A condition for the index, when each of the alternatives has terms.
static enum err add_words(const struct reading_of *r, struct query_any any)
{
    struct query *q = r->query;
    struct arena *a = r->call->arena;
    struct store_any condition = {.items = NEW_N(a, struct store_numbers, any.n + 1)};
    if (!condition.items)
        return ERR_LIMIT;
    for (size_t i = 0; i < any.n; i++)
        if (stix_word_has_term(any.items[i]))
            TRY(numbers_of(a, any.items[i], &condition.items[condition.n++]));
    q->words[q->words_n++] = any;
    if (condition.n == any.n)
        q->conditions[q->conditions_n++] = condition;
    return ERR_OK;
}

static bool add_name(struct query_any *any, struct str name)
{
    for (size_t i = 0; i < any->n; i++)
        if (str_eq(any->items[i], name))
            return false;
    if (any->n == ALTERNATIVES_MAX || !stix_word_has_term(name))
        return false;
    any->items[any->n++] = name;
    return true;
}

// The other names that objects give to what the word names, as far as the caller reads them.
static enum err add_aliases(const struct reading_of *r, struct str word, struct query_any *any)
{
    struct arena *a = r->call->arena;
    uint32_t number = store_mark_number(STORE_MARK_ALIAS, word);
    struct store_numbers numbers = {&number, 1};
    struct query ask = {.before = INT64_MAX, .limit = ALIASES_OF_MAX, .conditions_n = 1};
    struct query_hits hits;
    ask.conditions[0] = (struct store_any){&numbers, 1};
    TRY(query_run(r->call, r->txn, &ask, &hits));
    for (size_t i = 0; i < hits.n; i++) {
        struct json root;
        struct stix_names names;
        bool is_named = false;
        TRY(json_parse(a, hits.items[i].bytes, &root, NULL));
        TRY(stix_aliases_read(a, root, &names));
        for (size_t k = 0; k < names.n; k++)
            is_named = is_named || str_eq(names.items[k], word);
        for (size_t k = 0; is_named && k < names.n; k++)
            add_name(any, names.items[k]);
    }
    return ERR_OK;
}

static enum err expand(const struct reading_of *r, struct str word, struct query_any *any)
{
    struct str row = stix_synonyms(word);
    any->n = 0;
    any->items = NEW_N(r->call->arena, struct str, ALTERNATIVES_MAX);
    if (!any->items)
        return ERR_LIMIT;
    any->items[any->n++] = word;
    while (row.len)
        add_name(any, str_cut(&row, '|'));
    return add_aliases(r, word, any);
}

static enum err join(
    struct arena *a, const struct stix_words *words, size_t at, size_t n, struct str *out)
{
    struct buf b = buf_in(a, SIZE_MAX / 2);
    struct stix_text folded;
    struct str text;
    for (size_t i = at; i < at + n; i++) {
        buf_put(&b, i == at ? STR("") : STR(" "));
        buf_put(&b, words->items[i]);
    }
    TRY(buf_end(&b, &text));
    TRY(stix_text_fold(a, text, false, &folded));
    *out = folded.folded;
    return ERR_OK;
}

// Words together are one name when something else has that name too.
static enum err read_words(const struct reading_of *r, const struct stix_words *words)
{
    for (size_t at = 0; at < words->n;) {
        struct query_any any = {0};
        size_t n = words->n - at < JOINED_MAX ? words->n - at : JOINED_MAX;
        for (; n > 0; n--) {
            struct str joined;
            TRY(join(r->call->arena, words, at, n, &joined));
            TRY(expand(r, joined, &any));
            if (any.n > 1 || n == 1)
                break;
        }
        TRY(add_words(r, any));
        at += n;
    }
    return ERR_OK;
}

static enum err read_text(const struct reading_of *r)
{
    struct stix_words words;
    r->query->text = value_of(r, "q");
    if (r->query->text.len == 0)
        return ERR_OK;
    enum err e = stix_words_read(r->call->arena, r->query->text, &words);
    if (e == ERR_INVALID)
        return refuse(r, STR("q is not text in UTF-8"));
    if (e == ERR_LIMIT)
        return refuse(r, STR("q has more than 16 words: leave some out"));
    if (words.n == 0)
        return refuse(r, STR("q has no letter, digit or syllable in it"));
    bool has_term = false;
    for (size_t i = 0; i < words.n; i++)
        has_term = has_term || stix_word_has_term(words.items[i]);
    if (!has_term)
        return refuse(
            r, STR("one syllable is too little to search for: give two that stand together"));
    return read_words(r, &words);
}

static enum err add_mark(
    const struct reading_of *r, enum store_mark mark, const struct str *texts, size_t n)
{
    struct arena *a = r->call->arena;
    struct store_any any = {.items = NEW_N(a, struct store_numbers, n + 1), .n = n};
    if (!any.items)
        return ERR_LIMIT;
    for (size_t i = 0; i < n; i++) {
        any.items[i] = (struct store_numbers){.items = NEW(a, uint32_t), .n = 1};
        if (!any.items[i].items)
            return ERR_LIMIT;
        any.items[i].items[0] = store_mark_number(mark, texts[i]);
    }
    r->query->conditions[r->query->conditions_n++] = any;
    return ERR_OK;
}

static enum err read_marking(const struct reading_of *r)
{
    struct str word = value_of(r, "marking");
    enum stix_tlp tlp;
    if (word.len == 0)
        return ERR_OK;
    if (stix_tlp_parse(word, &tlp) != ERR_OK)
        return refuse(r, STR("marking is one of clear, green, amber, amber+strict, red"));
    return add_mark(r, STORE_MARK_MARKING, &word, 1);
}

static enum err read_value(const struct reading_of *r)
{
    struct str text = value_of(r, "value"), keys[STIX_CANDIDATES_MAX];
    size_t n;
    if (text.len == 0)
        return ERR_OK;
    enum err e = stix_value_candidates(r->call->arena, text, keys, &n);
    if (e == ERR_INVALID)
        return refuse(r, STR("value is not text"));
    TRY(e);
    return add_mark(r, STORE_MARK_VALUE, keys, n);
}

static enum err read_label(const struct reading_of *r)
{
    struct str label = value_of(r, "label");
    struct stix_text folded;
    if (label.len == 0)
        return ERR_OK;
    enum err e = stix_text_fold(r->call->arena, label, false, &folded);
    if (e == ERR_INVALID)
        return refuse(r, STR("label is not text in UTF-8"));
    TRY(e);
    return add_mark(r, STORE_MARK_LABEL, &folded.folded, 1);
}

// The identities of a name, as far as the caller reads them.
static enum err named(const struct reading_of *r, struct str name, struct query_any *out)
{
    struct arena *a = r->call->arena;
    struct query ask = {
        .before = INT64_MAX, .limit = ALTERNATIVES_MAX, .type = STR("identity")};
    struct reading_of inner = *r;
    struct query_any any = {&name, 1};
    struct query_hits hits;
    inner.query = &ask;
    TRY(add_words(&inner, any));
    TRY(add_mark(&inner, STORE_MARK_TYPE, &ask.type, 1));
    TRY(query_run(r->call, r->txn, &ask, &hits));
    *out = (struct query_any){.items = NEW_N(a, struct str, hits.n + 1)};
    if (!out->items)
        return ERR_LIMIT;
    for (size_t i = 0; i < hits.n; i++) {
        struct json root, value;
        struct str text;
        struct stix_text folded;
        TRY(json_parse(a, hits.items[i].bytes, &root, NULL));
        if (!json_get(root, STR("name"), &value) || !json_is(value, JSON_STRING))
            continue;
        TRY(json_string(a, value, &text));
        TRY(stix_text_fold(a, text, false, &folded));
        if (str_eq(folded.folded, name))
            out->items[out->n++] = hits.items[i].row.object.id;
    }
    return ERR_OK;
}

static enum err read_author(const struct reading_of *r)
{
    struct str author = value_of(r, "author");
    struct query_any ids = {&author, 1};
    struct stix_text folded;
    if (author.len == 0)
        return ERR_OK;
    if (!str_starts(author, STR("identity--"))) {
        enum err e = stix_text_fold(r->call->arena, author, false, &folded);
        if (e == ERR_INVALID)
            return refuse(r, STR("author is not text in UTF-8"));
        TRY(e);
        TRY(named(r, folded.folded, &ids));
    }
    return add_mark(r, STORE_MARK_AUTHOR, ids.items, ids.n);
}

static enum err read_time(const struct reading_of *r, const char *name, int64_t *out)
{
    struct str text = value_of(r, name);
    if (text.len && time_parse(text, out) != ERR_OK)
        return refuse(r, STR("since and until are times such as 2026-11-23T18:00:00Z"));
    return ERR_OK;
}

static enum err read_page(const struct reading_of *r)
{
    struct query *q = r->query;
    struct str limit = value_of(r, "limit"), after = value_of(r, "after");
    uint64_t n = LIMIT_DEFAULT, before = INT64_MAX;
    if (limit.len && (str_to_u64(limit, &n) != ERR_OK || n == 0 || n > LIMIT_MAX))
        return refuse(r, STR("limit is a number from 1 to 1000"));
    if (after.len && str_to_u64(after, &before) != ERR_OK)
        return refuse(r, STR("after is the number that the page before gave as next"));
    q->limit = n;
    q->before = (int64_t)before;
    return ERR_OK;
}

enum err query_read(struct call *call, struct store_txn *t, query_value value,
    const void *context, struct query *out, struct str *why)
{
    struct reading_of r = {call, t, value, context, out, why};
    *out = (struct query){0};
    *why = (struct str){"", 0};
    TRY(read_page(&r));
    TRY(read_time(&r, "since", &out->since_us));
    TRY(read_time(&r, "until", &out->until_us));
    TRY(read_text(&r));
    out->type = value_of(&r, "type");
    out->source = value_of(&r, "source");
    if (out->type.len)
        TRY(add_mark(&r, STORE_MARK_TYPE, &out->type, 1));
    if (out->source.len)
        TRY(add_mark(&r, STORE_MARK_SOURCE, &out->source, 1));
    TRY(read_marking(&r));
    TRY(read_value(&r));
    TRY(read_label(&r));
    return read_author(&r);
}
