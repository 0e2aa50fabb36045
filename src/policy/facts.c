// SPDX-License-Identifier: Apache-2.0
// The facts of a decision as canonical JSON, and back: members are written in the order of RFC
// 8785, and what is read must print as it was.
#include "base/limits.h"
#include "base/time.h"
#include "policy/record.h"
#include "json/canonical.h"
#include "json/write.h"

static const struct str problems[] = {[POLICY_LABEL_OK] = STR_INIT("none"),
    [POLICY_LABEL_UNKNOWN] = STR_INIT("unknown"),
    [POLICY_LABEL_FORGED] = STR_INIT("forged"),
    [POLICY_LABEL_CONTRADICTORY] = STR_INIT("contradictory"),
    [POLICY_LABEL_ABOVE] = STR_INIT("above")};

static const struct str relations[] = {[POLICY_SELF] = STR_INIT("self"),
    [POLICY_OURS] = STR_INIT("ours"),
    [POLICY_OTHER] = STR_INIT("other")};

static void put_communities(struct json_out *o, const struct policy_agreement *agreement)
{
    json_put_key(o, STR("communities"));
    json_begin_array(o);
    for (size_t i = 0; i < agreement->n_communities; i++) {
        json_begin_object(o);
        json_member_string(o, STR("code"), agreement->communities[i].code);
        json_member_strings(
            o, STR("nations"), agreement->communities[i].nations, agreement->communities[i].n);
        json_end_object(o);
    }
    json_end_array(o);
}

static void put_agreement(struct json_out *o, const struct policy_agreement *agreement)
{
    json_put_key(o, STR("agreement"));
    json_begin_object(o);
    json_member_bool(o, STR("addressee"), agreement->is_addressee);
    put_communities(o, agreement);
    json_member_bool(o, STR("community"), agreement->is_community);
    json_member_string(o, STR("digest"), agreement->digest);
    json_member_bool(o, STR("frozen"), agreement->is_frozen);
    json_member_bool(o, STR("live"), agreement->is_live);
    json_member_strings(o, STR("purposes"), agreement->purposes, agreement->n_purposes);
    json_member_strings(o, STR("types"), agreement->types, agreement->n_types);
    json_end_object(o);
}

static void put_grants(struct json_out *o, const struct policy_facts *f)
{
    json_put_key(o, STR("grants"));
    json_begin_array(o);
    for (size_t i = 0; i < f->n_grants; i++) {
        json_begin_object(o);
        json_member_string(o, STR("by"), f->grants[i].by);
        json_member_time(o, STR("not_after"), f->grants[i].not_after_us);
        json_member_string(o, STR("object"), f->grants[i].object);
        json_member_string(o, STR("purpose"), f->grants[i].purpose);
        json_member_string(o, STR("to"), f->grants[i].to);
        json_member_string(o, STR("type"), f->grants[i].type);
        json_end_object(o);
    }
    json_end_array(o);
}

static void put_label(struct json_out *o, const struct policy_label *label)
{
    json_put_key(o, STR("label"));
    json_begin_object(o);
    json_put_key(o, STR("h"));
    json_put_raw(o, label->problem == POLICY_LABEL_OK ? STR("") : STR("null"));
    if (label->problem == POLICY_LABEL_OK)
        policy_handling_put(o->buf, &label->handling);
    json_member_bool(o, STR("in_bytes"), label->is_in_bytes);
    json_member_string(o, STR("problem"), problems[label->problem]);
    json_member_bool(o, STR("stricter_part"), label->has_stricter_part);
    json_end_object(o);
}

static void put_recipient(struct json_out *o, const struct policy_recipient *recipient)
{
    json_put_key(o, STR("recipient"));
    json_begin_object(o);
    json_member_bool(o, STR("client"), recipient->is_client);
    json_member_string(o, STR("name"), recipient->name);
    json_member_string(o, STR("party"), recipient->party);
    json_member_strings(o, STR("persons"), recipient->persons, recipient->n_persons);
    json_member_strings(o, STR("registered"), recipient->registered, recipient->n_registered);
    json_member_string(o, STR("relation"), relations[recipient->relation]);
    json_member_string(o, STR("trigraph"), recipient->trigraph);
    json_end_object(o);
}

enum err policy_facts_put(struct buf *b, const struct policy_facts *f)
{
    struct json_out o = json_out(b);
    json_begin_object(&o);
    put_agreement(&o, &f->agreement);
    json_member_strings(&o, STR("approvers"), f->approvers, f->n_approvers);
    json_member_string(&o, STR("ch"), policy_channel_word(f->channel));
    json_member_int(&o, STR("cosign_age"), f->cosignature_age_us);
    json_member_int(&o, STR("cosign_age_max"), f->cosignature_age_max_us);
    json_member_bool(&o, STR("flash"), f->is_flash);
    put_grants(&o, f);
    put_label(&o, &f->label);
    json_member_time(&o, STR("now"), f->now_us);
    json_member_string(&o, STR("object"), f->object);
    json_member_string(&o, STR("purpose"), f->purpose);
    json_member_bool(&o, STR("recalled"), f->is_recalled);
    put_recipient(&o, &f->recipient);
    json_member_bool(&o, STR("redacted"), f->is_redacted);
    json_member_string(&o, STR("self"), f->self);
    json_member_string(&o, STR("type"), f->type);
    json_member_bool(&o, STR("withdrawn"), f->is_withdrawn);
    json_end_object(&o);
    return b->err;
}

// Reading goes on after an error, and the error is looked at once.
struct reading {
    struct arena *arena;
    enum err err;
};

struct texts {
    const struct str *items;
    size_t n;
};

static void read_fail(struct reading *r, enum err e)
{
    if (r->err == ERR_OK)
        r->err = e;
}

// Something to read on with is given also when the member is missing.
static struct json read_member(struct reading *r, struct json object, struct str key)
{
    struct json v = object;
    if (!json_get(object, key, &v))
        read_fail(r, ERR_INVALID);
    return v;
}

static struct str read_text(struct reading *r, struct json object, struct str key)
{
    struct str text = {"", 0};
    read_fail(r, json_string(r->arena, read_member(r, object, key), &text));
    return text;
}

static bool read_flag(struct reading *r, struct json object, struct str key)
{
    bool flag = false;
    if (!json_bool(read_member(r, object, key), &flag))
        read_fail(r, ERR_INVALID);
    return flag;
}

static int64_t read_count(struct reading *r, struct json object, struct str key)
{
    int64_t n = 0;
    read_fail(r, json_int(read_member(r, object, key), &n));
    return n;
}

static int64_t read_time(struct reading *r, struct json object, struct str key)
{
    int64_t us = 0;
    read_fail(r, time_parse(read_text(r, object, key), &us));
    return us;
}

// The place of a word in its list.
static size_t read_word(struct reading *r, struct str word, const struct str *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(words[i], word))
            return i;
    read_fail(r, ERR_INVALID);
    return 0;
}

static struct texts read_texts(struct reading *r, struct json object, struct str key)
{
    struct json list = read_member(r, object, key);
    struct str *items = NEW_N(r->arena, struct str, json_len(list) + 1);
    size_t n = 0;
    if (!items || !json_is(list, JSON_ARRAY)) {
        read_fail(r, items ? ERR_INVALID : ERR_LIMIT);
        return (struct texts){NULL, 0};
    }
    for (struct json_iter it = json_iter(list); json_next(&it); n++)
        read_fail(r, json_string(r->arena, it.value, &items[n]));
    return (struct texts){items, n};
}

static void read_communities(
    struct reading *r, struct json object, struct policy_agreement *agreement)
{
    struct json list = read_member(r, object, STR("communities"));
    struct policy_community *items =
        NEW_N(r->arena, struct policy_community, json_len(list) + 1);
    size_t n = 0;
    if (!items) {
        read_fail(r, ERR_LIMIT);
        return;
    }
    for (struct json_iter it = json_iter(list); json_next(&it); n++) {
        struct texts nations = read_texts(r, it.value, STR("nations"));
        items[n] = (struct policy_community){
            read_text(r, it.value, STR("code")), nations.items, nations.n};
    }
    agreement->communities = items;
    agreement->n_communities = n;
}

static void read_agreement(struct reading *r, struct json facts, struct policy_agreement *out)
{
    struct json v = read_member(r, facts, STR("agreement"));
    struct texts purposes = read_texts(r, v, STR("purposes"));
    struct texts types = read_texts(r, v, STR("types"));
    *out = (struct policy_agreement){.digest = read_text(r, v, STR("digest")),
        .is_live = read_flag(r, v, STR("live")),
        .is_frozen = read_flag(r, v, STR("frozen")),
        .is_community = read_flag(r, v, STR("community")),
        .is_addressee = read_flag(r, v, STR("addressee")),
        .types = types.items,
        .n_types = types.n,
        .purposes = purposes.items,
        .n_purposes = purposes.n};
    read_communities(r, v, out);
}

static void read_grants(struct reading *r, struct json facts, struct policy_facts *out)
{
    struct json list = read_member(r, facts, STR("grants"));
    struct policy_grant *items = NEW_N(r->arena, struct policy_grant, json_len(list) + 1);
    size_t n = 0;
    if (!items) {
        read_fail(r, ERR_LIMIT);
        return;
    }
    for (struct json_iter it = json_iter(list); json_next(&it); n++)
        items[n] = (struct policy_grant){.by = read_text(r, it.value, STR("by")),
            .to = read_text(r, it.value, STR("to")),
            .purpose = read_text(r, it.value, STR("purpose")),
            .not_after_us = read_time(r, it.value, STR("not_after")),
            .object = read_text(r, it.value, STR("object")),
            .type = read_text(r, it.value, STR("type"))};
    out->grants = items;
    out->n_grants = n;
}

static void read_label(struct reading *r, struct json facts, struct policy_label *out)
{
    struct json v = read_member(r, facts, STR("label"));
    struct json h = read_member(r, v, STR("h"));
    out->problem = (enum policy_label_problem)read_word(
        r, read_text(r, v, STR("problem")), problems, LEN(problems));
    out->has_stricter_part = read_flag(r, v, STR("stricter_part"));
    out->is_in_bytes = read_flag(r, v, STR("in_bytes"));
    if (out->problem == POLICY_LABEL_OK)
        read_fail(r, policy_handling_parse(r->arena, json_span(h), &out->handling, NULL));
}

static void read_recipient(struct reading *r, struct json facts, struct policy_recipient *out)
{
    struct json v = read_member(r, facts, STR("recipient"));
    struct texts persons = read_texts(r, v, STR("persons"));
    struct texts registered = read_texts(r, v, STR("registered"));
    *out = (struct policy_recipient){.party = read_text(r, v, STR("party")),
        .name = read_text(r, v, STR("name")),
        .trigraph = read_text(r, v, STR("trigraph")),
        .relation = (enum policy_relation)read_word(
            r, read_text(r, v, STR("relation")), relations, LEN(relations)),
        .is_client = read_flag(r, v, STR("client")),
        .persons = persons.items,
        .n_persons = persons.n,
        .registered = registered.items,
        .n_registered = registered.n};
}

static enum policy_channel read_channel(struct reading *r, struct json facts)
{
    struct str words[POLICY_CHANNELS];
    for (enum policy_channel channel = 0; channel < POLICY_CHANNELS; channel++)
        words[channel] = policy_channel_word(channel);
    return (enum policy_channel)read_word(r, read_text(r, facts, STR("ch")), words, LEN(words));
}

static enum err read_facts(struct arena *a, struct json v, struct policy_facts *out)
{
    struct reading r = {.arena = a};
    struct policy_facts f = {.type = read_text(&r, v, STR("type")),
        .object = read_text(&r, v, STR("object")),
        .is_recalled = read_flag(&r, v, STR("recalled")),
        .is_withdrawn = read_flag(&r, v, STR("withdrawn")),
        .self = read_text(&r, v, STR("self")),
        .purpose = read_text(&r, v, STR("purpose")),
        .channel = read_channel(&r, v),
        .now_us = read_time(&r, v, STR("now")),
        .cosignature_age_us = read_count(&r, v, STR("cosign_age")),
        .cosignature_age_max_us = read_count(&r, v, STR("cosign_age_max")),
        .is_flash = read_flag(&r, v, STR("flash")),
        .is_redacted = read_flag(&r, v, STR("redacted"))};
    struct texts approvers = read_texts(&r, v, STR("approvers"));
    f.approvers = approvers.items;
    f.n_approvers = approvers.n;
    read_label(&r, v, &f.label);
    read_recipient(&r, v, &f.recipient);
    read_agreement(&r, v, &f.agreement);
    read_grants(&r, v, &f);
    *out = f;
    return r.err;
}

enum err policy_facts_parse(
    struct arena *a, struct str text, struct policy_facts *out, struct fault *fault)
{
    struct json root;
    struct policy_facts facts;
    TRY(json_canonical_check(a, text, &root, fault));
    enum err e = read_facts(a, root, &facts);
    if (e == ERR_INVALID)
        return fault_set(fault, e, 0, "a fact is missing or its value is not valid");
    TRY(e);
    struct buf again = buf_in(a, text.len + KIB);
    e = policy_facts_put(&again, &facts);
    if (e != ERR_OK)
        return e;
    if (!str_eq(buf_str(&again), text))
        return fault_set(fault, ERR_INVALID, 0, "not as it would be printed");
    *out = facts;
    return ERR_OK;
}
