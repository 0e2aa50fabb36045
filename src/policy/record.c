// SPDX-License-Identifier: Apache-2.0
// Members are written in the order of RFC 8785: sorted by their names.
#include "policy/record.h"

#include "base/hex.h"
#include "base/limits.h"
#include "base/sort.h"
#include "base/time.h"
#include "hash/hash.h"
#include "json/write.h"

static void put_handling(struct json_out *o, const struct handling *h)
{
    json_put_key(o, STR("h"));
    json_put_raw(o, STR(""));
    policy_handling_put(o->buf, h);
}

static int by_text(const void *a, const void *b)
{
    const struct str *left = a, *right = b;
    return str_cmp(*left, *right);
}

static const struct policy_community *community_find(
    const struct policy_agreement *agreement, struct str code)
{
    for (size_t i = 0; i < agreement->n_communities; i++)
        if (str_eq(agreement->communities[i].code, code))
            return &agreement->communities[i];
    return NULL;
}

enum err policy_expand(
    struct arena *a, const struct policy_facts *facts, struct policy_nations *out)
{
    const struct handling *h = &facts->label.handling;
    size_t room = h->n_relto, n = 0, kept = 0;
    for (size_t i = 0; i < facts->agreement.n_communities; i++)
        room += facts->agreement.communities[i].n;
    struct str *items = NEW_N(a, struct str, room + 1), *spare = NEW_N(a, struct str, room + 1);
    if (!items || !spare)
        return ERR_LIMIT;
    for (size_t i = 0; i < h->n_relto; i++) {
        const struct policy_community *community =
            community_find(&facts->agreement, h->relto[i]);
        if (!community)
            items[n++] = h->relto[i];
        for (size_t k = 0; community && k < community->n; k++)
            items[n++] = community->nations[k];
    }
    sort_items(items, spare, n, sizeof *items, by_text);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || !str_eq(items[kept - 1], items[i]))
            items[kept++] = items[i];
    *out = (struct policy_nations){items, kept};
    return ERR_OK;
}

static void put_hash(struct json_out *o, struct str key, const unsigned char *hash)
{
    json_put_key(o, key);
    json_put_raw(o, STR("\""));
    hex_put(o->buf, hash, SHA256_BYTES);
    buf_put_byte(o->buf, '"');
}

static void put_row(struct json_out *o, const struct policy_record *record)
{
    json_put_key(o, STR("row"));
    json_begin_object(o);
    json_member_string(o, STR("id"), record->id);
    json_member_string(o, STR("source"), record->source);
    json_member_string(o, STR("version"), record->version);
    json_end_object(o);
}

enum err policy_record_put(struct arena *a, struct buf *b, const struct policy_record *record)
{
    const struct policy_facts *f = record->facts;
    const struct handling *h = &f->label.handling;
    struct policy_reason reason = policy_reason(record->decision.why);
    struct buf facts = buf_in(a, MIB);
    unsigned char digest[SHA256_BYTES] = {0};
    enum err e = policy_facts_put(&facts, f);
    hash_sha256(buf_str(&facts), digest);
    TRY(e);

    struct policy_nations nations;
    TRY(policy_expand(a, f, &nations));
    struct json_out o = json_out(b);
    json_begin_object(&o);
    json_member_strings(&o, STR("approvers"), f->approvers, f->n_approvers);
    put_hash(&o, STR("c"), record->commitment);
    json_member_string(&o, STR("ch"), policy_channel_word(f->channel));
    json_member_int(&o, STR("engine"), POLICY_ENGINE_VERSION);
    json_member_strings(&o, STR("expansion"), nations.items, nations.n);
    put_hash(&o, STR("facts"), digest);
    put_handling(&o, h);
    json_member_string(&o, STR("name"), f->recipient.name);
    json_member_string(&o, STR("purpose"), f->purpose);
    json_member_string(&o, STR("result"), policy_result_word(record->decision.result));
    put_row(&o, record);
    json_member_string(&o, STR("rule"), str_of(reason.rule));
    json_member_time(&o, STR("t"), f->now_us);
    json_member_string(&o, STR("to"), f->recipient.party);
    json_member_int(&o, STR("v"), 1);
    json_member_string(&o, STR("why"), str_of(reason.code));
    json_end_object(&o);
    return b->err;
}
