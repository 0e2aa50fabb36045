// SPDX-License-Identifier: Apache-2.0
#include "exchange/taxii.h"

#include "base/limits.h"
#include "base/time.h"
#include "json/write.h"

// Items of a match field: joined by commas, none empty, not too many.
static enum err check_list(struct str list)
{
    size_t n = 0;
    if (list.len && list.ptr[list.len - 1] == ',')
        return ERR_INVALID;
    while (list.len) {
        if (str_cut(&list, ',').len == 0)
            return ERR_INVALID;
        if (++n > TAXII_MATCH_MAX)
            return ERR_LIMIT;
    }
    return ERR_OK;
}

static enum err read_limit(struct str text, size_t page_limit, size_t *out)
{
    uint64_t n = page_limit;
    if (text.len && (str_to_u64(text, &n) != ERR_OK || n == 0))
        return ERR_INVALID;
    *out = n < page_limit ? (size_t)n : page_limit;
    return ERR_OK;
}

static enum err read_list(struct arena *a, struct str list, struct str *out)
{
    struct buf b = buf_in(a, MIB);
    struct json_out o = json_out(&b);
    if (list.len == 0)
        return ERR_OK;
    json_begin_array(&o);
    while (list.len)
        json_put_string(&o, str_cut(&list, ','));
    json_end_array(&o);
    return buf_end(&b, out);
}

static enum err read_versions(struct arena *a, struct str list, struct taxii_filter *out)
{
    struct buf b = buf_in(a, MIB);
    int64_t us;
    out->wants_last = list.len == 0;
    while (list.len) {
        struct str item = str_cut(&list, ',');
        out->wants_last |= str_eq(item, STR("last"));
        out->wants_first |= str_eq(item, STR("first"));
        out->wants_all |= str_eq(item, STR("all"));
        if (str_eq(item, STR("last")) || str_eq(item, STR("first")) || str_eq(item, STR("all")))
            continue;
        TRY(time_parse(item, &us));
        if (b.len == 0)
            buf_put_byte(&b, ',');
        buf_put_i64(&b, us);
        buf_put_byte(&b, ',');
    }
    return buf_end(&b, &out->versions);
}

// Everything here is STIX 2.1: that is the newest version of each object, and the only one.
static bool names_21(struct str list)
{
    bool is_found = list.len == 0;
    while (list.len)
        is_found |= str_eq(str_cut(&list, ','), STR("2.1"));
    return is_found;
}

enum err taxii_filter_read(struct arena *a, const struct taxii_query *query, size_t page_limit,
    struct taxii_filter *out, const char **why)
{
    struct taxii_filter f = {0};
    *why = "a match field is a list of items joined by commas, at most 1000 of them";
    TRY(check_list(query->id));
    TRY(check_list(query->type));
    TRY(check_list(query->version));
    TRY(check_list(query->spec_version));
    *why = "limit is a whole number above 0";
    TRY(read_limit(query->limit, page_limit, &f.limit));
    *why = "added_after is a time in UTC, such as 2026-11-23T18:00:00.000000Z";
    if (query->added_after.len)
        TRY(time_parse(query->added_after, &f.added_after_us));
    *why = "match[version] is last, first, all, or times in UTC, joined by commas";
    TRY(read_versions(a, query->version, &f));
    *why = "the match fields are too long";
    TRY(read_list(a, query->id, &f.ids));
    TRY(read_list(a, query->type, &f.types));
    f.is_empty = !names_21(query->spec_version);
    *out = f;
    return ERR_OK;
}
