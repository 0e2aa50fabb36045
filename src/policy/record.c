// SPDX-License-Identifier: Apache-2.0
// Members are written in the order of RFC 8785: sorted by their names.
#include "policy/record.h"

#include "base/hex.h"
#include "base/limits.h"
#include "base/time.h"
#include "hash/hash.h"
#include "json/write.h"

static void put_texts(struct json_out *o, struct str key, const struct str *items, size_t n)
{
    json_put_key(o, key);
    json_begin_array(o);
    for (size_t i = 0; i < n; i++)
        json_put_string(o, items[i]);
    json_end_array(o);
}

static void put_time(struct json_out *o, struct str key, int64_t us)
{
    json_put_key(o, key);
    json_put_raw(o, STR("\""));
    time_put(o->buf, us);
    buf_put_byte(o->buf, '"');
}

static void put_handling(struct json_out *o, const struct handling *h)
{
    json_put_key(o, STR("h"));
    json_put_raw(o, STR(""));
    policy_handling_put(o->buf, h);
}

static void put_agreement(struct json_out *o, const struct policy_agreement *agreement)
{
    json_put_key(o, STR("agreement"));
    json_begin_object(o);
    json_member_bool(o, STR("addressee"), agreement->is_addressee);
    json_member_bool(o, STR("community"), agreement->is_community);
    json_member_string(o, STR("digest"), agreement->digest);
    json_member_bool(o, STR("live"), agreement->is_live);
    put_texts(o, STR("purposes"), agreement->purposes, agreement->n_purposes);
    put_texts(o, STR("types"), agreement->types, agreement->n_types);
    json_end_object(o);
}

static void put_grants(struct json_out *o, const struct policy_facts *f)
{
    json_put_key(o, STR("grants"));
    json_begin_array(o);
    for (size_t i = 0; i < f->n_grants; i++) {
        json_begin_object(o);
        json_member_string(o, STR("by"), f->grants[i].by);
        put_time(o, STR("not_after"), f->grants[i].not_after_us);
        json_member_string(o, STR("purpose"), f->grants[i].purpose);
        json_member_string(o, STR("to"), f->grants[i].to);
        json_end_object(o);
    }
    json_end_array(o);
}

static void put_label(struct json_out *o, const struct policy_label *label)
{
    static const struct str problems[] = {[POLICY_LABEL_OK] = STR_INIT("none"),
        [POLICY_LABEL_UNKNOWN] = STR_INIT("unknown"),
        [POLICY_LABEL_FORGED] = STR_INIT("forged"),
        [POLICY_LABEL_CONTRADICTORY] = STR_INIT("contradictory")};
    json_put_key(o, STR("label"));
    json_begin_object(o);
    put_handling(o, &label->handling);
    json_member_bool(o, STR("in_bytes"), label->is_in_bytes);
    json_member_string(o, STR("problem"), problems[label->problem]);
    json_member_bool(o, STR("stricter_part"), label->has_stricter_part);
    json_end_object(o);
}

static void put_recipient(struct json_out *o, const struct policy_recipient *recipient)
{
    static const struct str relations[] = {[POLICY_SELF] = STR_INIT("self"),
        [POLICY_OURS] = STR_INIT("ours"),
        [POLICY_OTHER] = STR_INIT("other")};
    json_put_key(o, STR("recipient"));
    json_begin_object(o);
    json_member_bool(o, STR("client"), recipient->is_client);
    json_member_string(o, STR("name"), recipient->name);
    json_member_string(o, STR("party"), recipient->party);
    put_texts(o, STR("persons"), recipient->persons, recipient->n_persons);
    json_member_string(o, STR("relation"), relations[recipient->relation]);
    json_member_string(o, STR("trigraph"), recipient->trigraph);
    json_end_object(o);
}

enum err policy_facts_put(struct buf *b, const struct policy_facts *f)
{
    struct json_out o = json_out(b);
    json_begin_object(&o);
    put_agreement(&o, &f->agreement);
    put_texts(&o, STR("approvers"), f->approvers, f->n_approvers);
    json_member_string(&o, STR("ch"), policy_channel_word(f->channel));
    json_member_int(&o, STR("cosign_age"), f->cosignature_age_us);
    json_member_int(&o, STR("cosign_age_max"), f->cosignature_age_max_us);
    json_member_bool(&o, STR("flash"), f->is_flash);
    put_grants(&o, f);
    put_label(&o, &f->label);
    put_time(&o, STR("now"), f->now_us);
    json_member_string(&o, STR("purpose"), f->purpose);
    json_member_bool(&o, STR("recalled"), f->is_recalled);
    put_recipient(&o, &f->recipient);
    json_member_string(&o, STR("self"), f->self);
    json_member_string(&o, STR("type"), f->type);
    json_member_bool(&o, STR("withdrawn"), f->is_withdrawn);
    json_end_object(&o);
    return b->err;
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

    struct json_out o = json_out(b);
    json_begin_object(&o);
    put_texts(&o, STR("approvers"), f->approvers, f->n_approvers);
    put_hash(&o, STR("c"), record->commitment);
    json_member_string(&o, STR("ch"), policy_channel_word(f->channel));
    json_member_int(&o, STR("engine"), POLICY_ENGINE_VERSION);
    put_texts(&o, STR("expansion"), h->relto, h->n_relto);
    put_hash(&o, STR("facts"), digest);
    put_handling(&o, h);
    json_member_string(&o, STR("name"), f->recipient.name);
    json_member_string(&o, STR("purpose"), f->purpose);
    json_member_string(&o, STR("result"), policy_result_word(record->decision.result));
    put_row(&o, record);
    json_member_string(&o, STR("rule"), str_of(reason.rule));
    put_time(&o, STR("t"), f->now_us);
    json_member_string(&o, STR("to"), f->recipient.party);
    json_member_int(&o, STR("v"), 1);
    json_member_string(&o, STR("why"), str_of(reason.code));
    json_end_object(&o);
    return b->err;
}
