// SPDX-License-Identifier: Apache-2.0
#include "policy/handling.h"

#include "base/limits.h"
#include "base/time.h"
#include "json/canonical.h"
#include "json/write.h"

#define NOBODY STR("ZZZ")

enum err policy_party_check(struct str id)
{
    if (id.len < 2 || id.len > 16)
        return ERR_INVALID;
    for (size_t i = 0; i < id.len; i++) {
        char c = id.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
            return ERR_INVALID;
    }
    return ERR_OK;
}

struct texts {
    const struct str *items;
    size_t n;
};

static bool texts_equal(struct texts a, struct texts b)
{
    bool equal = a.n == b.n;
    for (size_t i = 0; equal && i < a.n; i++)
        equal = str_eq(a.items[i], b.items[i]);
    return equal;
}

// Both sorted: what is in a or b (`all`), or in a and b.
static enum err texts_join(
    struct arena *a, struct texts left, struct texts right, bool all, struct texts *out)
{
    struct str *items = NEW_N(a, struct str, left.n + right.n);
    size_t n = 0;
    if (!items)
        return ERR_LIMIT;
    for (size_t i = 0, k = 0; i < left.n || k < right.n;) {
        int order = i == left.n    ? 1
                    : k == right.n ? -1
                                   : str_cmp(left.items[i], right.items[k]);
        if (all || order == 0)
            items[n++] = order <= 0 ? left.items[i] : right.items[k];
        i += order <= 0;
        k += order >= 0;
    }
    *out = (struct texts){items, n};
    return ERR_OK;
}

static enum err fold_lists(struct arena *arena, const struct handling *a,
    const struct handling *b, struct handling *out)
{
    struct texts relto = {a->relto, a->n_relto}, nat, cav;
    TRY(texts_join(
        arena, (struct texts){a->nat, a->n_nat}, (struct texts){b->nat, b->n_nat}, true, &nat));
    TRY(texts_join(
        arena, (struct texts){a->cav, a->n_cav}, (struct texts){b->cav, b->n_cav}, true, &cav));
    if (!a->has_relto)
        relto = (struct texts){b->relto, b->n_relto};
    if (a->has_relto && b->has_relto)
        TRY(texts_join(arena, relto, (struct texts){b->relto, b->n_relto}, false, &relto));
    out->relto = relto.items;
    out->n_relto = relto.n;
    out->nat = nat.items;
    out->n_nat = nat.n;
    out->cav = cav.items;
    out->n_cav = cav.n;
    return ERR_OK;
}

enum err policy_handling_fold(struct arena *arena, const struct handling *a,
    const struct handling *b, struct handling *out)
{
    struct handling h = *a;
    TRY(fold_lists(arena, a, b, &h));
    h.tlp = b->tlp > a->tlp ? b->tlp : a->tlp;
    h.has_relto = a->has_relto || b->has_relto;
    h.is_noforn = a->is_noforn || b->is_noforn;
    h.is_orcon = a->is_orcon || b->is_orcon;
    if (b->has_embargo && (!a->has_embargo || b->embargo_us > a->embargo_us))
        h.embargo_us = b->embargo_us;
    if (b->has_expiry && (!a->has_expiry || b->expiry_us < a->expiry_us))
        h.expiry_us = b->expiry_us;
    h.has_embargo = a->has_embargo || b->has_embargo;
    h.has_expiry = a->has_expiry || b->has_expiry;
    *out = h;
    return ERR_OK;
}

bool policy_handling_equal(const struct handling *a, const struct handling *b)
{
    return a->tlp == b->tlp && a->has_relto == b->has_relto && a->is_noforn == b->is_noforn &&
           a->is_orcon == b->is_orcon && a->has_embargo == b->has_embargo &&
           a->has_expiry == b->has_expiry &&
           (!a->has_embargo || a->embargo_us == b->embargo_us) &&
           (!a->has_expiry || a->expiry_us == b->expiry_us) &&
           texts_equal(
               (struct texts){a->relto, a->n_relto}, (struct texts){b->relto, b->n_relto}) &&
           texts_equal((struct texts){a->nat, a->n_nat}, (struct texts){b->nat, b->n_nat}) &&
           texts_equal((struct texts){a->cav, a->n_cav}, (struct texts){b->cav, b->n_cav}) &&
           str_eq(a->originator, b->originator);
}

// Every text of `part` is in `whole`; both sorted.
static bool texts_contain(struct texts whole, struct texts part)
{
    size_t i = 0;
    for (size_t k = 0; k < part.n; k++, i++) {
        while (i < whole.n && str_cmp(whole.items[i], part.items[k]) < 0)
            i++;
        if (i == whole.n || !str_eq(whole.items[i], part.items[k]))
            return false;
    }
    return true;
}

bool policy_handling_covers(const struct handling *a, const struct handling *b)
{
    bool relto =
        !b->has_relto || (a->has_relto && texts_contain((struct texts){b->relto, b->n_relto},
                                              (struct texts){a->relto, a->n_relto}));
    return a->tlp >= b->tlp && relto && a->is_noforn >= b->is_noforn &&
           a->is_orcon >= b->is_orcon &&
           (!b->has_embargo || (a->has_embargo && a->embargo_us >= b->embargo_us)) &&
           (!b->has_expiry || (a->has_expiry && a->expiry_us <= b->expiry_us)) &&
           texts_contain((struct texts){a->nat, a->n_nat}, (struct texts){b->nat, b->n_nat}) &&
           texts_contain((struct texts){a->cav, a->n_cav}, (struct texts){b->cav, b->n_cav});
}

static void put_time(struct json_out *o, struct str key, bool has, int64_t us)
{
    if (has)
        json_member_time(o, key, us);
    else
        json_member_raw(o, key, STR("null"));
}

// Members in the order of RFC 8785.
void policy_handling_put(struct buf *b, const struct handling *h)
{
    struct json_out o = json_out(b);
    struct str nobody = NOBODY;
    struct texts relto = {h->relto, h->n_relto};
    if (h->has_relto && h->n_relto == 0)
        relto = (struct texts){&nobody, 1};
    json_begin_object(&o);
    json_member_strings(&o, STR("cav"), h->cav, h->n_cav);
    put_time(&o, STR("emb"), h->has_embargo, h->embargo_us);
    put_time(&o, STR("exp"), h->has_expiry, h->expiry_us);
    json_member_strings(&o, STR("nat"), h->nat, h->n_nat);
    json_member_bool(&o, STR("noforn"), h->is_noforn);
    json_member_bool(&o, STR("orcon"), h->is_orcon);
    json_member_string(&o, STR("orig"), h->originator);
    json_member_strings(&o, STR("relto"), relto.items, relto.n);
    json_member_string(&o, STR("tlp"), stix_tlp_word(h->tlp));
    json_end_object(&o);
}

// A sorted set of texts that are not empty.
static enum err read_texts(struct arena *a, struct json list, struct texts *out)
{
    struct str *items = NEW_N(a, struct str, json_len(list) + 1);
    size_t n = 0;
    if (!items)
        return ERR_LIMIT;
    if (!json_is(list, JSON_ARRAY))
        return ERR_INVALID;
    for (struct json_iter it = json_iter(list); json_next(&it); n++) {
        TRY(json_string(a, it.value, &items[n]));
        if (items[n].len == 0 || (n && str_cmp(items[n - 1], items[n]) >= 0))
            return ERR_INVALID;
    }
    *out = (struct texts){items, n};
    return ERR_OK;
}

static enum err read_relto(struct arena *a, struct json list, struct handling *h)
{
    struct texts codes;
    TRY(read_texts(a, list, &codes));
    for (size_t i = 0; i < codes.n; i++) {
        size_t len = codes.items[i].len;
        if (len < 3 || len > 4 || (codes.n > 1 && str_eq(codes.items[i], NOBODY)))
            return ERR_INVALID;
        for (size_t k = 0; k < len; k++)
            if (codes.items[i].ptr[k] < 'A' || codes.items[i].ptr[k] > 'Z')
                return ERR_INVALID;
    }
    h->has_relto = codes.n > 0;
    h->relto = codes.items;
    h->n_relto = codes.n == 1 && str_eq(codes.items[0], NOBODY) ? 0 : codes.n;
    return ERR_OK;
}

static enum err read_time(struct arena *a, struct json v, bool *has, int64_t *us)
{
    struct str text;
    *has = !json_is(v, JSON_NULL);
    if (!*has)
        return ERR_OK;
    TRY(json_string(a, v, &text));
    return time_parse(text, us);
}

static enum err read_member(
    struct arena *a, struct str key, struct json v, struct handling *h, unsigned *seen)
{
    static const struct str keys[] = {STR_INIT("cav"), STR_INIT("emb"), STR_INIT("exp"),
        STR_INIT("nat"), STR_INIT("noforn"), STR_INIT("orcon"), STR_INIT("orig"),
        STR_INIT("relto"), STR_INIT("tlp")};
    struct texts texts;
    struct str text;
    unsigned i = 0;
    while (i < LEN(keys) && !str_eq(keys[i], key))
        i++;
    *seen |= 1u << i;
    switch (i) {
    case 0:
        TRY(read_texts(a, v, &texts));
        h->cav = texts.items;
        h->n_cav = texts.n;
        return ERR_OK;
    case 1:
        return read_time(a, v, &h->has_embargo, &h->embargo_us);
    case 2:
        return read_time(a, v, &h->has_expiry, &h->expiry_us);
    case 3:
        TRY(read_texts(a, v, &texts));
        h->nat = texts.items;
        h->n_nat = texts.n;
        return ERR_OK;
    case 4:
        return json_bool(v, &h->is_noforn) ? ERR_OK : ERR_INVALID;
    case 5:
        return json_bool(v, &h->is_orcon) ? ERR_OK : ERR_INVALID;
    case 6:
        TRY(json_string(a, v, &h->originator));
        return policy_party_check(h->originator);
    case 7:
        return read_relto(a, v, h);
    case 8:
        TRY(json_string(a, v, &text));
        return stix_tlp_parse(text, &h->tlp);
    default:
        return ERR_INVALID;
    }
}

enum err policy_handling_parse(
    struct arena *a, struct str text, struct handling *out, struct fault *fault)
{
    struct handling h = {0};
    struct json root;
    unsigned seen = 0;
    TRY(json_canonical_check(a, text, &root, fault));
    if (!json_is(root, JSON_OBJECT))
        return fault_set(fault, ERR_INVALID, 0, "not an object");
    for (struct json_iter it = json_iter(root); json_next(&it);) {
        enum err e = read_member(a, it.key, it.value, &h, &seen);
        if (e != ERR_OK)
            return fault_set(
                fault, e, json_at(it.value), "a member is unknown or its value is not valid");
    }
    if (seen != 0x1ff)
        return fault_set(fault, ERR_INVALID, 0, "a member is missing");
    struct buf again = buf_in(a, text.len + KIB);
    policy_handling_put(&again, &h);
    TRY(again.err);
    if (!str_eq(buf_str(&again), text))
        return fault_set(fault, ERR_INVALID, 0, "not as it would be printed");
    *out = h;
    return ERR_OK;
}
